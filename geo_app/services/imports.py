"""Takes a file in: what can be used goes to its table, the rest to quarantine, in one transaction with its batch."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from geo_app.database.engine import Database
from geo_app.database.scope import Scope, apply_scope, expand
from geo_app.failure import Failure
from geo_app.imports.kinds.base import County as CountyFacts
from geo_app.imports.positions import Whereabouts, whereabouts
from geo_app.imports.problems import N_, FileRejected, Said, shown_name
from geo_app.imports.process import LIMITS, Limits, read_portions, read_sample
from geo_app.imports.reading import Plan
from geo_app.imports.systems import AUTO
from geo_app.models import County, ImportBatch
from geo_app.queries import arrivals, batches, quarantine
from geo_app.security.actor import Actor
from geo_app.security.audit import audit
from geo_app.services import datum
from geo_app.services.import_desk import Again as Again
from geo_app.services.import_desk import Desk
from geo_app.services.import_desk import ImportReport as ImportReport

COMMAND_LINE = Actor(login="command line", name="command line")


@dataclass(frozen=True)
class Wishes:
    """What somebody decided about a file; what is None or empty is found out.

    crs: a system's name, or "auto". source: where the rows come from (the file's name without ending when None); rows
    of one source are known again by their keys. columns: our name → the file's heading. values: our name → the file's
    word → ours. layer: a sheet or layer of the file. swapped: the northing stands first.
    """

    crs: str | None = None
    source: str | None = None
    simulated: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    layer: str | None = None
    swapped: bool | None = None


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
    wishes: Wishes | None = None,
    dry_run: bool = False,
    again: Again | None = None,
    actor: Actor = COMMAND_LINE,
    progress: Callable[[int], None] = lambda rows: None,
    limits: Limits = LIMITS,
    **wished: Any,
) -> ImportReport:
    """Imports one file of a kind ("roads", "incidents", …) into a county and says what became of it.

    ``wished`` are single fields of ``Wishes``. ``dry_run`` does everything and keeps nothing. ``again``: the file
    holds rows out of quarantine, which wait no longer then. ``progress`` is told how
    many rows are read; what it raises ends the import, and nothing is stored. Raises FileRejected when the file cannot
    be used as a whole, NoCounty when ``scope`` sees none of this code, NotWholeCounty when it sees a part.
    """
    began = time.perf_counter()
    wishes = replace(wishes or Wishes(), **wished)
    source = path.stem if wishes.source is None else wishes.source
    with database.session(scope, read_only=True) as session:
        plan = plan_of(session, county_code, kind_name, path, wishes)
        if again is None:
            plan = with_habits(session, plan, source)
        else:
            plan = replace(plan, again=True, before=again.before)
    plan, finding, doubts = _judged(database, scope, plan, wishes.crs, limits)
    with _refusals(path), database.session(scope) as session:
        # Areas that came since the scope was made belong to it: a scope is made of subtrees.
        scope = expand(session, scope.area_ids)
        apply_scope(session, scope)
        batches.one_at_a_time(session, plan.county.code)
        batch = _batch(session, plan, source, again)
        desk = Desk(session, scope, plan, batch, progress, again)
        desk.notes |= dict.fromkeys(doubts)
        with read_portions(plan, limits, lambda: progress(batch.rows_read)) as portions:
            for portion in portions:
                desk.take(portion)
        desk.finish()
        if again is not None:
            quarantine.settle(session, batch.county_id, set(again.ids) - desk.put_back, "taken")
        batch.reading = _reading(plan) | {"decimal_comma": desk.decimal_comma, "again": again is not None}
        batch.finished_at = datetime.now(ZoneInfo("UTC"))
        audit(
            session, "import:write", batch, actor=actor, kind=plan.kind, file=batch.file_name, read=batch.rows_read,
            stored=batch.rows_stored, updated=batch.rows_updated, unchanged=batch.rows_unchanged,
            quarantined=batch.rows_quarantined, ended=batch.rows_ended,
        )  # fmt: skip
        report = desk.report(dry_run, finding, round(time.perf_counter() - began, 2))
        if dry_run:
            session.rollback()
    return report


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """What the database refuses of a file's values is the file's fault, and said as such."""
    try:
        yield
    except (DataError, IntegrityError, psycopg.DataError) as error:  # the last is what a COPY raises
        cause = error if isinstance(error, psycopg.Error) else error.orig
        reason = getattr(getattr(cause, "diag", None), "message_primary", None) or "it is impossible"
        raise FileRejected.whole(
            path.name, "refused", N_("The database refuses a value: %(cause)s."), N_("Correct it in the file."),
            cause=reason,
        ) from error  # fmt: skip


def plan_of(session: Session, code: str, kind: str, path: Path, wishes: Wishes) -> Plan:
    """How a file is read, with what the county is. Raises NoCounty."""
    county = session.scalars(select(County).where(County.code == code)).one_or_none()
    if county is None:
        raise NoCounty(code)
    facts = CountyFacts(
        county.id, county.code, county.name, county.metric_srid, county.time_zone, wishes.simulated or county.simulated
    )
    where: Whereabouts | None = whereabouts(county.metric_srid, arrivals.extent(session, county.id))
    system = None if wishes.crs == AUTO else wishes.crs
    return Plan(
        path.absolute(), kind, facts, where, system, wishes.swapped, wishes.columns, wishes.values, wishes.layer
    )


def with_habits(session: Session, plan: Plan, source: str) -> Plan:
    """The plan with what was decided for the last file of its source, where nobody decides it for this one."""
    last = batches.last_of_source(session, plan.county.id, plan.kind, source)
    if last is None:
        return plan
    reading = last.reading
    return replace(
        plan,
        system=plan.system or reading.get("system"),
        swapped=reading.get("swapped", False) if plan.swapped is None else plan.swapped,
        habits=reading.get("columns", {}),
        values=reading.get("values", {}) | dict(plan.values),
        layer=plan.layer or reading.get("layer"),
    )


def _judged(
    database: Database, scope: Scope, plan: Plan, crs: str | None, limits: Limits
) -> tuple[Plan, dict[str, Any] | None, list[Said]]:
    """The plan with the system that ``crs`` asks for, what speaks for it, and what to know about it. Raises FileRejected."""
    if crs == AUTO:
        return *_found_out(database, scope, plan, limits), []
    if crs is None and not plan.again and datum.can_be_doubted(plan):
        return plan, *_doubted(database, scope, plan, limits)
    return plan, None, []


def _found_out(database: Database, scope: Scope, plan: Plan, limits: Limits) -> tuple[Plan, dict[str, Any]]:
    """The plan with the system that the file's positions are in, and the evidence. Raises FileRejected."""
    sample = read_sample(plan, limits)
    with database.session(scope, read_only=True) as session:
        finding = datum.find(session, plan, sample)
    return replace(plan, system=datum.decided(plan, finding), swapped=finding.swapped), datum.as_json(finding)


