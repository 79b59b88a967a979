"""The four views of the page: tabs that load nothing as a whole, each role on its own."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.e2e.browsing import PHONE, Visit
from tests.e2e.test_filters import at_rest

Open = Callable[..., Visit]


def state(visit: Visit) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(visit.tab.url).query).items()}


def shown(visit: Visit) -> set[str]:
    return set(
        visit.tab.evaluate(
            "[...document.querySelectorAll('.layer')].filter(l => l.querySelector('.switch').checked).map(l => l.dataset.layer)"
        )
    )


def test_a_tab_changes_layers_and_panel_and_the_way_back_leads_back(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    assert state(page)["view"] == "patrol" and page.tab.inner_text("#layers-title") == "今晚怎么巡"
    page.tab.evaluate("window.mark = 1")
    page.tab.click("a[data-view=incidents]")
    at_rest(page)
    assert state(page)["view"] == "incidents" and "density" in shown(page) and "patrol_gaps" not in shown(page)
    assert page.tab.locator("#incidents-panel").is_visible() and not page.tab.locator("#gaps-panel").is_visible()
    assert page.tab.get_attribute("a[data-view=incidents]", "aria-current") == "page"
    page.tab.go_back()
    expect(page.tab.locator("#gaps-panel")).to_be_visible()
    at_rest(page)
    assert "patrol_gaps" in shown(page) and page.tab.evaluate("window.mark") == 1
    assert page.complaints == [] and page.violations() == []


def test_a_view_keeps_the_layers_that_it_had(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    page.tab.locator('[data-layer="cameras"] label').click()
    at_rest(page)
    before = shown(page)
    page.tab.click("a[data-view=grids]")
    at_rest(page)
    assert shown(page) != before
    page.tab.click("a[data-view=patrol]")
    at_rest(page)
    assert shown(page) == before and "cameras" in before


def test_a_tab_is_a_link_to_the_same_terms(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open("?county=mesa&view=map&sight=80")
    link = page.tab.locator("a[data-view=incidents]").get_attribute("href")
    page.open(link.removeprefix("/"))
    assert state(page)["view"] == "incidents" and state(page)["sight"] == "80"


def test_the_patrol_view_has_two_panels_of_which_one_shows(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    page.tab.click(".panel-tabs [data-panel=routes]")
    expect(page.tab.locator("#routes-panel")).to_be_visible()
    assert not page.tab.locator("#gaps-panel").is_visible()
    assert state(page)["panel"] == "routes"
    page.tab.reload()
    page.ready()
    assert page.tab.locator("#routes-panel").is_visible()


def test_a_slash_finds_a_place_and_the_map_goes_there(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    page.tab.keyboard.press("/")
    page.tab.keyboard.type("步巡")
    options = page.tab.locator("#search-found [role=option]")
    expect(options.first).to_be_visible()
    assert options.first.get_attribute("aria-selected") == "true"
    page.tab.keyboard.press("ArrowDown")
    page.tab.keyboard.press("ArrowUp")
    found = page.context.request.get(f"{address}/api/search?county=mesa&q=步巡").json()["results"][0]
    page.tab.keyboard.press("Enter")
    expect(page.tab.locator("#search-found")).to_be_hidden()
    page.tab.wait_for_timeout(600)
    west, south, east, north = found["bounds"]
    inside = "([w, s, e, n]) => map_main.getBounds().contains([[s, w], [n, e]])"
    assert page.tab.evaluate(inside, [west, south, east, north])


def test_a_search_without_result_says_so_and_esc_leaves_it(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    page.tab.keyboard.press("/")
    page.tab.keyboard.type("没有这个地方")
    expect(page.tab.locator("#search-found p")).to_have_text("没有找到“没有这个地方”。")
    page.tab.keyboard.press("Escape")
    assert not page.tab.locator("#search-found").is_visible()


def test_legends_have_unit_number_and_how_it_is_computed(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open("?county=mesa&view=incidents&layers=density,streets,patrol_gaps")
    card = page.tab.locator(".legend-card.is-first")
    assert "起/km²" in card.inner_text() and "n = 287 起" in card.inner_text().replace("\u00a0", " ")
    card.locator(".legend-note summary").click()
    assert "h =" in card.locator(".legend-note p").inner_text()
    page.tab.click(".legends-head")
    assert page.tab.locator(".legend-card:visible").count() == 2


def test_nothing_overlaps_at_any_of_the_sizes(visit: Open, timed_address: str) -> None:
    for width, height in ((1440, 900), (1920, 1080), (1366, 768), (1280, 720)):
        page = visit(timed_address, viewport={"width": width, "height": height}).sign_in().open("?county=mesa&view=map")
        boxes = page.tab.evaluate(
            """() => ['#layers-panel > .card', '#gaps-panel > .card', '#time-bar', '#legends', '.notes', '.leaflet-bottom.leaflet-left .leaflet-bar']
                .map((name) => { const r = document.querySelector(name).getBoundingClientRect(); return [name, r.left, r.top, r.right, r.bottom]; })"""
        )
        for place, one in enumerate(boxes):
            assert one[1] >= 0 and one[3] <= width and one[4] <= height, (width, one)
            for other in boxes[place + 1 :]:
                apart = one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2]
                assert apart, (width, one, other)


def test_on_a_phone_tabs_terms_and_time_bar_are_in_reach(visit: Open, timed_address: str) -> None:
    page = visit(timed_address, viewport=PHONE, has_touch=True, is_mobile=True).sign_in().open()
    page.tab.click("a[data-view=incidents]")
    at_rest(page)
    page.tab.click('.sheet-bar [aria-controls="layers-panel"]')
    page.tab.click("[data-left=filters]")
    page.tab.click("[data-period=month]")
    at_rest(page)
    assert state(page)["since"] == "2019-12-01" and state(page)["until"] == "2019-12-31"
    assert page.tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.complaints == [] and page.violations() == []
