"""The record of a change of grids: what it is made of, for a draft as for what took effect, and how it becomes a paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import shapely
from geopandas import GeoDataFrame, GeoSeries
from sqlalchemy.orm import Session

from geo_app.errors import N_
from geo_app.models import County
from geo_app.papers.inspection_pdf import About
from geo_app.papers.paper import Printing, number
from geo_app.papers.record import Impact, NothingDiffers, RecordOfChange, Review, record
from geo_app.papers.record_areas import LEVELS
from geo_app.queries import frames, grid_change_areas, grid_change_papers
from geo_app.queries.grid_change_areas import ChangedArea
from geo_app.queries.grid_change_papers import ChangeRow, ReviewRow, ScanRow
from geo_app.queries.terms import Terms
from geo_app.services import area_changes, changed_areas
from geo_app.services.grid_draft import Draft
from geo_app.services.grid_refusals import NothingDrawn
from grid_boundaries.held_land import renumbered

DECIDED = ("approve", "send_back")  # of what is said about a change, what its record shows
MEASURES: Mapping[str, tuple[str, int]] = {  # what stands in a record, and its digits after the point
    "households": (N_("Households"), 0),
    "people": (N_("People"), 0),
    "incidents": (N_("Incidents of a year"), 0),
    "cameras": (N_("Cameras"), 0),
    "road_m": (N_("Streets, m"), 0),
    "response_minutes": (N_("Response, minutes"), 1),
}
LOADS: Mapping[str, str] = {
    "below": N_("below the band"),
    "within": N_("within the band"),
    "above": N_("above the band"),
}
DRAFTER = N_("Drafter")  # signs first


@dataclass(frozen=True)
class ChangePapers:
    """A change with what its record is made of. before, after: None of an import, which has no record, and without a grid
    where communities and towns alone are other."""

    row: ChangeRow
    before: GeoDataFrame | None
    after: GeoDataFrame | None
    came_from: Mapping[str, tuple[str, ...]]
    reviews: tuple[ReviewRow, ...]
    scans: tuple[ScanRow, ...]
    chain: tuple[str, ...]
    areas: tuple[ChangedArea, ...]
    impact: Mapping[str, Any] | None = None  # `grid_impact.table`, where it was asked for


def about(county: County, since: date) -> About:
    """Of which county a paper is."""
    return About(county.name, county.code, county.metric_srid, since)


def papers_of(session: Session, county: County, row: ChangeRow, *, with_scans: bool = True) -> ChangePapers:
    """What the record of a change that took effect is made of, and its scans, which may be hundreds of megabytes."""
    before = after = None
    areas: list[ChangedArea] = []
    if row.kind != "import" and row.effective_on is not None:
        before, after = grid_change_papers.before_and_after(session, county, row.id, row.effective_on)
        areas = grid_change_areas.of_change(session, county, row.id, row.effective_on)
    came_from = grid_change_papers.came_from(session, row.id)
    if before is not None and after is not None:
        row = _with_renumbered(row, len(renumbered(before, after, came_from)))
    scans = grid_change_papers.scans(session, row.id) if with_scans else []
    return _papers(session, county, row, before, after, came_from, areas, scans)


def papers_of_draft(session: Session, draft: Draft) -> ChangePapers:
    """What the record of a change is made of, whatever its state; without its scans. Raises NothingDrawn while it changes
    nothing."""
    row = grid_change_papers.rows_of(session, draft.county, [draft.change])[0]
    if row.status in grid_change_papers.DATED:
        return papers_of(session, draft.county, row, with_scans=False)
    areas = changed_areas.of(session, draft)
    if not draft.touched and not areas:
        raise NothingDrawn
    done = draft.outcome
    shapes = [frame.geometry[frame["code"].isin(draft.touched)] for frame in (draft.heads, draft.grids)]
    near = shapely.Polygon()
    if draft.touched:
        near = shapely.box(*shapely.total_bounds([*shapes[0], *shapes[1]])).buffer(grid_change_papers.NEAR_DEGREES)
    called = area_changes.names(session, draft)
    before, after = (
        frame[frame.intersects(near)].assign(community=lambda some: [called.get(code) for code in some["community"]])
        for frame in (draft.heads, draft.grids)
    )
    came_from = {code: tuple(parents) for code, parents in done["came_from"].items()}
    return _papers(session, draft.county, row, before, after, came_from, areas)


def streets_near(session: Session, county: County, papers: ChangePapers, day: date) -> GeoSeries | None:
    """The streets of a day around what a record shows: lines in EPSG:4326; None where it shows no map."""
    assert papers.after is not None
    if papers.after.empty:
        return None
    west, south, east, north = papers.after.total_bounds
    return frames.streets(session, county, Terms(day, box=(west, south, east, north))).geometry


def record_of(
    papers: ChangePapers, of: About, printing: Printing, streets: GeoSeries | None, impact: Impact | None = None
) -> bytes:
    """The record as a PDF. Raises NothingDrawn where nothing is other than before, NoTypesetter where PDF files cannot be
    made."""
    assert papers.before is not None and papers.after is not None
    row, zone, said = papers.row, printing.at.tzinfo, printing.translate
    change = RecordOfChange(
        county=of.county, number=f"{of.code}-{row.id:06d}", title=row.title, reason_code=row.reason_code,
        reason=row.reason, status=row.status, author=row.author, drafted_on=row.created_at.astimezone(zone).date(),
        surveyed_on=row.surveyed_on, approved_on=row.approved_on, effective_on=row.effective_on,
        document_number=row.document_number, came_from=papers.came_from, chain=papers.chain,
        areas=papers.areas, subject=row.subject,
        reviews=tuple(
            Review(one.by, one.decision, one.comment, one.at.astimezone(zone), said(LEVELS.get(one.level, one.level)))
            for one in papers.reviews if one.decision in DECIDED
        ),
    )  # fmt: skip
    source = said(N_("grids of %(county)s")) % {"county": of.county}
    try:
        return record(
            change,
            papers.before,
            papers.after,
            printing,
            metric_srid=of.metric_srid,
            streets=streets,
            impact=impact,
            source=source,
        )
    except NothingDiffers as error:
        raise NothingDrawn from error


def impact_of(told: Mapping[str, Any], said: Callable[[str], str], subject: str = "grids") -> Impact:
    """What `grid_impact.table` told, as a table of a record: before and after of each measure that is known anywhere.
    Zones of the police have neither leader nor workload."""
    of_grids = subject == "grids"
    grids = told["grids"]
    known = [
        name
        for name in MEASURES
        if any((one["numbers"].get(name) or {}).get(side) is not None for one in grids for side in ("before", "after"))
    ]
    rows = []
    for one in grids:
        cells = [_step(one["numbers"].get(name) or {}, MEASURES[name][1]) for name in known]
        load = "" if one["state"] == "retired" else one["load"]["after"] or ""
        code = " → ".join(filter(None, (one["code_before"], one["code"])))
        rows.append((code, one["leader"], *cells, said(LOADS[load]) if load else None) if of_grids else (code, *cells))
    measures = [MEASURES[name][0] for name in known]
    headings = (
        [N_("Grid"), N_("Grid leader"), *measures, N_("Workload")] if of_grids else [N_("Police zone"), *measures]
    )
    return Impact(tuple(said(heading) for heading in headings), tuple(rows))


def _with_renumbered(row: ChangeRow, count: int) -> ChangeRow:
    """The same, with grids that go on under another code told as such: each is one, not one that came and one that went."""
    return replace(row, created=row.created - count, retired=row.retired - count, renumbered=count)


def _step(numbers: Mapping[str, Any], digits: int) -> str:
    before, after = (number(numbers.get(side), digits) for side in ("before", "after"))
    return before if before == after else f"{before} → {after}"


def _papers(
    session: Session,
    county: County,
    row: ChangeRow,
    before: GeoDataFrame | None,
    after: GeoDataFrame | None,
    came_from: Mapping[str, tuple[str, ...]],
    areas: Sequence[ChangedArea],
    scans: Sequence[ScanRow] = (),
) -> ChangePapers:
    reviews = grid_change_papers.reviews(session, row.id)
    given = county.settings.get("grid_review_chain")
    levels = [LEVELS[level] for level in given if level in LEVELS] if isinstance(given, list) else []
    chain = (DRAFTER, *(levels or [LEVELS["county"]]))
    return ChangePapers(row, before, after, came_from, tuple(reviews), tuple(scans), chain, tuple(areas))
