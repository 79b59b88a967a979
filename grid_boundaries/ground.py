"""The land that grids are made of: cells, what each bears, whose it is today, and what no grid may cross."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.cells import Cells
from grid_boundaries.errors import BalanceError
from grid_boundaries.land import area_m2


def loads_of(units: GeoDataFrame, load: str) -> np.ndarray:
    """Return the column ``load`` as numbers. Raises BalanceError when it is missing, or not all are 0 or more."""
    if load not in units.columns:
        raise BalanceError(f"units have no column {load}")
    weight = pd.to_numeric(units[load], errors="coerce").to_numpy(dtype=float)
    if not (np.isfinite(weight) & (weight >= 0)).all():
        raise BalanceError(f"the column {load} must have a number in each row, none below zero")
    return weight


@dataclass(frozen=True, eq=False)
class Ground:
    """Cells with what they bear; today's grid of each (-1 for none), and the group that no grid leaves.

    fixed: groups that are one dedicated grid each; community: that of each group, None without.
    """

    cells: Cells
    load: np.ndarray
    area: np.ndarray
    today: np.ndarray
    group: np.ndarray
    fixed: np.ndarray
    community: list[object]

    @classmethod
    def of(cls, cells: Cells, weight: np.ndarray, units: GeoDataFrame, today: GeoDataFrame | None) -> "Ground":
        """Return the land of cells. weight: load of each unit; today: grids with code, kind, and community or not."""
        load = np.bincount(cells.of_unit, weights=weight, minlength=len(cells.shapes))
        area = np.array([area_m2(shape) for shape in cells.shapes])
        home = np.full(len(load), -1) if today is None else overlapped(cells.shapes, today.geometry.to_numpy())
        community = _communities(cells, weight, units, today, home)
        dedicated = np.zeros(len(load), dtype=bool)
        if today is not None:
            dedicated = (home >= 0) & (today["kind"].to_numpy() == "dedicated")[home]
        keys = [(1, f"{home[cell]:09d}") if dedicated[cell] else (0, str(community[cell])) for cell in range(len(load))]
        names, first, group = np.unique(
            [f"{kind}{name}" for kind, name in keys], return_index=True, return_inverse=True
        )
        named = [community[cell] for cell in first]
        return cls(cells, load, area, home, group.reshape(-1), np.char.startswith(names, "1"), named)


def overlapped(shapes: np.ndarray, grids: np.ndarray) -> np.ndarray:
    """Return today's grid with which each cell has most area in common, -1 for none."""
    grid, cell = shapely.STRtree(shapes).query(grids, predicate="intersects")
    common = shapely.area(shapely.intersection(shapes[cell], grids[grid]))
    order = np.lexsort((-grid, common))
    found = np.full(len(shapes), -1)
    found[cell[order]] = grid[order]
    return found


def _communities(
    cells: Cells, weight: np.ndarray, units: GeoDataFrame, grids: GeoDataFrame | None, home: np.ndarray
) -> list[object]:
    """The community of each cell: of its units, else of today's grid, else of the neighbour with the longest line."""
    found: list[object] = [None] * len(cells.shapes)
    own = "community" in units.columns
    if own:
        order = np.lexsort((np.arange(len(units)), -weight))[::-1]  # what is heaviest is written last
        for unit in order:
            found[cells.of_unit[unit]] = units["community"].iloc[unit]
    elif grids is not None and "community" in grids.columns:
        found = [grids["community"].iloc[grid] if grid >= 0 else None for grid in home]
    else:
        return found
    if grids is not None:
        mine: dict[int, object] = {}
        for cell in np.argsort(np.bincount(cells.of_unit, weights=weight, minlength=len(found)), kind="stable"):
            if found[cell] is not None:
                mine[int(home[cell])] = found[cell]
        found = [
            mine.get(int(home[cell])) if name is None and home[cell] >= 0 else name for cell, name in enumerate(found)
        ]
    beside: list[dict[int, float]] = [{} for _ in found]
    for (a, b), length in zip(cells.links.tolist(), cells.shared_m.tolist(), strict=True):
        beside[a][b] = beside[b][a] = length
    while None in found:
        before = found.copy()
        for cell in [at for at, name in enumerate(before) if name is None]:
            near = {other: length for other, length in beside[cell].items() if before[other] is not None}
            if near:
                found[cell] = before[max(near, key=lambda other: (near[other], -other))]
        if found == before:
            break
    return found
