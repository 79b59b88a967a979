"""What approved changes of grids whose day is still to come have already given to grids, as an import finds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.queries.arrivals import Taking
from geo_app.queries.versions import IN_FORCE

LATER = "upper_inf({t}.recorded) AND lower({t}.valid) > CAST(:today AS date)"
# The last change that gives a grid (code) other lines from a day on, or ends it: the one that would be withdrawn first.
CHANGE = (
    "LEFT JOIN LATERAL (SELECT coalesce(nullif(c.title, ''), c.id::text) AS title FROM grid_change c"
    " WHERE c.county_id = :county AND c.status = 'approved' AND c.effective_on = {w}.day AND {w}.code = ANY (c.touched)"
    " ORDER BY c.id DESC LIMIT 1) c ON true"
)
# Arriving rows that would begin a version today: of a code that is not in force, or with another line.
BEGINNING = f"arriving a LEFT JOIN grid t ON t.county_id = :county AND t.code = a.code AND {IN_FORCE.format(t='t')}"
IS_OTHER = "(t.id IS NULL OR NOT t.geom = a.geom)"


@dataclass(frozen=True)
class Pending:
    """A grid (code) that a change of a title brings other lines from a day on, or ends on it."""

    code: str
    day: date
    title: str
    ends: bool


def pending(session: Session, taking: Taking) -> dict[int, Pending]:
    """The arriving grids, by ``nth``, with another line than today's whose fate is already decided from a later day on."""
    found = session.execute(
        text(
            f"SELECT w.nth, w.code, w.day, w.ends, coalesce(c.title, '') AS title FROM"
            f" (SELECT DISTINCT ON (a.nth) a.nth, a.code, l.day, l.ends FROM {BEGINNING} JOIN"
            f"  (SELECT n.code, lower(n.valid) AS day, false AS ends FROM grid n"
            f"   WHERE n.county_id = :county AND {LATER.format(t='n')} UNION ALL"
            f"   SELECT n.code, upper(n.valid), true FROM grid n"
            f"   WHERE n.county_id = :county AND {IN_FORCE.format(t='n')} AND NOT upper_inf(n.valid)) l ON l.code = a.code"
            f"  WHERE {IS_OTHER} ORDER BY a.nth, l.day DESC, l.ends) w {CHANGE.format(w='w')} ORDER BY w.nth"
        ),
        taking.values,
    )
    return {row.nth: Pending(row.code, row.day, row.title, row.ends) for row in found}


def beginning(session: Session, taking: Taking) -> set[int]:
    """The arriving grids, by ``nth``, that would begin a version today."""
    return set(session.scalars(text(f"SELECT a.nth FROM {BEGINNING} WHERE {IS_OTHER}"), taking.values))


def later_grids(session: Session, taking: Taking) -> GeoDataFrame:
    """The versions near the arriving grids that begin on a later day: code, day, title (of the change), geometry."""
    found = session.execute(
        text(
            "SELECT w.code, w.day, coalesce(c.title, '') AS title, ST_AsBinary(w.geom) AS geom FROM"
            f" (SELECT n.id, n.code, lower(n.valid) AS day, n.geom FROM grid n WHERE n.county_id = :county AND {LATER.format(t='n')}"
            "  AND n.geom && (SELECT ST_SetSRID(ST_Extent(geom)::geometry, 4326) FROM arriving)) w"
            f" {CHANGE.format(w='w')} ORDER BY w.day, w.code, w.id"
        ),
        taking.values,
    ).all()
    columns = {name: [getattr(row, name) for row in found] for name in ("code", "day", "title")}
    shapes = shapely.from_wkb([bytes(row.geom) for row in found])
    return GeoDataFrame(pd.DataFrame(columns, dtype=object), geometry=list(shapes), crs=4326)
