"""Exclaves, communities, slivers, spikes, and the check of a neighbourhood alone."""

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_boundaries.coverage import Fault, area_m2, check, check_near
from grid_boundaries.schema import normalise, snap

METRE = np.array([1 / 95_400, 1 / 110_870])  # degrees at 31 degrees north, nearly


def metres(*places):
    return shapely.Polygon(np.array(places) * METRE + (118, 31))


def rectangle(west, south, east, north):
    return metres((west, south), (east, south), (east, north), (west, north))


def grids(*shapes, community=None):
    frame = GeoDataFrame(
        {"code": [f"340523001001{i:03d}" for i in range(len(shapes))]}, geometry=list(shapes), crs=4326
    )
    frame = normalise(frame)
    return frame if community is None else frame.assign(community=community)


def kinds(faults):
    return [(fault.kind, fault.grids) for fault in faults]


def board(side=6):
    return [rectangle(100 * x, 100 * y, 100 * x + 100, 100 * y + 100) for x in range(side) for y in range(side)]


COMMUNITIES = GeoDataFrame(
    {"code": ["340523001001", "340523001002"]},
    geometry=snap(np.array([rectangle(0, 0, 100, 200), rectangle(100, 0, 300, 200)])),
    crs=4326,
)


def test_a_grid_in_two_communities_is_told_with_its_land_in_the_other():
    shapes = grids(rectangle(0, 0, 120, 100), rectangle(0, 100, 100, 200), rectangle(120, 0, 300, 200))
    for claims in (None, [*COMMUNITIES["code"], "340523001002"][:1] * 2 + ["340523001002"]):
        frame = shapes if claims is None else shapes.assign(community=claims)
        faults = [fault for fault in check(frame, communities=COMMUNITIES) if fault.kind == "across_communities"]
        assert kinds(faults) == [("across_communities", (0,))]
        assert faults[0].detail == "340523001002"
        assert faults[0].area_m2 == pytest.approx(2000, rel=2e-3)


def test_grids_that_make_up_their_communities_lie_in_one_each():
    whole = grids(rectangle(0, 0, 100, 200), rectangle(100, 0, 200, 200), rectangle(200, 0, 300, 200))
    assert check(whole, communities=COMMUNITIES) == []


def test_a_grid_that_names_another_community_than_the_one_it_lies_in_is_told():
    shapes = grids(rectangle(0, 0, 100, 200), rectangle(100, 0, 300, 200), community=["340523001002"] * 2)
    assert kinds(check(shapes, communities=COMMUNITIES)) == [("across_communities", (0,))]


def test_a_grid_that_is_there_twice_does_not_hide_that_it_lies_in_another_community():
    twice = [rectangle(200, 0, 300, 200)] * 2
    shapes = grids(rectangle(0, 0, 100, 200), *twice, community=["340523001001"] * 3)
    assert {fault.grids for fault in check(shapes, communities=COMMUNITIES) if fault.kind == "across_communities"} == {
        (1,),
        (2,),
    }


def test_a_narrow_tail_a_narrow_neck_and_a_narrow_grid_are_slivers():
    tail = metres((0, 0), (100, 0), (100, 50), (140, 50), (140, 50.5), (100, 50.5), (100, 100), (0, 100))
    neck = metres(
        (0, 200), (50, 200), (50, 249.6), (80, 249.6), (80, 200), (130, 200),
        (130, 300), (80, 300), (80, 250.2), (50, 250.2), (50, 300), (0, 300),
    )  # fmt: skip
    thin = rectangle(0, 400, 60, 400.7)
    for shape, area in ((tail, 20), (neck, 18), (thin, 42)):
        faults = check(grids(shape))
        assert kinds(faults) == [("sliver", (0,))] and faults[0].is_near
        assert faults[0].area_m2 == pytest.approx(area, rel=0.1)
        assert float(faults[0].detail) == pytest.approx(0.6, abs=0.15)


def test_land_as_narrow_but_short_and_land_as_long_but_wide_are_none():
    stub = metres((0, 0), (100, 0), (100, 50), (105, 50), (105, 50.5), (100, 50.5), (100, 100), (0, 100))
    lane = metres((0, 0), (100, 0), (100, 50), (140, 50), (140, 51.5), (100, 51.5), (100, 100), (0, 100))
    assert check(grids(stub)) == [] and check(grids(lane)) == []


def test_a_line_that_goes_out_and_comes_back_is_a_spike_of_land_or_cut_into_it():
    out = metres((0, 0), (100, 0), (100, 50), (130, 50.02), (100, 50.04), (100, 100), (0, 100))
    cut = metres((0, 0), (100, 0), (100, 50), (70, 50.02), (100, 50.04), (100, 100), (0, 100))
    blunt = metres((0, 0), (100, 0), (100, 50), (103, 50), (103, 50.05), (100, 50.05), (100, 100), (0, 100))
    for shape, tip in ((out, (130, 50.02)), (cut, (70, 50.02)), (blunt, (103, 50))):
        faults = check(grids(shape))
        assert kinds(faults) == [("spike", (0,))] and faults[0].is_near
        assert shapely.distance(faults[0].where, metres(tip, tip, tip).centroid) < 2e-7


