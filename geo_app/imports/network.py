"""How the streets of a file hang together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


class Connected(NamedTuple):
    """How many connected pieces there are, and how many lines the largest of them has."""

    pieces: int
    largest: int


def connected_pieces(lines: np.ndarray) -> Connected:
    """Counts what hangs together; lines meet where their ends have the same coordinates to the bit."""
    if not len(lines):
        return Connected(0, 0)
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1)])
    _, nodes = np.unique(ends, axis=0, return_inverse=True)
    start, end = nodes[: len(lines)], nodes[len(lines) :]
    size = int(nodes.max()) + 1
    count, labels = connected_components(
        coo_array((np.ones(len(lines)), (start, end)), shape=(size, size)), directed=False
    )
    return Connected(int(count), int(np.bincount(labels[start]).max()))
