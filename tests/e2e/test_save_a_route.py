"""What is saved is what was measured and said, also where an answer was lost or a route is not along the streets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import text

from tests.e2e.browsing import Visit
from tests.e2e.test_draw_a_route import DESK, VIEW, a_gap_in_the_open, answered, begin, draw_along, routes

Open = Callable[..., Visit]


def edit(page: Visit, route_id: int) -> dict:
    """Into the editor with a route of the list; what the preview measured."""
    page.tab.locator(f'#routes li:has([data-route="{route_id}"]) .route-acts button').first.wait_for()
    with page.tab.expect_response("**/api/routes/preview") as preview:
        page.tab.locator(f'#routes li:has([data-route="{route_id}"]) .route-acts button').first.click()
    answered(page)
    return preview.value.json()


def save_as(page: Visit, name: str) -> None:
    page.tab.fill("#route-name", name)
    page.tab.click("#route-save")
    expect(page.tab.locator("#route-panel")).to_be_hidden()


def of(page: Visit, route_id: int) -> dict:
    return next(route for route in routes(page) if route["id"] == route_id)


def test_a_drawing_whose_answer_was_lost_is_saved_once_and_what_changed_since_is_saved_too(
    visit: Open, own_address: str
) -> None:
    page = visit(own_address, viewport=DESK).sign_in().open(VIEW)
    gap = a_gap_in_the_open(page)
    begin(page)
    draw_along(page, gap)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.tab.route("**/api/routes", lose)
    page.tab.fill("#route-name", "甲线")
    for _ in range(2):
        page.tab.click("#route-save")
        expect(page.tab.locator("#route-save")).to_be_enabled()
    assert [route["name"] for route in routes(page)][3:] == ["甲线"]
    page.tab.unroute("**/api/routes")
    save_as(page, "乙线")
    assert [route["name"] for route in routes(page)][3:] == ["甲线", "乙线"]


def test_a_route_off_the_streets_is_saved_as_the_preview_measured_it(visit: Open, own_address: str, mesa) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE patrol_route SET geom = ST_Translate(geom, 0.0002, 0.0002), points = NULL"))
    page = visit(own_address, viewport=DESK).sign_in().open(VIEW + "&panel=routes")
    route = routes(page)[0]
    measured = edit(page, route["id"])["length_m"]
    assert measured != pytest.approx(route["length_m"], abs=1)
    save_as(page, "上路的线")
    assert of(page, route["id"])["length_m"] == pytest.approx(measured, abs=0.2)
    assert page.complaints == []


def test_a_shift_that_no_button_stands_for_is_kept_until_a_button_is_chosen(
    visit: Open, own_address: str, mesa
) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE patrol_route SET shift_begins = '08:00', shift_ends = '12:00'"))
    page = visit(own_address, viewport=DESK).sign_in().open(VIEW + "&panel=routes")
    route = routes(page)[0]
    edit(page, route["id"])
    assert page.tab.locator("[name=shift]:checked").count() == 0
    save_as(page, "上午的线")
    assert of(page, route["id"])["shift"] == {"begins": "08:00", "ends": "12:00"}
    edit(page, route["id"])
    page.tab.locator('[name=shift][value="early"]').check()
    answered(page)
    save_as(page, "早班的线")
    assert of(page, route["id"])["shift"] == {"begins": "06:00", "ends": "14:00"}
    assert page.complaints == []
