"""Places that are one within a tolerance: which of several nearly equal points stands for all of them."""

import numpy as np
from scipy.spatial import cKDTree

# Points this many tolerances apart are one place. That is more than the tolerance within which a vertex lies on a line:
# a segment led through such a vertex becomes two shorter ones, longer than the tolerance each, so that this comes to an
# end (2/√3 is the least with which it does: think of a triangle of equal sides).
SAME_PLACE = 1.16


def distinct(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct rows of (n, d) numbers in ascending order, and which of them each row is."""
    order = np.lexsort(rows.T[::-1])
    ordered = rows[order]
    new = np.concatenate([np.ones(min(len(rows), 1), dtype=bool), (ordered[1:] != ordered[:-1]).any(axis=1)])
    which = np.empty(len(rows), dtype=int)
    which[order] = np.cumsum(new) - 1
    return ordered[new], which


def settled(
    points: np.ndarray,
    layer: np.ndarray,
    vertices: int,
    met: np.ndarray,
    ends: np.ndarray,
    apart: np.ndarray,
    reach: float,
) -> np.ndarray:
    """Return for each point the one that stands for it.

    points: (n, 2) in metres, the first `vertices` of them vertices in ascending order, the others crossings. layer: (n,).
    met: masks, (n,), of the points of a layer that may be one, and of those (ends) that may be one with ends of other
    layers. apart: (k, 2) points that must not be one. reach: metres.

    Vertices stand before crossings, then those further west, then south. No point moves further than reach to
    the one that stands for it, and as far again for one of another layer.
    """
    crossings = vertices + np.lexsort((points[vertices:, 1], points[vertices:, 0]))
    rank = np.empty(len(points), dtype=int)
    rank[np.concatenate([np.arange(vertices), crossings])] = np.arange(len(points))
    met = np.flatnonzero(met)
    # Layers are held apart by a height.
    links = met[_pairs(np.column_stack([points[met], layer[met] * 4 * reach]), reach)]
    stands = _greedy(links, rank, apart)
    if (layer == layer[:1]).all():
        return stands
    is_end = np.zeros(len(points), dtype=bool)
    is_end[stands[ends]] = True
    standing = np.flatnonzero(is_end)
    links = standing[_pairs(points[standing], reach)]
    links = links[layer[links[:, 0]] != layer[links[:, 1]]]
    return _greedy(links, rank, stands[apart])[stands]


def _pairs(points: np.ndarray, reach: float) -> np.ndarray:
    if not len(points):
        return np.zeros((0, 2), dtype=int)
    return np.asarray(cKDTree(points).query_pairs(reach, output_type="ndarray"))


def _greedy(links: np.ndarray, rank: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """In the order of rank each point that is still free takes the free points linked to it: no chains."""
    stands = np.arange(len(rank))
    near: dict[int, list[int]] = {}
    for p, q in links.tolist():
        near.setdefault(p, []).append(q)
        near.setdefault(q, []).append(p)
    barred = {frozenset(pair) for pair in apart.tolist()} if near else set()
    free = set(near)
    for p in sorted(near, key=rank.__getitem__):
        if p in free:
            together = [p]
            for q in sorted(near[p], key=rank.__getitem__):
                if q in free and not any(frozenset((q, other)) in barred for other in together):
                    together.append(q)
            free.difference_update(together)
            stands[together] = p
    return stands
