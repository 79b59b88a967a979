"""How long somebody who sets out along the streets takes to each place, from the nearest of several posts."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from layers.errors import FrameError
from layers.roads.network import Network
from layers.roads.routing import Spot, snap


def seconds_to(network: Network, piece_s: np.ndarray, posts: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the seconds from the nearest post to each place, (n,); infinite where no street leads.

    piece_s: (m,) seconds along each piece, the same both ways. posts: (k, 2), places: (n, 2) easting and northing in
    metres; each is taken onto the street nearest to it, the way from there to the door is not counted.
    Raises FrameError when there are not as many seconds as pieces, NoPathError when the network has no streets.
    Source: Dijkstra from all posts at once, as one source with an edge to each.
    """
    if len(piece_s) != len(network.geometry):
        raise FrameError(f"{len(piece_s)} times for {len(network.geometry)} pieces")
    if not len(places):
        return np.zeros(0)
    starts, ends = snap(network, posts) if len(posts) else [], snap(network, places)
    rate = np.divide(piece_s, network.length_m, out=np.zeros(len(piece_s)), where=network.length_m > 0)
    piece = np.array([spot.piece for spot in ends])
    along = np.minimum(np.array([spot.along_m for spot in ends]) * rate[piece], piece_s[piece])
    at_node = _seconds_at_nodes(network, piece_s, rate, starts)
    found = np.minimum(at_node[network.start[piece]] + along, at_node[network.end[piece]] + piece_s[piece] - along)
    for start in starts:
        same = piece == start.piece
        found[same] = np.minimum(found[same], np.abs(along[same] - start.along_m * rate[start.piece]))
    return found


def _seconds_at_nodes(network: Network, piece_s: np.ndarray, rate: np.ndarray, starts: Sequence[Spot]) -> np.ndarray:
    n = len(network.nodes)
    if not starts:
        return np.full(n, np.inf)
    piece = np.array([spot.piece for spot in starts])
    along = np.minimum(np.array([spot.along_m for spot in starts]) * rate[piece], piece_s[piece])
    everywhere = np.full(len(starts), n)  # a node more: where all posts set out
    a = np.concatenate([network.start, network.end, everywhere, everywhere])
    b = np.concatenate([network.end, network.start, network.start[piece], network.end[piece]])
    seconds = np.concatenate([piece_s, piece_s, along, piece_s[piece] - along])
    return np.asarray(dijkstra(_least(a, b, seconds, n + 1), indices=n))[:n]


def _least(a: np.ndarray, b: np.ndarray, seconds: np.ndarray, n: int) -> csr_array:
    """A directed graph in which the fastest of several edges between two nodes counts."""
    order = np.lexsort((seconds, b, a))
    a, b, seconds = a[order], b[order], seconds[order]
    first = np.append(True, (a[1:] != a[:-1]) | (b[1:] != b[:-1]))
    return coo_array((seconds[first], (a[first], b[first])), shape=(n, n)).tocsr()
