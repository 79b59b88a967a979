"""Shapes that are nearly a partition, cut into pieces and put together again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from grid_boundaries.land import area_m2, holes, in_metres, is_hair, polygons
from grid_boundaries.pieces import Pieces
from grid_boundaries.schema import DIGITS
from grid_boundaries.settle import Settling, width_m
from grid_boundaries.shared_lines import Segments, invalid_edges, lattice_points, point_numbers
from grid_boundaries.ways import ways_across

ROUNDS = 4  # in which neighbours that got a vertex are drawn in
STEP = 10.0**-DIGITS


@dataclass(frozen=True)
class Move:
    """What was done to one grid at one place.

    grid: its label. kind: gap (land that nobody had), overlap (land that another had too), outside (land beyond the
    parent), sliver (a narrow part of a grid apart from the rest), geometry (a line that crossed itself), lattice
    (coordinates rounded) or vertex (corners entered that lie on the line). where: the land, or the points, in
    EPSG:4326. metres: by how much the line moved at most, sideways: the width of the land at its widest.
    area_m2: of the land, positive where the grid gained it, negative where it lost it.
    """

    grid: object
    kind: str
    where: shapely.Geometry
    metres: float
    area_m2: float = 0.0


@dataclass(frozen=True, eq=False)
class Land:
    """Valid shapes on the lattice; which may be changed; the rank of each where nothing else decides; the parent."""

    shapes: np.ndarray
    may: np.ndarray
    first: np.ndarray
    parent: shapely.Geometry | None
    scale: np.ndarray
    tolerance_m: float

    def mended(self, also: Sequence[int]) -> tuple[np.ndarray, list[Move]]:
        """Return the shapes mended and what was done, by position; also: positions to be looked at in any case."""
        rows = np.union1d(self._concerned(), np.array(also, dtype=int))
        shapes = self.shapes
        moves: list[Move] = []
        before = _is_wrong(self.shapes)
        for _ in range(ROUNDS):
            if not len(rows):
                break
            shapes, moves = self._mend(rows)
            behind = np.setdiff1d(np.flatnonzero(_is_wrong(shapes) & ~before), rows)
            if not len(behind):
                break
            rows = np.union1d(rows, behind)
        return shapes, moves

    def _concerned(self) -> np.ndarray:
        """Positions of shapes with a line that no neighbour shares, and of those at narrow land that is wrong."""
        shapes = self.shapes
        wrong = _is_wrong(shapes)
        union = shapely.union_all([shapely.coverage_union_all(shapes[~wrong]), *shapes[wrong]])
        narrow = list(holes(union))
        if self.parent is not None:
            filled = shapely.union_all([union, *narrow])
            beside = [*polygons(self.parent - filled), *polygons(union - self.parent)]
            narrow += [part for part in beside if not is_hair(part)]
        for shape in shapes[shapely.get_num_geometries(shapes) > 1]:
            narrow += sorted(polygons(shape), key=lambda part: -part.area)[1:]
        plane = in_metres(np.array([*narrow, None], dtype=object)[:-1], self.scale)
        narrow = [
            part for part, metric in zip(narrow, plane, strict=True) if width_m(metric, self.tolerance_m) < np.inf
        ]
        around = shapely.STRtree(shapes).query(np.array([*narrow, None])[:-1], predicate="dwithin", distance=STEP)[1]
        return np.union1d(np.flatnonzero(wrong), around)

    def _mend(self, rows: np.ndarray) -> tuple[np.ndarray, list[Move]]:
        tree = shapely.STRtree(self.shapes)
        work = np.union1d(rows, tree.query(self.shapes[rows])[1])
        some = self.shapes[work]
        pieces = Pieces.of(some, self.parent, self.scale, [])
        ways = ways_across(pieces, self.scale, self.tolerance_m)
        if ways:
            pieces = Pieces.of(some, self.parent, self.scale, ways)
        piece, owner = tree.query(shapely.point_on_surface(pieces.shapes), predicate="intersects")
        foreign = np.zeros(len(pieces.shapes), dtype=bool)
        foreign[piece[~np.isin(owner, work)]] = True
        plane = in_metres(some, self.scale)
        settling = Settling(pieces, plane, self.scale, self.tolerance_m, self.first[work], self.may[work], foreign)
        settling.settle()
        made = _joined(settling, range(len(some)))
        thin = _thin_parts(settling, made)
        if thin:
            for at, holder in thin:
                settling.hand_on(at, holder)
            made = _joined(settling, range(len(some)))
        made = _without_crossings(made, some, self.parent)
        same = shapely.equals_exact(made, some, normalize=True) | ~self.may[work] | shapely.is_empty(made)
        shapes = self.shapes.copy()
        shapes[work] = np.where(same, some, made)
        moves = [*_land_moves(settling, work), *_vertex_moves(some[~same], made[~same], work[~same], self.scale)]
        return shapes, moves


def _is_wrong(shapes: np.ndarray) -> np.ndarray:
    return np.asarray(~shapely.is_empty(invalid_edges(shapes, Segments.of(shapes))))


def _joined(settling: Settling, grids: Sequence[int]) -> np.ndarray:
    """Each grid of all the pieces that it holds, every corner of the pieces kept on its lines."""
    holder = np.array([grid for held in settling.holders for grid in held], dtype=int)
    piece = np.repeat(np.arange(len(settling.holders)), [len(held) for held in settling.holders])
    made = np.full(len(grids), shapely.MultiPolygon(), dtype=object)
    order = np.argsort(holder, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(holder[order])) + 1) if len(order) else []:
        whole = shapely.coverage_union_all(settling.pieces.shapes[piece[rows]])
        made[holder[rows[0]]] = shapely.MultiPolygon(list(polygons(whole)))
    return made


def _thin_parts(settling: Settling, made: np.ndarray) -> list[tuple[int, int]]:
    """Pieces, with their grid, that make up a narrow part of it apart from its largest."""
    found = []
    for grid in np.flatnonzero(shapely.get_num_geometries(made) > 1):
        held = np.array([at for at, holders in enumerate(settling.holders) if holders == {grid}], dtype=int)
        middles = shapely.point_on_surface(settling.pieces.shapes[held])
        for part in sorted(polygons(made[grid]), key=lambda part: -part.area)[1:]:
            if width_m(in_metres(part, settling.scale), settling.tolerance_m) < np.inf:
                found += [(int(at), int(grid)) for at in held[shapely.intersects(part, middles)]]
    return found


def _without_crossings(made: np.ndarray, given: np.ndarray, parent: shapely.Geometry | None) -> np.ndarray:
    """The same without corners that are nobody's own and on one line only: a line that went left them there."""
    own = shapely.get_coordinates([*given, parent] if parent is not None else given)
    segments = Segments.of(made)
    start, end = point_numbers(segments.start), point_numbers(segments.end)
    ways = np.unique(np.stack([np.concatenate([start, end]), np.concatenate([end, start])], axis=1), axis=0)
    corner, first, count = np.unique(ways[:, 0], return_index=True, return_counts=True)
    twos = first[count == 2]
    at, one, other = (lattice_points(numbers) for numbers in (corner[count == 2], ways[twos, 1], ways[twos + 1, 1]))
    straight = shapely.distance(shapely.points(at), shapely.linestrings(np.stack([one, other], axis=1))) < STEP
    needless = np.setdiff1d(corner[count == 2][straight], point_numbers(own))
    if not len(needless):
        return made
    plain = np.array([_without(shape, needless) for shape in made], dtype=object)
    sound = shapely.is_valid(plain).all() and _is_wrong(plain).sum() <= _is_wrong(made).sum()
    return plain if sound else made


