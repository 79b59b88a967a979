"""A drawing divides land: into which pieces, and what is wrong with a drawing that does not divide it in two."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from grid_boundaries.errors import EditError
from grid_boundaries.neighbourhood import Ground, same_land
from grid_boundaries.noding import METRE, noded, ordered, outline, segments, with_vertices


@dataclass(frozen=True, eq=False)
class Cut:
    """Land divided by a drawing.

    near: positions of the grids around. noded: those of them that got a vertex, by position. line: the drawing (n, 2)
    with all its meetings. parts: the polygons of the land, with their new vertices; of: which land each is of;
    faces: the pieces of each. touched: points where the drawing meets their lines. inside: whether any of it lies in
    the land, along: whether any of it runs on a line.
    """

    near: np.ndarray
    noded: dict[int, shapely.Geometry]
    line: np.ndarray
    parts: np.ndarray
    of: np.ndarray
    faces: list[np.ndarray]
    touched: shapely.MultiPoint
    inside: bool
    along: bool

    def divided(self) -> list[int]:
        return [number for number, faces in enumerate(self.faces) if len(faces) > 1]


def cut(ground: Ground, land: np.ndarray, drawing: np.ndarray) -> Cut:
    """Return how a drawing (n, 2) divides land, polygons whose segments are those of the grids.

    Raises EditError too_close when nothing is left of the drawing where its points go onto lines beside them.
    """
    near = ground.near(shapely.total_bounds(land))
    meeting = noded(drawing, segments(land)[0])
    if len(meeting.line) < (4 if (drawing[0] == drawing[-1]).all() else 2):
        raise EditError("too_close", "what was drawn is too small", where=shapely.MultiPoint(drawing))
    got = {int(row): with_vertices(ground.shapes[row], meeting.added) for row in near} if meeting.added else {}
    got = {row: shape for row, shape in got.items() if shape is not ground.shapes[row]}
    parts, of = shapely.get_parts([with_vertices(shape, meeting.added) for shape in land], return_index=True)
    pieces = np.unique(ordered(meeting.line[:-1], meeting.line[1:]), axis=0)
    lines = {tuple(line) for line in meeting.lines.tolist()}
    free = np.array([tuple(piece) not in lines for piece in pieces.tolist()], dtype=bool)
    corners = {point for line in lines for point in (line[:2], line[2:])}
    touched = [point for point in meeting.line.tolist() if tuple(point) in corners]
    inner = pieces[free]
    middle = (inner[:, :2] + inner[:, 2:]) / 2
    within = [shapely.contains_xy(part, *middle.T) for part in parts]
    faces = [_faces(part, inner[mask]) for part, mask in zip(parts, within, strict=True)]
    inside = any(mask.any() for mask in within)
    return Cut(near, got, meeting.line, parts, of, faces, shapely.MultiPoint(touched), inside, not free.all())


def carried(drawing: np.ndarray, land: shapely.Geometry, codes: Sequence[str]) -> np.ndarray:
    """Return a line whose ends reach the boundary of the land: one that stops up to a metre short is carried on.

    An end within a metre of a vertex goes there. Raises EditError ends_inside with the place.
    """
    shapely.prepare(land)
    boundary = land.boundary
    corners = shapely.get_coordinates(boundary)
    drawing = drawing.copy()
    for end in (0, -1):
        point = shapely.Point(drawing[end])
        away = np.hypot(*(corners - drawing[end]).T)
        if away.min() <= METRE:
            drawing[end] = corners[int(np.argmin(away))]
        elif shapely.contains(land, point):
            if shapely.distance(boundary, point) > METRE:
                raise EditError("ends_inside", "the line ends inside the grid", codes, point)
            drawing[end] = shapely.get_coordinates(shapely.shortest_line(boundary, point))[0]
    return drawing


def require_two(made: Cut, codes: Sequence[str]) -> tuple[int, shapely.Polygon, shapely.Polygon]:
    """Return which part of the land is divided, and its two pieces.

    Raises EditError: does_not_cross, along_boundary (also where a piece would be narrower than a metre), crosses_twice
    with the points where the drawing meets the boundary.
    """
    divided = made.divided()
    line = shapely.LineString(made.line)
    if not divided:
        if made.along and not made.inside:
            raise EditError("along_boundary", "the line runs along the boundary", codes, line)
        raise EditError("does_not_cross", "the line does not cross the grid", codes, line)
    faces = [face for number in divided for face in made.faces[number]]
    broad = [face for face in faces if 2 * face.area > METRE * face.length]
    if len(broad) <= len(divided):
        raise EditError("along_boundary", "the line runs along the boundary", codes, line)
    if len(faces) > 2:
        raise EditError("crosses_twice", "the line crosses the grid more than once", codes, made.touched)
    return divided[0], faces[0], faces[1]


def joined(shapes: Iterable[shapely.Geometry], codes: Sequence[str] = ()) -> shapely.MultiPolygon:
    """Return the union of polygons that share their segments to the bit; each vertex of its outline is kept.

    Raises EditError breaks_coverage when they do not: they lie over each other, or lack each other's vertices.
    """
    land = np.array(list(shapes), dtype=object)
    union = multi(_enclosed(outline(land), land))
    if not same_land(union.area, sum(shapely.area(land))):
        where = shapely.union_all(shapely.boundary(land))
        raise EditError("breaks_coverage", "the grids lie over each other or do not share their lines", codes, where)
    return union


def multi(parts: Iterable[shapely.Polygon]) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(list(parts))


def touch(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Return whether two polygons share a segment."""
    mine, its = (segments(np.array([shape], dtype=object))[0] for shape in (one, other))
    return len(np.unique(np.vstack([mine, its]), axis=0)) < len(mine) + len(its)


def _faces(part: shapely.Polygon, inner: np.ndarray) -> np.ndarray:
    if not len(inner):
        return np.array([part], dtype=object)
    own = np.array([part], dtype=object)
    return _enclosed(np.vstack([segments(own)[0], inner]), own)


def _enclosed(lines: np.ndarray, land: np.ndarray) -> np.ndarray:
    """What segments enclose, without what is a hole in the land."""
    faces = shapely.get_parts(shapely.polygonize(shapely.linestrings(lines.reshape(-1, 2, 2))))
    points = shapely.point_on_surface(faces)
    return np.asarray(faces[[bool(shapely.intersects(land, point).any()) for point in points]])
