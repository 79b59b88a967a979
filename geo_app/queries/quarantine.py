"""Rows that could not be used: put aside, listed, mended, taken again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from geo_app.imports.reading import Refused
from geo_app.models import ImportBatch, QuarantineRow

WAITING = "waiting"
ROWS = (
    "jsonb_to_recordset(CAST(:rows AS jsonb)) AS refused"
    " (number bigint, code text, reason text, remedy text, params jsonb, content jsonb)"
)


def put_aside(session: Session, batch: ImportBatch, unit: str, refused: Iterable[Refused]) -> None:
    """Keeps rows of a batch with their reasons and their own text."""
    session.execute(
        text(
            "INSERT INTO quarantine_row (import_batch_id, county_id, admin_area_id, police_area_id, unit, file_line,"
            " reason_code, reason, remedy, params, content)"
            f" SELECT :batch, :county, :admin, :police, :unit, number, code, reason, remedy, params, content FROM {ROWS}"
        ),
        {
            "batch": batch.id, "county": batch.county_id, "admin": batch.admin_area_id,
            "police": batch.police_area_id, "unit": unit, "rows": _as_json(refused),
        },
    )  # fmt: skip


def put_back(session: Session, ids: Iterable[int], refused: Iterable[Refused]) -> set[int]:
    """Says of waiting rows that were taken again in vain why they wait now; their ids."""
    found = session.execute(
        text(
            "UPDATE quarantine_row SET reason_code = refused.code, reason = refused.reason, remedy = refused.remedy,"
            f" params = refused.params, content = refused.content FROM {ROWS}"
            " WHERE quarantine_row.id = ANY(:ids) AND file_line = refused.number RETURNING quarantine_row.id"
        ),
        {"ids": list(ids), "rows": _as_json(refused)},
    )
    return {row[0] for row in found}


def _as_json(refused: Iterable[Refused]) -> str:
    rows = [
        {
            "number": one.number,
            "code": one.problem.code,
            "reason": one.problem.reason,
            "remedy": one.problem.remedy,
            "params": dict(one.problem.params),
            "content": one.content,
        }
        for one in refused
    ]
    return json.dumps(rows, ensure_ascii=False).replace("\\u0000", "")


def waiting(
    session: Session,
    county_id: int,
    *,
    batch_id: int | None = None,
    code: str | None = None,
    after: int = 0,
    limit: int = 100,
) -> Sequence[tuple[QuarantineRow, ImportBatch]]:
    """Rows of a county that wait, in the order in which they came, from behind row ``after``."""
    chosen = (
        select(QuarantineRow, ImportBatch)
        .join(ImportBatch, ImportBatch.id == QuarantineRow.import_batch_id)
        .where(QuarantineRow.county_id == county_id, QuarantineRow.state == WAITING, QuarantineRow.id > after)
        .order_by(QuarantineRow.id)
        .limit(limit)
    )
    if batch_id is not None:
        chosen = chosen.where(QuarantineRow.import_batch_id == batch_id)
    if code is not None:
        chosen = chosen.where(QuarantineRow.reason_code == code)
    return [(row[0], row[1]) for row in session.execute(chosen)]


def counts(session: Session, county_id: int) -> Sequence[tuple[ImportBatch, str, int]]:
    """How many rows wait, by import and kind of fault; the latest import first, its most frequent fault first."""
    waiting = (
        select(QuarantineRow.import_batch_id, QuarantineRow.reason_code, func.count().label("rows"))
        .where(QuarantineRow.county_id == county_id, QuarantineRow.state == WAITING)
        .group_by(QuarantineRow.import_batch_id, QuarantineRow.reason_code)
        .subquery()
    )
    found = session.execute(
        select(ImportBatch, waiting.c.reason_code, waiting.c.rows)
        .join(waiting, waiting.c.import_batch_id == ImportBatch.id)
        .order_by(ImportBatch.id.desc(), waiting.c.rows.desc(), waiting.c.reason_code)
    )
    return [(row[0], row[1], row[2]) for row in found]


def reasons(session: Session, batch_id: int) -> Sequence[tuple[str, int]]:
    """How many rows of an import wait for each kind of fault."""
    found = session.execute(
        select(QuarantineRow.reason_code, func.count())
        .where(QuarantineRow.import_batch_id == batch_id, QuarantineRow.state == WAITING)
        .group_by(QuarantineRow.reason_code)
    )
    return [(row[0], row[1]) for row in found]


def one(session: Session, row_id: int) -> QuarantineRow | None:
    """A row that waits, to be changed; None when it does not wait or the scope does not see it."""
    return session.scalars(
        select(QuarantineRow).where(QuarantineRow.id == row_id, QuarantineRow.state == WAITING).with_for_update()
    ).one_or_none()


def of_batch(session: Session, batch_id: int) -> Sequence[QuarantineRow]:
    """Every row of an import that waits, to be changed."""
    return session.scalars(
        select(QuarantineRow)
        .where(QuarantineRow.import_batch_id == batch_id, QuarantineRow.state == WAITING)
        .order_by(QuarantineRow.id)
        .with_for_update()
    ).all()


def contents(session: Session, batch_id: int, ids: Sequence[int]) -> Sequence[Any]:
    """The waiting rows of a batch, all of them without ``ids``: id, unit, file_line, content, reason_code, params."""
    row = QuarantineRow
    chosen = (
        select(row.id, row.unit, row.file_line, row.content, row.reason_code, row.params)
        .where(QuarantineRow.import_batch_id == batch_id, QuarantineRow.state == WAITING)
        .order_by(QuarantineRow.id)
    )
    return session.execute(chosen.where(QuarantineRow.id.in_(ids)) if ids else chosen).all()


def untaken_lines(session: Session, batch_id: int) -> set[int]:
    """The lines of a batch that wait, or were left for good."""
    chosen = select(QuarantineRow.file_line).where(
        QuarantineRow.import_batch_id == batch_id, QuarantineRow.state != "taken"
    )
    return set(session.scalars(chosen))


def settle(session: Session, county_id: int, ids: Iterable[int], state: str) -> int:
    """Ends the waiting of rows: "taken" or "left"; returns how many waited."""
    changed = session.execute(
        update(QuarantineRow)
        .where(QuarantineRow.county_id == county_id, QuarantineRow.id.in_(list(ids)), QuarantineRow.state == WAITING)
        .values(state=state, mended_at=func.now())
    )
    return cast(Any, changed).rowcount
