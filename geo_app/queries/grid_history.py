"""All versions of a county's grids and which came from which, as `grid_boundaries.lineage` asks for them."""

from __future__ import annotations

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County

VERSIONS = """
SELECT g.id, g.stable_id, g.code, g.name, lower(g.valid) AS valid_from, upper(g.valid) AS valid_to,
  lower(g.recorded) AS recorded_from, upper(g.recorded) AS recorded_to, c.reason_code, ST_AsBinary(g.geom) AS geometry
FROM grid g LEFT JOIN geo_grid_change_kinds(:county) c ON c.id = g.change_id WHERE g.county_id = :county AND NOT isempty(g.valid) ORDER BY g.id
"""
LINKS = """
SELECT l.parent_id, l.child_id, l.change_id, c.reason_code
FROM grid_lineage l JOIN geo_grid_change_kinds(:county) c ON c.id = l.change_id WHERE l.county_id = :county ORDER BY l.id
"""


def history(session: Session, county: County) -> tuple[GeoDataFrame, pd.DataFrame]:
    """Versions and links, as far as the scope sees them, what is known no more included.

    versions, EPSG:4326: id, stable_id, code, name, valid_from, valid_to, recorded_from, recorded_to (None for an open
    end), reason_code of the change that made the version (None for an import), geometry; links: parent_id, child_id,
    change_id, reason_code.
    """
    versions, links = (_frame(session, statement, county) for statement in (VERSIONS, LINKS))
    shapes = shapely.from_wkb([bytes(shape) for shape in versions.pop("geometry")])
    return GeoDataFrame(versions, geometry=shapes, crs=4326), links


def _frame(session: Session, statement: str, county: County) -> pd.DataFrame:
    found = session.execute(text(statement), {"county": county.id})
    return pd.DataFrame.from_records([tuple(row) for row in found], columns=list(found.keys()))
