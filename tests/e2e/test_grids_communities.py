"""Two communities become one in the editor: picked, put into a new one, reviewed by somebody else; the day before it there
are two still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import expect

from geo_app.queries.terms import today
from tests.e2e.browsing import Visit
from tests.e2e.test_grid_editor import Editor
from tests.made_grids import COMMUNITIES, COUNTY, Governed, middle
from tests.serving import served

FIRST, SECOND = COMMUNITIES
NEW = "340523100003"


@pytest.fixture
def address(governed: Governed) -> Iterator[str]:
    with served(governed.app) as found:
        yield found


@pytest.fixture
def now(governed: Governed) -> date:
    return today(governed.county(), datetime.now(UTC))


def listed(editor: Editor) -> dict[str, str]:
    """Codes and names in the panel's list of communities and towns."""
    rows = editor.tab.locator("#areas li").all()
    return {row.locator("small").inner_text(): row.locator("b").inner_text() for row in rows}


def test_two_communities_become_one_in_the_editor_and_the_day_before_there_are_two(
    visit: Callable[..., Visit], governed: Governed, address: str, now: date
) -> None:
    editor = Editor.begun(visit(address, viewport={"width": 1440, "height": 900}).sign_in("editor"), "并村")
    tab = editor.tab
    tab.keyboard.press("0")
    expect(tab.locator(".community-name")).to_have_text(["演示村1", "演示村2"])
    editor.click(middle(0, 0))
    tab.click("#hint-act")
    editor.click(middle(7, 3))
    tab.click("#hint-act")
    expect(tab.locator("#regroup-picked li")).to_have_count(2)

    # A code that an area has is refused in words; what was picked and written stays.
    tab.select_option("#regroup-to", "+")
    assert tab.input_value("#regroup-code") == NEW  # the first free one is proposed
    expect(tab.locator("#regroup-ends")).to_contain_text("演示村1、演示村2")
    tab.fill("#regroup-name", "新桥村")
    tab.fill("#regroup-code", FIRST)
    tab.click("#regroup-send")
    expect(tab.locator("#hint")).to_have_class("is-wrong")
    expect(tab.locator("#hint")).to_contain_text(FIRST)
    editor.steps(0)
    tab.fill("#regroup-code", NEW)
    tab.click("#regroup-send")
    editor.is_done()
    editor.steps(1)
    expect(tab.locator("#steps li")).to_contain_text("新桥村")
    assert listed(editor) == {FIRST: "演示村1", SECOND: "演示村2", NEW: "新桥村"}
    tab.keyboard.press("Control+z")
    editor.steps(0)
    expect(tab.locator("#areas-box")).to_be_hidden()
    tab.keyboard.press("Control+y")
    editor.steps(1)
    assert {code[:12] for code in editor.grids()} == {NEW}
    expect(tab.locator(".community-name")).to_have_text(["新桥村"])

    tab.click("#submit")
    tab.fill("#submit-reason", "两村合并，县政府批复。")
    tab.fill("#submit-effective_on", now.isoformat())
    tab.keyboard.press("Tab")
    tab.click("#submit-send")
    tab.wait_for_url("**/grids?**")
    assert editor.visit.violations() == []

    page = visit(address, viewport={"width": 1440, "height": 900}).sign_in("reviewer")
    page.tab.goto(f"{address}/grids?county={COUNTY}")
    page.ready()
    page.tab.click(".grids-changes .button")
    page.ready()
    expect(page.tab.locator("#areas li")).to_have_count(3)
    rows = page.tab.locator("#impact tbody tr")  # a grid goes along: one row, and nothing is gained or lost
    expect(rows).to_have_count(32)
    expect(rows.first.locator("th small")).to_contain_text(f"{FIRST}001 → {NEW}001")
    expect(rows.locator(".is-other")).to_have_count(0)
    page.tab.keyboard.press("a")
    page.tab.keyboard.press("Enter")
    expect(page.tab.locator("#change-status")).to_have_attribute("data-status", "approved")
    expect(page.tab.locator("#areas li.is-gone")).to_have_count(2)  # it stays said once it is written

    eve = now - timedelta(days=1)
    page.open(f"?county={COUNTY}&view=grids&as_of={eve}")
    for names in (["演示村1", "演示村2"], ["新桥村"]):
        for name in ("演示村1", "演示村2", "新桥村"):
            expect(page.tab.locator("#area option", has_text=name)).to_have_count(int(name in names))
        page.tab.fill("#as-of", now.isoformat())
        page.tab.keyboard.press("Tab")
    assert page.complaints == [] and page.violations() == []


@pytest.mark.parametrize("noughts", ["", "000"])
def test_a_free_code_fits_below_counties_and_towns_of_six_nine_and_twelve_digits(
    visit: Callable[..., Visit], address: str, noughts: str
) -> None:
    county, town, other = "340523" + 2 * noughts, "340523100" + noughts, "340523101" + noughts
    areas = [
        {"code": county, "level": "county", "parent": None},
        {"code": town, "level": "town", "parent": county},
        {"code": other, "level": "town", "parent": county},
        {"code": "340523100201", "level": "community", "parent": town},
    ]
    tab = visit(address).tab
    tab.goto(f"{address}/sign-in")
    script = """async ([areas, county, town, other]) => {
      const { Areas } = await import("/static/js/grids_edit_areas.js");
      const made = new Areas({ own: "community", above: "town" });
      made.take({ areas, taken: ["340523100202"] });
      return [made.free(town), made.free(other), made.free(county, town)];
    }"""
    assert tab.evaluate(script, [areas, county, town, other]) == [
        "340523100203",
        "340523101001",
        "340523102" + noughts,
    ]
