"""What is counted in grids: where people live by the best that the files tell, what is counted besides, kept apart."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.queries import grid_homes, grid_units, visible
from grid_boundaries.impact import numbers
from tests.grid_boundaries.board import cell, grids
from tests.queries.made_block import DAY, Block

HALVES = grids(cell(0, 0), cell(1, 0), codes=["1", "2"])


@pytest.fixture
def block(database: Database, county: County, county_scope: Scope) -> Block:
    """A county with one grid of two cells."""
    made = Block(database, county_scope, county)
    made.grid("900", cell(0, 0, 2))
    return made


def held(block: Block, name: str, frame=HALVES, day: date = DAY) -> list[float]:
    return numbers(frame, block.units(day).units)[name].tolist()


def test_a_count_of_a_grid_goes_to_its_dwellings_by_floor_space_and_not_to_its_school(block: Block) -> None:
    block.building(0.5, 0.5, levels=6)
    block.building(1.5, 0.5, levels=2)
    block.building(1.7, 0.5, levels=1)
    block.building(1.2, 0.2, levels=20, kind="学校")
    block.put("population", grid_code="900", households=90, people=234, counted_on="2026-10-31")
    assert held(block, "households") == [60, 30]
    assert held(block, "people") == [156, 78]
    assert block.units().households_from == "counts"


def test_without_buildings_a_count_goes_to_the_addresses_and_without_these_to_the_middle(block: Block) -> None:
    block.put("population", grid_code="900", households=90)
    assert sum(held(block, "households", grids(cell(0, 0, 2)))) == 90
    for x in (0.2, 0.3, 1.5):
        block.point("address", x, 0.5, full_text="a")
    assert held(block, "households") == [60, 30]
    assert held(block, "addresses") == [2, 1]
    assert "people" not in block.units().units.columns


def test_points_with_people_stay_where_they_are_and_a_count_of_their_grid_is_not_added(block: Block) -> None:
    block.grid("901", cell(2, 0))
    block.building(1.5, 0.5)
    block.point("population", 0.5, 0.5, households=7, people=20)
    block.put("population", grid_code="900", households=90)
    block.put("population", grid_code="901", households=40)
    assert held(block, "households", grids(cell(0, 0), cell(1, 0), cell(2, 0))) == [7, 0, 40]
    assert block.units().households_from == "points"


def test_without_counts_the_grids_own_households_count_then_addresses_then_dwellings(block: Block) -> None:
    assert "households" not in block.units().units.columns and block.units().households_from is None
    block.building(0.5, 0.5)
    assert held(block, "households") == [1, 0] and block.units().households_from == "dwellings"
    block.point("address", 1.5, 0.5, full_text="a")
    assert held(block, "households") == [0, 1] and block.units().households_from == "addresses"
    with block.database.owner_session() as owner:
        owner.execute(text("UPDATE grid SET households = 33"))
    assert held(block, "households") == [33, 0] and block.units().households_from == "grids"


def test_a_count_holds_for_the_land_that_its_grid_had_and_a_later_one_of_a_part_overrides_it(block: Block) -> None:
    with block.database.owner_session() as owner:
        owner.execute(text("UPDATE grid SET valid = daterange(NULL, '2026-06-01')"))
    block.grid("901", cell(0, 0), valid="[2026-06-01,)")
    block.grid("902", cell(1, 0), valid="[2026-06-01,)")
    block.building(0.5, 0.5)
    block.building(1.5, 0.5)
    block.put("population", grid_code="900", households=100, counted_on="2026-03-31")
    assert held(block, "households") == [50, 50]
    block.put("population", grid_code="902", households=70, counted_on="2026-10-31")
    assert held(block, "households") == [50, 70]
    assert held(block, "households", day=date(2026, 5, 1)) == [50, 50]


def test_what_was_counted_after_the_day_is_taken_only_where_there_is_nothing_else(block: Block) -> None:
    block.building(0.5, 0.5)
    block.put("population", grid_code="900", households=40, counted_on="2026-09-30")
    block.put("population", grid_code="900", households=50, counted_on="2026-10-31")
    assert [held(block, "households", day=date(2026, month, 1))[0] for month in (8, 10, 11)] == [40, 40, 50]


@pytest.mark.parametrize("day", ["2026-09-30", "2026-10-31"])
def test_households_of_one_file_and_people_of_another_stand_beside_each_other(block: Block, day: str) -> None:
    block.building(0.5, 0.5)
    block.building(1.5, 0.5)
    block.put("population", grid_code="900", households=40, counted_on="2026-09-30")
    block.put("population", grid_code="900", people=100, counted_on=day)
    assert (held(block, "households"), held(block, "people")) == ([20, 20], [50, 50])
    block.put("population", grid_code="900", households=60, counted_on="2026-10-31")
    assert (held(block, "households"), held(block, "people")) == ([30, 30], [50, 50])


def test_the_rows_of_one_source_for_a_grid_are_added_up(block: Block) -> None:
    block.building(0.5, 0.5)
    block.building(1.5, 0.5)
    for key, count in (("a", 30), ("b", 50)):
        block.put("population", grid_code="900", households=count, source="户籍", source_key=key)
    assert held(block, "households") == [40, 40]


def test_incidents_are_the_valid_ones_of_a_year_whose_place_is_known_well_enough(block: Block) -> None:
    block.incident(0.5, 0.5)
    block.incident(0.5, 0.5, day="2025-11-30 12:00+08")
    block.incident(0.5, 0.5, day="2025-11-29 12:00+08")
    block.incident(0.5, 0.5, day="2026-11-30 12:00+08")
    block.incident(0.5, 0.5, valid=False)
    block.incident(0.5, 0.5, match_level="town", radius_m=5000)
    block.incident(1.5, 0.5, category="纠纷")
    block.put("incident", category="纠纷", match_level="none", occurred_from="2026-11-01")
    assert held(block, "incidents") == [2, 1]
    found = block.units()
    of_kind = {name: int((found.category == place).sum()) for place, name in enumerate(found.categories)}
    assert of_kind == {"盗窃": 3, "纠纷": 1}  # the rough one is among them, and in no grid


def test_cameras_and_key_places_of_the_day_are_counted(block: Block) -> None:
    block.point("camera", 0.5, 0.5, code="1", name="a")
    block.point("camera", 0.5, 0.5, code="2", name="b", valid="[2026-12-01,)")
    block.point("place", 1.5, 0.5, name="school", kind="school")
    block.point("place", 1.5, 0.5, name="shop", kind="shop", is_key=False)
    assert held(block, "cameras") == [1, 0]
    assert held(block, "places") == [0, 1]


def test_units_are_kept_until_something_changes_and_for_the_one_scope_alone(block: Block) -> None:
    block.point("address", 0.5, 0.5, full_text="a")
    first = block.units()
    assert block.units() is first
    block.point("address", 1.5, 0.5, full_text="b")
    assert held(block, "addresses") == [1, 1]
    with block.database.session(Scope.of([]), read_only=True) as session, block.database.owner_session() as owner:
        county = visible.county(owner, block.code)
        assert len(grid_units.units(session, county, DAY).units) == 0


@given(
    st.lists(st.tuples(st.integers(0, 500), st.lists(st.floats(0.01, 10), min_size=1, max_size=8)), max_size=6),
    st.randoms(),
)
def test_whole_shares_have_the_sum_of_their_grid_and_differ_by_less_than_one(counts, dice) -> None:
    shares = [
        (grid, count * weight / sum(weights)) for grid, (count, weights) in enumerate(counts) for weight in weights
    ]
    dice.shuffle(shares)
    grid = np.array([one for one, _ in shares], dtype=int)
    exact = np.array([share for _, share in shares], dtype=float)
    found = grid_homes.whole(exact, grid)
    assert np.bincount(grid, found, minlength=len(counts)).tolist() == [count for count, _ in counts]
    assert (np.abs(found - exact) < 1 + 1e-5).all() and (found == np.round(found)).all()
