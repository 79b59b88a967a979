"""What somebody said of a call, and the place that was found for it, when its file comes again."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from geo_app.models import AppUser

HEAD = "number,category,valid,preventable,address,longitude,latitude"
SPOT, OTHER_SPOT = "118.351,31.742", "118.352,31.743"
BY_HAND = "geom = 'SRID=4326;POINT(118.36 31.75)', match_level = 'pinned', match_how = 'by hand', radius_m = 0"
FOUND = (
    "geom = 'SRID=4326;POINT(118.37 31.76)', match_level = 'number', match_how = 'exact', match_score = 0.9,"
    " radius_m = 20"
)
CLEARED = "cleared_at = now(), cleared_by = (SELECT id FROM app_user)"
PLACE = "SELECT ST_X(geom), match_level, match_how, match_score, radius_m, placed_before FROM incident"


@pytest.fixture
def taken(desk):  # type: ignore[no-untyped-def]
    """Takes a file of one call in, after the first time as its file comes again."""
    with desk.database.side_session() as session:
        session.add(AppUser(login="clerk", name="", password_hash=""))

    def take(place: str = SPOT, address: str = "和州路1号", category: str = "盗窃", valid: str = "是"):  # type: ignore[no-untyped-def]
        return desk.take("incidents", desk.text("110.csv", f"{HEAD}\n1,{category},{valid},,{address},{place}\n"))

    return take


def write(desk, said: str) -> None:
    with desk.database.session(desk.scope) as session:
        session.execute(text(f"UPDATE incident SET {said}"))


def counts(report) -> tuple[int, int, int]:
    return report.stored, report.updated, report.unchanged


def test_a_cleared_call_keeps_what_was_said_of_it(desk, taken) -> None:
    taken()
    write(desk, f"{CLEARED}, category = '诈骗', valid = false, preventable = true, {BY_HAND}")
    assert counts(taken()) == (0, 0, 1)
    assert counts(taken(OTHER_SPOT, "太湖路2号", "纠纷")) == (0, 1, 0)
    assert desk.rows("SELECT category, valid, preventable, arrived_address, match_level, ST_X(geom) FROM incident") == [
        ("诈骗", False, True, "和州路1号", "pinned", 118.36)
    ]
    assert "纠纷" in str(desk.rows("SELECT arrived FROM incident"))


def test_a_cleared_call_without_a_place_takes_one_that_comes(desk, taken) -> None:
    taken(",")
    write(desk, CLEARED)
    taken(SPOT)
    assert desk.rows("SELECT match_level, ST_X(geom) FROM incident") == [("given", 118.351)]


def test_a_call_that_was_not_cleared_takes_what_its_file_says(desk, taken) -> None:
    taken()
    write(desk, "category = '诈骗', valid = false")
    assert counts(taken(OTHER_SPOT)) == (0, 1, 0)
    assert desk.rows("SELECT category, valid, ST_X(geom) FROM incident") == [("盗窃", True, 118.352)]


@pytest.mark.parametrize("how", [BY_HAND, FOUND], ids=["by hand", "found"])
def test_a_place_that_was_found_for_an_address_holds_while_the_address_does(desk, taken, how: str) -> None:
    taken(",")
    write(desk, f"{how}, placed_before = '{{}}'")
    before = desk.rows(PLACE)
    assert counts(taken(",")) == (0, 0, 1)
    assert counts(taken(",", category="纠纷")) == (0, 1, 0)
    assert desk.rows(PLACE) == before
    assert counts(taken(",", address="太湖路2号", category="纠纷")) == (0, 1, 0)
    assert desk.rows(PLACE) == [(None, "none", None, None, None, None)]


def test_a_position_that_comes_later_wins_over_a_found_place_and_not_over_one_by_hand(desk, taken) -> None:
    taken(",")
    write(desk, BY_HAND)
    assert counts(taken(SPOT)) == (0, 1, 0)
    assert desk.rows(PLACE)[0][:3] == (118.36, "pinned", "by hand")
    write(desk, FOUND)
    assert counts(taken(SPOT)) == (0, 1, 0)
    assert desk.rows(PLACE) == [(118.351, "given", None, None, 0.0, None)]


def test_a_kept_place_keeps_its_areas(desk, taken) -> None:
    taken(",")
    write(desk, f"{BY_HAND}, grid_stable_id = 7")
    taken(",", category="纠纷")
    assert desk.rows("SELECT category, grid_stable_id FROM incident") == [("纠纷", 7)]
