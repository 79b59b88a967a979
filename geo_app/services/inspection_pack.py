"""The inspection pack: gathered in one reading of the database, written as one ZIP, fetched by who ordered it."""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import shapely
from geopandas import GeoSeries
from sqlalchemy.orm import Session

from geo_app.config import Settings
from geo_app.errors import N_
from geo_app.models import County, Job
from geo_app.papers.inspection import HOUSEHOLDS_BAND, Inspection, inspect
from geo_app.papers.inspection_pdf import About, PackedChange, inspection_pdf
from geo_app.papers.inspection_tables import geopackage, workbook
from geo_app.papers.paper import Printing
from geo_app.queries import frames, grid_change_papers, grid_papers
from geo_app.queries.grid_heads import POLICE
from geo_app.queries.terms import Terms
from geo_app.security.actor import Actor
from geo_app.services import change_record, grid_sides, jobs
from geo_app.services.change_record import ChangePapers
from geo_app.services.grid_refusals import NothingDrawn
from grid_boundaries.codes import PATTERN

KIND = "inspection_pack"
KEPT = timedelta(days=7)  # as long as a map: it holds names and telephone numbers
UNSAFE = re.compile(r'[\x00-\x1f\\/:*?"<>|\u202a-\u202e\u2066-\u2069]+')
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Gathered:
    """All that a pack is made of; nothing of it is asked of the database again."""

    about: About
    inspection: Inspection
    streets: GeoSeries
    papers: tuple[ChangePapers, ...]
    simulated: bool


def submit(session: Session, actor: Actor, county: County, day: date, since: date, language: str) -> Job:
    """Adds the job and its entry in the queue in the caller's transaction: both are there, or neither."""
    wanted = {"county": county.code, "day": day.isoformat(), "since": since.isoformat(), "language": language}
    return jobs.submit(session, actor, county, KIND, wanted)


def path_of(settings: Settings, job_id: int) -> Path:
    """Where the file of a job lies."""
    return settings.state / "packs" / f"pack-{job_id}.zip"


def file_name(county: str, day: date) -> str:
    """What the file is called where it is kept."""
    return f"grids-{_safe(county)}-{day.isoformat()}.zip"


def year_before(day: date) -> date:
    """The same day a year earlier; the last of February for one that there is in leap years only, and the first day of all
    for those of its year."""
    if day.year == 1:
        return date.min
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def gather(session: Session, county: County, day: date, since: date) -> Gathered:
    """What the session's scope sees of a county's grids on a day, and the changes after ``since`` up to it."""
    grids = grid_papers.grids_with_places(session, county, day)
    least, most = county.settings.get("households_band") or HOUSEHOLDS_BAND
    inspection = inspect(
        grids, grid_papers.communities(session, county, day), day,
        pattern=str(county.settings.get("grid_code_pattern") or PATTERN), band=(int(least), int(most)),
    )  # fmt: skip
    rows = grid_change_papers.changes(session, county, since, day)
    streets = frames.streets(session, county, Terms(day)).geometry
    papers = tuple(_with_impact(session, county, change_record.papers_of(session, county, row)) for row in rows)
    about = change_record.about(county, since)
    return Gathered(about, inspection, streets, papers, county.simulated)


def write(gathered: Gathered, printing: Printing, path: Path, progress: Progress = lambda done, total: None) -> int:
    """Writes the pack as a ZIP that is there whole or not at all, for this program alone to read; its size in bytes.

    The same pack printed at the same moment by the same person is the same file. ``progress`` counts maps, records and
    tables. Raises NoTypesetter where PDF files cannot be made.
    """
    printing = replace(printing, simulated=printing.simulated or gathered.simulated)
    maps = sum(1 for proof in gathered.inspection.proofs if proof.grids)
    steps = maps + len(gathered.papers) + 3
    files: dict[str, bytes] = {}
    packed = []
    for done, papers in enumerate(gathered.papers):
        progress(done, steps)
        made = _papers_of(papers, gathered, printing)
        files |= made
        packed.append(PackedChange(papers.row, tuple(name.partition("/")[2] for name in made)))
    names = _names(printing)
    before = len(gathered.papers)
    files[names["pdf"]] = inspection_pdf(
        gathered.inspection,
        packed,
        gathered.about,
        printing,
        gathered.streets,
        lambda done, _: progress(before + done, steps),
    )
    progress(steps - 2, steps)
    files[names["xlsx"]] = workbook(gathered.inspection, packed, gathered.about, printing)
    progress(steps - 1, steps)
    with tempfile.TemporaryDirectory(prefix="geo-pack-") as folder:
        layers = Path(folder) / "grids.gpkg"
        geopackage(gathered.inspection, gathered.about, printing, layers)
        files[names["gpkg"]] = layers.read_bytes()
    progress(steps, steps)
    return _store(path, _zipped(files, printing.at))


def printed(by: str, county: County, now: datetime, language: str) -> Printing:
    """Who prints now, on the county's clock."""
    return Printing(by, now.astimezone(ZoneInfo(county.time_zone)), language, county.simulated)


def remove_old(settings: Settings, now: datetime) -> int:
    """Removes the files of jobs that were written more than KEPT ago; returns how many."""
    old = [
        path for path in (settings.state / "packs").glob("pack-*") if path.stat().st_mtime < (now - KEPT).timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _with_impact(session: Session, county: County, papers: ChangePapers) -> ChangePapers:
    """The same with what the change did on its day; of an import, or where no grid is other, as it is."""
    row = papers.row
    before, after, day = papers.before, papers.after, row.effective_on
    if before is None or after is None or day is None or after.empty:
        return papers
    is_of_police, came_from = row.subject == POLICE, papers.came_from
    told = grid_sides.impact_on_its_day(session, county, day, before, after, came_from, is_of_police=is_of_police)
    return replace(papers, impact=told)


def _papers_of(papers: ChangePapers, gathered: Gathered, printing: Printing) -> dict[str, bytes]:
    """The record of a change and its scans, by their names in the pack; no record where it left everything as it was."""
    row = papers.row
    folder = printing.translate(N_("changes"))
    files = {}
    if papers.before is not None and papers.after is not None:
        box = shapely.Polygon() if papers.after.empty else shapely.box(*papers.after.total_bounds)
        near = gathered.streets.iloc[gathered.streets.sindex.query(box, sort=True)]
        name = f"{folder}/{_safe(f'{row.id:06d} {row.title}')}.pdf"
        told = (
            None
            if papers.impact is None
            else change_record.impact_of(papers.impact, printing.translate, papers.row.subject)
        )
        with suppress(NothingDrawn):
            files[name] = change_record.record_of(papers, gathered.about, printing, near, told)
    for number, scan in enumerate(papers.scans, start=1):
        files[f"{folder}/{row.id:06d}-{number} {_safe(scan.name)}"] = scan.content
    return files


def _names(printing: Printing) -> dict[str, str]:
    said = printing.translate
    names = {"pdf": N_("Inspection pack of grids"), "xlsx": N_("List of grids"), "gpkg": N_("Grids")}
    return {form: f"{_safe(said(name))}.{form}" for form, name in names.items()}


def _safe(name: str) -> str:
    """A name that every system takes for a file, and none for a folder."""
    return UNSAFE.sub("_", name).strip(" .")[:80] or "_"


def _zipped(files: Mapping[str, bytes], moment: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def _store(path: Path, content: bytes) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.touch(0o600)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return len(content)
