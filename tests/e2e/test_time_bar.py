"""The time bar: handles by mouse and keyboard, a window that is dragged, presets counted back from the last day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from geo_app.database.engine import Database
from tests.e2e.browsing import Visit
from tests.e2e.conftest import TIMED
from tests.e2e.test_filters import address_of, answer, at_rest

Open = Callable[..., Visit]
QUERY = "?county=mesa&view=incidents&layers=streets,incidents"
LAST = date(2019, 12, 31)


def period(visit: Visit) -> tuple[str, str]:
    found = address_of(visit)
    return found["since"][0], found["until"][0]


@pytest.mark.parametrize(
    ("preset", "since"),
    [
        ("week", "2019-12-25"),
        ("days30", "2019-12-02"),
        ("half", "2019-12-16"),
        ("month", "2019-12-01"),
        ("quarter", "2019-10-01"),
        ("year", "2019-01-01"),
        ("months12", "2019-01-01"),
    ],
)
def test_a_preset_counts_back_from_the_last_day_with_data(
    visit: Open, timed_address: str, preset: str, since: str
) -> None:
    page = visit(timed_address).sign_in().open(QUERY)
    summary = answer(page, "/api/incidents/summary?county=mesa")
    assert summary["last"] == LAST.isoformat() in page.tab.inner_text("#time-last")
    page.tab.click(f"[data-period={preset}]")
    at_rest(page)
    assert period(page) == (since, "2019-12-31")
    chosen = answer(page, f"/api/incidents/summary?county=mesa&since={since}&until=2019-12-31")
    assert f"警情 {chosen['n']} 起" in page.tab.inner_text("#time-count")
    assert page.tab.get_attribute(f"[data-period={preset}]", "aria-pressed") == "true"
    page.tab.click("[data-period=all]")
    at_rest(page)
    assert "since" not in address_of(page) and page.tab.inner_text("#time-title") == "全部时段"


@pytest.mark.parametrize(
    ("preset", "last", "days"),
    [
        ("half", "2024-02-15", ("2024-02-01", "2024-02-15")),
        ("half", "2024-02-16", ("2024-02-16", "2024-02-29")),
        ("month", "2023-12-01", ("2023-12-01", "2023-12-31")),
        ("quarter", "2024-01-31", ("2024-01-01", "2024-03-31")),
        ("quarter", "2024-11-22", ("2024-10-01", "2024-12-31")),
        ("year", "2024-02-29", ("2024-01-01", "2024-12-31")),
        ("week", "2024-03-02", ("2024-02-25", "2024-03-02")),
        ("months12", "2024-02-29", ("2023-03-01", "2024-02-29")),
    ],
)
def test_a_preset_of_the_calendar_ends_with_its_period(
    visit: Open, address: str, preset: str, last: str, days: tuple[str, str]
) -> None:
    page = visit(address).sign_in().open()
    found = page.tab.evaluate(
        """async ([preset, last]) => {
            const { period, isPeriod } = await import("/static/js/periods.js");
            const { since, until } = period(preset, last);
            return isPeriod(preset, since, until, last) && [since, until];
        }""",
        [preset, last],
    )
    assert tuple(found) == days


def test_a_month_that_still_runs_is_compared_with_as_many_days_and_keeps_its_end(
    visit: Open, own_address: str, mesa: Database
) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text(TIMED))
        owner.execute(text("UPDATE incident SET occurred_to = NULL"))
        owner.execute(text("UPDATE incident SET occurred_from = occurred_from - interval '9 days'"))
    page = visit(own_address).sign_in().open(QUERY)
    assert answer(page, "/api/incidents/summary?county=mesa")["last"] == "2019-12-22"
    page.tab.click("[data-period=month]")
    at_rest(page)
    assert period(page) == ("2019-12-01", "2019-12-31")
    assert page.tab.get_attribute("[data-period=month]", "aria-pressed") == "true"
    previous = answer(page, "/api/incidents/summary?county=mesa&since=2019-12-01&until=2019-12-31")["previous"]
    assert (previous["since"], previous["until"]) == ("2019-11-01", "2019-11-22")
    assert f"n={previous['count']}" in page.tab.inner_text("#time-count")
    assert page.tab.inner_text("#time-title") == "2019-12-01 至 2019-12-31"
    handle = page.tab.locator("#time-until")
    assert handle.get_attribute("aria-valuetext") == "2019-12-31"
    assert handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
    assert page.tab.evaluate("document.getElementById('time-until').style.left") == "100%"
    page.tab.focus("#time-since")
    page.tab.keyboard.press("ArrowRight")
    expect(page.tab.locator("#time-title")).to_have_text("2019-12-02 至 2019-12-31")
    at_rest(page)
    assert period(page) == ("2019-12-02", "2019-12-31")


def test_a_handle_is_moved_by_arrow_keys_and_says_its_day(visit: Open, timed_address: str) -> None:
    page = visit(timed_address).sign_in().open(QUERY)
    handle = page.tab.locator("#time-until")
    assert handle.get_attribute("role") == "slider" and handle.get_attribute("aria-valuetext") == LAST.isoformat()
    handle.focus()
    for _ in range(3):
        page.tab.keyboard.press("ArrowLeft")
    expected = (LAST - timedelta(days=3)).isoformat()
    assert handle.get_attribute("aria-valuetext") == expected
    expect(page.tab.locator('[data-chip="period"]')).to_have_count(1)
    at_rest(page)
    assert period(page)[1] == expected
    assert page.tab.evaluate("document.activeElement.id") == "time-until"


def test_handles_and_the_window_between_them_are_dragged(visit: Open, timed_address: str) -> None:
    page = visit(timed_address).sign_in().open(QUERY)
    track = page.tab.locator("#time-track").bounding_box()
    assert track

    def drag(name: str, by: float) -> None:
        box = page.tab.locator(name).bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + 20
        page.tab.mouse.move(x, y)
        page.tab.mouse.down()
        page.tab.mouse.move(x + by / 2, y)
        page.tab.mouse.move(x + by, y)
        page.tab.mouse.up()
        at_rest(page)

    drag("#time-since", track["width"] / 2)
    since, until = map(date.fromisoformat, period(page))
    assert until == LAST
    first = date.fromisoformat(answer(page, "/api/incidents/summary?county=mesa")["first"])
    assert abs((since - first).days - (LAST - first).days / 2) < 10
    drag("#time-window", -track["width"] / 4)
    moved = tuple(map(date.fromisoformat, period(page)))
    assert moved[1] - moved[0] == until - since and moved[0] < since
    chosen = answer(page, f"/api/layers/incidents?county=mesa&since={moved[0]}&until={moved[1]}")["legend"]["n"]
    assert page.tab.locator(".leaflet-drawing-incidents-pane path").count() == chosen


def test_a_change_that_chance_explains_is_grey(visit: Open, timed_address: str) -> None:
    page = visit(timed_address).sign_in().open(QUERY + "&since=2019-07-01&until=2019-12-31")
    previous = answer(page, "/api/incidents/summary?county=mesa&since=2019-07-01&until=2019-12-31")["previous"]
    said = page.tab.locator("#time-count span")
    assert f"n={previous['count']}" in said.inner_text()
    assert ("by-chance" in (said.get_attribute("class") or "")) == (previous["p"] > 0.05)


def test_the_histogram_counts_what_the_other_filters_leave(visit: Open, timed_address: str) -> None:
    page = visit(timed_address).sign_in().open(QUERY + "&since=2019-12-01&until=2019-12-31")
    bars = "(name) => document.querySelector('#time-bars .' + name).getAttribute('d').split('M').length - 1"
    histogram = answer(page, "/api/incidents/summary?county=mesa&since=2019-12-01&until=2019-12-31")["histogram"]
    drawn = page.tab.evaluate(bars, "on") + page.tab.evaluate(bars, "off")
    assert drawn == sum(count > 0 for count in histogram["counts"]) and page.tab.evaluate(bars, "on") > 0
    assert page.tab.evaluate(bars, "on") < drawn


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2019-12-01", "2019-12-10", ["12-01", "12-03", "12-05", "12-07", "12-09"]),
        ("2019-07-01", "2019-12-31", ["2019-07", "2019-09", "2019-11"]),
        ("2001-01-01", "2019-12-31", []),
    ],
)
def test_an_axis_has_few_marks_that_stand_at_the_beginning_of_something(
    visit: Open, address: str, first: str, last: str, labels: list[str]
) -> None:
    page = visit(address).sign_in().open()
    marks = page.tab.evaluate(
        """async ([first, last]) => {
            const module = await import("/static/js/periods.js");
            return module.ticks(module.dayOf(first), module.dayOf(last), 5);
        }""",
        [first, last],
    )
    assert len(marks) <= 5
    days = [date(1970, 1, 1) + timedelta(days=mark["day"]) for mark in marks]
    assert all(date.fromisoformat(first) <= day <= date.fromisoformat(last) for day in days)
    if labels:
        assert [mark["label"] for mark in marks] == labels
    else:
        assert all(day.month == day.day == 1 for day in days) and len(days) >= 2
