"""Which grids lie in which police areas: kept while neither lines nor what is counted in them change."""

from __future__ import annotations

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import frames, grid_units
from geo_app.queries.kept import Kept
from geo_app.queries.terms import Terms
from grid_boundaries import crosswalk as lines

LEVELS = ("zone", "station")  # patrol zones where they have outlines, else the jurisdictions of stations
COUNTED = ("households", "addresses")
_kept: Kept[pd.DataFrame] = Kept(8)


def police_areas(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """The police areas of a day with an outline, of the deepest level that has any: id, code, name, level, EPSG:4326."""
    found = session.execute(
        text(
            "SELECT id, code, name, level, 'basic' AS kind, ST_AsBinary(geom) AS geom FROM geo_areas_on(:county, CAST(:day AS date),"
            " CAST(:known_at AS timestamptz)) WHERE tree = 'police' AND level = ANY (:levels) AND geom IS NOT NULL"
            " AND NOT retired ORDER BY code"
        ),
        {"county": county.id, "levels": list(LEVELS), "day": terms.day, "known_at": terms.known_at},
    ).all()
    level = next((level for level in LEVELS if any(row.level == level for row in found)), None)
    rows = [row for row in found if row.level == level]
    columns = {name: [getattr(row, name) for row in rows] for name in ("id", "code", "name", "level", "kind")}
    return GeoDataFrame(columns, geometry=shapely.from_wkb([bytes(row.geom) for row in rows]), crs=4326)


def crosswalk(session: Session, county: County, terms: Terms) -> pd.DataFrame:
    """A row for each grid and each police area that it shares land, households or addresses with, as of the terms' day:
    grid, grid_name, area, area_name (missing for what lies in none), area_m2, share_of_grid, households, addresses.
    """
    terms = terms.of("area_ids")

    def measure() -> pd.DataFrame:
        grids, areas = frames.grids(session, county, terms), police_areas(session, county, terms)
        known = grid_units.units(session, county, terms.day).units
        columns = [name for name in COUNTED if name in known.columns]
        found = lines.crosswalk(grids, areas, known, columns)
        found.insert(1, "grid_name", found["grid"].map(dict(zip(grids["code"], grids["name"], strict=True))))
        found.insert(3, "area_name", found["area"].map(dict(zip(areas["code"], areas["name"], strict=True))))
        return found.reindex(columns=[*found.columns, *(name for name in COUNTED if name not in columns)])

    kinds = ("grids", "areas", *grid_units.KINDS)
    return _kept.get((*grid_units.key(session, county, kinds, terms.day), terms), measure)
