"""Ends of lines that just miss another line are joined to it."""

from dataclasses import replace

import numpy as np
import shapely

from layers.roads.drawn import Drawn

# A part shorter than so many times the snapping distance is a stub of the line that it already hangs on.
STUB_OF = 10.0


def joined(drawn: Drawn, tolerance: float, snap: float) -> tuple[Drawn, int]:
    """Return parts whose loose ends were moved onto what they miss, and how many ends that were.

    tolerance: metres within which an end lies on a line already. snap: metres by which it may miss one of its layer.
    What is moved onto stays where it is; an end that has to wait for that is for another round.
    """
    shapes = drawn.shapes()
    end, target, onto = _misses(drawn, shapes, tolerance, snap)
    vertex, part = drawn.ends()[end], end % len(drawn.line)
    short = shapely.length(shapes[part]) <= STUB_OF * snap
    moving: set[int] = set()
    held: set[int] = set()
    goes = np.zeros(len(end), dtype=bool)
    for k in np.lexsort(drawn.xy[vertex].T[::-1]).tolist():
        own, other = int(part[k]), int(onto[k])
        # With both ends at once a short part could fall flat onto its neighbour.
        if own not in held and other not in moving and not (short[k] and own in moving):
            moving.add(own)
            held.add(other)
            goes[k] = True
    xy, touched = drawn.xy.copy(), np.zeros(len(drawn.line), dtype=bool)
    xy[vertex[goes]] = target[goes]
    touched[part[goes]] = True
    same = np.arange(len(drawn.line))
    return replace(drawn.redrawn(xy, drawn.part, same, touched), origin=drawn.origin), int(goes.sum())


def _misses(
    drawn: Drawn, shapes: np.ndarray, tolerance: float, snap: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ends that meet nothing and lie beside a part of their layer: which of the ends, the spot (k, 2) on that part (its
    own end if that is near enough), and which part."""
    n = len(drawn.line)
    _, of_end = drawn.end_nodes()
    loose = np.flatnonzero((np.bincount(of_end)[of_end] == 1) & np.tile(drawn.judged, 2))
    place = drawn.xy[drawn.ends()]
    points = shapely.points(place[loose])
    k, onto = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=snap)
    end, part, points = loose[k], loose[k] % n, points[k]
    other = of_end[(end + n) % (2 * n)]
    hangs = (shapely.length(shapes[part]) <= STUB_OF * snap) & ((other == of_end[onto]) | (other == of_end[onto + n]))
    gap = shapely.distance(points, shapes[onto])
    taken = (drawn.layer[part] == drawn.layer[onto]) & (part != onto) & ~hangs & (gap > tolerance)
    end, onto, gap, points = end[taken], onto[taken], gap[taken], points[taken]
    along = shapely.line_locate_point(shapes[onto], points)
    target = shapely.get_coordinates(shapely.line_interpolate_point(shapes[onto], along))
    away = np.stack([np.hypot(*(place[onto + far] - place[end]).T) for far in (0, n)])
    nearer = place[onto + n * away.argmin(axis=0)]
    target = np.where((away.min(axis=0) <= snap)[:, None], nearer, target)
    # The nearest part; of equally near ones the place decides, not the order.
    order = np.lexsort((target[:, 1], target[:, 0], gap, end))
    best = order[np.diff(end[order], prepend=-1) != 0]
    return end[best], target[best], onto[best]
