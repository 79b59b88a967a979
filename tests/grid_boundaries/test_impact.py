"""Numbers of grids: each thing counted once, whatever lies on a line; gained and lost add up."""

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_boundaries.impact import Units, compare, members, numbers
from tests.grid_boundaries.board import PLACES, at, boards, cell, grids


def on_board(halves, seed=0):
    values = np.random.default_rng(seed).integers(0, 50, len(halves)).astype(float)
    return Units(at(*(np.array(halves) / 2)), {"households": values, "one": np.ones(len(halves))})


@settings(max_examples=60, deadline=None)
@given(boards(), PLACES)
def test_every_unit_of_a_covered_area_counts_in_the_grid_of_lowest_code_that_touches_it(board, halves):
    units = on_board(halves)
    ordered = board.sort_values("code")
    plain = dict.fromkeys(ordered["code"], 0.0)
    for point, households in zip(units.points, units.columns["households"], strict=True):
        plain[next(code for code, shape in zip(ordered["code"], ordered.geometry, strict=True) if shape.covers(point))] += households  # fmt: skip
    found = numbers(board, units)
    assert found["households"].to_dict() == pytest.approx(plain)
    assert found["one"].sum() == len(units)
    assert found.index.tolist() == board["code"].tolist()


@settings(max_examples=40, deadline=None)
@given(boards(), PLACES, st.integers(0, 4))
def test_some_grids_alone_get_the_numbers_that_they_have_among_all(board, halves, pick):
    units = on_board(halves)
    codes = sorted(board["code"])[: pick + 1]
    whole, some = numbers(board, units), numbers(board, units, codes=codes)
    pd.testing.assert_frame_equal(some, whole[whole.index.isin(codes)])


@settings(max_examples=60, deadline=None)
@given(boards(), boards(), PLACES)
def test_after_is_before_and_gained_without_lost_and_what_all_gain_all_lose(before, after, halves):
    units = on_board(halves)
    found = compare(before, after, units)
    np.testing.assert_allclose(found["after"], found["before"] + found["gained"] - found["lost"])
    one = found[found["measure"] == "households"].set_index("code")
    for name, frame in (("before", before), ("after", after)):
        alone = numbers(frame, units)["households"]
        assert one[name][one[name] > 0].to_dict() == alone[alone > 0].to_dict()
    assert one["gained"].sum() == pytest.approx(one["lost"].sum())


def test_a_unit_that_goes_and_one_that_comes_are_told_apart_though_the_sum_stays():
    before = grids(cell(0, 0, 2, 1), cell(2, 0, 2, 1))
    after = grids(cell(0, 0, 1, 1).union(cell(3, 0, 1, 1)), cell(1, 0, 2, 1))
    units = Units(at((0.5, 0.5), (1.5, 0.5), (2.5, 0.5), (3.5, 0.5)), {"households": np.array([1.0, 7, 1, 7])})
    found = compare(before, after, units).set_index("code")
    assert found.loc["000", ["before", "after", "gained", "lost"]].tolist() == [8, 8, 7, 7]


def test_unknown_numbers_and_units_without_a_place_add_nothing():
    points = np.append(at((0.5, 0.5), (0.6, 0.6)), shapely.Point())
    units = Units(points, {"households": np.array([3.0, np.nan, 100.0])})
    assert numbers(grids(cell(0, 0), cell(1, 0)), units)["households"].tolist() == [3.0, 0.0]


def test_what_is_known_more_roughly_than_a_circle_as_large_as_its_grid_counts_for_none():
    grid = grids(cell(0, 0))
    metres = GeoSeries(grid.geometry).to_crs(4548).area.iloc[0]  # a plane's area: another way to the same limit
    limit = float(np.sqrt(metres / np.pi))
    units = Units(
        at((0.5, 0.5), (0.5, 0.5), (0.4, 0.4)), {"one": np.ones(3)}, np.array([0, limit * 0.99, limit * 1.01])
    )
    assert numbers(grid, units)["one"].tolist() == [2.0]


def test_no_units_and_no_grids_give_empty_numbers():
    nothing = Units(np.zeros(0, dtype=object), {"one": np.zeros(0)})
    assert numbers(grids(cell(0, 0)), nothing)["one"].tolist() == [0.0]
    assert len(numbers(grids(cell(0, 0)).iloc[:0], on_board([(1, 1)]))) == 0
    assert members(grids(cell(0, 0)), on_board([(40, 40)])).nnz == 0


def test_columns_of_other_lengths_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        Units(at((0, 0)), {"one": np.ones(2)})


def test_units_of_a_frame_carry_the_columns_that_are_named():
    frame = GeoDataFrame({"households": [4, 5]}, geometry=list(at((0.5, 0.5), (1.5, 0.5))), crs=4326)
    found = numbers(grids(cell(0, 0), cell(1, 0)), Units.of(frame, ["households"]))
    assert found["households"].tolist() == [4.0, 5.0]
