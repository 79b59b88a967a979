"""A station's morning by keyboard alone: calls are cleared and taken back, addresses reviewed, repeat places listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route, expect

from tests.api.test_repeats import call
from tests.e2e.browsing import Visit
from tests.made_town import SOUTH, TOWN, WEST, Town
from tests.serving import served

Open = Callable[..., Visit]
PROPOSALS = [
    {"lon": WEST + 0.002, "lat": SOUTH, "level": "number", "score": 0.92, "radius_m": 20, "matched": "东一路20号", "how": "exact"},
    {"lon": WEST + 0.005, "lat": SOUTH, "level": "road", "score": 0.5, "radius_m": 300, "matched": "东一路", "how": "centre"},
]  # fmt: skip


@pytest.fixture
def station(town: Town) -> Iterator[tuple[Town, str]]:
    """Three calls of one day, one of them without a place, at a server."""
    for address, point in (("东一路8号", (WEST, SOUTH)), ("<b>老菜市场</b>旁边", None), ("东一路8号", (WEST, SOUTH))):
        call(town, "2026-11-20", address, point)
    with served(town.app) as address:
        yield town, address


def test_calls_of_a_day_are_cleared_by_keyboard_and_taken_back(visit: Open, station: tuple[Town, str]) -> None:
    town, address = station
    page = visit(address).sign_in("analyst")
    page.tab.route("**/api/geocode*", lambda route: route.fulfill(json={"candidates": PROPOSALS, "elsewhere": False}))
    page.open(f"calls?county={TOWN}&day=2026-11-20")
    tab, keys = page.tab, page.tab.keyboard
    expect(tab.locator("#progress")).to_have_text("0 / 3")
    keys.press("v")
    keys.press("f")
    keys.press("Enter")
    expect(tab.locator("#progress")).to_have_text("1 / 3")
    expect(tab.locator("#address")).to_have_value("<b>老菜市场</b>旁边")
    expect(tab.locator("#candidates button")).to_have_count(2)
    keys.press("1")
    keys.press("c")
    keys.type("盗窃")
    keys.press("Enter")
    expect(tab.locator("#progress")).to_have_text("2 / 3")
    expect(tab.locator(".toast button")).to_have_count(1)  # of the last one alone, for that is what it takes back
    cleared = "SELECT valid, preventable, category, match_level FROM incident WHERE cleared_at IS NOT NULL ORDER BY id"
    assert [tuple(row) for row in town.rows(cleared)] == [
        (False, True, "纠纷", "given"), (True, None, "盗窃", "pinned"),
    ]  # fmt: skip
    keys.press("Control+z")
    expect(tab.locator("#progress")).to_have_text("1 / 3")
    expect(tab.locator("#address")).to_have_value("<b>老菜市场</b>旁边")
    assert [row[0] for row in town.rows("SELECT match_level FROM incident WHERE cleared_at IS NULL ORDER BY id")] == [
        "none", "given",
    ]  # fmt: skip
    for _ in range(2):
        keys.press("Enter")
        page.until("!document.getElementById('save').disabled")
        tab.wait_for_timeout(150)
    expect(tab.locator("#state .is-done")).to_be_visible()
    keys.press("n")
    keys.type("南一街5号")
    expect(tab.locator("#candidates button")).to_have_count(2)
    keys.press("Alt+2")
    keys.press("Enter")
    page.until("document.querySelectorAll('.toast').length > 0 && !document.getElementById('save').disabled")
    [entered] = town.rows("SELECT arrived_address, match_level FROM incident WHERE source = 'by hand'")
    assert tuple(entered) == ("南一街5号", "pinned")
    tab.locator("#address").blur()
    keys.press("Control+z")
    expect(tab.locator(".toast").last).to_contain_text("南一街5号")
    expect(tab.locator(".toast button")).to_have_count(0)  # what is taken back is not offered again
    assert town.rows("SELECT FROM incident WHERE source = 'by hand'") == []
    assert page.complaints == [] and page.violations() == []


def test_a_text_is_given_a_place_by_keyboard_and_taken_back(visit: Open, station: tuple[Town, str]) -> None:
    # The page alone: what the server would answer is given here.
    sent: list[tuple[str, dict]] = []
    texts = [
        {"text": name, "count": count, "last": "2026-11-20T21:30", "level": "none", "score": None, "candidates": PROPOSALS[:n]}
        for name, count, n in (("东一路廿号", 9, 2), ("老菜市场", 4, 0))
    ]  # fmt: skip
    shares = [{"level": "number", "count": 8}, {"level": "none", "count": 2}]

    def answer(route: Route) -> None:
        if route.request.method == "GET":
            route.fulfill(json={"texts": texts, "next": None, "shares": shares})
        else:
            sent.append((route.request.method, route.request.post_data_json))
            route.fulfill(json={"placed": 9, "alias": 7})

    page = visit(station[1]).sign_in("analyst")
    page.tab.route("**/api/addresses/review**", answer)
    page.open(f"calls/addresses?county={TOWN}")
    expect(page.tab.locator("#share")).to_have_class("card data-card review-share is-low")
    keys = page.tab.keyboard
    keys.press("2")
    keys.press("Enter")
    expect(page.tab.locator("#call-title")).to_have_text("老菜市场")
    keys.press("Enter")
    expect(page.tab.locator("#problem")).to_be_visible()
    keys.press("p")
    keys.press("ArrowLeft")
    keys.press("Enter")
    expect(page.tab.locator("#state .is-done")).to_be_visible()
    keys.press("Control+z")
    expect(page.tab.locator("#call-title")).to_have_text("老菜市场")
    assert [method for method, _ in sent] == ["POST", "POST", "DELETE"]
    assert sent[0][1] == {"text": "东一路廿号", "lon": PROPOSALS[1]["lon"], "lat": SOUTH, "candidate": 1}
    assert sent[1][1]["pinned"] is True and page.complaints == [] and page.violations() == []


def test_repeat_places_are_listed_with_their_calls_and_shown_on_the_map(visit: Open, station: tuple[Town, str]) -> None:
    town, address = station
    call(town, "2026-11-25", "东一路8号")
    page = visit(address).sign_in("analyst").open(f"calls/repeats?county={TOWN}&since=2026-11-01")
    expect(page.tab.locator("#list button")).to_have_count(1)
    expect(page.tab.locator(".place-mark")).to_have_count(1)
    page.tab.fill("#least", "9")
    page.tab.keyboard.press("Tab")
    expect(page.tab.locator("#list button")).to_have_count(0)
    assert "least=9" in page.tab.url and page.complaints == [] and page.violations() == []
