"""Positions in the system that was asked for, and as columns for formats without geometry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from geo_app.errors import N_, BadInput
from geo_app.exports.table import Heading, Portion, Table
from geo_app.imports.systems import System, parse_system
from geo_app.models import County

METRIC = "metric"  # the county's own system in metres
DATUM = Heading("datum")
SAME_PLACE = 1e-7  # degrees
# Metres to a thousandth of a millimetre, degrees to as much: on the way back they round to what is stored.
DIGITS = {"metres": 6, "degrees": 11, "stored": 9}


def system_of(county: County, name: str) -> System:
    """The coordinate system of this name. Raises BadInput for what is none, or none of positions in a plane."""
    try:
        system = parse_system(f"EPSG:{county.metric_srid}" if name == METRIC else name)
    except ValueError as error:
        raise _no_system(name) from error
    if system.crs is not None and not (system.crs.is_projected or system.crs.is_geographic):
        raise _no_system(name)
    if system.crs is not None and len(system.crs.axis_info) != 2:
        raise _no_system(name)
    return system


def _no_system(name: str) -> BadInput:
    return BadInput(
        N_("%(crs)s names no coordinate system."),
        N_("Write it as EPSG:4326, EPSG:4548, metric, GCJ-02 or BD-09."),
        crs=repr(name[:40]),
    )


def moved(table: Table, system: System) -> Table:
    """The table with its shapes in ``system``, x before y, and a column that says which it is."""
    if table.shape is None:
        return table
    decimals = digits(system)

    def move(points: np.ndarray) -> np.ndarray:
        found = system.from_wgs84(points)
        if found is points:
            return points
        # Far from where a projection is made for it gives numbers that lead back to another place.
        if not (np.abs(system.to_wgs84(found) - points) < SAME_PLACE).all():
            raise BadInput(
                N_("%(crs)s cannot say where all of these places are."),
                N_("Choose a system that is made for this county."),
                crs=system.name,
            )
        return np.round(found, decimals)

    def change(portion: Portion) -> Portion:
        assert portion.shapes is not None
        return Portion((*portion.columns, [system.name] * len(portion)), shapely.transform(portion.shapes, move))

    return replace(table, headings=(*table.headings, DATUM), portions=(change(portion) for portion in table.portions))


def digits(system: System) -> int:
    """How many digits behind the point a coordinate has."""
    if system.name in ("EPSG:4326", "EPSG:4490"):
        return DIGITS["stored"]
    return DIGITS["degrees" if system.in_degrees else "metres"]


def in_columns(table: Table, system: System) -> Table:
    """The table without shapes: points as two columns, longitude and latitude or x and y, others as a column WKT."""
    if table.shape is None:
        return table
    headings: tuple[Heading, ...]
    spread: Callable[[Any], tuple[list[Any], ...]]
    if table.shape == "Point":
        names = ("longitude", "latitude") if system.in_degrees else ("x", "y")
        headings, spread = tuple(Heading(name, "number") for name in names), _two_columns
    else:
        headings, spread = (Heading("WKT"),), lambda shapes: _as_text(shapes, digits(system))
    return replace(
        table,
        headings=table.headings + headings,
        portions=(Portion((*portion.columns, *spread(portion.shapes))) for portion in table.portions),
        shape=None,
    )


def _two_columns(shapes: Any) -> tuple[list[Any], list[Any]]:
    x, y = shapely.get_x(shapes).astype(object), shapely.get_y(shapes).astype(object)
    x[shapely.is_missing(shapes)] = y[shapely.is_missing(shapes)] = None
    return x.tolist(), y.tolist()


def _as_text(shapes: Any, decimals: int) -> tuple[list[Any]]:
    return (shapely.to_wkt(shapes, rounding_precision=decimals).tolist(),)
