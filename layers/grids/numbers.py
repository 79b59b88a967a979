"""The numbers of a grid: its streets, who sees them, its incidents.

A street on the line between two grids belongs to each by half, as both are responsible; of one along the outer edge
the other half lies outside. So lengths of grids add up, and a grid's does not depend on which others are looked at.
"""

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoSeries
from scipy.sparse import coo_array, csr_array

from layers.cameras.coverage import Seen
from layers.coordinates import require_metric, require_same_crs
from layers.errors import FrameError
from layers.incidents.choice import Incidents
from layers.patrols.sight import Pieces, Segments
from layers.stretches import inside, moved, stretches

BESIDE_M = 1.0  # a street this near to a line runs along it


def street_lengths(pieces: GeoSeries | Pieces, grids: GeoSeries) -> csr_array:
    """Return metres of each piece (row) in each grid (column).

    pieces: lines in projected metres; grids: polygons in the same CRS that do not overlap. To both sides of a piece, a
    metre away, the grids are looked up; each side stands for half of the length.
    Raises CoordinateError on degrees or on two systems, FrameError on other geometries.
    """
    ready = Pieces.of(pieces)
    require_same_crs(ready.series, grids, "pieces and grids")
    shapes = grids.to_numpy()
    if not np.isin(shapely.get_type_id(shapes), (3, 6)).all():
        raise FrameError("grids: every geometry must be a polygon")
    n, count = len(ready.length_m), len(shapes)
    if not n or not count:
        return csr_array((n, count), dtype=float)
    sides = [moved(ready.segments, distance) for distance in (BESIDE_M, -BESIDE_M)]
    parts = stretches(ready.segments, Segments.of(shapely.boundary(shapes)), *sides)
    found = [_grid_of(shapes, parts.middles(side)) for side in sides]
    piece, length = ready.segments.line[parts.segment], (parts.high - parts.low) / 2
    rows, columns, values = (np.concatenate(both) for both in ((piece, piece), found, (length, length)))
    there = columns >= 0
    return coo_array((values[there], (rows[there], columns[there])), shape=(n, count)).tocsr()


def numbers(codes: np.ndarray, lengths: csr_array, seen: Seen, incidents: np.ndarray) -> pd.DataFrame:
    """Return the numbers of each grid and, in `attrs["total"]`, those of all together.

    codes: text of each grid, which decides among equals. lengths: metres of piece (row) in grid (column). seen: shares
    of each piece; a grid's is the mean over its metres, and NaN without any. incidents: position of the grid of each
    incident, -1 for none.
    Columns: length_m, seen_patrol, seen_camera, seen_neither (0..1), incidents, rank (1: most incidents).
    """
    count = len(codes)
    length = np.asarray(lengths.sum(axis=0)).reshape(-1)
    n = np.bincount(incidents[incidents >= 0], minlength=count)
    shares = {name: _mean(lengths, getattr(seen, name), length) for name in ("patrol", "camera", "neither")}
    rank = np.empty(count, dtype=int)
    rank[np.lexsort((codes.astype(str), -n))] = np.arange(1, count + 1)
    found = pd.DataFrame(
        {
            "length_m": length,
            **{f"seen_{name}": share for name, share in shares.items()},
            "incidents": n,
            "rank": rank,
        }
    )
    whole = csr_array(lengths.sum(axis=1).reshape(-1, 1))
    found.attrs["total"] = {
        "length_m": float(length.sum()),
        **{f"seen_{name}": float(_mean(whole, getattr(seen, name), length.sum(keepdims=True))[0]) for name in shares},
        "incidents": int(n.sum()),
    }
    return found


def grid_of(incidents: Incidents, ids: np.ndarray, grids: GeoSeries) -> tuple[np.ndarray, int]:
    """Return the position of each incident's grid, −1 for none, and how many in a grid are known too roughly for it.

    ids: the stable id of each grid; grids: polygons in projected metres, in the same order. Too rough is a place whose
    radius is more than that of a circle as large as the grid: it counts for none. Raises CoordinateError on degrees.
    """
    require_metric(grids, "grids")
    position = pd.Index(ids).get_indexer(incidents.grid)
    inside = position >= 0
    limit = np.append(np.sqrt(shapely.area(grids.to_numpy()) / np.pi), 0.0)[position]
    known = inside & incidents.within(limit)
    return np.where(known, position, -1), int((inside & incidents.placed & ~known).sum())


def grid_at(places: np.ndarray, ids: np.ndarray, grids: GeoSeries) -> np.ndarray:
    """Return the id of the grid that covers each place, −1 where none does; on a line, of the grid that comes first.

    places: (n, 2) longitude and latitude; ids: whole numbers, one a grid; grids: polygons in EPSG:4326.
    """
    found = np.full(len(places), -1, dtype=np.int64)
    # Grids outside, places inside the loop: a polygon is prepared once and asked for all its places.
    grid, place = shapely.STRtree(shapely.points(places)).query(grids.to_numpy(), predicate="covers")
    order = np.argsort(-grid, kind="stable")
    found[place[order]] = np.asarray(ids)[grid[order]]
    return found


def _mean(lengths: csr_array, share: np.ndarray, length: np.ndarray) -> np.ndarray:
    covered = np.asarray(share @ lengths).reshape(-1)
    return np.clip(np.divide(covered, length, out=np.full(len(length), np.nan), where=length > 0), 0.0, 1.0)


def _grid_of(shapes: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The grid in which each place lies, the first of several, -1 for none."""
    place, grid = inside(shapes, places)
    found = np.full(len(places), -1)
    found[place[::-1]] = grid[::-1]
    return found
