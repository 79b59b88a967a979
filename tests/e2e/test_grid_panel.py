"""The view of grids: what waits, a list to rank them, one chosen from the list or on the map, kept in the address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from geo_app.database.engine import Database
from tests.e2e.browsing import PHONE, Visit

VIEW = "?view=grids"


@pytest.fixture
def grids(visit: Callable[..., Visit], address: str) -> Visit:
    """The view of grids of a planner."""
    page = visit(address).sign_in().open(VIEW)
    page.tab.wait_for_selector(".grid-list button")
    return page


def figures(tab: Page) -> list[str]:
    return tab.eval_on_selector_all(".grid-list .figure", "all => all.map((one) => one.textContent)")


def names(tab: Page) -> list[str]:
    return tab.eval_on_selector_all(".grid-list .name", "all => all.map((one) => one.firstChild.textContent)")


def numbers(texts: list[str]) -> list[float]:
    return [float("".join(c for c in one if c.isdigit() or c == ".")) for one in texts]


def test_the_list_ranks_twelve_grids_by_what_is_asked(grids: Visit) -> None:
    tab = grids.tab
    assert tab.text_content("#grids .tiles b") == "12"
    assert tab.locator("#grids .tiles .grids-open").count() == 1
    for place in range(3):
        tab.click(f".grids-sort button:nth-child({place + 1})")
        shown = numbers(figures(tab))
        assert len(shown) == 12 and shown == sorted(shown, reverse=True)
        assert tab.get_attribute(f".grids-sort button:nth-child({place + 1})", "aria-pressed") == "true"
    assert grids.complaints == [] and grids.violations() == []


def test_a_grid_chosen_in_the_list_has_its_card_and_stands_in_the_address(grids: Visit) -> None:
    tab = grids.tab
    name = names(tab)[2]
    tab.click(".grid-list li:nth-child(3) button")
    assert tab.text_content(".grid-card h3").startswith(name)
    assert "grid=" in tab.url
    assert tab.locator(".grid-shares li").count() == 3
    tab.wait_for_selector("path.chosen-grid", state="attached")
    # What was sent to a colleague opens the same grid.
    tab.goto(tab.url)
    grids.ready()
    tab.wait_for_selector(".grid-card")
    assert tab.text_content(".grid-card h3").startswith(name)
    tab.click(".grid-card .link")
    assert tab.locator(".grid-card").count() == 0 and "grid=" not in tab.url
    assert tab.evaluate("document.activeElement.dataset.grid") is not None


def test_the_three_parts_of_a_bar_add_up_to_the_whole(grids: Visit) -> None:
    shares = grids.tab.eval_on_selector_all(
        ".grid-bar",
        "bars => bars.map((bar) => [...bar.children].reduce((sum, part) => sum + Number(part.style.flexGrow), 0))",
    )
    assert len(shares) == 12
    assert shares == pytest.approx([1.0] * 12, abs=1e-3)


def test_a_click_anywhere_in_a_grid_on_the_map_chooses_it(grids: Visit) -> None:
    tab = grids.tab
    tab.click("[data-layer=incidents] .switch")
    box = tab.evaluate(
        """() => {
          const pane = document.querySelector(".leaflet-drawing-grids-pane");
          const box = pane.querySelectorAll("path")[4].getBoundingClientRect();
          return [box.x + box.width / 2 + 9, box.y + box.height / 2 + 9];
        }"""
    )
    tab.mouse.click(*box)
    tab.wait_for_selector(".grid-card")
    assert tab.text_content(".grid-card small") == "mesa-005"
    assert tab.locator(".leaflet-popup").count() == 0


def test_in_another_view_the_streets_inside_a_grid_take_the_click(grids: Visit) -> None:
    reached = """() => getComputedStyle(document.querySelector(".leaflet-drawing-grids-pane path")).pointerEvents"""
    assert grids.tab.evaluate(reached) == "auto"
    grids.tab.click("a[data-view=map]")
    grids.tab.wait_for_selector("#map-page[data-view=map]")
    grids.tab.wait_for_selector(".leaflet-drawing-grids-pane path", state="attached")
    assert grids.tab.evaluate(reached) == "stroke"
    expect(grids.tab.locator(".grid-name")).to_have_count(0)  # they fade away


def test_names_stand_in_the_grids_and_make_room_when_the_map_is_far_away(grids: Visit) -> None:
    tab = grids.tab
    tab.wait_for_selector(".grid-name")
    shown = "[...document.querySelectorAll('.grid-name')].filter((one) => !one.hidden).map((one) => one.textContent)"
    assert len(tab.evaluate(shown)) == 12
    tab.evaluate("window.map_main.setZoom(11, {animate: false})")
    assert tab.evaluate(shown) == []


def test_how_it_is_computed_opens_and_closes(grids: Visit) -> None:
    grids.tab.click("#grids-how")
    assert grids.tab.is_visible("#how-grids")
    grids.tab.click("#how-grids [data-close]")
    assert not grids.tab.is_visible("#how-grids")


def test_routes_that_do_not_count_change_the_numbers(visit: Callable[..., Visit], address: str) -> None:
    page = visit(address).sign_in().open(VIEW + "&routes=none")
    page.tab.wait_for_selector(".grid-list button")
    page.tab.click(".grid-list button")
    assert numbers([page.tab.text_content(".grid-shares li:nth-child(1) b")]) == [0.0]
    assert "routes=none" in next(url for url in page.requests if "/api/grids" in url)


def test_on_the_phone_the_card_is_in_a_sheet_and_nothing_is_too_small_to_touch(
    visit: Callable[..., Visit], address: str
) -> None:
    page = visit(address, viewport=PHONE).sign_in().open(VIEW)
    page.tab.click('.sheet-bar [aria-controls="grids-panel"]')
    page.tab.wait_for_selector(".grid-list button")
    heights = page.tab.eval_on_selector_all(
        ".grid-list button, .grids-sort button", "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 40
    page.tab.click(".grid-list button")
    page.tab.wait_for_selector("#grids-panel.folded", state="attached")
    page.tab.click('.sheet-bar [aria-controls="grids-panel"]')
    assert page.tab.is_visible(".grid-card")
    width = page.tab.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_without_grids_the_one_thing_to_do_is_said(
    visit: Callable[..., Visit], own_address: str, mesa: Database
) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("DELETE FROM grid"))
    page = visit(own_address).sign_in().open(VIEW)
    page.tab.wait_for_selector("#grids .state")
    assert page.tab.text_content("#grids code") == "geo-app partition --county mesa --count 12 --out grids.geojson"


def test_texts_from_data_are_texts(visit: Callable[..., Visit], own_address: str, mesa: Database) -> None:
    bad = "<img src=x onerror=alert(1)>${1}"
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE grid SET name = :bad WHERE code = 'mesa-001'"), {"bad": bad})
        owner.execute(text("UPDATE grid_worker SET name = :bad WHERE role = 'grid_leader'"), {"bad": bad})
    page = visit(own_address).sign_in().open(VIEW)
    page.tab.wait_for_selector(".grid-list button")
    page.tab.wait_for_selector(".grid-name", state="attached")  # too long to have room
    assert bad in names(page.tab)
    assert bad in page.tab.eval_on_selector_all(".grid-name", "all => all.map((one) => one.textContent)")
    page.tab.click(".grid-list li:has-text('onerror') button")
    assert page.tab.text_content(".grid-card dd") == bad
    assert page.tab.locator("#grids img, .grid-name img").count() == 0


def test_a_failure_can_be_tried_again(visit: Callable[..., Visit], address: str) -> None:
    page = visit(address).sign_in()
    page.tab.route("**/api/grids*", lambda route: route.abort())
    page.open(VIEW)
    page.tab.wait_for_selector("#grids .state-error")
    page.tab.unroute("**/api/grids*")
    page.tab.click("#grids .state-error button")
    page.tab.wait_for_selector(".grid-list button")
    assert page.tab.locator(".grid-list button").count() == 12 and page.tab.locator("#grids .state-error").count() == 0
