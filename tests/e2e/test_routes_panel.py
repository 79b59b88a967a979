"""Which routes count is chosen among those of the whole county, whichever are listed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Route, expect
from sqlalchemy import text

from geo_app.database.engine import Database
from tests.e2e.browsing import Visit
from tests.e2e.test_draw_a_route import DESK, VIEW, routes

Open = Callable[..., Visit]


@pytest.fixture
def far(mesa: Database) -> int:
    """A town in the county, in which the first of the three routes lies."""
    with mesa.owner_session() as owner:
        town = owner.execute(
            text(
                "INSERT INTO area (county_id, parent_id, tree, level, code, name) SELECT county_id, id, tree, 'town', 'far',"
                " '远镇' FROM area WHERE code = 'mesa' AND tree = 'admin' RETURNING id"
            )
        ).scalar_one()
        owner.execute(
            text("UPDATE patrol_route SET admin_area_id = :town WHERE id = (SELECT min(id) FROM patrol_route)"),
            {"town": town},
        )
        return town


def chosen(page: Visit, ids: list[int]) -> bool:
    return f"&routes={','.join(map(str, sorted(ids)))}&" in page.tab.url + "&"


def test_a_tick_in_an_area_leaves_the_routes_of_other_areas_as_they_are(
    visit: Open, own_address: str, far: int
) -> None:
    page = visit(own_address, viewport=DESK).sign_in().open()
    first, second, third = (route["id"] for route in routes(page))
    page.open(VIEW + f"&panel=routes&area={far}")
    tick = page.tab.locator("#routes li input")
    expect(tick).to_have_count(1)
    tick.uncheck()
    expect(tick).not_to_be_checked()
    assert chosen(page, [second, third])
    page.open(VIEW + f"&panel=routes&area={far}&routes={second}")
    tick.check()
    expect(tick).to_be_checked()
    assert chosen(page, [first, second])
    # The list among the filters is of the whole county too.
    page.tab.click("[data-left=filters]")
    page.tab.click("#filter-routes summary")
    expect(page.tab.locator("#routes-list input:checked")).to_have_count(2)
    page.tab.locator(f'#routes-list input[value="{third}"]').check()
    expect(page.tab.locator('[data-chip="routes"]')).to_have_count(0)
    assert "routes=" not in page.tab.url.replace("panel=routes", "")
    assert page.complaints == []


def test_a_list_that_was_overtaken_is_never_shown(visit: Open, own_address: str, far: int) -> None:
    page = visit(own_address, viewport=DESK).sign_in().open(VIEW + "&panel=routes")
    page.tab.click("[data-left=filters]")
    held: list[Route] = []
    page.tab.route("**/api/routes?*area=*", lambda route: held.append(route))
    with page.tab.expect_request("**/api/routes?*area=*"):
        page.tab.select_option("#area", str(far))
    page.tab.select_option("#area", "")
    expect(page.tab.locator("#routes")).to_have_attribute("aria-busy", "false")
    for route in held:
        with suppress(Error):  # the page has cancelled it
            route.continue_()
    page.tab.wait_for_timeout(500)
    expect(page.tab.locator("#routes [data-route]")).to_have_count(3)
    assert page.complaints == []
