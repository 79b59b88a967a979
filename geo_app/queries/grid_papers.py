"""What papers about grids say of a day: where each grid belongs, who works there, how many households it has."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text
from sqlalchemy.orm import Session

from geo_app.models import County, Grid
from geo_app.queries import areas, frames
from geo_app.queries.terms import Terms

COMMUNITY = "community"  # level of the areas that have grids below them


def grids_with_places(session: Session, county: County, day: date) -> GeoDataFrame:
    """The grids of `frames.grids` with community, community_name, town_name (empty where there is none), households
    (None where nobody counted); workers with their telephones.
    """
    grids = frames.grids(session, county, Terms(day))
    rows = [tuple(row) for row in session.execute(_PLACES, {"county": county.id, "day": day})]
    places = pd.DataFrame(rows, columns=["stable_id", "community", "community_name", "town_name"]).set_index(
        "stable_id"
    )
    found = grids.join(places, on="stable_id")
    found["workers"] = found["stable_id"].map(_workers(session, county, day))
    found["households"] = found["code"].map(_households(session, county, day)).astype(object)
    return found.where(found.notna(), None).set_geometry("geometry", crs=grids.crs)


_PLACES = text(
    "WITH on_day AS MATERIALIZED (SELECT * FROM geo_areas_on(:county, CAST(:day AS date)))"
    " SELECT g.stable_id, a.code, a.name, coalesce(t.name, '') FROM grid g JOIN on_day a ON a.id = g.admin_area_id"
    " LEFT JOIN on_day t ON t.id = a.parent_id AND t.level = 'town'"
    " WHERE g.county_id = :county AND g.valid @> CAST(:day AS date) AND upper_inf(g.recorded)"
)


def communities(session: Session, county: County, day: date) -> GeoDataFrame:
    """The areas that grids lie in, those without a grid too: code, name, town, geometry (EPSG:4326, None without an
    outline), by code. A county without communities is one itself."""
    area, town = areas.version("area"), areas.version("town")
    chosen = (
        select(area.code, area.name, func.coalesce(town.name, "").label("town"), func.ST_AsBinary(area.geom).label("geometry"))
        .outerjoin(town, (town.id == area.parent_id) & (town.level == "town") & and_(*_on(town, day)))
        .where(
            area.county_id == county.id, area.tree == "admin", *_on(area, day),
            or_(area.level == COMMUNITY, area.id.in_(_homes(county, day))),
        )
        .order_by(area.code)
    )  # fmt: skip
    rows = session.execute(chosen).all()
    shapes = [None if row.geometry is None else shapely.from_wkb(bytes(row.geometry)) for row in rows]
    names = {name: [getattr(row, name) for row in rows] for name in ("code", "name", "town")}
    return GeoDataFrame(names, geometry=shapes, crs=4326)


def _on(model: Any, day: date) -> tuple[ColumnElement[bool], ...]:
    return model.valid.contains(day), func.upper_inf(model.recorded)


def _homes(county: County, day: date) -> Select[Any]:
    return select(Grid.admin_area_id).where(Grid.county_id == county.id, *_on(Grid, day))


def _workers(session: Session, county: County, day: date) -> dict[int, str]:
    """Those who work in each grid, with their telephones: stable id of the grid -> one text."""
    found = session.execute(
        text(
            "SELECT grid_stable_id, string_agg(concat_ws(' ', name, nullif(telephone, '')), '、' ORDER BY role, id) FROM grid_worker"
            " WHERE county_id = :county AND role IN ('full_time', 'part_time') AND valid @> CAST(:day AS date)"
            " AND upper_inf(recorded) GROUP BY grid_stable_id"
        ),
        {"county": county.id, "day": day},
    )
    return {row[0]: row[1] for row in found}


def _households(session: Session, county: County, day: date) -> dict[str, int]:
    """Households by the code of the grid, as `grid_homes` weighs what is told: those at places inside it, else the last
    count of the whole grid up to the day (a later one where there is no other), the sum of one source's rows of a day,
    else what the grid's own row says.

    A point on a line between two belongs to the one with the lower code.
    """
    known = (
        "p.county_id = :county AND p.valid @> CAST(:day AS date) AND upper_inf(p.recorded) AND p.households IS NOT NULL"
    )
    away = "coalesce(p.counted_on, CAST(:day AS date)) - CAST(:day AS date)"
    found = session.execute(
        text(
            "WITH placed AS (SELECT coalesce(p.grid_code, g.code) AS code, sum(p.households) AS households FROM population p"
            "  LEFT JOIN LATERAL (SELECT code FROM grid WHERE county_id = :county AND valid @> CAST(:day AS date)"
            "   AND upper_inf(recorded) AND geom && p.geom AND ST_Covers(geom, p.geom) ORDER BY code LIMIT 1) g ON p.grid_code IS NULL"
            f"  WHERE {known} AND p.geom IS NOT NULL GROUP BY 1),"
            " counted AS (SELECT DISTINCT ON (code) code, households FROM (SELECT p.grid_code AS code, p.source,"
            f"   {away} AS away, sum(p.households) AS households, max(p.id) AS last FROM population p"
            f"   WHERE {known} AND p.geom IS NULL GROUP BY 1, 2, 3) told"
            "  ORDER BY code, away > 0, abs(away), last DESC)"
            " SELECT g.code, coalesce(p.households, c.households, g.households) FROM grid g"
            " LEFT JOIN placed p USING (code) LEFT JOIN counted c USING (code)"
            " WHERE g.county_id = :county AND g.valid @> CAST(:day AS date) AND upper_inf(g.recorded)"
            " AND coalesce(p.households, c.households, g.households) IS NOT NULL"
        ),
        {"county": county.id, "day": day},
    )
    return {row[0]: int(row[1]) for row in found}
