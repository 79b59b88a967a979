"""Which stretch of a street piece lies within sight of a path: exact, for all pieces and paths at once.

Both are taken as straight segments. The points within a distance of a segment form a capsule, which is
convex, so each pair of segments gives one interval along the piece. Nothing is buffered.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from geopandas import GeoSeries

from layers.coordinates import require_metric
from layers.errors import CoordinateError, FrameError, ParameterError

SIGHT_M = 50.0


@dataclass(frozen=True, eq=False)
class Segments:
    """Lines taken apart: start (m, 2) and end (m, 2) of each segment, its line, and where it begins along the
    line.
    """

    start: np.ndarray
    end: np.ndarray
    line: np.ndarray
    along: np.ndarray

    @classmethod
    def of(cls, lines: np.ndarray) -> "Segments":
        parts, of_part = shapely.get_parts(lines, return_index=True)
        xy, part = shapely.get_coordinates(parts, return_index=True)
        joined = part[1:] == part[:-1]
        start, end, line = xy[:-1][joined], xy[1:][joined], of_part[part[:-1][joined]]
        length = np.hypot(*(end - start).T)
        before = np.cumsum(length) - length
        first = np.searchsorted(line, np.arange(len(lines)))
        origin = np.append(before, 0.0)[np.minimum(first, len(before))]
        return cls(start, end, line, before - origin[line])


@dataclass(frozen=True, eq=False)
class Pieces:
    """Street pieces made ready for many questions: taken apart and indexed once."""

    series: GeoSeries
    segments: Segments
    length_m: np.ndarray

    @classmethod
    def of(cls, pieces: "GeoSeries | Pieces") -> "Pieces":
        """Make pieces ready; LineStrings or MultiLineStrings in projected metres. What is ready is passed
        through.
        """
        if isinstance(pieces, Pieces):
            return pieces
        _require_lines(pieces, "pieces")
        shapes = shapely.force_2d(pieces.to_numpy())
        return cls(pieces, Segments.of(shapes), shapely.length(shapes))

    @cached_property
    def tree(self) -> shapely.STRtree:
        return shapely.STRtree(shapely.linestrings(np.stack([self.segments.start, self.segments.end], axis=1)))


@dataclass(frozen=True, eq=False)
class Sightings:
    """One row for each pair of segments in sight of each other: position of the piece and of the path, the interval
    of the piece that is in sight (metres along it), and the interval of the path from which it is (metres along that).
    """

    piece: np.ndarray
    path: np.ndarray
    low: np.ndarray
    high: np.ndarray
    path_low: np.ndarray
    path_high: np.ndarray


def sightings(pieces: GeoSeries | Pieces, paths: GeoSeries, sight_m: float = SIGHT_M) -> Sightings:
    """Return what of which piece is in sight from which path.

    pieces, paths: lines in one projected CRS in metres. sight_m: how far one sees, in metres.
    Raises CoordinateError on degrees or on two systems, FrameError on what is no line, ParameterError when
    sight_m is negative or not a number.
    """
    ready = Pieces.of(pieces)
    if not sight_m >= 0 or np.isinf(sight_m):
        raise ParameterError(f"sight_m must be a distance in metres, got {sight_m}")
    _require_lines(paths, "paths")
    if ready.series.crs != paths.crs:
        raise CoordinateError(f"pieces and paths: coordinate systems differ ({ready.series.crs}, {paths.crs})")
    walk = Segments.of(shapely.force_2d(paths.to_numpy()))
    low, high = np.minimum(walk.start, walk.end) - sight_m, np.maximum(walk.start, walk.end) + sight_m
    seer, seen = ready.tree.query(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    street = ready.segments
    begin, finish, touch = _interval(street.start[seen], street.end[seen], walk.start[seer], walk.end[seer], sight_m)
    seer, seen = seer[touch], seen[touch]
    # The same question the other way round: from where to where along the path is the piece in sight?
    appears, vanishes, _ = _interval(walk.start[seer], walk.end[seer], street.start[seen], street.end[seen], sight_m)
    origin, gone = street.along[seen], walk.along[seer]
    return Sightings(
        street.line[seen],
        walk.line[seer],
        origin + begin[touch],
        origin + finish[touch],
        gone + appears,
        gone + np.maximum(appears, vanishes),  # rounding may turn a mere touch round
    )


def _interval(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray, r: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return from where to where along a→b (metres from a) points are within r of c→d, and whether any
    are.
    """
    u, length = _unit(b - a)
    v, reach = _unit(d - c)
    offset = a - c
    # Two circles round the ends of c→d, and the band between them: inside it along v, within r across it.
    caps = [_circle(offset, u, r), _circle(a - d, u, r)]
    along_low, along_high = _slab(_dot(offset, v), _dot(u, v), 0.0, reach)
    across_low, across_high = _slab(_cross(v, offset), _cross(v, u), -r, np.full_like(reach, r))
    band = (np.maximum(along_low, across_low), np.minimum(along_high, across_high))
    bands_hold = (band[0] <= band[1]) & (reach > 0)
    low = np.where(bands_hold, band[0], np.inf)
    high = np.where(bands_hold, band[1], -np.inf)
    for begin, finish in caps:
        low, high = np.fmin(low, begin), np.fmax(high, finish)
    low, high = np.maximum(low, 0.0), np.minimum(high, length)
    return low, high, low <= high


def _circle(offset: np.ndarray, u: np.ndarray, r: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the line offset + s·u crosses the circle of radius r; NaN where it does not. u may be null."""
    middle = -_dot(offset, u)
    still = (u == 0).all(axis=1)
    square = r * r - np.where(still, _dot(offset, offset), _cross(u, offset) ** 2)
    half = np.sqrt(np.where(square >= 0, square, np.nan))
    return middle - half, middle + half


def _slab(at: np.ndarray, slope: np.ndarray, low: float, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where low <= at + s·slope <= high, as an interval of s; everywhere or nowhere when the slope is
    null.
    """
    flat = np.abs(slope) < 1e-12
    inside = (at >= low) & (at <= high)
    divisor = np.where(flat, 1.0, slope)
    first, second = (low - at) / divisor, (high - at) / divisor
    everywhere, nowhere = np.where(inside, -np.inf, np.inf), np.where(inside, np.inf, -np.inf)
    return (
        np.where(flat, everywhere, np.minimum(first, second)),
        np.where(flat, nowhere, np.maximum(first, second)),
    )


def _unit(vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    length = np.hypot(vector[:, 0], vector[:, 1])
    return vector / np.where(length > 0, length, 1.0)[:, None], length


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1]


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def _require_lines(lines: GeoSeries, what: str) -> None:
    require_metric(lines, what)
    kinds = shapely.get_type_id(lines.to_numpy())
    if not np.isin(kinds, (1, 5)).all():
        raise FrameError(f"{what}: every geometry must be a line")
