"""What a first set of grids has to know: the land of an area, and the codes that grids had at any time."""

from __future__ import annotations

from datetime import date

import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County


def land(session: Session, county: County, code: str, day: date) -> tuple[int, str, shapely.Geometry | None] | None:
    """Id, statistical code and outline (EPSG:4326, None if it has none) of the administrative area with this code."""
    found = session.execute(
        text(
            "SELECT id, coalesce(nullif(statistical_code, ''), code) AS code, ST_AsBinary(geom) AS geom"
            " FROM geo_areas_on(:county, CAST(:day AS date)) WHERE tree = 'admin' AND code = :code AND NOT retired"
        ),
        {"county": county.id, "code": code, "day": day},
    ).one_or_none()
    if found is None:
        return None
    return found.id, found.code, None if found.geom is None else shapely.from_wkb(bytes(found.geom))


def codes_ever(session: Session, county: County) -> set[str]:
    """The codes of all grids that there are or were in the county: none is given out twice."""
    return set(session.scalars(text("SELECT DISTINCT code FROM grid WHERE county_id = :county"), {"county": county.id}))
