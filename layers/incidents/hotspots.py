"""Where incidents concentrate along streets."""

from collections.abc import Mapping

import numpy as np
import shapely
from geopandas import GeoSeries

from layers.coordinates import require_same_crs
from layers.errors import ParameterError

REACH_M = 50.0
LEVELS: Mapping[str, float] = {"tenth": 0.1, "quarter": 0.25, "half": 0.5}


def nearest_piece(points: GeoSeries, pieces: GeoSeries, within_m: float = REACH_M) -> np.ndarray:
    """Return for each point the position of its nearest piece, −1 when none is within `within_m`.

    points: any geometries, pieces: lines, both in one projected CRS in metres. Equally near pieces: one of
    them, always the same. Missing and empty points get −1. Raises CoordinateError on degrees or on two
    systems.
    """
    require_same_crs(points, pieces, "points and pieces")
    found = np.full(len(points), -1)
    if len(pieces) and len(points):
        tree = shapely.STRtree(pieces.to_numpy())
        usable = np.flatnonzero(~(points.isna() | points.is_empty).to_numpy())
        point, piece = tree.query_nearest(points.to_numpy()[usable], max_distance=within_m)
        # Several are equally near at a crossing; the order of a tree is no reason, the order of the frame is.
        order = np.lexsort((piece, point))
        point, first = np.unique(point[order], return_index=True)
        found[usable[point]] = piece[order][first]
    return found


def number_within(pieces: GeoSeries, points: GeoSeries, within_m: float = REACH_M) -> np.ndarray:
    """Return for each piece how many points lie within `within_m`; a point may count for several pieces.

    pieces: lines, points: any geometries, both in one projected CRS in metres.
    Raises CoordinateError on degrees or on two systems.
    """
    require_same_crs(points, pieces, "points and pieces")
    tree = shapely.STRtree(points.to_numpy())
    piece, _ = tree.query(pieces.to_numpy(), predicate="dwithin", distance=within_m)
    return np.bincount(piece, minlength=len(pieces))


def hot_streets(length_m: np.ndarray, incidents: np.ndarray, share: float = 0.5) -> np.ndarray:
    """Return which pieces belong to the smallest street length that holds `share` of all incidents.

    length_m, incidents: one number a piece. Pieces with most incidents a metre are taken until the share is
    reached, then those are given back, longest first, without which it still is. The same length exactly only
    up to one piece: the exact smallest set is a knapsack problem. No incidents: no hot piece.
    Raises ParameterError when the share is not in (0, 1] or a number is negative.
    """
    length, count = np.asarray(length_m, dtype=float), np.asarray(incidents, dtype=float)
    if not 0 < share <= 1:
        raise ParameterError(f"share must lie in (0, 1], got {share}")
    if (length < 0).any() or (count < 0).any():
        raise ParameterError("lengths and counts must not be negative")
    hot = np.zeros(len(length), dtype=bool)
    wanted = share * count.sum()
    if wanted == 0:
        return hot
    used = np.flatnonzero(count > 0)
    density = count[used] / np.maximum(length[used], 1e-9)
    order = used[np.lexsort((used, -density))]
    taken = order[: int(np.searchsorted(np.cumsum(count[order]), wanted)) + 1]
    hot[taken] = True
    spare = count[taken].sum() - wanted
    for piece in taken[np.argsort(-length[taken], kind="stable")]:
        if count[piece] <= spare:
            hot[piece] = False
            spare -= count[piece]
    return hot


def hot_levels(length_m: np.ndarray, incidents: np.ndarray, levels: Mapping[str, float] = LEVELS) -> np.ndarray:
    """Return the name of the first level to which each piece belongs, "" for none.

    length_m, incidents: one number a piece. levels: names with ascending shares of the incidents; each is the set
    of `hot_streets`, and only what belongs to the last one has a level. Raises ParameterError as `hot_streets`.
    """
    found = np.full(len(length_m), "", dtype=object)
    for name in reversed(list(levels)):
        hot = hot_streets(length_m, incidents, levels[name])
        found[hot & ((found != "") | (levels[name] == max(levels.values())))] = name
    return found
