"""A drawn line meets the lines of grids: where it gets vertices, and where the grids get one.

Only what the drawing touches is noded. A crossing becomes one point of the lattice, which enters each ring that has
the crossed segment, so neighbours share it to the bit; no other vertex is looked at, and none moves.
Everything is in degrees: EPSG:4326, longitude first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from grid_boundaries.schema import DIGITS

STEP = 10.0**-DIGITS
HAIR = 0.75 * STEP  # what is rounded to the lattice lies at most so far beside its line
NEAR = 10 * STEP  # 10 cm: a drawing that passes nearer to a vertex is led through it
METRE = 1e-5  # about a metre: so far an end that stops short is carried on
PASSES = 6

Point = tuple[float, float]
Segment = tuple[float, float, float, float]  # the lesser end first


@dataclass(frozen=True, eq=False)
class Noded:
    """A drawing with its vertices on the grids' lines, and the vertices that the grids' segments get from it.

    line: (n, 2). lines: (m, 4), the segments of the grids, cut. added: points of a segment, from its lesser end.
    """

    line: np.ndarray
    lines: np.ndarray
    added: Mapping[Segment, list[Point]]


def segments(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the segments of polygons as rows of four numbers, the lesser end first, and the shape of each."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    joined = (ring[1:] == ring[:-1]) & (xy[1:] != xy[:-1]).any(axis=1)  # a vertex may be there twice in a row
    return ordered(xy[:-1][joined], xy[1:][joined]), of_part[of_ring[ring[:-1][joined]]]


def ordered(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return segments (n, 4) between points (n, 2), the lesser end of each first."""
    swap = (first[:, 0] > second[:, 0]) | ((first[:, 0] == second[:, 0]) & (first[:, 1] > second[:, 1]))
    return np.where(swap[:, None], np.hstack([second, first]), np.hstack([first, second]))


def outline(shapes: np.ndarray) -> np.ndarray:
    """Return the segments that polygons do not share with each other: the outline of their union, its holes too."""
    found, times = np.unique(segments(shapes)[0], axis=0, return_counts=True)
    return np.asarray(found[times == 1])


def noded(line: np.ndarray, lines: np.ndarray, near: float = NEAR) -> Noded:
    """Return a drawn line (n, 2) noded with segments (m, 4): every meeting is a vertex of both, on the lattice.

    A vertex of the drawing nearer than `near` degrees to a segment goes onto it, and where the drawing passes a vertex
    of the segments as near as that, it is led through it. Of the points of the lattice near a crossing the one that lies
    nearest to the crossed segment is taken, so that this stays as straight as it can.
    """
    lines = np.unique(lines, axis=0)
    cuts = _Cuts(lines, near)
    line = _distinct(np.array([cuts.onto(point) for point in np.round(line, DIGITS)]))
    for number in range(PASSES):
        cuts.apply()
        more = [line[:1]]
        for start, end in pairwise(line):
            more += [cuts.between(start, end, HAIR if number else near), end[None]]
        longer = _distinct(np.vstack(more))
        if len(longer) == len(line) and not cuts.fresh:
            break
        line = longer
    cuts.apply()
    return Noded(line, cuts.lines, cuts.added())


def lacking(points: np.ndarray, lines: np.ndarray) -> dict[Segment, list[Point]]:
    """Return the points (n, 2) that lie on segments (m, 4) without being an end of them, by segment."""
    lines = np.unique(lines, axis=0)
    found: dict[Segment, list[Point]] = {}
    for point in np.unique(points, axis=0):
        ends = (lines[:, :2] == point).all(axis=1) | (lines[:, 2:] == point).all(axis=1)
        for row in np.flatnonzero((_distance(point, lines) <= HAIR) & ~ends):
            found.setdefault(_segment(lines[row]), []).append((float(point[0]), float(point[1])))
    return {line: _along(np.array(line), beside) for line, beside in found.items()}


def with_vertices(shape: shapely.Geometry, added: Mapping[Segment, list[Point]]) -> shapely.Geometry:
    """Return a polygon with points put into its segments; itself where none of its segments gets any."""
    gained = False
    parts = []
    for polygon in shapely.get_parts(shape):
        rings = []
        for ring in (polygon.exterior, *polygon.interiors):
            points = _ring_with(list(ring.coords), added)
            gained = gained or len(points) != len(ring.coords)
            rings.append(points)
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.MultiPolygon(parts) if gained else shape


def on_segment(start: np.ndarray, end: np.ndarray, point: np.ndarray, near: float = NEAR) -> Point:
    """Return a point of the lattice on a segment beside `point`: an end as near as that, or the one nearest the line.

    That is, of the points of the lattice nearer than `near` to the foot, the one that lies least beside the segment.
    """
    along = end - start
    foot = start + along * np.clip(np.dot(point - start, along) / np.dot(along, along), 0.0, 1.0)
    for corner in (start, end):
        if np.hypot(*(foot - corner)) <= near:
            return float(corner[0]), float(corner[1])
    axis = int(abs(along[1]) > abs(along[0]))
    most = int(0.8 * near / STEP)
    shifts = np.arange(-most, most + 1)
    tried = np.empty((len(shifts), 2))
    tried[:, axis] = np.round(foot[axis] + shifts * STEP, DIGITS)
    tried[:, 1 - axis] = start[1 - axis] + (tried[:, axis] - start[axis]) * along[1 - axis] / along[axis]
    tried = np.round(tried, DIGITS)
    beside = np.abs(along[0] * (tried - start)[:, 1] - along[1] * (tried - start)[:, 0]) / np.hypot(*along)
    best = tried[np.lexsort((np.abs(shifts), np.round(beside / STEP, 2)))[0]]
    return float(best[0]), float(best[1])


