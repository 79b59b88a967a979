"""Areas on their way into their trees."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.database.scope import Scope, apply_scope, expand
from geo_app.queries.arrivals import Counts, Taking


def merge_areas(session: Session, taking: Taking, scope: Scope) -> tuple[Counts, list[int]]:
    """Takes the arriving areas over by tree and code, parents before children.

    Returns the counts and the numbers (``nth``) of rows that could not be hung anywhere: their parent is unknown, or
    they are their own ancestors. The scope of the transaction grows by what is added below it.
    """
    own = [column for column in taking.own if column not in ("tree", "code")]
    said = [column for column in own if column not in ("file_line", "source_key")]
    same = " AND ".join(f"t.{column} IS NOT DISTINCT FROM a.{column}" for column in said)
    there = "t.county_id = :county AND t.tree = a.tree AND t.code = a.code"
    unchanged = session.execute(
        text(f"SELECT count(*) FROM arriving a JOIN area t ON {there} AND {same}"), taking.values
    ).scalar_one()
    assigned = ", ".join(f"{column} = a.{column}" for column in own)
    updated = cast(
        Any,
        session.execute(
            text(
                f"UPDATE area t SET {assigned}, source = CAST(:source AS text), import_batch_id = :batch,"
                f" recorded = tstzrange(now(), NULL) FROM arriving a WHERE {there} AND NOT ({same})"
            ),
            taking.values,
        ),
    ).rowcount
    stored = 0
    columns = ["tree", "code", *own]
    while added := cast(
        Any,
        session.execute(
            text(
                f"INSERT INTO area (county_id, parent_id, import_batch_id, source, {', '.join(columns)})"
                f" SELECT :county, p.id, :batch, CAST(:source AS text), {', '.join('a.' + name for name in columns)}"
                " FROM arriving a JOIN area p ON p.county_id = :county AND p.tree = a.tree AND p.code = a.parent"
                f" WHERE NOT EXISTS (SELECT FROM area t WHERE {there}) ORDER BY a.nth"
            ),
            taking.values,
        ),
    ).rowcount:
        stored += added
        scope = expand(session, scope.area_ids)
        apply_scope(session, scope)
    left = session.scalars(
        text(f"SELECT a.nth FROM arriving a WHERE NOT EXISTS (SELECT FROM area t WHERE {there}) ORDER BY a.nth"),
        taking.values,
    ).all()
    return Counts(stored, updated, unchanged), list(left)
