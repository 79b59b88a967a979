"""Households of grids as papers tell them: counted once, whatever files say it, and as of the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.queries import grid_papers, visible
from tests.grid_boundaries.board import cell
from tests.queries.made_block import DAY, Block


@pytest.fixture
def block(database: Database, county: County, county_scope: Scope) -> Block:
    """A county with one grid."""
    made = Block(database, county_scope, county)
    made.grid("900", cell(0, 0))
    return made


def households(block: Block, day: date = DAY) -> int | None:
    with block.database.session(block.scope, read_only=True) as session:
        county = visible.county(session, block.code)
        assert county is not None
        [told] = grid_papers.grids_with_places(session, county, day)["households"]
        return None if told is None else int(told)


def test_of_two_counts_of_a_grid_the_last_up_to_the_day_holds(block: Block) -> None:
    assert households(block) is None
    for count, ago in ((100, 400), (120, 30), (90, -10)):
        block.put("population", grid_code="900", households=count, counted_on=str(DAY - timedelta(days=ago)))
    assert households(block) == 120
    assert households(block, DAY - timedelta(days=31)) == households(block, DAY - timedelta(days=300)) == 100
    assert households(block, DAY - timedelta(days=500)) == 100  # the nearest of the later ones
    assert households(block, DAY + timedelta(days=10)) == 90
    block.put("population", grid_code="900", people=300, counted_on=str(DAY))
    assert households(block) == 120


def test_households_at_places_are_not_counted_once_more_with_their_grid(block: Block) -> None:
    block.put("population", grid_code="900", households=100)
    for x in (0.2, 0.7):
        block.point("population", x, 0.5, households=40)
    assert households(block) == 80


def test_the_rows_of_one_source_on_a_day_are_added_up_and_another_source_takes_their_place(block: Block) -> None:
    for key, count in (("a", 30), ("b", 50)):
        block.put("population", grid_code="900", households=count, counted_on=str(DAY), source="户籍", source_key=key)
    assert households(block) == 80
    block.put("population", grid_code="900", households=85, counted_on=str(DAY), source="普查", source_key="a")
    assert households(block) == 85
