"""Grids and police areas that cut across each other: nothing is lost and nothing counts twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_boundaries.crosswalk import crosswalk
from grid_boundaries.impact import Units, numbers
from grid_boundaries.land import area_m2

WEST, SOUTH, SIZE = 118.3, 31.7, 0.004


def cells(columns: int, rows: int, width: float, height: float, prefix: str = "") -> GeoDataFrame:
    shapes = [
        shapely.box(WEST + x * width, SOUTH + y * height, WEST + (x + 1) * width, SOUTH + (y + 1) * height)
        for y in range(rows)
        for x in range(columns)
    ]
    return GeoDataFrame({"code": [f"{prefix}{n:03d}" for n in range(len(shapes))]}, geometry=shapes, crs=4326)


def test_a_grid_that_two_police_areas_share_has_a_row_for_each() -> None:
    grids, areas = cells(2, 1, SIZE, SIZE, "g"), cells(1, 2, 2 * SIZE, SIZE / 2, "p")
    points = shapely.points([WEST + 0.001, WEST + 0.001, WEST + 0.005], [SOUTH + 0.001, SOUTH + 0.003, SOUTH + 0.003])
    units = Units(points, {"households": np.array([2.0, 3.0, 4.0]), "addresses": np.ones(3)})
    found = crosswalk(grids, areas, units, ["households", "addresses"])
    rows = {(row.grid, row.area): (row.households, row.addresses) for row in found.itertuples()}
    assert rows == {
        ("g000", "p000"): (2, 1),
        ("g000", "p001"): (3, 1),
        ("g001", "p000"): (0, 0),
        ("g001", "p001"): (4, 1),
    }
    assert found["share_of_grid"].to_numpy() == pytest.approx(0.5, rel=1e-3)


def test_what_lies_in_no_police_area_is_told_too() -> None:
    grids, areas = cells(2, 1, SIZE, SIZE, "g"), cells(1, 1, 1.5 * SIZE, SIZE, "p")
    units = Units(shapely.points([WEST + 0.0075], [SOUTH + 0.001]), {"households": np.array([7.0])})
    found = crosswalk(grids, areas, units, ["households"])
    [outside] = [row for row in found.itertuples() if pd.isna(row.area)]
    assert (outside.grid, outside.households) == ("g001", 7) and outside.share_of_grid == pytest.approx(0.5, rel=1e-3)


@settings(deadline=None, max_examples=30)
@given(
    width=st.floats(0.3, 3.0), height=st.floats(0.3, 3.0), shift=st.floats(-0.5, 0.5),
    places=st.lists(st.tuples(st.floats(0, 4), st.floats(0, 4), st.integers(0, 9)), max_size=30),
)  # fmt: skip
def test_sums_over_a_grid_are_the_grids_own(width: float, height: float, shift: float, places) -> None:
    grids = cells(4, 4, SIZE, SIZE, "g")
    areas = cells(3, 3, width * SIZE, height * SIZE, "p")
    areas = areas.set_geometry(areas.translate(shift * SIZE, shift * SIZE))
    x, y, weight = (np.array(part, dtype=float) for part in zip(*places, strict=True)) if places else (np.empty(0),) * 3
    units = Units(shapely.points(WEST + x * SIZE, SOUTH + y * SIZE), {"households": weight})
    found = crosswalk(grids, areas, units, ["households"])
    of_grid = found.groupby("grid")[["area_m2", "households"]].sum()
    expected = numbers(grids, units, ["households"])["households"]
    for code, shape in zip(grids["code"], grids.geometry, strict=True):
        # A strip as narrow as the lattice's rounding is no land: some two centimetres along two sides of 400 m.
        assert of_grid.at[code, "area_m2"] == pytest.approx(area_m2(shape), abs=20)
        assert of_grid.at[code, "households"] == pytest.approx(expected[code])
    assert not found.duplicated(["grid", "area"]).any()
