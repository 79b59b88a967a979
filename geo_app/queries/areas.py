"""The areas of a county as trees: what the session's scope sees of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session, aliased

from geo_app.models import Area, AreaVersion, County
from geo_app.queries.terms import Box

# Whoever sees a town only gets it as a root: the id of what lies above it is none of his business.
_TREES = text(
    """
    WITH RECURSIVE seen AS (
      SELECT id, parent_id, tree, level, code, name, retired, Box2D(geom) AS box
        FROM geo_areas_on(:county, CAST(:day AS date), CAST(:known_at AS timestamptz))
    ), walk(id, parent, path) AS (
      SELECT id, NULL::bigint, ARRAY[tree, code] FROM seen
       WHERE NOT EXISTS (SELECT FROM seen above WHERE above.id = seen.parent_id)
      UNION ALL
      SELECT seen.id, walk.id, walk.path || seen.code FROM seen JOIN walk ON seen.parent_id = walk.id
    )
    SELECT seen.id, walk.parent, seen.tree, seen.level, seen.code, seen.name, seen.retired,
           ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
      FROM walk JOIN seen USING (id) ORDER BY walk.path
    """
)


@dataclass(frozen=True)
class AreaRow:
    """An area; ``parent`` is the id of the one above it that the scope sees, ``bounds`` None without an outline.

    ``is_retired``: it is there no more on that day; its parent took most of it and answers for what is stamped with it.
    """

    id: int
    parent: int | None
    tree: str
    level: str
    code: str
    name: str
    bounds: Box | None
    is_retired: bool = False


def areas(session: Session, county: County, day: date, known_at: datetime | None = None) -> list[AreaRow]:
    """The areas of that day, the administrative tree first; each is followed by those below it, by code."""
    return [row for row in with_retired(session, county, day, known_at) if not row.is_retired]


def with_retired(session: Session, county: County, day: date, known_at: datetime | None = None) -> list[AreaRow]:
    """The same with those that are there no more, below those that took them over.

    ``bounds``: west, south, east, north in degrees (EPSG:4326).
    """
    return [
        AreaRow(row.id, row.parent, row.tree, row.level, row.code, row.name, _box(row), row.retired)
        for row in session.execute(_TREES, {"county": county.id, "day": day, "known_at": known_at})
    ]


def name_of(session: Session, county: County, day: date, ids: Collection[int] | None) -> str | None:
    """What the area on top of a subtree of a day, given as the ids of all of it, was called on that day; None for None,
    and where it was not there yet."""
    if ids is None:
        return None
    asked = text(
        "SELECT name FROM geo_areas_on(:county, CAST(:day AS date)) WHERE id = ANY (:ids)"
        " AND coalesce(parent_id, 0) <> ALL (:ids)"
    )
    return session.scalar(asked, {"county": county.id, "day": day, "ids": list(ids)})


def id_of(session: Session, county: County, code: str) -> int | None:
    """The id of the area with this code, in the administrative tree if both have one; None when there is none."""
    return session.scalar(
        select(Area.id).where(Area.county_id == county.id, Area.code == code).order_by(Area.tree).limit(1)
    )


def version(name: str) -> Any:
    """`Area` as it is on the days of a version that is not retired: with ``valid`` and ``recorded`` of that version."""
    of_version = (AreaVersion.parent_id, AreaVersion.name, AreaVersion.statistical_code, AreaVersion.police_code,
                  AreaVersion.simulated, AreaVersion.valid, AreaVersion.recorded, AreaVersion.geom)  # fmt: skip
    chosen = select(Area.id, Area.county_id, Area.tree, Area.level, Area.code, Area.source, *of_version)
    chosen = chosen.join(AreaVersion, AreaVersion.area_id == Area.id).where(~AreaVersion.retired)
    return aliased(Area, chosen.subquery(name), adapt_on_names=True)


def _box(row: Any) -> Box | None:
    return None if row.west is None else (row.west, row.south, row.east, row.north)
