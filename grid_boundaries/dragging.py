"""A vertex is dragged, and all grids that share it follow."""

from collections.abc import Sequence

import numpy as np
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.errors import EditError
from grid_boundaries.neighbourhood import Edit, Ground, edited, require_coverage
from grid_boundaries.noding import METRE, STEP, Segment, on_segment, segments, with_vertices
from grid_boundaries.schema import DIGITS


def drag_vertex(grids: GeoDataFrame, at: Sequence[float], to: Sequence[float], *, insert: bool = False) -> Edit:
    """Return the edit that moves one vertex in every grid that has it; all keep their codes.

    at: longitude and latitude within a metre of the vertex; to: where it goes, onto a vertex within one step of the
    lattice it is merged with that. insert: a new vertex of the line at `at` is made first, and moved.
    Raises EditError: no_vertex, outline (the outer line of all grids, or sides that do not match), other_community,
    crosses_itself, takes_all (a grid would be left without land), too_close.
    """
    ground = Ground.of(grids)
    goal = np.round(np.asarray(to, dtype=float), DIGITS)
    place = np.asarray(at, dtype=float)
    rows = ground.near([*place, *place], METRE)
    noded = _with_new(ground, rows, place) if insert else {}
    shapes = np.array([noded.get(int(row), ground.shapes[row]) for row in rows], dtype=object)
    vertex = _nearest(shapes, place)
    having = _having(shapes, vertex)
    _require_inner(shapes[having], vertex, [str(code) for code in ground.codes[rows[having]]])
    ground.one_community(rows[having])
    goal = _onto(shapes, vertex, goal)
    after = dict(noded)
    codes = [str(code) for code in ground.codes[rows[having]]]
    path = shapely.LineString([vertex, goal])
    if (goal != vertex).any():
        after |= {
            int(row): _moved(shape, vertex, goal, codes)
            for row, shape in zip(rows[having], shapes[having], strict=True)
        }
    bounds = shapely.total_bounds([*ground.shapes[rows[having]], path])
    try:
        require_coverage(ground, ground.near(bounds), noded, after)
    except EditError as error:
        raise EditError("crosses_itself", "a line would cross or touch another", codes, path) from error
    return edited(ground, after)


def _with_new(ground: Ground, rows: np.ndarray, at: np.ndarray) -> dict[int, shapely.Geometry]:
    """The grids that share the segment beside a place, with a vertex there."""
    lines = segments(ground.shapes[rows])[0]
    away = shapely.distance(shapely.linestrings(lines.reshape(-1, 2, 2)), shapely.Point(at))
    if away.min(initial=np.inf) > METRE:
        raise EditError("no_vertex", "there is no line at this place", where=shapely.Point(at))
    line = lines[int(np.argmin(away))]
    point = on_segment(line[:2], line[2:], at)
    if point in (tuple(line[:2]), tuple(line[2:])):
        return {}
    segment: Segment = tuple(line.tolist())
    shapes = {int(row): with_vertices(ground.shapes[row], {segment: [point]}) for row in rows}
    return {row: shape for row, shape in shapes.items() if shape is not ground.shapes[row]}


def _nearest(shapes: np.ndarray, at: np.ndarray) -> np.ndarray:
    corners = shapely.get_coordinates(shapes)
    away = np.hypot(*(corners - at).T)
    if away.min(initial=np.inf) > METRE:
        raise EditError("no_vertex", "there is no vertex at this place", where=shapely.Point(at))
    return np.asarray(corners[int(np.argmin(away))])


def _having(shapes: np.ndarray, vertex: np.ndarray) -> np.ndarray:
    corners, of = shapely.get_coordinates(shapes, return_index=True)
    return np.unique(of[(corners == vertex).all(axis=1)])


def _require_inner(shapes: np.ndarray, vertex: np.ndarray, codes: list[str]) -> None:
    """Each segment at the vertex has a grid on both sides."""
    lines = segments(shapes)[0]
    ends = (lines[:, :2] == vertex).all(axis=1) | (lines[:, 2:] == vertex).all(axis=1)
    if (np.unique(lines[ends], axis=0, return_counts=True)[1] != 2).any():
        text = "the vertex is on the outer line of the grids, or on one that two sides do not share"
        raise EditError("outline", text, codes, shapely.Point(vertex))


def _onto(shapes: np.ndarray, vertex: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """The vertex within one step of the goal, else the goal."""
    corners = shapely.get_coordinates(shapes)
    corners = corners[(corners != vertex).any(axis=1)]
    away = np.abs(corners - goal).max(axis=1, initial=0.0)
    return np.asarray(corners[int(np.argmin(away))]) if len(away) and away.min() < 1.5 * STEP else goal


def _moved(shape: shapely.Geometry, vertex: np.ndarray, goal: np.ndarray, codes: list[str]) -> shapely.Geometry:
    parts = []
    for polygon in shapely.get_parts(shape):
        rings = [_ring(ring, vertex, goal) for ring in (polygon.exterior, *polygon.interiors)]
        if any(len(ring) < 4 for ring in rings):
            raise EditError("takes_all", "a grid or a part of it would be left without land", codes, polygon)
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.MultiPolygon(parts)


def _ring(ring: shapely.LinearRing, vertex: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """A ring with its vertex moved; where two became one, it is there once."""
    xy = shapely.get_coordinates(ring)
    xy[(xy == vertex).all(axis=1)] = goal
    return np.asarray(xy[np.append(True, (xy[1:] != xy[:-1]).any(axis=1))])
