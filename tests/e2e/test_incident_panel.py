"""The incident analysis as a leader meets it: numbers with their comparison, and what they do when one clicks."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Route, expect
from sqlalchemy import text

from geo_app.database.engine import Database
from tests.e2e.browsing import PHONE, Visit

Open = Callable[..., Visit]
MARCH = "?county=mesa&view=incidents&since=2026-03-01&until=2026-03-31"


def panel(visit: Visit) -> Locator:
    return visit.tab.locator("#incidents")


def said(visit: Visit, key: str, **values: object) -> str:
    """A text of the page, in whatever language it is shown."""
    found = visit.tab.evaluate("key => JSON.parse(document.getElementById('page-data').textContent).texts[key]", key)
    return re.sub(r"\{(\w+)\}", lambda name: str(values.get(name[1], name[0])), found)


def summary(visit: Visit, query: str) -> dict:
    answer = visit.context.request.get(f"{visit.address}/api/incidents/summary{query.replace('&view=incidents', '')}")
    assert answer.ok
    return answer.json()


def test_without_times_the_panel_says_so_and_shows_no_chart_and_the_places_instead(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open("?county=mesa&view=incidents")
    shown = panel(page).inner_text()
    assert panel(page).locator(".lead-number b").inner_text() == "287"
    assert said(page, "incidents_no_times") in shown and said(page, "incidents_no_categories") in shown
    assert panel(page).locator(".columns").count() == 0
    drawn = page.context.request.get(f"{address}/api/layers/hot_spots?county=mesa").json()
    assert drawn["notice"] and drawn["notice"] in shown
    assert page.tab.locator(".leaflet-drawing-hot_spots-pane path").count() == len(drawn["features"]["features"])
    panel(page).locator(".places button").first.click()
    popup = page.tab.locator(".map-popup")
    popup.wait_for()
    assert str(drawn["features"]["features"][0]["properties"]["incidents"]) in popup.inner_text()
    assert page.complaints == [] and page.violations() == []


def test_numbers_are_those_of_the_api_and_a_change_by_chance_is_grey_with_its_reason(
    visit: Open, own_address: str, timed: Database
) -> None:
    page = visit(own_address).sign_in().open(MARCH)
    answer = summary(page, MARCH)
    assert panel(page).locator(".lead-number b").inner_text() == str(answer["n"])
    for tile, name in zip(panel(page).locator(".compare").all(), ("previous", "year_before"), strict=True):
        then = answer[name]
        assert f"{100 * abs(then['change']):.1f}" in tile.inner_text() and str(then["count"]) in tile.inner_text()
        assert ("↑" if then["change"] > 0 else "↓") in tile.inner_text()
        assert ("is-chance" in tile.get_attribute("class")) == (then["p"] >= 0.05)
    first = panel(page).locator(".compare").first
    first.click()
    expect(panel(page).locator(".reason")).to_contain_text(answer["previous"]["since"])
    expect(panel(page).locator(".compare").first).to_be_focused()
    panel(page).locator(".compare").first.click()
    expect(panel(page).locator(".reason")).to_have_count(0)


def test_columns_stand_for_the_counts_of_two_hours_and_of_weekdays(
    visit: Open, own_address: str, timed: Database
) -> None:
    page = visit(own_address).sign_in().open(MARCH)
    answer = summary(page, MARCH)
    bands = [sum(answer["hours"][hour : hour + 2]) for hour in range(0, 24, 2)]
    for chart, counts in zip(panel(page).locator(".columns").all(), (bands, answer["weekdays"]), strict=True):
        heights = [float(bar.get_attribute("height")) for bar in chart.locator("rect:not(.reach)").all()]
        assert len(heights) == len(counts)
        assert [round(height * max(counts) / max(heights)) for height in heights] == counts
        assert chart.locator(".peak").text_content() == str(max(counts))
        assert chart.get_attribute("aria-label")
    assert said(page, "incidents_hour_unknown", n=answer["hour_unknown"]) in panel(page).inner_text()


def test_a_click_on_a_category_filters_and_another_takes_it_back(
    visit: Open, own_address: str, timed: Database
) -> None:
    page = visit(own_address).sign_in().open(MARCH)
    everything = summary(page, MARCH)
    name, count = everything["categories"][0]["name"], everything["categories"][0]["count"]
    row = panel(page).locator(".bar-row[aria-pressed]").first
    assert name in row.inner_text() and str(count) in row.inner_text()
    row.click()
    expect(panel(page).locator(".lead-number b")).to_have_text(str(count))
    assert parse_qs(urlsplit(page.tab.url).query)["category"] == [name]
    row = panel(page).locator(".bar-row[aria-pressed=true]")
    expect(row).to_have_count(1)
    expect(row).to_be_focused()
    # The others can still be chosen: they are counted without this filter.
    assert panel(page).locator(".bar-row[aria-pressed]").count() == len(everything["categories"])
    row.click()
    expect(panel(page).locator(".lead-number b")).to_have_text(str(everything["n"]))


def test_a_click_on_an_area_goes_there(visit: Open, own_address: str, timed: Database) -> None:
    page = visit(own_address).sign_in().open(MARCH)
    first = summary(page, MARCH)["areas"][0]
    panel(page).locator("[data-key^=area]").first.click()
    expect(panel(page).locator(".lead-number b")).to_have_text(str(first["count"]))
    assert parse_qs(urlsplit(page.tab.url).query)["area"] == [str(first["id"])]
    page.tab.go_back()
    expect(panel(page).locator(".lead-number b")).not_to_have_text(str(first["count"]))


def test_hot_spots_are_switched_where_they_are_talked_about(visit: Open, own_address: str, timed: Database) -> None:
    page = visit(own_address).sign_in().open(MARCH)
    assert page.tab.locator(".leaflet-drawing-hot_streets-pane path").count() == 0
    panel(page).locator("[data-key=show-hot_streets]").click()
    expect(page.tab.locator(".leaflet-drawing-hot_streets-pane path")).not_to_have_count(0)
    drawn = page.context.request.get(
        f"{own_address}/api/layers/hot_streets{MARCH.replace('&view=incidents', '')}"
    ).json()
    assert drawn["facts"]["sentence"] in panel(page).inner_text()
    panel(page).locator("[data-key=show-hot_streets]").click()
    expect(page.tab.locator(".leaflet-drawing-hot_streets-pane path")).to_have_count(0)


def test_where_nothing_meets_the_terms_one_button_takes_them_away(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open("?county=mesa&view=incidents&since=2026-03-01&until=2026-03-31")
    expect(panel(page).locator(".lead-number b")).to_have_text("0")
    assert said(page, "incidents_no_match") in panel(page).inner_text()
    panel(page).locator(".state button").click()
    expect(panel(page).locator(".lead-number b")).to_have_text("287")
    assert "since" not in parse_qs(urlsplit(page.tab.url).query)


def test_a_failure_says_so_and_can_be_tried_again(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()

    def refuse(route: Route) -> None:
        route.abort()

    page.tab.route("**/api/incidents/summary*", refuse)
    page.open("?county=mesa&view=incidents")
    expect(panel(page).locator(".state-error")).to_be_visible()
    page.tab.unroute("**/api/incidents/summary*", refuse)
    panel(page).locator(".state-error button").click()
    expect(panel(page).locator(".lead-number b")).to_have_text("287")


def test_E06_names_from_data_are_text_and_never_markup(visit: Open, own_address: str, timed: Database) -> None:
    hostile = "<img src=x onerror=alert(1)>${1}"
    with timed.owner_session() as owner:
        owner.execute(text("UPDATE incident SET category = :name WHERE category = '纠纷'"), {"name": hostile})
        owner.execute(text("UPDATE area SET name = :name WHERE code = 'east'"), {"name": hostile})
    page = visit(own_address).sign_in().open(MARCH)
    assert panel(page).inner_text().count(hostile) == 2
    assert panel(page).locator("img").count() == 0 and page.complaints == []


def test_how_it_is_computed_opens_and_escape_closes_it(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open("?county=mesa&view=incidents")
    page.tab.locator("#incidents-how").click()
    how = page.tab.locator("#how-incidents")
    expect(how).to_be_visible()
    assert how.locator("dt").count() >= 6 and how.locator(".formula").count() >= 3
    page.tab.keyboard.press("Escape")
    expect(how).to_be_hidden()


def test_on_the_phone_the_panel_is_a_sheet_without_sideways_scrolling(
    visit: Open, own_address: str, timed: Database
) -> None:
    page = visit(own_address, viewport=PHONE).sign_in().open(MARCH)
    page.tab.locator(".sheet-bar [data-panel=incidents]").click()
    expect(panel(page).locator(".lead-number b")).to_be_visible()
    assert page.tab.evaluate("document.getElementById('incidents').scrollWidth <= innerWidth")
    small = (
        "[...document.querySelectorAll('#incidents button')].filter(b => b.getBoundingClientRect().height < 40).length"
    )
    assert page.tab.evaluate(small) == 0
