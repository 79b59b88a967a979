"""Who holds what before and after: after is before and what was gained without what was lost, of points, metres and land."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.sparse import csr_array

from grid_boundaries.coverage import area_m2
from grid_boundaries.exchange import Held, exchange, overlay
from grid_boundaries.impact import Units, members
from tests.grid_boundaries.board import WHOLE, at, boards, cell, grids


def test_people_with_several_grids_neither_gain_nor_lose_what_moves_between_these():
    before, after = grids(cell(0, 0), cell(1, 0), cell(2, 0)), grids(cell(0, 0, 1.5), cell(1.5, 0, 1.5))
    units = Units(at((0.5, 0.5), (1.2, 0.5), (1.8, 0.5), (2.5, 0.5)), {"households": np.array([1.0, 2, 4, 8])})
    held = [Held(tuple(frame["code"]), members(frame, units)) for frame in (before, after)]
    then = held[0].by([["Wang", "Li"], ["Wang"], ["Li", "Li"]])
    now = held[1].by([["Wang"], ["Li", "Zhao"]])
    found = exchange(then, now, units.columns).set_index("owner")
    assert found.loc["Wang", ["before", "after", "gained", "lost"]].tolist() == [7, 3, 0, 4]
    assert found.loc["Li", ["before", "after", "gained", "lost"]].tolist() == [9, 12, 4, 1]
    assert found.loc["Zhao", ["before", "after"]].tolist() == [0, 12]


def test_metres_of_lines_are_exchanged_like_points():
    then = Held(("a", "b"), csr_array(np.array([[60.0, 40.0], [0.0, 100.0]])))
    now = Held(("b", "c"), csr_array(np.array([[70.0, 30.0], [100.0, 0.0]])))
    found = exchange(then, now, {"road_m": np.ones(2)}).set_index("owner")
    assert found.loc["a", ["before", "after", "gained", "lost"]].tolist() == [60, 0, 0, 60]
    assert found.loc["b", ["before", "after", "gained", "lost"]].tolist() == [140, 170, 30, 0]


def test_nobody_holds_anything_when_nobody_is_named():
    held = Held(("a",), csr_array(np.array([[1.0]]))).by([[]])
    assert held.owners == () and len(exchange(held, held, {"one": np.ones(1)})) == 0
    assert list(exchange(held, held, {}).columns) == ["owner", "measure", "before", "after", "gained", "lost"]


@settings(max_examples=40, deadline=None)
@given(boards(), boards())
def test_pieces_of_two_coverages_add_up_to_the_land_of_every_grid(before, after):
    then, now, pieces_m2 = overlay(before, after)
    found = exchange(then, now, {"area_m2": pieces_m2}).set_index("owner")
    for side, frame in (("before", before), ("after", after)):
        areas = {code: area_m2(shape) for code, shape in zip(frame["code"], frame.geometry, strict=True)}
        assert found[side][found[side] > 0].to_dict() == pytest.approx(areas, rel=1e-9)
    assert pieces_m2.sum() == pytest.approx(area_m2(WHOLE), rel=1e-9)
    assert found["gained"].sum() == pytest.approx(found["lost"].sum())


def test_land_of_one_coverage_alone_is_gained_from_nobody_and_lost_to_nobody():
    then, now, pieces_m2 = overlay(grids(cell(0, 0, 2)), grids(cell(1, 0, 2)))
    found = exchange(then, now, {"area_m2": pieces_m2}).set_index("owner")
    (row,) = found[["before", "gained", "lost"]].to_numpy()
    assert row == pytest.approx([area_m2(cell(0, 0, 2)), area_m2(cell(2, 0)), area_m2(cell(0, 0))], rel=1e-9)
    nothing = overlay(grids(cell(0, 0)).iloc[:0], grids(cell(0, 0)))
    assert nothing[0].owners == () and nothing[2].tolist() == pytest.approx([area_m2(cell(0, 0))])
