"""Streets as a network: pieces are edges, and meet only where they share an endpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from geopandas import GeoSeries
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from layers.coordinates import require_metric
from layers.errors import FrameError, NoPathError

SAME_PLACE_DIGITS = 3  # endpoints that agree to the millimetre are one node


@dataclass(frozen=True)
class Path:
    """A way through a network: positions of its pieces in order, whether each is walked along its own
    direction, the nodes passed (one more than pieces), and its length in metres."""

    pieces: np.ndarray
    forward: np.ndarray
    nodes: np.ndarray
    length_m: float


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes (n, 2) easting and northing in metres; for each piece its geometry, end nodes and length.

    Streets are walked in both directions. A bridge over a street does not meet it unless both have an
    endpoint there.
    """

    nodes: np.ndarray
    geometry: np.ndarray
    start: np.ndarray
    end: np.ndarray
    length_m: np.ndarray

    @classmethod
    def from_pieces(cls, pieces: GeoSeries) -> "Network":
        """Build a network of LineStrings in projected metres.

        Loops, parallel pieces, isolated pieces and pieces without length are all kept.
        Raises CoordinateError on degrees, FrameError on what is no line.
        """
        require_metric(pieces, "pieces")
        shapes = shapely.force_2d(pieces.to_numpy())
        if ((shapely.get_type_id(shapes) != 1) | shapely.is_empty(shapes)).any():
            raise FrameError("a network needs LineStrings that are not empty")
        first = shapely.get_coordinates(shapely.get_point(shapes, 0))
        last = shapely.get_coordinates(shapely.get_point(shapes, -1))
        places = np.round(np.vstack([first, last]), SAME_PLACE_DIGITS) + 0.0  # −0.0 is 0.0
        nodes, of_end = np.unique(places, axis=0, return_inverse=True)
        of_end = of_end.reshape(-1)
        n = len(shapes)
        return cls(nodes, shapes, of_end[:n], of_end[n:], shapely.length(shapes))

    def nearest_node(self, x: float, y: float) -> int:
        """Return the node nearest to a place, easting and northing in metres. Raises NoPathError without nodes."""
        if not len(self.nodes):
            raise NoPathError("the network has no streets")
        return int(np.hypot(self.nodes[:, 0] - x, self.nodes[:, 1] - y).argmin())

    def components(self) -> np.ndarray:
        """Return for each piece the number of its connected component; 0 has the greatest street length."""
        if not len(self.geometry):
            return np.zeros(0, dtype=int)
        of_piece = self.connected[self.start]
        length = np.bincount(of_piece, weights=self.length_m)
        rank = np.empty(len(length), dtype=int)
        rank[np.argsort(-length, kind="stable")] = np.arange(len(length))
        return rank[of_piece]

    def distances(self, source: int, limit_m: float = np.inf) -> np.ndarray:
        """Return metres from one node to each along the streets; infinite where no way leads or beyond limit_m."""
        return np.asarray(dijkstra(self.links, indices=self._known(source), limit=limit_m))

    def shortest_path(self, source: int, target: int) -> Path:
        """Return the shortest path from node to node (Dijkstra). Raises NoPathError where no way leads."""
        self._known(target)
        distance, before = dijkstra(self.links, indices=self._known(source), return_predecessors=True)
        if not np.isfinite(distance[target]):
            raise NoPathError(f"no street leads from node {source} to node {target}")
        nodes = [target]
        while nodes[-1] != source:
            nodes.append(int(before[nodes[-1]]))
        return self.path_along(nodes[::-1])

    def path_along(self, nodes: Sequence[int]) -> Path:
        """Return the path over neighbouring nodes, by the shortest piece between each two."""
        passed = np.array(nodes, dtype=int)
        pieces = np.array([self._shortest_piece[pair] for pair in _pairs(passed)], dtype=int)
        forward = self.start[pieces] == passed[:-1]
        return Path(pieces, forward, passed, float(self.length_m[pieces].sum()))

    def path_through(self, nodes: Sequence[int]) -> Path:
        """Return the shortest path that passes the nodes in the order given. Raises NoPathError where none leads."""
        if len(nodes) < 2:
            raise NoPathError("a path needs at least two nodes")
        legs = [self.shortest_path(a, b) for a, b in pairwise(nodes)]
        passed = np.concatenate([legs[0].nodes[:1], *(leg.nodes[1:] for leg in legs)])
        pieces = np.concatenate([leg.pieces for leg in legs])
        forward = np.concatenate([leg.forward for leg in legs])
        return Path(pieces, forward, passed, float(self.length_m[pieces].sum()))

    def line(self, path: Path) -> shapely.LineString:
        """Return the path as one line in walking direction. Raises NoPathError when the path has no pieces."""
        if not len(path.pieces):
            raise NoPathError("a path that stays at its node is no line")
        runs = self.runs(path)
        return shapely.LineString(np.vstack([runs[0], *(run[1:] for run in runs[1:])]))

    def runs(self, path: Path) -> list[np.ndarray]:
        """Return the coordinates (k, 2) of each piece of a path, in walking direction."""
        runs = [shapely.get_coordinates(shape) for shape in self.geometry[path.pieces]]
        return [run if along else run[::-1] for run, along in zip(runs, path.forward, strict=True)]

    def _known(self, node: int) -> int:
        if not 0 <= node < len(self.nodes):
            raise NoPathError(f"no node {node}; the network has {len(self.nodes)}")
        return node

    @cached_property
    def _shortest_piece(self) -> dict[tuple[int, int], int]:
        """The shortest of the parallel pieces between two nodes; loops lead nowhere and are left out."""
        found: dict[tuple[int, int], int] = {}
        low, high = np.minimum(self.start, self.end), np.maximum(self.start, self.end)
        # The longest first, so that the shortest stays.
        for piece in np.argsort(-self.length_m, kind="stable").tolist():
            if low[piece] != high[piece]:
                found[int(low[piece]), int(high[piece])] = piece
        return found

    @cached_property
    def links(self) -> csr_array:
        """Metres between neighbouring nodes, both ways: what `scipy.sparse.csgraph` takes as a directed graph."""
        pairs = np.array(list(self._shortest_piece), dtype=int).reshape(-1, 2)
        lengths = self.length_m[list(self._shortest_piece.values())]
        n = len(self.nodes)
        # A link of length zero is stored, not left out: it joins its nodes all the same.
        both = np.concatenate([pairs, pairs[:, ::-1]])
        return csr_array((np.concatenate([lengths, lengths]), (both[:, 0], both[:, 1])), shape=(n, n))

    @cached_property
    def connected(self) -> np.ndarray:
        """For each node the number of the connected part that it belongs to."""
        return np.asarray(connected_components(self.links, directed=False)[1])

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The pieces by where they lie."""
        return shapely.STRtree(self.geometry)


def _pairs(nodes: np.ndarray) -> list[tuple[int, int]]:
    return [(min(a, b), max(a, b)) for a, b in pairwise(nodes.tolist())]