def _doubted(database: Database, scope: Scope, plan: Plan, limits: Limits) -> tuple[dict[str, Any] | None, list[Said]]:
    """What speaks for the datum of a file of which nobody said it, and what to know about that. Raises FileRejected."""
    sample = read_sample(plan, limits)
    if not sample.x:
        return None, []
    with database.session(scope, read_only=True) as session:
        finding = datum.find(session, plan, sample)
    return datum.as_json(finding), datum.doubts(plan, sample, finding)


def _reading(plan: Plan) -> dict[str, Any]:
    """What was decided, for the next file of the source."""
    return {
        "system": plan.system,
        "swapped": bool(plan.swapped),
        "columns": dict(plan.habits) | dict(plan.columns),
        "values": {name: dict(words) for name, words in plan.values.items()},
        "layer": plan.layer,
        "simulated": plan.county.simulated,
    }


def _batch(session: Session, plan: Plan, source: str, again: Again | None) -> ImportBatch:
    roots = arrivals.roots(session, plan.county.id)
    if set(roots) != {"admin", "police"}:
        raise NotWholeCounty(plan.county.code)
    try:
        with plan.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        digest = ""  # the reader says what is wrong with it
    batch = ImportBatch(
        county_id=plan.county.id, admin_area_id=roots["admin"], police_area_id=roots["police"], kind=plan.kind,
        file_name=again.file_name if again else shown_name(plan.path.name), file_sha256=digest, crs="", source=source, rows_read=0, rows_stored=0,
        rows_updated=0, rows_unchanged=0, rows_quarantined=0, rows_unplaced=0, rows_ended=0,
        placed={},
    )  # fmt: skip
    session.add(batch)
    session.flush()
    return batch
