"""Polygons as land: their parts, their area on the ellipsoid, and a plane in metres for what is measured nearby."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from pyproj import Geod

from grid_boundaries.schema import DIGITS

WGS84 = Geod(ellps="WGS84")
# A point of a straight side can be entered on the lattice only to half a step each way, 0.71 of a step across.
HAIR_DEGREES = 0.75 * 10.0**-DIGITS


def area_m2(shape: shapely.Geometry) -> float:
    """Return the area of a polygon in EPSG:4326 on the ellipsoid, in square metres, whatever way its rings run."""
    # pyproj adds a hole that runs the same way as its shell instead of taking it away.
    oriented = [shapely.orient_polygons(part) for part in polygons(shape)]
    return float(sum(abs(WGS84.geometry_area_perimeter(part)[0]) for part in oriented))


def polygons(shape: shapely.Geometry | None) -> Sequence[shapely.Polygon]:
    """Return the polygons in a geometry of any type; points and lines are left out."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def holes(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the holes of a geometry's polygons, and what lies between polygons that meet in points, as polygons."""
    parts = polygons(shape)
    found = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    if len(parts) > 1:
        lines = shapely.get_parts(shapely.union_all([part.exterior for part in parts]))
        faces = shapely.get_parts(shapely.polygonize(lines))
        found += list(faces[~shapely.intersects(shape, shapely.point_on_surface(faces))])
    return found


def is_hair(part: shapely.Polygon) -> bool:
    """Return whether it is nowhere wider than the rounding of a line's points to the lattice."""
    return bool(2 * part.area < HAIR_DEGREES * part.length)


def metres_per_degree(shapes: Any) -> np.ndarray:
    """Return metres per degree of longitude and of latitude (2,) at the place of shapes in EPSG:4326 where they are most.

    A plane that is stretched by them shows no distance shorter than it is by more than a millionth of a degree's,
    and of shapes within one degree of latitude none too long by more than two in a hundred up to 45 degrees.
    """
    bounds = np.asarray(shapely.total_bounds(shapes)) if np.size(shapes) else np.full(4, np.nan)
    if not np.isfinite(bounds).all():
        return np.array([111_320.0, 111_320.0])
    south, north = bounds[1], bounds[3]
    nearest = 0.0 if south <= 0 <= north else min(abs(south), abs(north))
    farthest = max(abs(south), abs(north))
    east = WGS84.inv(0.0, nearest, 1e-3, nearest)[2] * 1e3
    up = WGS84.inv(0.0, farthest, 0.0, farthest - 1e-3)[2] * 1e3
    return np.array([east, up])


def in_metres(shapes: Any, scale: np.ndarray) -> Any:
    """Return a shape or an array of shapes stretched from degrees to metres; scale: what `metres_per_degree` says."""
    return shapely.transform(shapes, lambda xy: xy * scale)
