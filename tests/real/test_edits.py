"""Random edits on real polygons keep whole what was whole, and make nothing worse where it was not."""

from __future__ import annotations

import pytest
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.coverage import Fault, area_m2, check
from tests.real.edits import AFTER, CODES, FILES, ROUNDING, Tried, published, tried

WARDS, NEIGHBOURHOODS = FILES


def faults(grids: GeoDataFrame) -> list[Fault]:
    return [fault for fault in check(grids, pattern=CODES.pattern) if not fault.is_near]


def land_of(found: list[Fault], kind: str) -> float:
    return sum(area_m2(fault.where) for fault in found if fault.kind == kind)


@pytest.fixture(scope="module")
def wards(shared_data) -> Tried:
    shared_data(WARDS)
    return tried(published(WARDS))


@pytest.fixture(scope="module")
def neighbourhoods(shared_data) -> Tried:
    shared_data(NEIGHBOURHOODS)
    return tried(published(NEIGHBOURHOODS))


def test_wards_of_lancashire_stay_a_coverage_through_200_edits(wards: Tried) -> None:
    before, after = faults(wards.first), faults(wards.last)
    assert {fault.kind for fault in before + after} == {"exclave"}  # islands and banks on the coast
    assert land_of(after, "exclave") <= land_of(before, "exclave") * (1 + 1e-6)
    assert shapely.is_empty(wards.land_changed(ROUNDING))


def test_each_kind_of_edit_is_done_on_real_lines(wards: Tried) -> None:
    assert min(wards.done(op) for op in AFTER) >= 3


def test_neighbourhoods_of_vancouver_get_no_more_land_twice_or_lost(neighbourhoods: Tried) -> None:
    before, after = faults(neighbourhoods.first), faults(neighbourhoods.last)
    assert land_of(before, "overlap") > 0
    for kind in ("overlap", "gap"):
        assert land_of(after, kind) <= land_of(before, kind) * 1.001 + 1
    assert shapely.is_valid(neighbourhoods.last.geometry.to_numpy()).all()
    assert shapely.is_empty(neighbourhoods.land_changed(ROUNDING))
