"""Geometries as a table wants them: a point where the file drew an outline, outlines in several parts."""

from __future__ import annotations

import numpy as np
import shapely

ON_THE_SPOT = ("Point", "MultiPoint", "Polygon", "MultiPolygon")
OUTLINES = ("Polygon", "MultiPolygon")


def stand_as_points(geometry: np.ndarray) -> np.ndarray:
    """A point for each geometry: inside an outline, the first of several; None stays None."""
    other = ~shapely.is_missing(geometry) & (shapely.get_type_id(geometry) != 0)
    if not other.any():
        return geometry
    points = geometry.copy()
    points[other] = shapely.point_on_surface(geometry[other])
    return points


def in_parts(geometry: np.ndarray) -> np.ndarray:
    """Multipolygons, of one part where the file has a polygon."""
    single = shapely.get_type_id(geometry) == 3
    parts = geometry.copy()
    parts[single] = [shapely.multipolygons([shape]) for shape in geometry[single]]
    return parts
