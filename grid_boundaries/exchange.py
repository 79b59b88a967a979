"""What a change moves: how much each grid or each worker holds before and after, gains and loses."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from scipy.sparse import coo_array, csr_array

from grid_boundaries.coverage import area_m2
from grid_boundaries.held_land import land


@dataclass(frozen=True, eq=False)
class Held:
    """How much of each unit (row) each owner (column) holds: 1 of a point that lies in his grid, metres of a line."""

    owners: tuple[Hashable, ...]
    share: csr_array

    def by(self, owners_of_grid: Sequence[Sequence[Hashable]]) -> "Held":
        """The same by others: for each column of this one, to whom it belongs, to nobody, to one or to several."""
        names = list(dict.fromkeys(name for owners in owners_of_grid for name in owners))
        place = {name: number for number, name in enumerate(names)}
        pairs = [(grid, place[name]) for grid, owners in enumerate(owners_of_grid) for name in dict.fromkeys(owners)]
        rows, columns = np.array(pairs, dtype=int).reshape(-1, 2).T
        belongs = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(len(owners_of_grid), len(names)))
        return Held(tuple(names), csr_array(self.share @ belongs.tocsr()))


def exchange(before: Held, after: Held, values: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return what owners hold before and after, what each gained and what each lost.

    before, after: the same units in the same order. values: by measure what one unit of each row is worth, (n,).
    Returns a row for each owner of either and each measure: owner, measure, before, after, gained, lost, where
    after = before + gained - lost. Who is not there before or after holds nothing then.
    """
    owners = list(dict.fromkeys([*before.owners, *after.owners]))
    then, now = (_aligned(held, owners) for held in (before, after))
    change = csr_array(now - then)
    more, less = change.maximum(0), (-change).maximum(0)
    parts = []
    for measure, value in values.items():
        each = known(value)
        parts.append(
            pd.DataFrame(
                {
                    "owner": owners,
                    "measure": measure,
                    **{
                        name: matrix.T @ each
                        for name, matrix in (("before", then), ("after", now), ("gained", more), ("lost", less))
                    },
                }
            )
        )
    columns = ["owner", "measure", "before", "after", "gained", "lost"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def overlay(before: GeoDataFrame, after: GeoDataFrame) -> tuple[Held, Held, np.ndarray]:
    """Return the land of two coverages as pieces that one grid of each has, or one of one alone: who holds each before,
    who after, and its square metres, (n,).

    before, after: EPSG:4326 with a column code; slivers that are no more than the lattice's rounding are left out.
    """
    old, new = before.geometry.to_numpy(), after.geometry.to_numpy()
    first, second = shapely.STRtree(new).query(old, predicate="intersects") if len(new) else np.zeros((2, 0), dtype=int)
    rows = list(zip(first.tolist(), second.tolist(), shapely.intersection(old[first], new[second]), strict=True))
    for place, shape in enumerate(shapely.difference(old, shapely.union_all(new))):
        rows.append((place, -1, shape))
    for place, shape in enumerate(shapely.difference(new, shapely.union_all(old))):
        rows.append((-1, place, shape))
    pieces = [(a, b, piece) for a, b, shape in rows if (piece := land(shape)) is not None]
    sides = [
        _held_at(frame, np.array([row[side] for row in pieces], dtype=int))
        for side, frame in enumerate((before, after))
    ]
    return sides[0], sides[1], np.array([area_m2(piece) for _, _, piece in pieces])


def _held_at(grids: GeoDataFrame, grid: np.ndarray) -> Held:
    """Each unit in the grid at its position, in none at -1."""
    unit = np.flatnonzero(grid >= 0)
    share = coo_array((np.ones(len(unit)), (unit, grid[unit])), shape=(len(grid), len(grids))).tocsr()
    return Held(tuple(grids["code"]), share)


def _aligned(held: Held, owners: list[Hashable]) -> csr_array:
    place = pd.Index(owners).get_indexer(pd.Index(held.owners)) if held.owners else np.zeros(0, dtype=int)
    share = held.share.tocoo()
    return coo_array((share.data, (share.row, place[share.col])), shape=(share.shape[0], len(owners))).tocsr()


def known(values: np.ndarray) -> np.ndarray:
    """Return numbers with 0 for what is unknown (NaN)."""
    return np.nan_to_num(np.asarray(values, dtype=float))
