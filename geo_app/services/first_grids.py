"""A first set of grids for a county or an area that has none, along its streets, with codes and names of its own."""

from __future__ import annotations

from datetime import date

import shapely
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.failure import Failure
from geo_app.models import County
from geo_app.queries import frames, grid_places
from geo_app.queries.terms import Terms
from grid_boundaries.codes import PATTERN, malformed, new_codes, reading_order
from grid_boundaries.errors import CodeError, PartitionError
from grid_boundaries.partition import partition
from grid_boundaries.schema import CRS

DIGITS = 3


class NoGrids(Failure):
    """Grids cannot be made as asked; ``remedy`` says what to change."""


def first_grids(
    session: Session, county: County, count: int, day: date, *, area: str | None = None, prefix: str | None = None
) -> GeoDataFrame:
    """Code, name, kind and ``street_m`` of ``count`` grids in the order of their codes, EPSG:4326 on the lattice.

    ``area``: code of an administrative area with an outline; None for the county, by its outline or, where it has
    none, by what its streets enclose. ``prefix``: what codes begin with, the area's statistical code if not given.
    Raises NoGrids when the area, its streets or its codes do not allow it.
    """
    own, shape = _land(session, county, area or county.code, day, needs_outline=area is not None)
    streets = frames.streets(session, county, Terms(day, box=None if shape is None else shape.bounds))
    if streets.empty:
        raise NoGrids(f"There are no streets in {area or county.code}.", "Bring them in with geo-app import roads.")
    pattern = str(county.settings.get("grid_code_pattern") or PATTERN)
    start = _prefix(own, pattern) if prefix is None else prefix
    try:
        made = partition(shape, streets.geometry, count)
        codes = new_codes(made, start, digits=DIGITS, taken=grid_places.codes_ever(session, county), pattern=pattern)
    except PartitionError as error:
        raise NoGrids(
            f"{str(error)[0].upper()}{str(error)[1:]}.", "Ask for fewer grids, or check the streets."
        ) from error
    except CodeError as error:
        raise NoGrids(
            f"{str(error)[0].upper()}{str(error)[1:]}.", "Give codes another beginning with --prefix."
        ) from error
    width = max(2, len(str(count)))
    numbers = [int(code[len(start) :]) for code in codes]
    columns = {
        "code": codes,
        "name": [f"第{number:0{width}d}网格" for number in numbers],
        "kind": "basic",
        "street_m": made["street_m"],
    }
    return GeoDataFrame(columns, geometry=made.geometry, crs=CRS).iloc[reading_order(made)].reset_index(drop=True)


def _land(
    session: Session, county: County, code: str, day: date, *, needs_outline: bool
) -> tuple[str, shapely.Geometry | None]:
    found = grid_places.land(session, county, code, day)
    if found is None:
        raise NoGrids(f"There is no area {code!r} in {county.code}.", "Bring areas in with geo-app import areas.")
    _, own, shape = found
    if shape is None and needs_outline:
        raise NoGrids(f"The area {code} has no outline.", "Import it with its polygon: geo-app import areas.")
    return own, shape


def _prefix(code: str, pattern: str) -> str:
    """The area's code as the pattern wants it before a number."""
    for joint in ("", "-"):
        if not malformed([f"{code}{joint}{1:0{DIGITS}d}"], pattern).any():
            return code + joint
    raise NoGrids(
        f"Codes that begin with {code} do not follow the county's pattern {pattern}.",
        "Name a community with --area, or give the beginning with --prefix.",
    )