def test_a_needle_between_two_grids_is_told_once_of_the_one_whose_land_it_is():
    out = metres((0, 0), (100, 0), (100, 50), (130, 50.02), (100, 50.04), (100, 100), (0, 100))
    around = metres((100, 0), (200, 0), (200, 100), (100, 100), (100, 50.04), (130, 50.02), (100, 50))
    assert kinds(check(grids(around, out))) == [("spike", (1,))]


def test_a_sharp_corner_between_two_roads_is_no_spike():
    assert check(grids(metres((0, 0), (100, 0), (100, 20)))) == []


def test_nothing_of_land_is_without_a_place_and_nothing_of_codes_without_its_grids():
    bow = metres((0, 0), (100, 100), (100, 0), (0, 100))
    frame = grids(bow, rectangle(200, 0, 320, 100), rectangle(300, 0, 400, 100), rectangle(500, 0, 600, 100))
    frame["code"] = ["7", "340523001001001", "340523001001001", "340523001001002"]
    faults = check(frame, rectangle(200, 0, 700, 100))
    assert {fault.kind for fault in faults} == {
        "malformed_code", "duplicate_code", "invalid_geometry", "overlap", "uncovered"
    }  # fmt: skip
    assert all(not fault.where.is_empty and fault.area_m2 >= 0 for fault in faults)
    assert {fault.kind for fault in faults if fault.area_m2 > 0} == {"overlap", "uncovered"}


def broken_board():
    """36 squares: an overlap, a hole, an unmatched corner, a malformed code and a code that is there twice."""
    shapes = board()
    shapes[7] = rectangle(100, 100, 201, 200)
    shapes[21] = rectangle(310, 300, 400, 400)
    frame = grids(*shapes)
    frame.loc[30, "code"] = "x"
    frame.loc[35, "code"] = frame["code"][3]
    return frame


@pytest.mark.parametrize("row", range(36))
def test_what_is_found_near_one_grid_is_what_the_whole_check_finds_of_it(row):
    frame = broken_board()
    parent = snap(rectangle(0, 0, 600, 600))
    whole = [fault for fault in check(frame, parent) if row in fault.grids or frame["code"][row] == fault.detail]
    near = check_near(frame, [frame["code"][row]], parent)
    assert sorted(summary(near)) == sorted(summary(whole))


def summary(faults: list[Fault]):
    return [(fault.kind, fault.grids, round(fault.area_m2, 2), fault.detail) for fault in faults]


def test_a_grid_that_is_missing_is_told_beside_its_neighbours_and_not_elsewhere():
    shapes = board()
    inner, corner = shapes.pop(14), shapes.pop(0)
    frame, parent = grids(*shapes), snap(rectangle(0, 0, 600, 600))
    beside_corner, beside_hole, far = frame["code"][0], frame["code"][12], frame["code"][33]
    assert [fault.kind for fault in check_near(frame, [beside_corner], parent)] == ["uncovered"]
    gaps = check_near(frame, [beside_hole], parent)
    assert [fault.kind for fault in gaps] == ["gap"]
    assert gaps[0].area_m2 == pytest.approx(area_m2(inner), rel=1e-3)
    assert check_near(frame, [far], parent) == [] and check_near(frame, [], parent) == []
    assert check_near(frame, ["no such code"], parent) == [] and area_m2(corner) > 0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 360), st.floats(0.2, 5))
def test_turned_shifted_and_scaled_grids_have_the_same_faults(shift, angle, factor):
    def moved(shape):
        turned = shapely.affinity.rotate(shape, angle, origin=(118.003, 31.003))
        return shapely.affinity.translate(
            shapely.affinity.scale(turned, factor, factor, origin=(118.003, 31.003)), shift * 1e-7, -shift * 3e-7
        )

    shapes = board(4)
    shapes[5] = rectangle(100, 100, 220, 200)
    del shapes[10]
    whole = large(check(grids(*shapes)))
    found = large(check(grids(*snap(np.array([moved(shape) for shape in shapes])))))
    assert set(whole) == set(found) == {("overlap", (5, 9)), ("gap", (6, 9, 10, 13))}
    for kind in whole:
        assert found[kind] == pytest.approx(factor**2 * whole[kind], rel=5e-3)


def large(faults: list[Fault]):
    """Square degrees of what is wider than the rounding of a corner; of gaps, the grids that share a line with it."""
    corners = {5, 7, 12, 14}
    return {
        (fault.kind, fault.grids if fault.kind == "overlap" else tuple(sorted(set(fault.grids) - corners))): (
            fault.where.area
        )
        for fault in faults
        if fault.area_m2 > 30
    }
