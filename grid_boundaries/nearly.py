"""Grids that are valid and hardly meant: land too narrow to stand on, lines that go out and come back."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely

from grid_boundaries.faults import Fault
from grid_boundaries.land import area_m2, in_metres, metres_per_degree, polygons
from grid_boundaries.shared_lines import Segments

NARROW_M, LONG_M = 1.0, 10.0  # a sliver is narrower than the one over more than the other
NEEDLE_M, REACH_M = 0.1, 1.0  # a spike is narrower than the one over more than the other
TIP_M = 4.0  # how far round the end of a narrow piece can be
TIP_TURN = np.radians(150)  # by how much the line turns there
TIP_CORNERS = 3
MANY = 1000  # shapes that are worth sharing out


def nearly_wrong(shapes: np.ndarray, labels: np.ndarray, segments: Segments) -> list[Fault]:
    """Return slivers and spikes of valid polygons in EPSG:4326; labels and segments are those of the shapes.

    sliver: a part of a grid narrower than 1 m over more than 10 m, be it a tail, a neck or the whole of it; where is
    the narrow land. spike: a corner at which the line goes out and comes back less than 0.1 m beside itself for more
    than 1 m, of the grid's land or cut into it; where is the needle. A needle cut into one grid that is another's
    land is told once, of the other; one in a sliver is told as spike alone. detail: the mean width in metres.
    Method: what erosion by half the width and dilation after it do not give back (a morphological opening), looked
    for only in shapes that erosion breaks or that have an end as narrow; needles are sought at turns of the line.
    """
    if not len(shapes):
        return []
    scale = metres_per_degree(shapes)
    plane = in_metres(shapes, scale)
    ends = _ends(segments, scale)
    spikes = _spikes(ends, segments, labels, scale)
    suspected = _is_broken(plane, _eroded(plane))
    suspected[segments.owner[ends.ring[ends.is_land]]] = True
    needles = {(spike.grids, part) for spike in spikes for part in polygons(spike.where)}
    slivers = []
    for row in np.flatnonzero(suspected):
        grid = (labels[row],)
        for part in _narrow(plane[row]):
            where = shapely.MultiPolygon([shapely.transform(part, lambda xy: xy / scale)])
            if not any(owner == grid and needle.intersects(where) for owner, needle in needles):
                slivers.append(Fault("sliver", grid, where, area_m2(where), f"{_width(part):.2f}"))
    return spikes + slivers


def _eroded(shapes: np.ndarray) -> np.ndarray:
    """The shapes without what is narrow, in metres; of many each processor does a part: the library works without the
    interpreter meanwhile."""

    def erode(part: np.ndarray) -> np.ndarray:
        return np.asarray(shapely.buffer(part, -NARROW_M / 2, join_style="bevel"))

    parts = np.array_split(shapes, (os.cpu_count() or 1) if len(shapes) >= MANY else 1)
    with ThreadPoolExecutor(len(parts)) as pool:
        return np.concatenate(list(pool.map(erode, parts)))


def _is_broken(shapes: np.ndarray, eroded: np.ndarray) -> np.ndarray:
    """Whether erosion has left nothing, or changed the number of parts, or of holes in the first."""
    parts = shapely.get_num_geometries(shapes) != shapely.get_num_geometries(eroded)
    first, left = shapely.get_geometry(shapes, 0), shapely.get_geometry(eroded, 0)
    rings = shapely.get_num_interior_rings(first) != shapely.get_num_interior_rings(left)
    return np.asarray(parts | rings | shapely.is_empty(eroded) | (shapely.get_num_geometries(shapes) > 1))


def _narrow(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """The parts that are narrow and long, in metres."""
    eroded = shapely.buffer(shape, -NARROW_M / 2, join_style="mitre")
    opened = shapely.buffer(eroded, NARROW_M / 2 + 1e-3, join_style="mitre")
    left = polygons(shapely.difference(shape, opened))
    return [part for part in left if _width(part) < NARROW_M and part.length / 2 > LONG_M]


def _width(part: shapely.Polygon) -> float:
    return 2 * part.area / part.length


@dataclass(frozen=True, eq=False)
class _Ends:
    """Places where a line turns round: number of the ring, the distances along it in metres of the first and last
    corner of the turn, and whether the turn is around land."""

    ring: np.ndarray
    first: np.ndarray
    last: np.ndarray
    is_land: np.ndarray


def _ends(segments: Segments, scale: np.ndarray) -> _Ends:
    step = (segments.end - segments.start) * scale
    length = np.hypot(step[:, 0], step[:, 1])
    starts = np.flatnonzero(np.diff(segments.ring, prepend=-1))
    stops = np.append(starts[1:], len(step))
    before = np.arange(-1, len(step) - 1)
    before[starts] = stops - 1
    along = np.cumsum(length) - length
    along -= along[starts][segments.ring]
    # A turn in several corners needs short segments between them; corners are numbered as the segments that leave them.
    cosine = (step * step[before]).sum(axis=1)
    first = np.flatnonzero((length <= TIP_M) | (cosine <= np.cos(TIP_TURN) * length * length[before]))
    last, span, total = first.copy(), np.zeros(len(first)), _turn(step, before, first)
    found = []
    for _ in range(TIP_CORNERS):
        chosen = (np.abs(total) >= TIP_TURN) & (span <= TIP_M)
        found.append((first[chosen], span[chosen], total[chosen] > 0))
        span = span + length[last]
        last = np.where(last + 1 == stops[segments.ring[last]], starts[segments.ring[last]], last + 1)
        total = total + _turn(step, before, last)
    corner, spans, is_land = (np.concatenate(column) for column in zip(*found, strict=True))
    return _Ends(segments.ring[corner], along[corner], along[corner] + spans, is_land)


def _turn(step: np.ndarray, before: np.ndarray, corner: np.ndarray) -> np.ndarray:
    """By how much the line turns to the left at corners, in radians."""
    come, go = step[before[corner]], step[corner]
    return np.asarray(
        np.arctan2(come[:, 0] * go[:, 1] - come[:, 1] * go[:, 0], come[:, 0] * go[:, 0] + come[:, 1] * go[:, 1])
    )


def _spikes(ends: _Ends, segments: Segments, labels: np.ndarray, scale: np.ndarray) -> list[Fault]:
    """Needles at these ends, those of land before those cut into it, each tip once."""
    found: dict[bytes, Fault] = {}
    sharp = np.flatnonzero(ends.last - ends.first <= NEEDLE_M)
    for row in sharp[np.lexsort((ends.last[sharp] - ends.first[sharp], ~ends.is_land[sharp]))]:
        low, high = np.searchsorted(segments.ring, [ends.ring[row], ends.ring[row] + 1])
        ring = shapely.LinearRing(segments.start[low:high] * scale)
        needle = _needle(ring, ends.first[row], ends.last[row])
        if needle is None:
            continue
        tip = np.round(shapely.line_interpolate_point(ring, ends.first[row]).coords[0], 2).tobytes()
        where = shapely.MultiPolygon([shapely.transform(needle, lambda xy: xy / scale)])
        grid = labels[segments.owner[ends.ring[row]]]
        found.setdefault(tip, Fault("spike", (grid,), where, area_m2(where), f"{_width(needle):.2f}"))
    return list(found.values())


def _needle(ring: shapely.Geometry, first: float, last: float) -> shapely.Polygon | None:
    """The land between the two sides of a line from where it turns to where they part, if that is far enough."""
    reach, most = 0.0, (ring.length - (last - first)) / 2
    while reach + REACH_M / 4 < most:
        sides = _beside(ring, first - reach - REACH_M / 4, last + reach + REACH_M / 4)
        if shapely.distance(*sides) > NEEDLE_M:
            break
        reach += REACH_M / 4
    if reach < REACH_M:
        return None
    places = shapely.get_coordinates(ring)
    distances = np.cumsum(np.hypot(*np.diff(places, axis=0, prepend=places[:1]).T))[:-1]
    away = (distances - (first - reach)) % ring.length
    corners = places[:-1][np.argsort(away)][: int((away < last - first + 2 * reach).sum())]
    ends = np.concatenate([shapely.get_coordinates(side) for side in _beside(ring, first - reach, last + reach)])
    needle = shapely.Polygon([ends[0], *corners, ends[1]])
    return needle if needle.is_valid else needle.convex_hull


def _beside(ring: shapely.Geometry, before: float, after: float) -> tuple[shapely.Point, shapely.Point]:
    places = np.array([before, after]) % ring.length
    one, other = shapely.line_interpolate_point(ring, places)
    return one, other
