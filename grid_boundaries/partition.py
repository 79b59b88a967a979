"""A first set of grids for an area that has none: along its streets, with about as much street in each."""

from dataclasses import replace

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries

from grid_boundaries.errors import PartitionError
from grid_boundaries.faces import Faces, faces_of, hull, merged, parts_of, plane_m
from grid_boundaries.land import area_m2
from grid_boundaries.regions import Parts, divided
from grid_boundaries.schema import CRS


def partition(area: shapely.Geometry | None, streets: GeoSeries, count: int) -> GeoDataFrame:
    """Return `count` grids that cover an area without overlap, their lines along its streets.

    area: polygon in EPSG:4326, longitude first; None for what the streets enclose and 100 m beyond (`faces.hull`).
    streets: lines in EPSG:4326.
    Returns EPSG:4326 on the lattice of 1e-7 degrees: MultiPolygons and `street_m`, the geodesic metres of street
    inside; of a street on the line between two grids each has half. No grid is in two parts unless the area is.
    The outline gets a vertex where a street meets it, which lies on the lattice too, and so at most half a step, 5 mm,
    beside a straight side. The same input gives the same grids.
    Raises PartitionError when the area or the streets are not as they should be, or fall into fewer faces than `count`.
    Method: faces of the noded linework (`faces`), merged by automatic zoning (`regions`).
    """
    if count < 1:
        raise PartitionError(f"at least one grid is needed, {count} were asked for")
    faces = faces_of(hull(streets) if area is None else area, streets)
    if count > len(faces.shapes):
        raise PartitionError(
            f"the streets cut the area into {len(faces.shapes)} faces, which cannot make {count} grids"
        )
    grids = merged(faces, _regions(faces, count))
    shapes = shapely.normalize(np.array([_multi(shape) for shape in grids.shapes]))
    return GeoDataFrame({"street_m": grids.street_m}, geometry=shapes, crs=CRS)


def _regions(faces: Faces, count: int) -> np.ndarray:
    """The region of each face: each group of faces that hang together gets its share of the regions."""
    faces = _bridged(faces, count)
    area = sum(area_m2(shape) for shape in faces.shapes)
    graph = Parts(faces.street_m, plane_m(faces.shapes), faces.links, faces.shared_m, area)
    return divided(graph, parts_of(faces), count)


def _bridged(faces: Faces, count: int) -> Faces:
    """Faces with a link across for each exclave that cannot have a grid of its own: it is part of the nearest."""
    while True:
        group = parts_of(faces)
        weight = np.bincount(group, weights=faces.street_m)
        lightest = int(np.argmin(weight))
        if len(weight) == 1 or (len(weight) <= count and weight[lightest] >= weight.sum() / count / 2):
            return faces
        inside, outside = np.flatnonzero(group == lightest), np.flatnonzero(group != lightest)
        near, gap = shapely.STRtree(faces.shapes[outside]).query_nearest(
            faces.shapes[inside], return_distance=True, all_matches=False
        )
        best = int(np.argmin(gap))
        pair = np.sort([inside[near[0, best]], outside[near[1, best]]])
        faces = replace(faces, links=np.vstack([faces.links, pair]), shared_m=np.append(faces.shared_m, 0.0))


def _multi(shape: shapely.Geometry) -> shapely.Geometry:
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
