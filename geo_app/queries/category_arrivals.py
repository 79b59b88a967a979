"""The code table of incidents on its way in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.queries.arrivals import Counts, Taking

LEVELS = 4  # 类别, 类型, 细类, 子类
THERE = "t.county_id = :county AND t.code = a.code"


class Astray(NamedTuple):
    """An arriving row without a place in the table: its parent is unknown or below it (level None), or it is too deep."""

    nth: int
    parent: str
    level: int | None


def merge_categories(session: Session, taking: Taking) -> tuple[Counts, list[Astray]]:
    """Takes the arriving codes over; those that are not among them stay as they are.

    Returns the counts and the rows that have no place in the table of four levels: with any of them, what was written
    has to be rolled back.
    """
    own = [column for column in taking.said if column != "code"]
    same = " AND ".join(f"t.{column} IS NOT DISTINCT FROM a.{column}" for column in own)
    known, unchanged = session.execute(
        text(f"SELECT count(*), count(*) FILTER (WHERE {same}) FROM arriving a JOIN incident_category t ON {THERE}"),
        taking.values,
    ).one()
    assigned = ", ".join(f"{column} = a.{column}" for column in own)
    session.execute(
        text(f"UPDATE incident_category t SET {assigned} FROM arriving a WHERE {THERE} AND NOT ({same})"),
        taking.values,
    )
    inserted = session.execute(
        text(
            f"INSERT INTO incident_category (county_id, code, {', '.join(own)})"
            f" SELECT :county, a.code, {', '.join('a.' + column for column in own)} FROM arriving a"
            f" WHERE NOT EXISTS (SELECT FROM incident_category t WHERE {THERE}) ORDER BY a.nth"
        ),
        taking.values,
    )
    return Counts(cast(Any, inserted).rowcount, known - unchanged, unchanged), _astray(session, taking)


def overwriting(session: Session, taking: Taking) -> Sequence[int]:
    """Arriving rows, by ``nth``, whose code is known and says something else."""
    own = [column for column in taking.said if column != "code"]
    same = " AND ".join(f"t.{column} IS NOT DISTINCT FROM a.{column}" for column in own)
    found = session.scalars(
        text(f"SELECT a.nth FROM arriving a JOIN incident_category t ON {THERE} WHERE NOT ({same})"), taking.values
    )
    return found.all()


def _astray(session: Session, taking: Taking) -> list[Astray]:
    if "parent_code" not in taking.columns:
        return []
    found = session.execute(
        text(
            "WITH RECURSIVE placed(code, level) AS ("
            " SELECT code, 1 FROM incident_category WHERE county_id = :county AND parent_code IS NULL"
            " UNION ALL SELECT t.code, level + 1 FROM incident_category t JOIN placed p ON p.code = t.parent_code"
            " WHERE t.county_id = :county)"
            " SELECT a.nth, a.parent_code, p.level FROM arriving a LEFT JOIN placed p ON p.code = a.code"
            " WHERE p.code IS NULL OR p.level > :levels ORDER BY a.nth"
        ),
        taking.values | {"levels": LEVELS},
    )
    return [Astray(*row) for row in found]
