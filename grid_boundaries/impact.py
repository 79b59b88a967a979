"""The numbers of grids, before and after a change of their boundaries.

Things with a place are counted in exactly one grid, so that sums of grids are sums of the whole: what lies on a shared
line belongs to the grid with the lowest code of those that share it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from scipy.sparse import coo_array, csr_array

from grid_boundaries.coverage import area_m2
from grid_boundaries.exchange import Held, exchange, known


@dataclass(frozen=True, eq=False)
class Units:
    """Things at points, with numbers, made ready for many questions.

    points: (n,) Shapely points in EPSG:4326; empty ones lie in no grid. columns: by name the number of each, (n,); NaN
    is unknown and adds nothing. radius_m: within how many metres of its point each lies, where that is not exact: one
    with a radius greater than that of a circle as large as its grid counts for none.
    Raises ValueError when the columns differ in length.
    """

    points: np.ndarray
    columns: Mapping[str, np.ndarray]
    radius_m: np.ndarray | None = None
    tree: shapely.STRtree = field(init=False, repr=False)

    def __post_init__(self) -> None:
        sizes = {len(self.points), *(len(column) for column in self.columns.values())}
        if self.radius_m is not None:
            sizes.add(len(self.radius_m))
        if len(sizes) > 1:
            raise ValueError("points, columns and radii differ in length")
        tree = shapely.STRtree(self.points)
        tree.query(shapely.Point(0, 0))  # a tree is built when it is first asked, which two threads must not do
        object.__setattr__(self, "tree", tree)

    @classmethod
    def of(cls, frame: GeoDataFrame, columns: Sequence[str]) -> "Units":
        """Points of a frame in EPSG:4326, and these of its columns."""
        return cls(frame.geometry.to_numpy(), {name: frame[name].to_numpy(dtype=float) for name in columns})

    def __len__(self) -> int:
        return len(self.points)


def members(grids: GeoDataFrame, units: Units, codes: Sequence[str] | None = None) -> csr_array:
    """Return which unit (row) lies in which grid (column): 1 or nothing, at most one a row.

    grids: EPSG:4326 with a column code. codes: only these grids are looked at, the columns of the others stay empty;
    what lies on their lines is still theirs only where no grid of the frame with a lower code has it.
    """
    shape = (len(units), len(grids))
    if codes is None:
        shapes, code = grids.geometry.to_numpy(), _codes(grids)
        grid, unit = units.tree.query(shapes, predicate="intersects")
    else:
        around, asked = _around(grids, codes)
        shapes, code = grids.geometry.to_numpy()[around], _codes(grids)[around]
        near = np.unique(units.tree.query(shapes[asked], predicate="intersects")[1])
        found, grid = shapely.STRtree(shapes).query(units.points[near], predicate="intersects")
        unit = near[found]
    order = np.lexsort((code[grid], unit))
    grid, unit = grid[order], unit[order]
    counts = np.ones(len(unit), dtype=bool)
    counts[1:] = unit[1:] != unit[:-1]
    if codes is not None:
        counts &= asked[grid]
    grid, unit = grid[counts], unit[counts]
    if units.radius_m is not None:
        fine = _fine_enough(shapes, grid, units.radius_m[unit])
        grid, unit = grid[fine], unit[fine]
    column = grid if codes is None else around[grid]
    return coo_array((np.ones(len(unit)), (unit, column)), shape=shape).tocsr()


def numbers(
    grids: GeoDataFrame, units: Units, columns: Sequence[str] | None = None, codes: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the sum of each column over the units of each grid, by code.

    grids: EPSG:4326 with a column code. columns: names of the units' columns, all of them by default. codes: only these
    grids are answered for, in the frame's order.
    """
    names = list(units.columns if columns is None else columns)
    if codes is None:
        asked = np.ones(len(grids), dtype=bool)
    else:
        # What a thousand other grids hold is not summed up.
        around, asked = _around(grids, codes)
        grids = grids.iloc[around]
    inside = members(grids, units, codes)
    found = {name: (inside.T @ known(units.columns[name]))[asked] for name in names}
    return pd.DataFrame(found, index=grids["code"].to_numpy()[asked].tolist())


def compare(
    before: GeoDataFrame,
    after: GeoDataFrame,
    units: Units,
    columns: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the table of `exchange` by code: what each grid has before and after, gained and lost.

    before, after: EPSG:4326 with a column code. columns: of the units, all by default. codes: only these grids.
    """
    names = list(units.columns if columns is None else columns)
    held = [Held(tuple(grids["code"]), members(grids, units, codes)) for grids in (before, after)]
    found = exchange(held[0], held[1], {name: units.columns[name] for name in names})
    found = found.rename(columns={"owner": "code"})
    return found if codes is None else found[found["code"].isin(codes)].reset_index(drop=True)


def _codes(grids: GeoDataFrame) -> np.ndarray:
    return np.array(grids["code"].tolist(), dtype=str)


def _around(grids: GeoDataFrame, codes: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the grids with these codes and of those that may share a point with them, and which of these are meant."""
    asked = grids["code"].isin(codes).to_numpy(dtype=bool)
    west, south, east, north = shapely.bounds(grids.geometry.to_numpy()).T
    near = np.zeros(len(grids), dtype=bool)
    for place in np.flatnonzero(asked):
        near |= (west <= east[place]) & (east >= west[place]) & (south <= north[place]) & (north >= south[place])
    near |= asked
    return np.flatnonzero(near), asked[near]


def _fine_enough(shapes: np.ndarray, grid: np.ndarray, radius_m: np.ndarray) -> np.ndarray:
    """Whether what lies within a radius of its point is known well enough to be in its grid."""
    rough = np.flatnonzero(radius_m > 0)
    fine = np.ones(len(grid), dtype=bool)
    concerned, of_rough = np.unique(grid[rough], return_inverse=True)
    limit = np.array([np.sqrt(area_m2(shapes[place]) / np.pi) for place in concerned])
    if len(rough):
        fine[rough] = radius_m[rough] <= limit[of_rough]
    return fine
