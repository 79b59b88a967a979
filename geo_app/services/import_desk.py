"""Where the portions of one file are taken over, inside the transaction of its import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from geo_app.database.scope import Scope
from geo_app.imports.kinds import KINDS
from geo_app.imports.packing import Packed
from geo_app.imports.problems import N_, Problem, Said
from geo_app.imports.reading import Plan
from geo_app.models import County, ImportBatch
from geo_app.queries import arrivals, quarantine
from geo_app.queries.arrivals import Counts, Taking
from geo_app.services import geocoding
from geo_app.services.storing import notes_about, store

HARMLESS = frozenset({"no_street", "no_length"})  # refused rows that no street of the county can have come from


@dataclass(frozen=True)
class ImportReport:
    """What became of a file: read = stored + updated + unchanged + quarantined, always. With ``dry_run``, what would.

    unplaced: rows without a position; placed: incidents that have an address instead, by the level at which it was
    found, "none" for those that were not. ended: rows of the table that the file no longer knows.
    pieces: pieces of streets that were made.
    """

    file: str
    kind: str
    county: str
    source: str
    crs: str
    read: int
    stored: int
    updated: int
    unchanged: int
    quarantined: int
    unplaced: int
    placed: Mapping[str, int]
    ended: int
    pieces: int
    dry_run: bool
    batch_id: int
    warnings: tuple[Said, ...]
    reasons: Mapping[str, int]
    finding: Mapping[str, Any] | None
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, its sentences in English."""
        return asdict(self) | {"warnings": [str(warning) for warning in self.warnings]}


@dataclass(frozen=True)
class Again:
    """Rows of a quarantine that are taken again: the file that they came in and its batch, their ids, the keys of rows
    beside them that were taken, with their lines, and the lines of those that were given another key."""

    file_name: str
    batch_id: int
    ids: tuple[int, ...]
    before: Mapping[str, int] = field(default_factory=dict)
    renamed: tuple[int, ...] = ()