def _without(shape: shapely.Geometry, corners: np.ndarray) -> shapely.Geometry:
    if not np.isin(point_numbers(shapely.get_coordinates(shape)), corners).any():
        return shape

    def ring(line: shapely.LinearRing) -> np.ndarray:
        places = shapely.get_coordinates(line)[:-1]
        kept = places[~np.isin(point_numbers(places), corners)]
        return kept if len(kept) > 2 else places

    return shapely.MultiPolygon(
        [shapely.Polygon(ring(part.exterior), [ring(hole) for hole in part.interiors]) for part in polygons(shape)]
    )


def _land_moves(settling: Settling, work: np.ndarray) -> list[Move]:
    moves = []
    for piece, (kind, width) in sorted(settling.why.items()):
        before, after = settling.pieces.owners[piece], settling.holders[piece]
        where = shapely.MultiPolygon([settling.pieces.shapes[piece]])
        area = area_m2(where)
        for grid in sorted(before ^ after):
            moves.append(Move(int(work[grid]), kind, where, width, area if grid in after else -area))
    return moves


def _vertex_moves(given: np.ndarray, made: np.ndarray, rows: np.ndarray, scale: np.ndarray) -> list[Move]:
    """Corners that a shape got on its own line, or a hair beside it."""
    moves = []
    for before, after, row in zip(given, made, rows, strict=True):
        places = shapely.get_coordinates(after)
        new = places[~np.isin(point_numbers(places), point_numbers(shapely.get_coordinates(before)))]
        points = shapely.points(np.unique(new, axis=0))
        points = points[shapely.distance(points, shapely.boundary(before)) < STEP]
        if len(points):
            line = in_metres(shapely.boundary(before), scale)
            off = float(shapely.distance(in_metres(points, scale), line).max())
            moves.append(Move(int(row), "vertex", shapely.multipoints(points), off))
    return moves
