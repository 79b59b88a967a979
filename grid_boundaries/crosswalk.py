"""Between two ways to divide the same land, of which neither follows the other: which grid lies in which police area."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.held_land import land
from grid_boundaries.impact import Units, known, members
from grid_boundaries.land import area_m2


def crosswalk(grids: GeoDataFrame, areas: GeoDataFrame, units: Units, columns: Sequence[str]) -> pd.DataFrame:
    """Return a row for each grid and each area that it shares land or counted things with, by code of grid, then of area.

    grids, areas: EPSG:4326 with code and polygons, each without overlap. units: things at points; columns: names of
    those to be counted.
    Columns: grid, area (codes; area is missing for what lies in none), area_m2 on the ellipsoid, share_of_grid of its
    land (0..1), and a sum for each of ``columns``. A thing on a line counts once, for the first grid and area by code;
    strips that are no wider than the lattice's rounding are no land. Sums over a grid are those of `impact.numbers`.
    """
    pieces = _pieces(grids, areas)
    counts = _counts(grids, areas, units, columns)
    found = pieces.join(counts, how="outer").fillna(0.0).sort_index().reset_index()
    whole = {code: area_m2(shape) for code, shape in zip(grids["code"], grids.geometry, strict=True)}
    found["share_of_grid"] = found["area_m2"] / found["grid"].map(whole)
    found["area"] = found["area"].where(found["area"] != "", None)
    return found[["grid", "area", "area_m2", "share_of_grid", *columns]]


def _pieces(grids: GeoDataFrame, areas: GeoDataFrame) -> pd.DataFrame:
    """The land of each pair, in square metres; what lies in no area has the code ""."""
    own, others = grids.geometry.to_numpy(), areas.geometry.to_numpy()
    rows: list[tuple[str, str, float]] = []
    first, second = shapely.STRtree(others).query(own, predicate="intersects")
    common = shapely.intersection(own[first], others[second])
    for grid, area, shape in zip(first, second, common, strict=True):
        if (piece := land(shape)) is not None:
            rows.append((grids["code"].iloc[grid], areas["code"].iloc[area], area_m2(piece)))
    covered = np.array([shapely.union_all(others[second[first == n]]) for n in range(len(own))], dtype=object)
    for code, shape in zip(grids["code"], shapely.difference(own, covered), strict=True):
        if (piece := land(shape)) is not None:
            rows.append((code, "", area_m2(piece)))
    frame = pd.DataFrame(rows, columns=["grid", "area", "area_m2"])
    return frame.set_index(["grid", "area"])


def _counts(grids: GeoDataFrame, areas: GeoDataFrame, units: Units, columns: Sequence[str]) -> pd.DataFrame:
    in_grid, in_area = members(grids, units), members(areas, units)
    codes = [*areas["code"], ""]
    parts = {}
    for name in columns:
        weight = known(units.columns[name])
        shared = (in_grid.multiply(weight[:, None]).T @ in_area).toarray()
        alone = in_grid.T @ weight - shared.sum(axis=1)
        parts[name] = np.column_stack([shared, alone]).ravel()
    index = pd.MultiIndex.from_product([list(grids["code"]), codes], names=["grid", "area"])
    found = pd.DataFrame(parts, index=index, columns=list(columns), dtype=float).round(6)
    return found[(found > 0).any(axis=1)]