class Desk:
    """Where the portions of one file are taken over, inside the transaction of its import."""

    def __init__(
        self,
        session: Session,
        scope: Scope,
        plan: Plan,
        batch: ImportBatch,
        progress: Callable[[int], None],
        again: Again | None,
    ) -> None:
        self.session, self.scope, self.plan, self.batch, self.progress = session, scope, plan, batch, progress
        self.kind = KINDS[plan.kind]
        self.taking: Taking | None = None
        self.counts = Counts()
        self.pieces = 0
        self.unit, self.decimal_comma = "line", False
        self.again = again
        self.put_back: set[int] = set()  # rows of the quarantine that stay in it
        self.met: dict[int, str] = {}  # rows that waited before this file brought them again, and what became of them
        self.zero = 0
        self.reasons: Counter[str] = Counter()
        self.notes: dict[Said, None] = {}

    def take(self, portion: Packed) -> None:
        """Copies the rows of a portion into the database, and what cannot be used into quarantine."""
        batch = self.batch
        self.unit, self.decimal_comma = portion.unit, portion.decimal_comma
        self.zero += portion.zero
        batch.crs, batch.mapping = portion.system or batch.crs, portion.mapping
        batch.rows_read += portion.read
        batch.rows_unplaced += portion.unplaced
        self._note(portion.warnings)
        self._put_aside(portion.unit, portion.refused)
        if self.taking is None:
            self._begin(portion.columns)
        arrivals.copy_in(self.session, portion.columns, portion.text)
        if self.kind.flows:
            self._store()
            arrivals.clear(self.session)
        self.progress(batch.rows_read)

    def finish(self) -> None:
        """Takes over what only shows when all rows are there, and writes the counts into the batch."""
        batch = self.batch
        if not self.kind.flows:
            self._store()
        if self.taking is not None:
            self._note(notes_about(self.session, self.kind, self.taking))
        batch.rows_stored, batch.rows_updated = self.counts.stored, self.counts.updated
        batch.rows_unchanged, batch.rows_ended = self.counts.unchanged, self.counts.ended
        if self.zero:
            told = N_("%(count)s rows have the position (0, 0), which means that it was not known.")
            self._note([Said(told, {"count": str(self.zero)})])
        self._note(_about_known(list(self.met.values())))
        if batch.rows_unplaced:
            self._note([self._place()])
        batch.warnings = [note.as_json() for note in self.notes]
        self.session.flush()

    def report(self, dry_run: bool, finding: Mapping[str, Any] | None, seconds: float) -> ImportReport:
        """What became of the file."""
        batch = self.batch
        return ImportReport(
            file=batch.file_name, kind=batch.kind, county=self.plan.county.code, source=batch.source, crs=batch.crs,
            read=batch.rows_read, stored=batch.rows_stored, updated=batch.rows_updated,
            unchanged=batch.rows_unchanged, quarantined=batch.rows_quarantined, unplaced=batch.rows_unplaced, placed=dict(batch.placed or {}),
            ended=batch.rows_ended, pieces=self.pieces, dry_run=dry_run, batch_id=batch.id,
            warnings=tuple(self.notes), reasons=dict(self.reasons), finding=finding, seconds=seconds,
        )  # fmt: skip

    def _begin(self, columns: tuple[str, ...]) -> None:
        batch = self.batch
        taking = Taking(
            table=self.kind.table,
            county_id=batch.county_id,
            admin_root=batch.admin_area_id,
            police_root=batch.police_area_id,
            batch_id=batch.id,
            source=batch.source,
            today=datetime.now(ZoneInfo(self.plan.county.time_zone)).date(),
            columns=columns,
            again=self.again is not None,
        )
        self.taking = replace(taking, is_first=not arrivals.knows_source(self.session, taking))
        arrivals.begin(self.session, taking.table, columns)

    def _store(self) -> None:
        if self.taking is None:
            return
        if self.again is not None:
            since = arrivals.come_since(self.session, self.taking, self.again.batch_id, self.again.renamed)
            problems = {nth: _come_since(file) for nth, file in since.items()}
            self._put_aside(self.unit, arrivals.leave_out(self.session, self.taking, problems))
        complete = self.again is None and not set(self.reasons) - HARMLESS
        stored = store(
            self.session, self.kind, self.taking, self.plan.county.metric_srid, self.scope,
            is_everything=complete, some_refused=bool(self.reasons or self.met),
        )  # fmt: skip
        self._put_aside(self.unit, stored.refused)
        self._note(stored.notes)
        self._count(stored.counts)
        self.pieces += stored.pieces

    def _place(self) -> Said:
        """Places incidents without a position by their address; what is to be said about rows without one."""
        batch = self.batch
        if self.kind.name == "incidents":
            self.session.flush()
            county = self.session.get_one(County, batch.county_id)
            batch.placed = dict(geocoding.place_batch(self.session, county, batch.id).levels)
        if not batch.placed:
            told = N_("%(count)s rows have no position; they are kept and can be placed by their address.")
            return Said(told, {"count": str(batch.rows_unplaced)})
        left = batch.placed.get("none", 0)
        told = N_(
            "%(count)s rows have no position. Of the new and changed ones, %(placed)s were placed by their address and"
            " %(left)s could not be."
        )
        placed = sum(batch.placed.values()) - left
        return Said(told, {"count": str(batch.rows_unplaced), "placed": str(placed), "left": str(left)})

    def _put_aside(self, unit: str, refused: Any) -> None:
        if not refused:
            return
        reasons = Counter(one.problem.code for one in refused)
        if self.again is not None:
            self.put_back |= quarantine.put_back(self.session, self.again.ids, refused)
        else:
            known = quarantine.put_aside(self.session, self.batch, unit, refused, self.met)
            self.met |= {one.id: one.state for one in known}
            # Somebody mended these and took them: they are there, as he wrote them.
            taken = Counter(one.code for one in known if one.state == "taken")
            reasons -= taken
            self._count(Counts(unchanged=taken.total()))
        self.reasons += reasons
        self.batch.rows_quarantined += reasons.total()

    def _count(self, counts: Counts) -> None:
        self.counts = Counts(*(one + other for one, other in zip(self.counts, counts, strict=True)))

    def _note(self, notes: Any) -> None:
        self.notes |= dict.fromkeys(notes)


def _about_known(states: Sequence[str]) -> list[Said]:
    """What is to be said of rows that an earlier file of the source brought already, by what became of them."""
    told = {
        "waiting": N_("%(count)s of the rows that wait came in an earlier file too; what was mended in them is kept."),
        "taken": N_("%(count)s rows were mended and taken before: they count as unchanged."),
        "left": N_("%(count)s rows were left for good before, and do not wait again."),
    }
    counts = Counter(states)
    return [Said(text, {"count": str(counts[state])}) for state, text in told.items() if counts[state]]


def _come_since(file: str) -> Problem:
    """What waited is older than what has come since, and would overwrite it."""
    return Problem(
        "key",
        N_("a row with its key has come since, in %(file)s, and says something else"),
        remedy=N_("Leave this row if the later one is right; otherwise give it a key of its own."),
        params={"file": file},
    )
