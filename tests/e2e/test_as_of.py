"""The map of another day says so and goes back in one click; two days are compared on a page of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from geo_app.database.engine import Database
from tests.e2e.browsing import PHONE, Visit, served
from tests.made_history import BEGIN, HALVES, MOVED, RENAMED, SPLIT, WHOLE, write_history

DAY = timedelta(1)
CHIP = '.filter-chip[data-chip="as_of"]'
Open = Callable[..., Visit]


@pytest.fixture
def past_address(mesa_app: Flask, mesa: Database) -> Iterator[str]:
    """A server whose grids have a history."""
    with mesa.owner_session() as owner:
        write_history(owner)
    with served(mesa_app) as found:
        yield found


def count(page: Visit) -> str:
    return page.tab.inner_text("#grids .tiles b")


def test_another_day_is_chosen_among_the_grids_marked_on_the_map_and_taken_back_in_one_click(
    visit: Open, past_address: str
) -> None:
    page = visit(past_address).sign_in().open("?view=grids")
    page.tab.wait_for_selector(".grid-list button")
    assert count(page) == "13" and page.tab.locator(CHIP).count() == 0 and "as_of" not in page.tab.url
    page.tab.fill("#as-of", str(SPLIT - DAY))
    page.until("document.querySelector('#grids .tiles b').textContent === '12'")
    assert f"as_of={SPLIT - DAY}" in page.tab.url
    assert str(SPLIT - DAY) in page.tab.inner_text(CHIP)
    page.until("document.querySelectorAll('.leaflet-drawing-grids-pane path').length === 12")
    page.tab.click(CHIP)
    page.until("document.querySelector('#grids .tiles b').textContent === '13'")
    assert page.tab.locator(CHIP).count() == 0 and "as_of" not in page.tab.url
    assert page.tab.is_hidden("#as-of-today")
    # The browser's own step back brings the day again.
    page.tab.go_back()
    page.until("document.querySelector('#grids .tiles b').textContent === '12'")
    assert page.tab.input_value("#as-of") == str(SPLIT - DAY)
    page.tab.click("#as-of-today")
    page.until("document.querySelector('#grids .tiles b').textContent === '13'")
    assert page.complaints == [] and page.violations() == []


def test_an_address_with_a_day_opens_that_day_in_every_view_and_prints_it(visit: Open, past_address: str) -> None:
    page = visit(past_address).sign_in().open(f"?view=map&as_of={SPLIT - DAY}")
    assert str(SPLIT - DAY) in page.tab.inner_text(CHIP)
    page.tab.evaluate("window.print = () => { window.printed = true; }")
    page.tab.click("#print-menu summary")
    page.tab.click("[data-print=a4]")
    page.until("window.printed")
    assert str(SPLIT - DAY) in page.tab.text_content("#print-words")
    page.tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.tab.click('.tabs [data-view="grids"]')
    page.until(
        "document.querySelector('#grids .tiles b') && document.querySelector('#grids .tiles b').textContent === '12'"
    )
    assert page.tab.input_value("#as-of") == str(SPLIT - DAY)


def test_before_the_first_grid_panel_and_map_say_from_when_on_there_are_any(visit: Open, past_address: str) -> None:
    page = visit(past_address).sign_in().open(f"?view=grids&as_of={BEGIN - DAY}")
    page.tab.wait_for_selector("#grids .state")
    assert str(BEGIN) in page.tab.inner_text("#grids .state")
    assert str(BEGIN) in page.tab.inner_text("#notices")


def test_a_year_that_is_being_typed_asks_for_nothing(visit: Open, past_address: str) -> None:
    page = visit(past_address).sign_in().open("?view=grids")
    page.tab.wait_for_selector(".grid-list button")
    page.requests.clear()
    page.tab.fill("#as-of", "0202-02-01")
    page.tab.wait_for_timeout(300)
    assert [url for url in page.requests if "as_of" in url] == [] and "as_of" not in page.tab.url


def test_the_table_that_is_taken_out_is_that_of_the_day(visit: Open, past_address: str) -> None:
    page = visit(past_address).sign_in().open(f"?view=grids&as_of={SPLIT - DAY}")
    page.tab.click('#grids-panel [data-tables="grids"]')
    assert f"as_of={SPLIT - DAY}" in (page.tab.get_attribute("#table-file", "href") or "")


def names(page: Visit, kind: str) -> list[str]:
    return page.tab.eval_on_selector_all(
        f".compare-list button.is-{kind}", "all => all.map((one) => one.querySelector('small').textContent)"
    )


def test_two_days_are_compared_as_a_list_and_on_the_map(visit: Open, past_address: str) -> None:
    page = visit(past_address).sign_in()
    page.tab.goto(f"{past_address}/grids/compare?county=mesa&from={BEGIN}&to={RENAMED}")
    page.ready()
    assert sorted(names(page, "created")) == [*HALVES] and names(page, "retired") == [WHOLE]
    assert names(page, "renamed") == ["mesa-012"]
    assert [len(names(page, kind)) for kind in ("moved", "redrawn")] == [2, 2]
    assert page.tab.locator(".compare-piece.is-new.leaflet-interactive").count() == 2
    assert page.tab.locator(".compare-piece.is-moved.leaflet-interactive").count() == 1
    assert page.tab.locator(".compare-piece.is-redrawn.leaflet-interactive").count() == 1
    legend = page.tab.inner_text("#legend")
    assert "ha" in legend or "公顷" in legend
    box, shown = (
        page.tab.locator(one).bounding_box() for one in ("#compare-map", ".compare-piece.is-moved.leaflet-interactive")
    )
    assert box and shown and box["x"] <= shown["x"] and shown["x"] + shown["width"] <= box["x"] + box["width"]
    # A click in the list goes there, a click on the map finds the entry.
    before = page.tab.evaluate("map_main.getZoom()")
    page.tab.click(".compare-list button.is-moved >> nth=0")
    assert page.tab.evaluate("map_main.getZoom()") > before
    assert page.tab.locator("path.compare-chosen").count() == 1
    page.tab.click(".compare-piece.is-moved.leaflet-interactive")
    assert page.tab.locator('.compare-list button[aria-pressed="true"]').count() == 1
    assert page.complaints == [] and page.violations() == []
    assert page.hosts() == {past_address.removeprefix("http://")}


def test_the_page_begins_with_the_latest_change_and_its_days_stand_in_the_address(
    visit: Open, past_address: str
) -> None:
    page = visit(past_address).sign_in()
    page.tab.goto(f"{past_address}/grids/compare?county=mesa")
    page.ready()
    assert f"from={RENAMED - DAY}" in page.tab.url and f"to={RENAMED}" in page.tab.url
    assert page.tab.locator(".compare-list button").count() == 1
    page.tab.click("#whole")
    page.until(
        f"location.search.includes('from={BEGIN}') && document.querySelectorAll('.compare-list button').length === 8"
    )
    page.tab.fill("#from", str(MOVED))
    page.until("document.querySelectorAll('.compare-list button').length === 1")
    page.tab.fill("#to", str(BEGIN))
    page.until("document.querySelectorAll('.compare-list button').length === 0")
    assert not page.tab.is_hidden("#state")


def test_on_a_phone_list_and_map_stand_one_below_the_other(visit: Open, past_address: str) -> None:
    page = visit(past_address, viewport=PHONE).sign_in()
    page.tab.goto(f"{past_address}/grids/compare?county=mesa&from={BEGIN}&to={RENAMED}")
    page.ready()
    assert page.tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    listed, shown = (page.tab.locator(one).bounding_box() for one in ("#list", "#compare-map"))
    assert listed and shown and shown["y"] >= listed["y"] + listed["height"] and shown["height"] >= 200
