"""Grids made for tests of edits: boards and random partitions, and what must hold of an edit."""

import numpy as np
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.codes import Numbering
from grid_boundaries.coverage import check
from grid_boundaries.edits import Edit
from grid_boundaries.noding import HAIR
from grid_boundaries.schema import normalise

CELL = 0.001
WEST, SOUTH = 118.35, 31.74
NUMBERING = Numbering()


def at(x, y):
    """A place in cells from the south-west corner, as longitude and latitude."""
    return round(WEST + CELL * x, 7), round(SOUTH + CELL * y, 7)


def path(*points):
    return [at(x, y) for x, y in points]


def area(*points):
    return shapely.Polygon(path(*points))


def square(x, y, width=1.0, height=1.0):
    return area((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def frame(shapes, **columns):
    codes = [f"340523001001{number:03d}" for number in range(1, len(shapes) + 1)]
    grids = normalise(GeoDataFrame({"code": codes, "leader": "王", "geometry": list(shapes)}, crs=4326))
    return grids.assign(**columns)


def board(columns=3, rows=3, **more):
    """Squares, code 1 in the south-west corner, row by row; the corners of a board of 3 × 3 are 1, 3, 7 and 9."""
    return frame([square(x, y) for y in range(rows) for x in range(columns)], **more)


def code(number):
    return f"340523001001{number:03d}"


def shape_of(grids, of):
    return grids.set_index("code").geometry[of]


def partition(seed, count=9):
    """A random partition of a square of 3 × 3 cells: the cells of Voronoi, vertices of all on the lattice."""
    rng = np.random.default_rng(seed)
    points = shapely.MultiPoint(rng.uniform(0.1, 2.9, (count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=shapely.box(0, 0, 3, 3)))
    cells = shapely.intersection(cells, shapely.box(0, 0, 3, 3))
    ends = shapely.union_all(shapely.boundary(cells), grid_size=1e-4)
    lines = shapely.segmentize(shapely.get_parts(shapely.line_merge(ends)), 0.4)
    lines = shapely.transform(lines, lambda xy: np.round(np.array([WEST, SOUTH]) + CELL * xy, 7))
    return frame(shapely.get_parts(shapely.polygonize(lines)))


def require_whole(before: GeoDataFrame, edit: Edit, hair=HAIR, kinds=()) -> None:
    """The edit's grids cover what the grids before covered, once, but for the rounding of new vertices.

    kinds: of faults that the grids before had too.
    """
    grids = edit.grids
    assert [fault for fault in check(grids) if not (fault.is_near or fault.kind in kinds)] == []
    assert list(grids.columns) == list(before.columns)
    assert grids.index.tolist() == list(range(len(grids)))
    was, now = (shapely.coverage_union_all(one.geometry.to_numpy()) for one in (before, grids))
    beside = shapely.symmetric_difference(was, now)
    assert beside.area <= hair * was.length
    assert shapely.hausdorff_distance(was.boundary, now.boundary) <= hair
    require_told(before, edit)


def require_told(before: GeoDataFrame, edit: Edit) -> None:
    """Retired, created and changed say exactly what became of the grids."""
    was, now = (dict(zip(one["code"], one.geometry, strict=True)) for one in (before, edit.grids))
    assert set(edit.retired) == was.keys() - now.keys()
    assert set(edit.created) == now.keys() - was.keys()
    other = {code for code in was.keys() & now.keys() if shapely.normalize(was[code]) != shapely.normalize(now[code])}
    assert set(edit.changed) == other
    assert edit.came_from.keys() == set(edit.created)
    assert all(set(parents) <= was.keys() for parents in edit.came_from.values())
