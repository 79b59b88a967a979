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
    """Lines taken apart: start and end of each segment as easting + i·northing, its line, and where it begins along
    the line in metres. A complex product turns a plane, which is all the geometry that is needed here.
    """

    start: np.ndarray
    end: np.ndarray
    line: np.ndarray
    along: np.ndarray

    @classmethod
    def of(cls, lines: np.ndarray) -> "Segments":
        """Take lines apart into their straight segments, in the lines' order; multi-part lines are allowed."""
        parts, of_part = shapely.get_parts(lines, return_index=True)
        xy, part = shapely.get_coordinates(parts, return_index=True)
        place = xy[:, 0] + 1j * xy[:, 1]
        joined = part[1:] == part[:-1]
        start, end, line = place[:-1][joined], place[1:][joined], of_part[part[:-1][joined]]
        length = np.abs(end - start)
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
        """Make pieces ready; LineStrings or MultiLineStrings in projected metres. What is ready is passed through."""
        if isinstance(pieces, Pieces):
            return pieces
        _require_lines(pieces, "pieces")
        shapes = shapely.force_2d(pieces.to_numpy())
        return cls(pieces, Segments.of(shapes), shapely.length(shapes))

    @cached_property
    def tree(self) -> shapely.STRtree:
        ends = np.stack([self.segments.start, self.segments.end], axis=1)
        return shapely.STRtree(shapely.linestrings(np.stack([ends.real, ends.imag], axis=2)))


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
    east, north = (np.stack([axis(walk.start), axis(walk.end)]) for axis in (np.real, np.imag))
    reach = shapely.box(
        east.min(axis=0) - sight_m, north.min(axis=0) - sight_m, east.max(axis=0) + sight_m, north.max(axis=0) + sight_m
    )
    seer, seen = ready.tree.query(reach)
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
    """Return from where to where along a→b (metres from a) points are within r of c→d, and whether any are."""
    u, length = _unit(b - a)
    v, reach = _unit(d - c)
    # Seen from c→d: the real part runs along it, the imaginary part across it.
    place, slope = (a - c) * v.conj(), u * v.conj()
    along = _slab(place.real, slope.real, 0.0, reach)
    across = _slab(place.imag, slope.imag, -r, r)
    low, high = np.maximum(along[0], across[0]), np.minimum(along[1], across[1])
    nothing = (low > high) | (reach == 0)
    low[nothing], high[nothing] = np.inf, -np.inf
    # Round the band between the ends, the circles about them.
    for end in (c, d):
        begin, finish = _circle(a - end, u, r)
        low, high = np.fmin(low, begin), np.fmax(high, finish)
    low, high = np.maximum(low, 0.0), np.minimum(high, length)
    return low, high, low <= high


def _circle(offset: np.ndarray, u: np.ndarray, r: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the line offset + s·u is within r of the origin, as an interval of s; NaN for nowhere. u may be null."""
    turned = offset * u.conj()
    across = np.where(u == 0, np.abs(offset), turned.imag)
    square = r * r - across * across
    half = np.sqrt(np.where(square >= 0, square, np.nan))
    return -turned.real - half, half - turned.real


def _slab(at: np.ndarray, slope: np.ndarray, low: float, high: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """Where low <= at + s·slope <= high, as an interval of s; everywhere or nowhere when the slope is null."""
    flat = np.abs(slope) < 1e-12
    divisor = np.where(flat, 1.0, slope)
    first, second = (low - at) / divisor, (high - at) / divisor
    begin, finish = np.minimum(first, second), np.maximum(first, second)
    inside = (at >= low) & (at <= high)
    begin[flat] = np.where(inside[flat], -np.inf, np.inf)
    finish[flat] = np.where(inside[flat], np.inf, -np.inf)
    return begin, finish


def _unit(vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    length = np.abs(vector)
    return vector / np.where(length > 0, length, 1.0), length


def _require_lines(lines: GeoSeries, what: str) -> None:
    require_metric(lines, what)
    kinds = shapely.get_type_id(lines.to_numpy())
    if not np.isin(kinds, (1, 5)).all():
        raise FrameError(f"{what}: every geometry must be a line")
