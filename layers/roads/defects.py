"""What is amiss with a noded network: streets drawn twice, stubs, pieces that nothing connects."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from layers.errors import ParameterError
from layers.roads.noding import TOLERANCE_M, Noded
from layers.roads.places import distinct

STUB_M = 5.0


@dataclass(frozen=True, eq=False)
class Defects:
    """Positions of parts in the `Noded` that was looked at.

    duplicates: (k, 2), the first of equal parts and each further one. stubs: (s,), dangling ends. component: (n,), for
    each part its connected piece; 0 has the greatest length. length_m, parts: metres and number of parts of each piece.
    """

    duplicates: np.ndarray
    stubs: np.ndarray
    component: np.ndarray
    length_m: np.ndarray
    parts: np.ndarray

    @property
    def components(self) -> int:
        """How many connected pieces there are."""
        return len(self.parts)

    @property
    def unconnected(self) -> np.ndarray:
        """The parts that do not hang together with the largest piece."""
        return np.flatnonzero(self.component > 0)


def defects(noded: Noded, stub_m: float = STUB_M, tolerance: float = TOLERANCE_M) -> Defects:
    """Return what should be shown about a network before somebody relies on it.

    Duplicates are parts of one layer that are the same within the tolerance (metres), in either direction. A stub is a
    part shorter than stub_m metres that ends nowhere on one side and at three parts or more, itself counted, on the
    other. Raises ParameterError when one of them is negative.
    """
    if stub_m < 0 or tolerance < 0:
        raise ParameterError(f"stub_m and tolerance must not be negative, got {stub_m} and {tolerance}")
    degree = np.bincount(np.concatenate([noded.start_node, noded.end_node]), minlength=len(noded.nodes))
    low, high = np.sort(degree[np.column_stack([noded.start_node, noded.end_node])], axis=1).T
    length = shapely.length(noded.geometry)
    stubs = np.flatnonzero((low == 1) & (high >= 3) & (length < stub_m))
    component = _components(noded, length)
    return Defects(
        _duplicates(noded, tolerance), stubs, component, np.bincount(component, weights=length), np.bincount(component)
    )


def _components(noded: Noded, length: np.ndarray) -> np.ndarray:
    k = len(noded.nodes)
    links = coo_array((np.ones(len(length)), (noded.start_node, noded.end_node)), shape=(k, k))
    of_part = connected_components(links, directed=False)[1][noded.start_node]
    # Every node is the end of a part, so that each number has a length.
    rank = np.argsort(np.argsort(-np.bincount(of_part, weights=length), kind="stable"), kind="stable")
    return rank[of_part]


def _duplicates(noded: Noded, tolerance: float) -> np.ndarray:
    """Pairs of parts between the same nodes that nowhere lie further apart than the tolerance."""
    ends = np.sort(np.column_stack([noded.start_node, noded.end_node]), axis=1)
    _, group = distinct(np.column_stack([ends, noded.layer]))
    left = np.flatnonzero(np.bincount(group)[group] > 1) if len(group) else np.zeros(0, dtype=int)
    found = [np.zeros((0, 2), dtype=int)]
    while len(left):
        # The first that is left of each group against the others of it; what differs is left for the next turn.
        _, at, of = np.unique(group[left], return_index=True, return_inverse=True)
        first = left[at][of]
        others = first != left
        first, left = first[others], left[others]
        equal = shapely.hausdorff_distance(noded.geometry[first], noded.geometry[left]) <= tolerance
        found.append(np.column_stack([first[equal], left[equal]]))
        left = left[~equal]
    pairs = np.vstack(found)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
