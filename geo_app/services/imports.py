"""Takes a file in: all of it or nothing, in one transaction with its batch, its counts and its audit entry."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from pyproj import CRS
from sqlalchemy import func, select, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from geo_app.database.engine import Database
from geo_app.database.scope import Scope, apply_scope, expand
from geo_app.failure import Failure
from geo_app.imports.columns import NOTHING
from geo_app.imports.kinds import KINDS
from geo_app.imports.kinds.base import County as CountyFacts
from geo_app.imports.kinds.base import Kind, Made
from geo_app.imports.positions import Whereabouts, whereabouts
from geo_app.imports.problems import FileRejected, shown_name
from geo_app.imports.reading import arrive
from geo_app.models import County, ImportBatch
from geo_app.queries import arrivals
from geo_app.queries.arrivals import Taking
from geo_app.security.actor import Actor
from geo_app.security.audit import audit
from geo_app.services.storing import store

# An import may take longer than a request; it waits for another one of the same county.
PATIENCE = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "lock_timeout": "10min"}
COMMAND_LINE = Actor(login="command line", name="command line")


@dataclass(frozen=True)
class ImportReport:
    """What became of a file. read = stored + updated + unchanged + dropped + quarantined."""

    file: str
    kind: str
    county: str
    source: str
    crs: str
    read: int
    stored: int
    updated: int
    unchanged: int
    dropped: int
    quarantined: int
    ended: int
    pieces: int
    warnings: tuple[str, ...]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return asdict(self) | {"warnings": list(self.warnings)}


class NoCounty(Failure):
    """There is no county of this code in the scope."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"There is no county {code!r}.", "Add it with: geo-app county add CODE NAME --metric-srid EPSG-NUMBER"
        )


class NotWholeCounty(Failure):
    """The scope sees a part of the county only, and a file may hold rows of all of it."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Your scope does not hold the whole of county {code!r}.",
            "Ask somebody who sees the whole county to import the file.",
        )


def import_file(
    database: Database,
    scope: Scope,
    county_code: str,
    kind_name: str,
    path: Path,
    *,
    crs: CRS | None = None,
    source: str | None = None,
    simulated: bool = False,
    columns: Mapping[str, str] = NOTHING,
    actor: Actor = COMMAND_LINE,
) -> ImportReport:
    """Imports one file of a kind ("roads", "incidents", …) into a county and says what became of it.

    ``crs`` overrides what the file says of itself. ``source`` names where the rows come from (the file's name without
    ending when None): rows of one source are known again by their keys. ``columns``: our name → the file's heading, where
    the heading does not say it by itself. Raises FileRejected with everything that is
    wrong, NoCounty when ``scope`` sees none of this code, NotWholeCounty when it sees a part; nothing is stored then.
    """
    began = time.perf_counter()
    kind = KINDS[kind_name]
    source = path.stem if source is None else source
    with database.session(scope, read_only=True) as session:
        facts, where = _county(session, county_code, simulated)
    made, said, warnings = _make(path, kind, facts, where, crs, columns)
    with _refusals(path), database.session(scope) as session:
        for setting, value in PATIENCE.items():
            session.execute(text(f"SET LOCAL {setting} = '{value}'"))
        # Areas that came since the scope was made belong to it: a scope is made of subtrees.
        scope = expand(session, scope.area_ids)
        apply_scope(session, scope)
        # One import of a county at a time: two would not see each other's rows.
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"import {facts.code}"))))
        batch = _batch(session, facts, kind, path, said, made)
        taking = _taking(session, facts, kind, batch, source, made)
        counts, pieces = store(session, kind, taking, made, facts.metric_srid, scope)
        batch.rows_read, batch.rows_stored = made.read, counts.stored
        batch.rows_updated, batch.rows_unchanged = counts.updated, counts.unchanged
        batch.rows_dropped, batch.rows_ended = made.dropped, counts.ended
        batch.source, batch.warnings = source, warnings + made.warnings
        batch.finished_at = datetime.now(ZoneInfo("UTC"))
        audit(
            session, "import:write", batch, actor=actor, kind=kind.name, file=batch.file_name, read=made.read,
            stored=counts.stored, updated=counts.updated, unchanged=counts.unchanged, ended=counts.ended,
        )  # fmt: skip
    return ImportReport(
        shown_name(path.name), kind.name, facts.code, source, said, made.read, counts.stored, counts.updated, counts.unchanged,
        made.dropped, 0, counts.ended, pieces, tuple(warnings + made.warnings), round(time.perf_counter() - began, 2),
    )  # fmt: skip


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """What the database refuses of a file's values is the file's fault, and said as such."""
    try:
        yield
    except (DataError, IntegrityError, psycopg.DataError) as error:  # the last is what a COPY raises
        cause = error if isinstance(error, psycopg.Error) else error.orig
        reason = getattr(getattr(cause, "diag", None), "message_primary", None) or "it is impossible"
        raise FileRejected.whole(
            path.name, "refused", f"The database refuses a value: {reason}.", "Correct it in the file."
        ) from error


def _county(session: Session, code: str, simulated: bool) -> tuple[CountyFacts, Whereabouts | None]:
    county = session.scalars(select(County).where(County.code == code)).one_or_none()
    if county is None:
        raise NoCounty(code)
    facts = CountyFacts(
        county.id, county.code, county.name, county.metric_srid, county.time_zone, simulated or county.simulated
    )
    return facts, whereabouts(county.metric_srid, arrivals.extent(session, county.id))


def _make(
    path: Path,
    kind: Kind,
    county: CountyFacts,
    where: Whereabouts | None,
    given: CRS | None,
    columns: Mapping[str, str],
) -> tuple[Made, str, list[str]]:
    """Rows for the table, the name of the file's system, warnings. Raises FileRejected with every problem."""
    arrival, crs, warnings = arrive(path, kind, county, where, given, columns)
    made = kind.make(arrival)
    made.mapping = dict(arrival.columns.found)
    arrival.problems.raise_if_any()
    return made, crs.to_string()[:200], warnings


def _batch(session: Session, county: CountyFacts, kind: Kind, path: Path, crs: str, made: Made) -> ImportBatch:
    roots = arrivals.roots(session, county.id)
    if set(roots) != {"admin", "police"}:
        raise NotWholeCounty(county.code)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    batch = ImportBatch(
        county_id=county.id,
        admin_area_id=roots["admin"],
        police_area_id=roots["police"],
        kind=kind.name,
        file_name=shown_name(path.name),
        file_sha256=digest,
        crs=crs,
        mapping=made.mapping,
    )
    session.add(batch)
    session.flush()
    return batch


def _taking(session: Session, county: CountyFacts, kind: Kind, batch: ImportBatch, source: str, made: Made) -> Taking:
    today = datetime.now(ZoneInfo(county.time_zone)).date()
    return Taking(
        table=kind.table,
        county_id=county.id,
        admin_root=batch.admin_area_id,
        police_root=batch.police_area_id,
        batch_id=batch.id,
        source=source,
        today=today,
        columns=tuple(made.table.columns),
    )
