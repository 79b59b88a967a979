"""The areas of a county as trees: what the session's scope sees of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo_app.models import Area, County
from geo_app.queries.terms import Box

# Whoever sees a town only gets it as a root: the id of what lies above it is none of his business.
_TREES = text(
    """
    WITH RECURSIVE seen AS (
      SELECT id, parent_id, tree, level, code, name, Box2D(geom) AS box FROM area
       WHERE county_id = :county AND valid @> CAST(:day AS date) AND upper_inf(recorded)
    ), walk(id, parent, path) AS (
      SELECT id, NULL::bigint, ARRAY[tree, code] FROM seen
       WHERE NOT EXISTS (SELECT FROM seen above WHERE above.id = seen.parent_id)
      UNION ALL
      SELECT seen.id, walk.id, walk.path || seen.code FROM seen JOIN walk ON seen.parent_id = walk.id
    )
    SELECT seen.id, walk.parent, seen.tree, seen.level, seen.code, seen.name,
           ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
      FROM walk JOIN seen USING (id) ORDER BY walk.path
    """
)


@dataclass(frozen=True)
class AreaRow:
    """An area; ``parent`` is the id of the one above it that the scope sees, ``bounds`` None without an outline."""

    id: int
    parent: int | None
    tree: str
    level: str
    code: str
    name: str
    bounds: Box | None


def areas(session: Session, county: County, day: date) -> list[AreaRow]:
    """The areas of that day, the administrative tree first; each is followed by those below it, by code.

    ``bounds``: west, south, east, north in degrees (EPSG:4326).
    """
    return [
        AreaRow(row.id, row.parent, row.tree, row.level, row.code, row.name, _box(row))
        for row in session.execute(_TREES, {"county": county.id, "day": day})
    ]


def name_of(session: Session, ids: Collection[int] | None) -> str | None:
    """The name of the area on top of a subtree, given as the ids of all of it; None for None."""
    if ids is None:
        return None
    return session.scalar(select(Area.name).where(Area.id.in_(ids), func.coalesce(Area.parent_id, 0).not_in(ids)))


def id_of(session: Session, county: County, code: str) -> int | None:
    """The id of the area with this code, in the administrative tree if both have one; None when there is none."""
    return session.scalar(
        select(Area.id).where(Area.county_id == county.id, Area.code == code).order_by(Area.tree).limit(1)
    )


def _box(row: Any) -> Box | None:
    return None if row.west is None else (row.west, row.south, row.east, row.north)
