"""Outlines of buildings in a box, to which the lines of grids snap."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo_app.models import Building, County
from geo_app.queries.terms import Box

MOST = 4000  # more are not told apart on a screen
DIGITS = 7  # the lattice of grids


def outlines(session: Session, county: County, day: date, box: Box) -> tuple[list[dict[str, Any]], bool]:
    """Buildings in force on a day that meet a box (west, south, east, north, EPSG:4326), by id, as GeoJSON geometries;
    and whether there are more than are answered."""
    found = session.scalars(
        select(func.ST_AsGeoJSON(Building.geom, DIGITS))
        .where(
            Building.county_id == county.id,
            Building.valid.contains(day),
            func.upper_inf(Building.recorded),
            Building.geom.op("&&")(func.ST_MakeEnvelope(*box, 4326)),
        )
        .order_by(Building.id)
        .limit(MOST + 1)
    ).all()
    return [json.loads(shape) for shape in found[:MOST]], len(found) > MOST
