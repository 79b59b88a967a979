"""Incidents that are too many to be drawn one by one, summed up in squares.

The squares lie on one lattice of the county's metric system, whatever is looked at, so that a sum stays what it is
while the map is moved. A sum stands at the mean of its places, not at the middle of its square: most squares hold
few places, and a circle beside the only street would say something that nobody reported.
"""

import numpy as np
import shapely
from geopandas import GeoDataFrame

from layers.incidents.choice import Incidents

MOST_POINTS = 5000  # incidents that are drawn one by one
MOST_SUMS = 1500  # more circles than these lie on top of each other in any view
LADDER_M = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
# In the attributes of a frame of sums: the side of its squares in metres.
CELL_M = "cell_m"


def sums(incidents: Incidents, near: np.ndarray | None = None, most: int = MOST_SUMS) -> GeoDataFrame:
    """Return the number of incidents in each square that has any; those without a place are left out.

    near: mask of those in view, all by default: squares with any of them are summed up whole, so that no number
    changes at the edge of a view. The side is the first of LADDER_M that leaves at most `most` squares, or the last
    one. Columns: id (side and place of the square), count, rough (how many of them are known to a radius only), simulated
    (whether any was made up), geometry (points in EPSG:4326); by count, most first. The frame's attribute CELL_M is the side in metres.
    """
    placed = incidents.take(incidents.placed)
    near = np.ones(len(placed), dtype=bool) if near is None else near[incidents.placed]
    for side in LADDER_M:
        if len(_squares(placed.xy[near], side)[0]) <= most:
            break
    squares, where = _squares(placed.xy, side)
    count = np.bincount(where, minlength=len(squares))
    mean = [np.bincount(where, axis, minlength=len(squares)) / count for axis in placed.lonlat.T]
    frame = GeoDataFrame(
        {
            "id": [f"{side}/{column}/{row}" for column, row in squares.tolist()],
            "count": count,
            "rough": np.bincount(where[~placed.exact], minlength=len(squares)),
            "simulated": np.bincount(where, placed.simulated, minlength=len(squares)) > 0,
        },
        geometry=shapely.points(*mean),
        crs=4326,
    )
    frame = frame[np.bincount(where, near, minlength=len(squares)) > 0]
    frame = frame.sort_values("count", ascending=False, kind="stable", ignore_index=True)
    frame.attrs[CELL_M] = side
    return frame


def _squares(xy: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """The squares (column, row) in which any point lies, and for each point which of them."""
    places = np.floor(xy / side).astype(np.int64)
    if not len(places):
        return places, np.zeros(0, dtype=np.int64)
    first = places.min(axis=0)
    rows = places[:, 1].max() - first[1] + 1
    keys, where = np.unique((places - first) @ [rows, 1], return_inverse=True)  # one number sorts faster than two
    return np.column_stack(np.divmod(keys, rows)) + first, where
