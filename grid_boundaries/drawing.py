"""What somebody draws on a map: a stroke across grids, or a ring around land."""

from typing import Any

import numpy as np
import shapely

from grid_boundaries.errors import EditError
from grid_boundaries.schema import DIGITS


def stroke(line: Any) -> np.ndarray:
    """Return a drawn line as points (n, 2) on the lattice, none twice in a row.

    line: points (n, 2) or a LineString in EPSG:4326, longitude first.
    Raises EditError: does_not_cross for a line without length, crosses_itself with the places.
    """
    points = _points(line)
    if len(points) < 2:
        raise EditError("does_not_cross", "a line of at least two points is needed", where=_place(points))
    drawn = shapely.LineString(points)
    if not drawn.is_simple:
        raise EditError("crosses_itself", "the line crosses itself", where=_crossings(drawn))
    return points


def lasso(area: Any) -> np.ndarray:
    """Return a drawn ring as points (n, 2) on the lattice, the last equal to the first.

    area: points (n, 2), closed or not, or a polygon of one ring in EPSG:4326, longitude first.
    Raises EditError: does_not_cross for a ring without land, crosses_itself with the places.
    """
    if isinstance(area, shapely.Geometry):
        if area.geom_type == "MultiPolygon" and len(area.geoms) == 1:
            area = area.geoms[0]
        if area.geom_type != "Polygon" or area.interiors:
            raise EditError("does_not_cross", "an area of one ring is needed", where=area)
        area = area.exterior
    points = _points(area)
    if len(points) and (points[0] != points[-1]).any():
        points = np.vstack([points, points[:1]])
    if len(points) < 4:
        raise EditError("does_not_cross", "an area of at least three points is needed", where=_place(points))
    drawn = shapely.LineString(points)
    if not drawn.is_simple or not shapely.Polygon(points).is_valid:
        raise EditError("crosses_itself", "the outline of the area crosses itself", where=_crossings(drawn))
    return points


def _points(line: Any) -> np.ndarray:
    points = shapely.get_coordinates(line) if isinstance(line, shapely.Geometry) else np.asarray(line, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise EditError("does_not_cross", "points of a finite longitude and latitude are needed")
    points = np.round(points, DIGITS)
    return np.asarray(points[np.append(True, (points[1:] != points[:-1]).any(axis=1))] if len(points) else points)


def _place(points: np.ndarray) -> shapely.Geometry | None:
    return shapely.MultiPoint(points) if len(points) else None


def _crossings(drawn: shapely.LineString) -> shapely.Geometry:
    """The points where a line meets itself; the line where it runs along itself."""
    pieces = shapely.get_parts(shapely.node(drawn))
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(pieces, end)) for end in (0, -1)])
    places, times = np.unique(ends, axis=0, return_counts=True)
    return shapely.MultiPoint(places[times > 2]) if (times > 2).any() else drawn
