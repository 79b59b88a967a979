"""Areas on their way into their trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.database.scope import Scope, apply_scope, expand
from geo_app.queries.arrivals import Counts, Taking

SAME = "t.county_id = :county AND t.tree = a.tree AND t.code = a.code"
THERE = f"{SAME} AND NOT isempty(t.valid)"  # one without days came with a change that was withdrawn
# Where the file names no parent, an area stays where it hangs, and a new one hangs on the root.
PARENT = "p.county_id = :county AND p.tree = a.tree AND NOT p.retired AND (p.code = a.parent OR a.parent IS NULL AND p.parent_id IS NULL)"
MOVES = f"NOT t.retired AND t.parent_id IS NOT NULL AND a.parent IS NOT NULL AND NOT EXISTS (SELECT FROM area p WHERE p.id = t.parent_id AND {PARENT})"
ANCHORED = (
    "WITH RECURSIVE anchored(id) AS (SELECT id FROM area WHERE county_id = :county AND parent_id IS NULL"
    " UNION SELECT area.id FROM area JOIN anchored ON area.parent_id = anchored.id)"
)


@dataclass(frozen=True)
class Decided:
    """An area (code) that a change of a title makes another one from a day on, or ends on it."""

    code: str
    day: date
    title: str
    ends: bool


def merge_areas(session: Session, taking: Taking, scope: Scope) -> tuple[Counts, list[int]]:
    """Takes the arriving areas over by tree and code, parents before children.

    Returns the counts and the numbers (``nth``) of rows that could not be hung anywhere: their parent is unknown, or
    they are their own ancestors. The scope of the transaction grows by what is added below it.
    """
    same = " AND ".join(f"t.{column} IS NOT DISTINCT FROM a.{column}" for column in _said(taking))
    known, unchanged = session.execute(
        text(
            f"SELECT count(*), count(*) FILTER (WHERE {same} AND NOT ({MOVES})) FROM arriving a JOIN area t ON {THERE}"
        ),
        taking.values,
    ).one()
    assigned = ", ".join(f"{column} = a.{column}" for column in _own(taking))
    _update(session, taking, f"{assigned} FROM arriving a WHERE {THERE} AND NOT ({same})")
    stored = _insert(session, taking, scope)
    _update(session, taking, f"parent_id = p.id FROM arriving a JOIN area p ON {PARENT} WHERE {THERE} AND {MOVES}")
    left = session.scalars(
        text(
            f"{ANCHORED} SELECT a.nth FROM arriving a LEFT JOIN area t ON {THERE}"
            f" WHERE t.id IS NULL OR t.id NOT IN (SELECT id FROM anchored) OR {MOVES} ORDER BY a.nth"
        ),
        taking.values,
    ).all()
    return Counts(stored, known - unchanged, unchanged), list(left)


def keep_what_comes(session: Session, taking: Taking) -> tuple[int, dict[int, Decided]]:
    """Takes the arriving rows out that say of an area what it is until the day of an approved change. Returns how many,
    and by ``nth`` those that say otherwise of one whose future is decided, or that has ended."""
    same = " AND ".join(f"o.{column} IS NOT DISTINCT FROM a.{column}" for column in _said(taking))
    coming = "lower(t.valid) > CAST(:today AS date)"
    gone = session.execute(
        text(
            f"DELETE FROM arriving d USING arriving a JOIN area t ON {THERE} AND {coming}"
            " JOIN geo_areas_on(:county, CAST(:today AS date)) o ON o.id = t.id LEFT JOIN area p ON p.id = o.parent_id"
            f" WHERE d.nth = a.nth AND NOT o.retired AND {same} AND (a.parent IS NULL OR a.parent = p.code)"
        ),
        taking.values,
    )
    found = session.execute(
        text(
            "SELECT a.nth, t.code, lower(t.valid) AS day, t.retired,"
            f" coalesce(nullif(c.title, ''), t.change_id::text, '') AS title FROM arriving a JOIN area t ON {THERE}"
            f" LEFT JOIN grid_change c ON c.id = t.change_id WHERE t.retired OR {coming} ORDER BY a.nth"
        ),
        taking.values,
    )
    decided = {row.nth: Decided(row.code, row.day, row.title, row.retired) for row in found}
    return cast(Any, gone).rowcount, decided


def parents(session: Session, rows: Sequence[int]) -> dict[int, str]:
    """The parents' codes that arriving rows name, by ``nth``."""
    found = session.execute(text("SELECT nth, parent FROM arriving WHERE nth = ANY (:rows)"), {"rows": list(rows)})
    return {row.nth: row.parent for row in found}


def _own(taking: Taking) -> list[str]:
    return [column for column in taking.own if column not in ("tree", "code")]


def _said(taking: Taking) -> list[str]:
    return [column for column in taking.said if column not in ("tree", "code")]


def _update(session: Session, taking: Taking, assigned: str) -> None:
    kept = (
        "source = CAST(:source AS text), import_batch_id = :batch, change_id = NULL, recorded = tstzrange(now(), NULL)"
    )
    session.execute(text(f"UPDATE area t SET {kept}, {assigned}"), taking.values)


def _insert(session: Session, taking: Taking, scope: Scope) -> int:
    """Adds new areas, level by level; returns how many."""
    stored = 0
    columns = ["tree", "code", *_own(taking)]
    kept = ["parent_id", "import_batch_id", "source", *_own(taking)]
    while added := cast(
        Any,
        session.execute(
            text(
                f"INSERT INTO area AS t (county_id, parent_id, import_batch_id, source, {', '.join(columns)})"
                f" SELECT :county, p.id, :batch, CAST(:source AS text), {', '.join('a.' + name for name in columns)}"
                f" FROM arriving a JOIN area p ON {PARENT}"
                f" WHERE NOT EXISTS (SELECT FROM area t WHERE {THERE}) ORDER BY a.nth"
                f" ON CONFLICT (county_id, tree, code) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in kept)},"
                " valid = excluded.valid, retired = false, change_id = NULL, recorded = excluded.recorded"
                " WHERE isempty(t.valid)"
            ),
            taking.values,
        ),
    ).rowcount:
        stored += added
        scope = expand(session, scope.area_ids)
        apply_scope(session, scope)
    return stored
