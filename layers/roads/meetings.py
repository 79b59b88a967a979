"""Where drawn lines meet: the places that they share, within a tolerance, and which line passes which place.

A computed crossing lies exactly on neither of its lines. So it is computed once, becomes a place, and both lines are led
through the place; nothing is asked of exact predicates afterwards.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from layers.roads.places import SAME_PLACE, distinct, settled

# A line meets itself only after a way of so many tolerances: a shaky hand is no crossing.
OWN_WAY = 3.0


@dataclass(frozen=True, eq=False)
class Meetings:
    """Places in metres, (k, 2), and where several lines meet in one or a line meets itself, (k,); the place of each
    vertex, (n,); and where a line passes a place between two vertices: first vertex of the segment, how far along it
    (0 to 1), and the place, each (m,), once for a place and segment."""

    places: np.ndarray
    shared: np.ndarray
    of_vertex: np.ndarray
    segment: np.ndarray
    share: np.ndarray
    place: np.ndarray


def meetings(xy: np.ndarray, line: np.ndarray, layer: np.ndarray, tolerance: float) -> Meetings:
    """Return the places of lines and where they pass them.

    xy: (n, 2) vertices in metres, line after line. line: (n,) ascending number of each vertex's line. layer: (n,) its
    level; lines of different levels share places only where both end. tolerance: metres.

    A vertex this near to a line lies on it; vertices this near to each other are one place, and a crossing this near to
    a vertex is that vertex. The order of lines changes no place.
    """
    points, of_vertex = distinct(np.column_stack([xy, layer]))
    vertices = len(points)
    step = np.hypot(*np.diff(xy, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(step)])
    own_way, same_place = OWN_WAY * tolerance, SAME_PLACE * tolerance
    segment = np.flatnonzero((line[:-1] == line[1:]) & (step > 0))
    a, b = _neighbours(xy, segment, layer, tolerance)
    touching = np.zeros(len(a), dtype=bool)
    met, passed, passing = [], [], []
    for vertex, on in ((b, a), (b + 1, a), (a, b), (a + 1, b)):
        share, gap = _foot(xy[vertex], xy[on], xy[on + 1])
        way = np.abs(along[vertex] - along[on] - share * step[on])
        near = np.flatnonzero((gap <= tolerance) & ((line[vertex] != line[on]) | (way > own_way)))
        touching[near] = True
        vertex, on = vertex[near], on[near]
        at_first, at_second = (_distance(xy[vertex], xy[on + k]) <= same_place for k in (0, 1))
        met += [of_vertex[vertex], of_vertex[on[at_first]], of_vertex[on[at_second] + 1]]
        between = ~(at_first | at_second)
        passed.append(of_vertex[vertex[between]])
        passing.append(on[between])
    crossing, first, second = _crossings(xy, a[~touching], b[~touching], along, line, own_way)
    crossed = vertices + np.arange(len(crossing))
    points = np.vstack([points, np.column_stack([crossing, layer[first]])])
    is_met = _mask(len(points), np.concatenate([*met, crossed]))
    apart = _close_on_a_line(of_vertex, line, along, own_way)
    ends = _mask(len(points), of_vertex[_is_end(line)])
    stands = settled(points[:, :2], points[:, 2], vertices, is_met, ends, apart, same_place)
    of_vertex = stands[of_vertex]
    on, place = np.concatenate([*passing, first, second]), stands[np.concatenate([*passed, crossed, crossed])]
    # The ends of the segment may be that place by now.
    kept = (of_vertex[on] != place) & (of_vertex[on + 1] != place)
    on, place = distinct(np.column_stack([on[kept], place[kept]]))[0].T
    share, _ = _foot(points[place, :2], xy[on], xy[on + 1])
    return Meetings(points[:, :2], _mask(len(points), stands[is_met]), of_vertex, on, share, place)


def _mask(number: int, positions: np.ndarray) -> np.ndarray:
    mask = np.zeros(number, dtype=bool)
    mask[positions] = True
    return mask


def _is_end(line: np.ndarray) -> np.ndarray:
    change = line[:-1] != line[1:]
    return np.concatenate([[True], change]) | np.concatenate([change, [True]])


def as_boxes(low: np.ndarray, high: np.ndarray, reach: float) -> np.ndarray:
    """Return geometries whose boxes overlap where the boxes of low and high corners, (n, 2) each, in metres, come within
    reach of each other."""
    # A diagonal costs less than a polygon, and a tree looks at the box only.
    return shapely.linestrings(np.stack([low - reach / 2, high + reach / 2], axis=1))


def _neighbours(
    xy: np.ndarray, segment: np.ndarray, layer: np.ndarray, tolerance: float
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of segments of one layer, by their first vertices, whose boxes come within the tolerance."""
    begin, finish = xy[segment], xy[segment + 1]
    boxes = as_boxes(np.minimum(begin, finish), np.maximum(begin, finish), tolerance)
    a, b = shapely.STRtree(boxes).query(boxes)
    once = (a < b) & (layer[segment[a]] == layer[segment[b]])
    return segment[a[once]], segment[b[once]]


