"""What in a county has a name and a place: streets, places, communities. By these an address tells its datum."""

from __future__ import annotations

import shapely
from geopandas import GeoDataFrame
from sqlalchemy import text
from sqlalchemy.orm import Session

# Names alone, no people: what stands on every map.
NAMED = """
SELECT name, ST_AsBinary(geom) AS geom FROM street WHERE county_id = :county AND upper_inf(recorded)
  AND upper_inf(valid) AND name <> ''
UNION ALL SELECT name, ST_AsBinary(geom) FROM place WHERE county_id = :county AND upper_inf(recorded)
  AND upper_inf(valid) AND name <> ''
UNION ALL SELECT name, ST_AsBinary(geom) FROM area WHERE county_id = :county AND parent_id IS NOT NULL
  AND geom IS NOT NULL AND NOT retired
"""


def named_things(session: Session, county_id: int, metric_srid: int) -> GeoDataFrame:
    """Streets, places and areas of a county with their names, in its metric system: name, geometry."""
    found = session.execute(text(NAMED), {"county": county_id}).all()
    shapes = shapely.from_wkb([bytes(row.geom) for row in found])
    frame = GeoDataFrame({"name": [row.name for row in found]}, geometry=list(shapes), crs=4326)
    return frame.to_crs(metric_srid)


def outline(session: Session, county_id: int) -> bytes | None:
    """The county's outline as WKB in EPSG:4326, or that of its towns together; None without areas."""
    found = session.execute(
        text(
            "SELECT ST_AsBinary(coalesce((SELECT geom FROM area WHERE county_id = :county AND parent_id IS NULL"
            " AND geom IS NOT NULL LIMIT 1), (SELECT ST_Union(geom) FROM area WHERE county_id = :county AND NOT retired)))"
        ),
        {"county": county_id},
    ).scalar_one()
    return None if found is None else bytes(found)
