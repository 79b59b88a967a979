"""Rows that could not be used: put aside, listed, mended, taken again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from geo_app.imports.reading import Refused
from geo_app.models import ImportBatch, QuarantineRow

WAITING = "waiting"
ROWS = (
    "jsonb_to_recordset(CAST(:rows AS jsonb)) AS refused"
    " (number bigint, code text, reason text, remedy text, params jsonb, content jsonb)"
)


class Known(NamedTuple):
    """A row of an earlier file of the source that came again: its id, what became of it, what is wrong with it now."""

    id: int
    state: str
    code: str


def put_aside(
    session: Session, batch: ImportBatch, unit: str, refused: Iterable[Refused], met: Collection[int]
) -> list[Known]:
    """Keeps rows of a batch with their reasons and their own text; returns those that an earlier file of the source
    brought already, word for word.

    One that still waits waits on, as a row of this batch and with what was mended in it; one that was taken or left for
    good does not come back. ``met`` are those that earlier portions of the file turned out to be.
    """
    found = session.execute(
        text(
            "WITH came AS (SELECT *, md5(content::text) AS hash,"
            f" row_number() OVER (PARTITION BY content ORDER BY number) AS nth FROM {ROWS}),"
            " known AS (SELECT q.id, q.state, q.arrived_hash AS hash,"
            " row_number() OVER (PARTITION BY q.arrived_hash ORDER BY q.id) AS nth"
            " FROM quarantine_row q JOIN import_batch b ON b.id = q.import_batch_id"
            " WHERE q.county_id = :county AND b.kind = :kind AND b.source = CAST(:source AS text) AND b.id <> :batch"
            " AND q.id <> ALL (:met) AND q.arrived_hash IN (SELECT hash FROM came)),"
            " again AS (SELECT known.id, known.state, came.* FROM came JOIN known USING (hash, nth)),"
            " moved AS (UPDATE quarantine_row q SET import_batch_id = :batch, unit = :unit, file_line = again.number,"
            " reason_code = again.code, reason = again.reason, remedy = again.remedy, params = again.params"
            f" FROM again WHERE q.id = again.id AND again.state = '{WAITING}'),"
            " fresh AS (INSERT INTO quarantine_row (import_batch_id, county_id, admin_area_id, police_area_id, unit,"
            " file_line, reason_code, reason, remedy, params, content, arrived, arrived_hash)"
            " SELECT :batch, :county, :admin, :police, :unit, number, code, reason, remedy, params, content, content, hash"
            " FROM came WHERE NOT EXISTS (SELECT FROM again WHERE (again.hash, again.nth) = (came.hash, came.nth))"
            " ORDER BY number)"
            " SELECT id, state, code FROM again"
        ),
        {
            "batch": batch.id, "county": batch.county_id, "admin": batch.admin_area_id, "police": batch.police_area_id,
            "kind": batch.kind, "source": batch.source, "unit": unit, "met": list(met), "rows": _as_json(refused),
        },
    )  # fmt: skip
    return [Known(*row) for row in found]


def put_back(session: Session, ids: Iterable[int], refused: Iterable[Refused]) -> set[int]:
    """Says of waiting rows that were taken again in vain why they wait now; their ids.

    A node and a way of a map may have one number: what they say tells them apart.
    """
    found = session.execute(
        text(
            f"WITH vain AS (SELECT q.id, refused.*, q.content @> refused.content AS alike FROM {ROWS}"
            " JOIN quarantine_row q ON q.file_line = refused.number WHERE q.id = ANY (:ids))"
            " UPDATE quarantine_row q SET reason_code = vain.code, reason = vain.reason, remedy = vain.remedy,"
            " params = vain.params FROM vain WHERE q.id = vain.id AND (vain.alike OR NOT EXISTS"
            " (SELECT FROM vain o WHERE o.alike AND o.number = vain.number)) RETURNING q.id"
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
    """The waiting rows of a batch, all of them without ``ids``: id, unit, file_line, content, arrived, reason_code,
    params."""
    row = QuarantineRow
    chosen = (
        select(row.id, row.unit, row.file_line, row.content, row.arrived, row.reason_code, row.params)
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
