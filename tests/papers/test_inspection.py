"""What an inspection asks: areas that add up or do not, whose each grid is, what is open."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_app.papers.inspection import FAULTS, Inspection, inspect
from grid_boundaries.coverage import area_m2
from tests.papers.made import COMMUNITY, DAY, communities, grids, square


def items(found: Inspection, kind: str) -> list[str]:
    return [item.code[-3:] for item in found.open_items if item.kind == kind]


def test_the_areas_of_whole_grids_add_up_to_what_they_cover_and_to_the_outline() -> None:
    found = inspect(grids(), communities(), DAY)
    assert found.faults == () and found.whole.faults == 0 and found.open_items == ()
    for proof in (found.whole, *found.proofs):
        assert proof.grids == 4 and proof.difference_m2 < 1e-3
        assert proof.sum_m2 == pytest.approx(area_m2(square(0, width=4)), rel=1e-6)  # a parallel is no geodesic
    assert list(found.grids["area_m2"]) == [area_m2(shape) for shape in grids().geometry]


@settings(deadline=None, max_examples=25)
@given(st.floats(0.05, 0.9))
def test_an_overlap_makes_the_sum_larger_by_what_two_have(share: float) -> None:
    shapes = [square(0), square(1 - share, width=1 + share), square(2), square(3)]
    found = inspect(grids().set_geometry(shapes, crs=4326), communities(), DAY)
    overlap = area_m2(shapely.intersection(shapes[0], shapes[1]))
    assert found.whole.sum_m2 - found.whole.union_m2 == pytest.approx(overlap, rel=1e-4)
    assert found.proofs[0].difference_m2 == pytest.approx(overlap, rel=1e-4)
    assert "overlap" in {fault.kind for fault in found.faults} and found.whole.faults and found.proofs[0].faults
    assert {"001", "002"} <= set(items(found, "fault"))


def test_what_is_only_nearly_wrong_is_neither_counted_nor_marked_on_a_map() -> None:
    narrow = [square(0), square(1, width=0.001), square(1.001, width=1.999), square(3)]
    found = inspect(grids().set_geometry(narrow, crs=4326), communities(), DAY)
    assert [fault.kind for fault in found.faults] == ["sliver"]
    assert found.whole.faults == 0 and found.placed_faults == []
    across = [square(0), square(0.5, width=1.5), square(2), square(3)]
    found = inspect(grids().set_geometry(across, crs=4326), communities(), DAY)
    assert found.whole.faults == len(found.placed_faults) == 1


@settings(deadline=None, max_examples=25)
@given(st.floats(0.05, 0.9))
def test_a_gap_makes_the_outline_larger_by_what_nobody_has(share: float) -> None:
    shapes = [square(0), square(1, width=1 - share), square(2), square(3)]
    found = inspect(grids().set_geometry(shapes, crs=4326), communities(), DAY)
    gap = area_m2(square(2 - share, width=share))
    assert found.whole.parent_m2 - found.whole.union_m2 == pytest.approx(gap, rel=1e-3)
    assert found.whole.faults and found.proofs[0].faults


def test_a_community_without_any_grid_is_land_without_a_grid() -> None:
    outlines = communities(communities().geometry[0], square(4))
    found = inspect(grids(), outlines, DAY)
    empty = found.proofs[1]
    assert (empty.grids, empty.sum_m2, empty.union_m2, empty.faults) == (0, 0.0, 0.0, 1)
    assert empty.difference_m2 == pytest.approx(area_m2(square(4)))
    assert found.proofs[0].faults == 0
    assert [fault.kind for fault in found.faults] == ["uncovered"]
    assert [(item.kind, item.code, item.detail) for item in found.open_items] == [("fault", "", "uncovered")]


def test_without_outlines_only_the_inside_is_compared() -> None:
    found = inspect(grids(), communities(None), DAY)
    assert found.faults == () and found.whole.parent_m2 is None and found.proofs[0].parent_m2 is None
    assert found.whole.difference_m2 < 1e-3


def test_a_grid_across_communities_is_told() -> None:
    outlines = communities(
        shapely.union_all([square(n) for n in (0, 1)] + [square(2, width=0.5)]),
        shapely.union_all([square(2.5, width=0.5), square(3)]),
    )
    kinds = {fault.kind for fault in inspect(grids(), outlines, DAY).faults}
    assert "across_communities" in kinds and kinds <= FAULTS.keys()


def test_every_kind_of_open_item_is_found_once_for_its_grid() -> None:
    frame = grids(
        leader=[None, " ", "张三", "张三"], leader_telephone=["0555-1", None, " ", "0555-2"], workers=["李四", "李四", "李四", None],
        households=[299, 500, 501, None],
    )  # fmt: skip
    found = inspect(frame, communities(), DAY)
    assert items(found, "no_leader") == ["001", "002"]
    assert items(found, "no_telephone") == ["003"]
    assert items(found, "no_worker") == ["004"]
    assert items(found, "households_below") == ["001"]
    assert items(found, "households_above") == ["003"]
    assert items(found, "households_unknown") == ["004"]
    assert len(found.open_items) == 7


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 900), min_size=4, max_size=4), st.integers(1, 400), st.integers(0, 400))
def test_a_grid_is_open_for_its_households_exactly_when_they_lie_outside_the_band(
    counts: list[int], least: int, more: int
) -> None:
    found = inspect(grids(households=counts), communities(), DAY, band=(least, least + more))
    outside = {f"{n + 1:03d}" for n, count in enumerate(counts) if count < least or count > least + more}
    assert set(items(found, "households_below")) | set(items(found, "households_above")) == outside
    assert len(found.open_items) == len(outside)


def test_codes_follow_the_countys_rule() -> None:
    found = inspect(grids(), communities(), DAY, pattern=r"^mesa-\d+$")
    assert [fault.kind for fault in found.faults] == ["malformed_code"] * 4
    assert found.proofs[0].faults == 4 and items(found, "fault") == ["001", "002", "003", "004"]


def test_the_frames_given_stay_as_they_are() -> None:
    frame, outlines = grids(), communities()
    inspect(frame, outlines, DAY)
    assert frame.equals(grids()) and outlines.equals(communities())
    assert COMMUNITY in set(outlines["code"])
