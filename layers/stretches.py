"""Which stretches of lines lie in which polygons: exact along straight segments, for all at once."""

from dataclasses import dataclass

import numpy as np
import shapely

from layers.patrols.sight import Segments


@dataclass(frozen=True, eq=False)
class Stretches:
    """Parts of segments that no outline of a polygon crosses, in the order of their segments: the segment, and from
    where to where in metres from the segment's start."""

    segment: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def middles(self, segments: Segments) -> np.ndarray:
        """Return the points in the middle of the stretches as easting + i·northing, on the segments given."""
        start, end = segments.start[self.segment], segments.end[self.segment]
        return start + _unit(end - start) * (self.low + self.high) / 2


def stretches(segments: Segments, outlines: Segments, *beside: Segments) -> Stretches:
    """Return segments cut where the outlines cross them, or cross what runs beside them.

    segments, outlines: in one metric system. beside: as many segments as `segments`, moved sideways and as long. What
    is too short to matter, under a micrometre, is left out.
    """
    length = np.abs(segments.end - segments.start)
    found = [_crossings(way, outlines) for way in (beside or (segments,))]
    every = np.arange(len(length))
    segment = np.concatenate([every, every, *(crossed for crossed, _ in found)])
    at = np.concatenate([np.zeros(len(length)), length, *(place for _, place in found)])
    order = np.lexsort((at, segment))
    segment, at = segment[order], at[order]
    wide = (segment[1:] == segment[:-1]) & (at[1:] - at[:-1] > 1e-6)
    return Stretches(segment[:-1][wide], at[:-1][wide], at[1:][wide])


def moved(segments: Segments, left_m: float) -> Segments:
    """Return segments moved to their left by metres; negative is to the right."""
    shift = _unit(segments.end - segments.start) * 1j * left_m
    return Segments(segments.start + shift, segments.end + shift, segments.line, segments.along)


def inside(polygons: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of place and polygon that holds it, sorted by place; places as easting + i·northing."""
    points = shapely.points(places.real, places.imag)
    place, polygon = shapely.STRtree(polygons).query(points, predicate="within")
    order = np.lexsort((polygon, place))
    return place[order], polygon[order]


def _crossings(segments: Segments, outlines: Segments) -> tuple[np.ndarray, np.ndarray]:
    """Segment, and metres along it, of each place where an outline crosses it. What runs along it does not cross."""
    edges = shapely.linestrings(
        np.stack([np.stack([end.real, end.imag], axis=1) for end in (outlines.start, outlines.end)], axis=1)
    )
    low = np.minimum(segments.start.real, segments.end.real), np.minimum(segments.start.imag, segments.end.imag)
    high = np.maximum(segments.start.real, segments.end.real), np.maximum(segments.start.imag, segments.end.imag)
    segment, edge = shapely.STRtree(edges).query(shapely.box(*low, *high))
    way = segments.end[segment] - segments.start[segment]
    side = outlines.end[edge] - outlines.start[edge]
    apart = outlines.start[edge] - segments.start[segment]
    # Conjugate products: the imaginary part is the cross product of two vectors of the plane.
    turn = (way.conj() * side).imag
    across = np.abs(turn) > 1e-12 * np.abs(way) * np.abs(side)
    divisor = np.where(across, turn, 1.0)
    along, up = (apart.conj() * side).imag / divisor, (apart.conj() * way).imag / divisor
    meet = across & (along > 0) & (along < 1) & (up >= -1e-9) & (up <= 1 + 1e-9)
    return segment[meet], along[meet] * np.abs(way[meet])


def _unit(vector: np.ndarray) -> np.ndarray:
    length = np.abs(vector)
    return vector / np.where(length > 0, length, 1.0)
