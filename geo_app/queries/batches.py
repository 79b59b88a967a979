"""Imports of a county, as they were."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo_app.models import ImportBatch, QuarantineRow
from geo_app.queries.quarantine import WAITING

# An import may take longer than a request; it waits for another one of the same county.
PATIENCE = {
    "statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "lock_timeout": "10min", "work_mem": "64MB",
}  # fmt: skip


def one_at_a_time(session: Session, code: str) -> None:
    """Gives the transaction time, and the county to it alone: two imports would not see each other's rows."""
    for setting, value in PATIENCE.items():
        session.execute(text(f"SET LOCAL {setting} = '{value}'"))
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"import {code}"))))


def latest(session: Session, county_id: int, limit: int) -> Sequence[tuple[ImportBatch, int]]:
    """The newest imports first, each with how many of its rows wait in quarantine."""
    chosen = _with_waiting().where(ImportBatch.county_id == county_id).order_by(ImportBatch.id.desc()).limit(limit)
    return [(row[0], row[1]) for row in session.execute(chosen)]


def one(session: Session, batch_id: int) -> tuple[ImportBatch, int] | None:
    """An import with how many of its rows wait; None when it is absent or outside the scope."""
    row = session.execute(_with_waiting().where(ImportBatch.id == batch_id)).one_or_none()
    return None if row is None else (row[0], row[1])


def last_of_source(session: Session, county_id: int, kind: str, source: str) -> ImportBatch | None:
    """The last import of a file of a kind from a source: as that was read, its next file is. Rows taken out of
    quarantine are no file."""
    return session.scalars(
        select(ImportBatch)
        .where(
            ImportBatch.county_id == county_id,
            ImportBatch.kind == kind,
            ImportBatch.source == source,
            ImportBatch.reading["again"].as_boolean().is_not(True),
        )
        .order_by(ImportBatch.id.desc())
        .limit(1)
    ).one_or_none()


def _with_waiting():  # type: ignore[no-untyped-def]
    waiting = (
        select(func.count())
        .where(QuarantineRow.import_batch_id == ImportBatch.id, QuarantineRow.state == WAITING)
        .scalar_subquery()
    )
    return select(ImportBatch, waiting)
