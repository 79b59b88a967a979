"""Hot spots on square cells, and on areas of any shape.

Only cells count in which incidents could be: those that meet a street, and those that hold an incident, chosen or not.
With empty country around a town as part of the comparison, the whole town would be hot; with nothing but cells that
hold a chosen incident, none would be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoSeries
from scipy import sparse

from layers.coordinates import require_metric
from layers.errors import ParameterError
from layers.incidents.gi_star import adjusted, getis_ord

ALPHA = 0.05
# Sizes in metres that one can read off a scale bar.
SIZES_M = (100.0, 150.0, 200.0, 250.0, 300.0, 400.0, 500.0, 750.0, 1000.0)
PER_CELL = 2.0
FEWEST_CELLS = 50
TOUCH_M = 1.0  # areas this near are neighbours: lines drawn twice never lie exactly on each other
_ROWS = 1 << 24


@dataclass(frozen=True)
class HotSpots:
    """What was compared, one value each: incidents in it, in it with its neighbours, score, adjusted p, and the verdict."""

    count: np.ndarray
    around: np.ndarray
    z: np.ndarray
    p: np.ndarray
    hot: np.ndarray


@dataclass(frozen=True)
class HotCells(HotSpots):
    """`column`, `row`: the cell reaches from there times `cell_m` to one more, east and north, in metres. `of_incident`:
    the position of the cell in which each incident lies.
    """

    column: np.ndarray
    row: np.ndarray
    cell_m: float
    of_incident: np.ndarray

    def polygons(self) -> np.ndarray:
        """The cells as squares in the metric system of the incidents."""
        west, south = self.column * self.cell_m, self.row * self.cell_m
        return shapely.box(west, south, west + self.cell_m, south + self.cell_m)


def hot_cells(xy: np.ndarray, possible: np.ndarray, cell_m: float, alpha: float = ALPHA) -> HotCells:
    """Return every cell of the study area, and which are hot: higher with their eight neighbours than chance explains.

    xy: places of incidents (n, 2). possible: where incidents could be (m, 2): places along streets, a quarter of a
    cell apart or nearer, and places of incidents that were not chosen. Both in one projected system in metres, easting first, finite. alpha: the
    share of false ones among the hot cells. Gi* on counts, one-sided: cold spots are not looked for.
    Raises ParameterError on a size or share that cannot be.
    """
    if not (cell_m > 0 and 0 < alpha < 1):
        raise ParameterError(f"cell_m must be positive and alpha in (0, 1), got {cell_m} and {alpha}")
    incidents = _codes(xy, cell_m)
    cells, place = np.unique(np.concatenate([incidents, np.unique(_codes(possible, cell_m))]), return_inverse=True)
    of_incident = place[: len(incidents)]
    count = np.bincount(of_incident, minlength=len(cells))
    found = getis_ord(count, _queen(cells), step=1.0)
    p = adjusted(found.p)
    column, row = np.divmod(cells, _ROWS)
    return HotCells(
        count=count,
        around=found.sum.astype(np.int64),
        z=found.z,
        p=p,
        hot=p <= alpha,
        column=column - _ROWS // 2,
        row=row - _ROWS // 2,
        cell_m=float(cell_m),
        of_incident=of_incident,
    )


def hot_areas(count: np.ndarray, areas: GeoSeries, alpha: float = ALPHA) -> HotSpots:
    """Return which areas are hot: more incidents a square kilometre, with those that touch them, than chance explains.

    count: incidents of each area. areas: polygons in a projected CRS in metres. Areas differ in size, so that
    Gi* takes incidents a square kilometre; neighbours are those that share a corner or an edge. `around` counts
    incidents. Raises CoordinateError on degrees.
    """
    require_metric(areas, "areas")
    shapes = areas.to_numpy()
    area, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=TOUCH_M)
    near = sparse.csr_array((np.ones(len(area)), (area, other)), shape=(len(shapes), len(shapes)))
    number = np.asarray(count, dtype=np.int64)
    km2 = np.maximum(shapely.area(shapes), 1.0) / 1e6
    found = getis_ord(number / km2, near)
    p = adjusted(found.p)
    return HotSpots(number, (near @ number).astype(np.int64), found.z, p, p <= alpha)


def cell_size(xy: np.ndarray, possible: np.ndarray) -> float:
    """Return the size in metres that suits these incidents: the smallest of SIZES_M with two a cell on average.

    Parameters as of `hot_cells`. Quadrats are usually sized for two points each (Griffith and Amrhein, 1991).
    Never so large that fewer than FEWEST_CELLS are left to compare, unless the smallest size is.
    """
    best = SIZES_M[0]
    for size in SIZES_M:
        cells = len(np.unique(np.concatenate([_codes(possible, size), _codes(xy, size)])))
        if size > SIZES_M[0] and cells < FEWEST_CELLS:
            break
        best = size
        if len(xy) >= PER_CELL * cells:
            break
    return best


def _codes(xy: np.ndarray, cell_m: float) -> np.ndarray:
    """One whole number a place for the cell in which it lies."""
    column, row = np.floor(np.asarray(xy, dtype=float).reshape(-1, 2) / cell_m).astype(np.int64).T + _ROWS // 2
    return column * _ROWS + row


def _queen(cells: np.ndarray) -> sparse.csr_array:
    """Which cells touch, by edge or corner, themselves included. cells: ascending codes."""
    n = len(cells)
    pairs = []
    for step in [column * _ROWS + row for column in (-1, 0, 1) for row in (-1, 0, 1)]:
        place = np.searchsorted(cells, cells + step)
        there = np.flatnonzero(place < n)
        there = there[cells[place[there]] == cells[there] + step]
        pairs.append((there, place[there]))
    cell, other = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return sparse.csr_array((np.ones(len(cell)), (cell, other)), shape=(n, n))
