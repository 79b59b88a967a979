"""A first day: what a new user does from the first look to a route that closes a gap, by what stands on the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from sqlalchemy import text

from geo_app.config import Settings
from geo_app.database.engine import Database
from tests.e2e.browsing import Visit
from tests.e2e.test_draw_a_route import a_gap_in_the_open, answered, draw_along
from tests.e2e.test_filters import answer, at_rest, count
from tests.mesa import do_jobs

# Two years of times, so that there are periods; made for this test.
TIMES = """
UPDATE incident SET occurred_from = made.at, occurred_to = made.at FROM (
  SELECT id, timestamptz '2025-12-31 23:00-07' - row_number() OVER (ORDER BY id) * interval '2 days 5 hours' AS at
  FROM incident) AS made
WHERE made.id = incident.id
"""


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="页面").get_by_role("link", name=name, exact=True).click()


def test_from_the_first_look_to_a_gap_that_closes(
    visit: Callable[..., Visit], own_address: str, mesa: Database, mesa_settings: Settings, tmp_path: Path
) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text(TIMES))
    page = visit(own_address, viewport={"width": 1440, "height": 900}, accept_downloads=True).sign_in().open()
    seen = page.tab

    # The leader's question: how much, and where. A density with its unit; numbers of a period beside the one before.
    tab(seen, "警情分析")
    at_rest(page)
    expect(seen.get_by_role("region", name="图例").get_by_text("起/km²·月")).to_be_visible()
    assert seen.locator(".leaflet-drawing-density-pane canvas").count() == 1
    seen.locator("#time-bar").get_by_role("button", name="30 天").click()
    at_rest(page)
    summary = answer(page, "/api/incidents/summary" + query(page))
    assert 0 < summary["n"] < 287 and summary["previous"]["count"] > 0
    expect(seen.locator("#incidents-panel")).to_contain_text(f"{summary['n']}")
    drawn = answer(page, "/api/layers/density" + query(page))
    assert drawn["legend"]["n"] == summary["n"] - summary["unplaced"]
    assert drawn["legend"]["dates"] == [summary["since"], summary["until"]]
    spots = answer(page, "/api/layers/hot_spots" + query(page))
    assert spots["notice"] and seen.get_by_text(spots["notice"]).first.is_visible()
    seen.locator("#time-bar").get_by_role("button", name="全部").click()
    at_rest(page)

    # The governance office's: which grid, and who looks at it.
    tab(seen, "网格")
    at_rest(page)
    grids = answer(page, "/api/grids" + query(page))["grids"]
    most = next(grid for grid in grids if grid["rank"] == 1)
    seen.locator("#grids-panel").get_by_role("button", name=most["name"]).click()
    card = seen.locator(".grid-card")
    expect(card).to_contain_text(most["code"])
    expect(card).to_contain_text(f"{most['incidents']}")
    assert abs(most["seen_patrol"] + most["seen_neither"]) <= 1 + 1e-9

    # The station's: where nobody looks. What one sees farther closes some; a route closes others.
    tab(seen, "巡逻")
    at_rest(page)
    seen.get_by_role("button", name="条件").click()
    seen.get_by_label("可视距离").focus()
    for _ in range(4):
        seen.keyboard.press("ArrowRight")
    at_rest(page)
    assert "sight=70" in page.tab.url
    before = answer(page, "/api/gaps" + query(page))
    assert count(page, "patrol_gaps") == before["total"] == seen.locator("[data-gap]").count()
    gap = a_gap_in_the_open(page)
    seen.get_by_role("button", name="画一条路线").click()
    answered(page)
    draw_along(page, gap)
    promised = int(seen.locator(".route-changes dd").first.locator("b").inner_text())
    assert promised < before["total"]
    seen.get_by_label("路线名称").fill("夜巡一线")
    seen.get_by_label("班组").fill("一组")
    seen.get_by_role("button", name="保存路线").click()
    seen.locator(".toast button").wait_for()
    at_rest(page)
    after = answer(page, "/api/gaps" + query(page))
    assert after["total"] == promised == count(page, "patrol_gaps")
    assert gap["id"] not in {one["id"] for one in after["gaps"]}

    # The address is all that a colleague needs, and a file goes where no network is.
    colleague = visit(own_address).sign_in("colleague")
    colleague.tab.goto(seen.url)
    colleague.ready()
    at_rest(colleague)
    assert count(colleague, "patrol_gaps") == promised
    seen.get_by_role("button", name="存为离线地图").click()
    do_jobs(mesa_settings, mesa)
    with seen.expect_download() as download:
        seen.locator("#export-state a").click()
    saved = tmp_path / "map.html"
    download.value.save_as(saved)
    assert "夜巡一线" in saved.read_text(encoding="utf-8")
    assert page.hosts() == {urlsplit(own_address).netloc}
    assert page.complaints == [] and page.violations() == []


def query(page: Visit) -> str:
    """The terms of the page's address, as the API takes them."""
    inside = page.tab.evaluate(
        """() => { const asked = new URLSearchParams(location.search);
           for (const own of ["view", "layers", "at", "gap", "grid", "panel"]) asked.delete(own);
           return asked.toString(); }"""
    )
    return f"?{inside}"
