"""What was proposed: grids with their codes, what moves, and why loads are not more alike."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from scipy.optimize import linear_sum_assignment

from grid_boundaries.codes import reading_order
from grid_boundaries.ground import Ground
from grid_boundaries.schema import CRS, KINDS, normalise
from grid_boundaries.tracing import traced


@dataclass(frozen=True)
class Obstacle:
    """Why loads are not as alike as was asked.

    kind: share (a community, or land apart, has so much load that whole grids cannot be alike to the others),
    heavy_unit (what lies in one place weighs more than a grid may; then the others have less), exclave (a grid has to be in several pieces) or not_reached (no better one was found).
    grids: codes concerned; units: labels of units.
    """

    kind: str
    grids: tuple[str, ...]
    units: tuple[Hashable, ...] = ()


@dataclass(frozen=True, eq=False)
class Proposal:
    """Grids that were proposed.

    grids: as `schema.normalise` makes them, in reading order, and further columns of today's grids, where they are kept;
    load and deviation, its share of the mean above it. A grid that keeps most of its load keeps its code; others
    have codes "new-001", … for the caller to replace. Dedicated grids stay as they are and count in no mean.
    of_unit: the code of each unit. moved_load: load of units whose code has changed, 0 without today's grids. retired:
    codes of today's grids that are no more. obstacles: none when every grid is within the tolerance. steps: moves
    and kicks of the search.
    """

    grids: GeoDataFrame
    of_unit: pd.Series
    deviation: pd.Series
    moved_load: float
    retired: tuple[str, ...]
    obstacles: tuple[Obstacle, ...]
    steps: int

    @property
    def worst(self) -> float:
        """The greatest deviation, whatever its sign; 0 when there are dedicated grids only."""
        return float(self.deviation.abs().max()) if len(self.deviation) else 0.0


@dataclass(frozen=True, eq=False)
class Drawn:
    """Regions of land: the region of each cell, the connected piece of land of each cell, and the steps it took."""

    region: np.ndarray
    piece: np.ndarray
    steps: int


def proposal(
    land: Ground,
    drawn: Drawn,
    units: GeoDataFrame,
    weight: np.ndarray,
    today: GeoDataFrame | None,
    tolerance: float,
    lines: np.ndarray,
) -> Proposal:
    """Return what was drawn as grids. weight: load of each unit; lines: what cells were cut along (`tracing`)."""
    count = int(drawn.region.max()) + 1
    origin = np.full(count, -1) if today is None else _kept(land, drawn.region, len(today))
    grids = _frame(land, drawn.region, origin, today)
    grids.geometry = shapely.normalize(traced(grids.geometry.to_numpy(), lines))
    load = np.bincount(drawn.region, weights=land.load, minlength=count)
    first = _first_cells(drawn.region)
    basic = ~land.fixed[land.group[first]]
    mean = load[basic].mean() if basic.any() else np.nan
    deviation = np.where(basic, load / mean - 1, np.nan)
    grids["load"], grids["deviation"] = load, deviation
    order = reading_order(grids)
    grids["code"] = _codes(order, origin, today)
    grids["name"] = grids["name"].where(origin >= 0, grids["code"])
    code = grids["code"].to_numpy(dtype=object)
    at = drawn.region[land.cells.of_unit]
    home = land.today[land.cells.of_unit]
    moved = float(weight[(home >= 0) & (origin[at] != home)].sum())
    return Proposal(
        grids=grids.iloc[order].reset_index(drop=True),
        of_unit=pd.Series(code[at], index=units.index, name="code"),
        deviation=pd.Series(deviation[order], index=code[order], name="deviation").dropna(),
        moved_load=moved,
        retired=() if today is None else tuple(_texts(today)[np.setdiff1d(np.arange(len(today)), origin)].tolist()),
        obstacles=tuple(_obstacles(land, drawn, grids, mean, units, tolerance)),
        steps=drawn.steps,
    )


def _first_cells(region: np.ndarray) -> np.ndarray:
    return np.unique(region, return_index=True)[1]


def _texts(today: GeoDataFrame) -> np.ndarray:
    return today["code"].to_numpy(dtype=object)


def _kept(land: Ground, region: np.ndarray, grids: int) -> np.ndarray:
    """Today's grid that each region goes on to be, -1 for none: it keeps at least half of its load."""
    inside = land.today >= 0
    common = np.zeros((int(region.max()) + 1, grids))
    # Where nobody lives, land decides.
    worth = land.load / max(land.load.sum(), 1e-9) + 1e-6 * land.area / land.area.sum()
    np.add.at(common, (region[inside], land.today[inside]), worth[inside])
    rows, columns = linear_sum_assignment(-common)
    most = common[rows, columns] * 2 >= common.sum(axis=0)[columns] * (1 - 1e-9)
    most &= common[rows, columns] > 0
    found = np.full(len(common), -1)
    found[rows[most]] = columns[most]
    return found


