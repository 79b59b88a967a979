"""Ways along streets through places that need not be crossings: what somebody clicks is taken onto the nearest street.

Distances are those along the streets (Dijkstra); a place in the middle of a piece cuts it in two for the question only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra

from layers.errors import NoPathError
from layers.roads.network import Network

AT_CROSSING_M = 10.0  # a place this near to the end of its piece is that end: no step into a side street and back
MARGIN_M = 300.0
GROWTH = 3.0


@dataclass(frozen=True)
class Spot:
    """A place on a network: position of its piece, metres along it, easting and northing, and how far away the place
    lies that was asked for, in metres."""

    piece: int
    along_m: float
    x: float
    y: float
    distance_m: float


@dataclass(frozen=True, eq=False)
class Way:
    """A way through spots: the coordinates (k, 2) of each leg in metres, None where no street leads from a spot to the
    next, and the length of all legs in metres."""

    legs: tuple[np.ndarray | None, ...]
    length_m: float

    @property
    def broken(self) -> tuple[int, ...]:
        """The legs that no street leads along; leg 0 goes from spot 0 to spot 1."""
        return tuple(place for place, leg in enumerate(self.legs) if leg is None)

    @property
    def line(self) -> shapely.LineString | shapely.MultiLineString | None:
        """The way as one line, as several where legs between are broken; None when it goes nowhere."""
        runs: list[list[np.ndarray]] = [[]]
        for run in self.legs:
            if run is None:
                runs.append([])
            else:
                runs[-1].append(run)
        parts = [_joined(run) for run in runs if run]
        lines = [shapely.LineString(xy) for xy in parts if length_of(xy) > 0]
        if len(lines) > 1:
            return shapely.MultiLineString(lines)
        return lines[0] if lines else None


def snap(network: Network, places: np.ndarray) -> list[Spot]:
    """Return for each place the nearest spot of the network, at the piece's end when that is within AT_CROSSING_M.

    places: (n, 2) easting and northing in metres, finite. Equally near pieces: the first of them.
    Raises NoPathError when the network has no streets.
    """
    if not len(network.geometry):
        raise NoPathError("the network has no streets")
    points = shapely.points(np.asarray(places, dtype=float).reshape(-1, 2))
    of_point, piece = network.tree.query_nearest(points)
    order = np.lexsort((piece, of_point))
    _, first = np.unique(of_point[order], return_index=True)
    piece = piece[order][first]
    shape, length = network.geometry[piece], network.length_m[piece]
    along = np.clip(shapely.line_locate_point(shape, points), 0.0, length)
    along = np.where(along <= np.minimum(AT_CROSSING_M, length / 2), 0.0, along)
    along = np.where(length - along <= np.minimum(AT_CROSSING_M, length / 2), length, along)
    found = shapely.line_interpolate_point(shape, along)
    distance = shapely.distance(points, found)
    return [
        Spot(int(p), float(a), float(x), float(y), float(d))
        for p, a, (x, y), d in zip(piece, along, shapely.get_coordinates(found), distance, strict=True)
    ]


def way_through(network: Network, spots: Sequence[Spot]) -> Way:
    """Return the shortest way that passes the spots in their order; turning back is allowed."""
    legs: list[np.ndarray | None] = []
    for a, b in pairwise(spots):
        try:
            legs.append(leg(network, a, b))
        except NoPathError:
            legs.append(None)
    return Way(tuple(legs), sum(length_of(run) for run in legs if run is not None))


def length_of(run: np.ndarray) -> float:
    """Return the length of coordinates (k, 2), in their unit."""
    return float(np.hypot(*np.diff(run, axis=0).T).sum())


def leg(network: Network, a: Spot, b: Spot) -> np.ndarray:
    """Return the coordinates (k, 2) of the shortest way from a to b along the streets, in metres; both ends are there.

    Raises NoPathError when no street leads from a to b.
    """
    sources, from_a = _exits(network, a)
    targets, to_b = _exits(network, b)
    parts = network.connected
    if parts[sources[0]] != parts[targets[0]]:
        raise NoPathError("no street leads from the one place to the other")
    straight = abs(b.along_m - a.along_m) if a.piece == b.piece else np.inf
    limit = min(np.hypot(b.x - a.x, b.y - a.y) * 1.5 + MARGIN_M, straight)
    while True:
        metres, before = dijkstra(network.links, indices=sources, limit=limit, return_predecessors=True)
        total = from_a[:, None] + metres[:, targets] + to_b[None, :]
        best = np.unravel_index(np.argmin(total), total.shape)
        # What was not reached is further than the limit; only what is nearer is known to be the shortest.
        if min(total[best], straight) <= limit:
            break
        limit *= GROWTH
    if straight <= total[best]:
        return _part(network, a.piece, a.along_m, b.along_m)
    source, target = int(sources[best[0]]), int(targets[best[1]])
    nodes = [target]
    while nodes[-1] != source:
        nodes.append(int(before[best[0], nodes[-1]]))
    begin = _part(network, a.piece, a.along_m, _end(network, a.piece, int(best[0])))
    finish = _part(network, b.piece, _end(network, b.piece, int(best[1])), b.along_m)
    return _joined([begin, *network.runs(network.path_along(nodes[::-1])), finish])


def _exits(network: Network, spot: Spot) -> tuple[np.ndarray, np.ndarray]:
    """The two ends of a spot's piece and the metres to them."""
    nodes = np.array([network.start[spot.piece], network.end[spot.piece]])
    return nodes, np.array([spot.along_m, network.length_m[spot.piece] - spot.along_m])


def _end(network: Network, piece: int, which: int) -> float:
    return float(network.length_m[piece]) if which else 0.0


def _part(network: Network, piece: int, begin: float, finish: float) -> np.ndarray:
    """The stretch of a piece between two places along it, in walking direction; two equal points when they are one."""
    line = network.geometry[piece]
    xy = shapely.get_coordinates(line)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    low, high = min(begin, finish), max(begin, finish)
    ends = shapely.get_coordinates(shapely.line_interpolate_point(line, [low, high]))
    run = np.vstack([ends[:1], xy[(along > low) & (along < high)], ends[1:]])
    return run if begin <= finish else run[::-1]


def _joined(runs: list[np.ndarray]) -> np.ndarray:
    """Runs behind one another; a step of no length is left out, the first and the last place stay."""
    xy = np.vstack(runs)
    moved = np.concatenate([[True], (np.abs(np.diff(xy, axis=0)) > 1e-9).any(axis=1)])
    return xy[moved] if moved.sum() > 1 else xy[[0, -1]]