def _foot(point: np.ndarray, begin: np.ndarray, finish: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far along a segment the nearest spot to a point lies, 0 to 1, and the distance to it."""
    run = finish - begin
    share = np.clip(((point - begin) * run).sum(axis=1) / (run * run).sum(axis=1), 0.0, 1.0)
    return share, _distance(point, begin + share[:, None] * run)


def _distance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.hypot(a[:, 0] - b[:, 0], a[:, 1] - b[:, 1])


def _crossings(
    xy: np.ndarray, a: np.ndarray, b: np.ndarray, along: np.ndarray, line: np.ndarray, own_way: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where segments cross, and the first vertices of both segments."""
    u, v = xy[a + 1] - xy[a], xy[b + 1] - xy[b]
    cross = _cross(u, v)
    gap = xy[b] - xy[a]
    with np.errstate(divide="ignore", invalid="ignore"):  # parallel ones
        s, t = _cross(gap, v) / cross, _cross(gap, u) / cross
    found = (s > 0) & (s < 1) & (t > 0) & (t < 1)
    a, b, s, t = a[found], b[found], s[found], t[found]
    way = np.abs(along[b] + t * (along[b + 1] - along[b]) - along[a] - s * (along[a + 1] - along[a]))
    crossed = (line[a] != line[b]) | (way > own_way)
    a, b = a[crossed], b[crossed]
    # The same two segments give the same place to the bit, whichever comes first and whichever way they are drawn.
    ends = [np.column_stack([xy[k], xy[k + 1]]) for k in (a, b)]
    ends = [np.where(_before(e[:, :2], e[:, 2:])[:, None], e, e[:, [2, 3, 0, 1]]) for e in ends]
    swap = ~_before(*ends)[:, None]
    one, other = np.where(swap, ends[1], ends[0]), np.where(swap, ends[0], ends[1])
    u, v = one[:, 2:] - one[:, :2], other[:, 2:] - other[:, :2]
    s = _cross(other[:, :2] - one[:, :2], v) / _cross(u, v)
    return one[:, :2] + s[:, None] * u, a, b


def _cross(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]


def _before(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Where a row comes before another, column by column; False for equal rows."""
    result = np.zeros(len(a), dtype=bool)
    for column in reversed(range(a.shape[1])):
        result = (a[:, column] < b[:, column]) | ((a[:, column] == b[:, column]) & result)
    return result


def _close_on_a_line(of_vertex: np.ndarray, line: np.ndarray, along: np.ndarray, own_way: float) -> np.ndarray:
    """Pairs of points, (k, 2), that some line connects by a short way: as one place they would swallow it."""
    found = [np.zeros((0, 2), dtype=int)]
    for k in range(1, len(line)):
        close = np.flatnonzero((line[:-k] == line[k:]) & (along[k:] - along[:-k] <= own_way))
        if not len(close):
            break
        found.append(np.column_stack([of_vertex[close], of_vertex[close + k]]))
    return np.vstack(found)