class _Cuts:
    """Segments that are cut, again and again, and from which of the first ones each piece comes."""

    def __init__(self, lines: np.ndarray, near: float) -> None:
        self.near = near
        self.first = lines
        self.lines = lines
        self.origin = np.arange(len(lines))
        self.fresh: dict[int, set[Point]] = {}
        self.points: dict[int, set[Point]] = {}

    def put(self, row: int, point: Point) -> Point:
        if point not in (tuple(self.lines[row, :2]), tuple(self.lines[row, 2:])):
            self.fresh.setdefault(row, set()).add(point)
        return point

    def apply(self) -> None:
        """Cut the segments at the points that were put on them."""
        if not self.fresh:
            return
        keep = np.ones(len(self.lines), dtype=bool)
        pieces, origin = [], []
        for row, points in self.fresh.items():
            keep[row] = False
            chain = np.array([self.lines[row, :2], *_along(self.lines[row], points), self.lines[row, 2:]])
            pieces.append(ordered(chain[:-1], chain[1:]))
            origin += [self.origin[row]] * (len(chain) - 1)
            self.points.setdefault(int(self.origin[row]), set()).update(points)
        self.lines = np.vstack([self.lines[keep], *pieces])
        self.origin = np.concatenate([self.origin[keep], np.array(origin, dtype=int)])
        self.fresh = {}

    def added(self) -> dict[Segment, list[Point]]:
        return {_segment(self.first[row]): _along(self.first[row], points) for row, points in self.points.items()}

    def onto(self, point: np.ndarray) -> Point:
        """The nearest vertex if it is near, else the place on the nearest segment if that is, else the point."""
        corners = self.lines.reshape(-1, 2)
        away = np.hypot(*(corners - point).T)
        if away.min(initial=np.inf) <= self.near:
            corner = corners[int(np.argmin(away))]
            return float(corner[0]), float(corner[1])
        away = _distance(point, self.lines)
        if away.min(initial=np.inf) <= self.near:
            row = int(np.argmin(away))
            return self.put(int(row), on_segment(self.lines[row, :2], self.lines[row, 2:], point, self.near))
        return float(point[0]), float(point[1])

    def between(self, start: np.ndarray, end: np.ndarray, reach: float) -> np.ndarray:
        """Points where the straight line from start to end meets the segments, in its direction, without its ends."""
        a, b = self.lines[:, :2] - start, self.lines[:, 2:] - start
        d = end - start
        length2 = np.dot(d, d)
        found: list[tuple[float, Point]] = []
        corners = np.vstack([a, b])
        share = corners @ d / length2
        beside = np.abs(_cross(d, corners)) / np.sqrt(length2)
        for corner in np.flatnonzero((share > 0) & (share < 1) & (beside <= reach)):
            xy = self.lines.reshape(-1, 2)[2 * (corner % len(a)) + corner // len(a)]
            found.append((float(share[corner]), (float(xy[0]), float(xy[1]))))
        sides = _cross(d, a), _cross(d, b)
        ends = _cross(b - a, -a), _cross(b - a, d - a)
        for row in np.flatnonzero((sides[0] * sides[1] < 0) & (ends[0] * ends[1] < 0)):
            at = float(ends[0][row] / (ends[0][row] - ends[1][row]))
            point = on_segment(self.lines[row, :2], self.lines[row, 2:], start + at * d, self.near)
            if point not in (tuple(start), tuple(end)):
                found.append((at, self.put(int(row), point)))
            else:
                self.put(int(row), point)
        return np.array([point for _, point in sorted(found)]).reshape(-1, 2)


def _ring_with(ring: list[Point], added: Mapping[Segment, list[Point]]) -> list[Point]:
    points = ring[:1]
    for start, end in pairwise(ring):
        if start < end:
            points += added.get((*start, *end), ())
        else:
            points += reversed(added.get((*end, *start), ()))
        points.append(end)
    return points


def _segment(line: np.ndarray) -> Segment:
    west, south, east, north = line.tolist()
    return west, south, east, north


def _along(line: np.ndarray, points: Iterable[Point]) -> list[Point]:
    return sorted(points, key=lambda point: float(np.dot(np.array(point) - line[:2], line[2:] - line[:2])))


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def _distance(point: np.ndarray, lines: np.ndarray) -> np.ndarray:
    along = lines[:, 2:] - lines[:, :2]
    away = point - lines[:, :2]
    share = np.clip((away * along).sum(axis=1) / (along**2).sum(axis=1), 0, 1)
    return np.asarray(np.hypot(*(away - share[:, None] * along).T))


def _distinct(line: np.ndarray) -> np.ndarray:
    """Without points that repeat the one before."""
    keep = np.append(True, (line[1:] != line[:-1]).any(axis=1))
    return np.asarray(line[keep])
