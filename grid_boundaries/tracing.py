"""Lines that were traced from others: they go through the same vertices, and what only the cutting left in them goes."""

import numpy as np
import shapely
from scipy.spatial import KDTree

from grid_boundaries.faces import STEP, segments_of

OFF = 1.01 * STEP  # a vertex entered on the lattice lies so near to its line at most


def traced(shapes: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Return a coverage without the vertices that are not needed where it runs along lines.

    shapes: polygons in EPSG:4326 on the lattice that are a coverage; lines: what they were cut along, on the lattice.
    A vertex goes when it is none of the lines', no third line of the coverage ends there, and it lies with the vertices
    before and after it along one straight piece of a line. It goes from all polygons, so that they stay a coverage.
    """
    straight = np.unique(segments_of(lines)[0], axis=0)
    if not len(straight):
        return shapes
    rows = np.unique(segments_of(shapely.boundary(shapes))[0], axis=0)
    rows = rows[(rows[:, :2] != rows[:, 2:]).any(axis=1)]
    ends, at = np.unique(rows.reshape(-1, 2), axis=0, return_inverse=True)
    at = at.reshape(-1)
    order = np.argsort(at, kind="stable")
    first = np.searchsorted(at[order], np.arange(len(ends)))
    plain = np.flatnonzero((np.bincount(at) == 2) & ~_among(ends, straight.reshape(-1, 2)))
    # The other end of row n // 2 is the other half of the pair.
    before, after = (ends[at[order[first[plain] + side] ^ 1]] for side in (0, 1))
    pieces = shapely.linestrings(straight.reshape(-1, 2, 2))
    vertex, piece = shapely.STRtree(pieces).query(shapely.points(ends[plain]), predicate="dwithin", distance=OFF)
    near = np.ones(len(vertex), dtype=bool)
    for place in (before, after):
        near &= shapely.dwithin(pieces[piece], shapely.points(place[vertex]), OFF)
    gone = ends[plain[np.unique(vertex[near])]]
    return _without(shapes, gone) if len(gone) else shapes


def threaded(lines: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return straight and bent lines that go through all places (n, 2) which lie within the rounding of a vertex of them.

    lines: in EPSG:4326 on the lattice. Today's lines, which once were cut along a road, and the road are the same line then,
    and not two with a hair between them.
    """
    lines = shapely.get_parts(lines)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    joined = np.flatnonzero(line[1:] == line[:-1])
    straight = shapely.linestrings(np.stack([xy[joined], xy[joined + 1]], axis=1))
    place, piece = shapely.STRtree(straight).query(shapely.points(places), predicate="dwithin", distance=OFF)
    share = shapely.line_locate_point(straight[piece], shapely.points(places[place]), normalized=True)
    inside = (share > 0) & (share < 1)
    place, piece, share = place[inside], piece[inside], share[inside]
    where = np.concatenate([np.arange(len(xy), dtype=float), joined[piece] + share])
    order = np.lexsort((where, np.concatenate([line, line[joined[piece]]])))
    return np.asarray(
        shapely.linestrings(
            np.vstack([xy, places[place]])[order], indices=np.sort(np.concatenate([line, line[joined[piece]]]))
        )
    )


def _among(places: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Which places are known; all on the lattice, so that those that are not lie a step away."""
    return np.asarray(KDTree(known).query(places, distance_upper_bound=STEP / 2)[0] < STEP / 2)


def _without(shapes: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """Polygons without some of their vertices; as they were where that would leave no polygon."""
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    stays = ~_among(xy, gone)
    first = np.searchsorted(ring, np.arange(len(rings)))
    if (np.bincount(ring, weights=stays, minlength=len(rings)) - stays[first] < 3).any():
        return shapes
    # A ring whose first vertex is gone is closed where it begins now.
    polygons = shapely.polygons(shapely.linearrings(xy[stays], indices=ring[stays]), indices=of_part)
    found = np.asarray(shapely.multipolygons(polygons, indices=of_shape))
    return found if shapely.is_valid(found).all() else shapes