def _frame(land: Ground, region: np.ndarray, origin: np.ndarray, today: GeoDataFrame | None) -> GeoDataFrame:
    """Grids in the order of the regions, as today's where they are kept; codes of new ones are yet to come."""
    shapes = np.array([shapely.coverage_union_all(land.cells.shapes[region == one]) for one in range(len(origin))])
    columns = {"code": [f"region {one}" for one in range(len(origin))]}
    frame = normalise(GeoDataFrame(columns, geometry=shapes, crs=CRS))
    first = land.group[_first_cells(region)]
    frame["kind"] = np.where(land.fixed[first], KINDS[1], KINDS[0])
    if any(name is not None for name in land.community):
        frame["community"] = [land.community[group] for group in first]
    if today is not None:
        for column in today.columns.drop(["code", "kind", "geometry", "load", "deviation"], errors="ignore"):
            theirs = today[column].reset_index(drop=True).reindex(origin)
            if column == "community" and column in frame:
                continue
            frame[column] = theirs.to_numpy()
    return frame


def _codes(order: np.ndarray, origin: np.ndarray, today: GeoDataFrame | None) -> np.ndarray:
    """The code of each region; new ones are numbered in reading order."""
    today = np.empty(0, dtype=object) if today is None else _texts(today)
    taken = set(today.tolist())
    free = (code for number in range(1, 10**6) if (code := f"new-{number:03d}") not in taken)
    found = np.empty(len(origin), dtype=object)
    for region in order:
        found[region] = today[origin[region]] if origin[region] >= 0 else next(free)
    return found


def _obstacles(
    land: Ground, drawn: Drawn, grids: GeoDataFrame, mean: float, units: GeoDataFrame, tolerance: float
) -> list[Obstacle]:
    """What is wrong, piece by piece of the land; grids are in the order of the regions."""
    code = grids["code"].to_numpy(dtype=object)
    apart = shapely.get_num_geometries(grids.geometry.to_numpy()) > 1
    found = [Obstacle("exclave", tuple(code[apart].tolist()))] if apart.any() else []
    far = np.nan_to_num(np.abs(grids["deviation"].to_numpy())) > tolerance + 1e-9
    piece_of = drawn.piece[_first_cells(drawn.region)]
    for piece in np.unique(piece_of[far]):
        here, cells = np.flatnonzero(piece_of == piece), np.flatnonzero(drawn.piece == piece)
        which = tuple(code[here[far[here]]].tolist())
        heavy = cells[land.load[cells] > mean * (1 + tolerance)]
        if abs(land.load[cells].sum() / len(here) / mean - 1) > tolerance:
            found.append(Obstacle("share", which))
        elif len(heavy):
            alone = np.isin(land.cells.of_unit, heavy)
            found.append(Obstacle("heavy_unit", which, tuple(units.index[alone].tolist())))
        else:
            found.append(Obstacle("not_reached", which))
    return found
