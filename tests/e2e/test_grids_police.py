"""Areas of the police are redrawn in the editor of grids, with the tools that have a meaning for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
from playwright.sync_api import expect

from geo_app.queries.terms import today
from tests.e2e.browsing import Visit
from tests.e2e.test_grid_editor import Editor
from tests.made_grids import COUNTY, SIZE, SOUTH, WEST, Governed
from tests.made_police import EAST_STATION, WEST_STATION, ZONES, strip
from tests.serving import served

Open = Callable[..., Visit]
NEW_STATION = "340523003000"


@pytest.fixture
def address(policed: Governed) -> Iterator[str]:
    with served(policed.app) as found:
        yield found


def begun(page: Visit) -> Editor:
    """The editor of a new draft about areas of the police."""
    page.tab.goto(f"{page.address}/grids?county={COUNTY}")
    page.ready()
    page.tab.select_option("#new-subject", "police")
    page.tab.click("#new-draft button")
    page.tab.wait_for_url("**/grids/edit?**")
    page.ready()
    return Editor(page)


def submitted(editor: Editor, reason: str, day: date) -> None:
    tab = editor.tab
    tab.click("#submit")
    tab.fill("#submit-reason", reason)
    tab.fill("#submit-effective_on", day.isoformat())
    tab.click("#submit-send")
    tab.wait_for_url("**/grids?**")
    editor.visit.ready()
    expect(tab.locator("#changes")).to_contain_text("警务区")
    assert editor.complaints() == [] and editor.visit.violations() == []


def approved(page: Visit) -> None:
    page.tab.keyboard.press("a")
    page.tab.keyboard.press("Enter")
    expect(page.tab.locator("#change-status")).to_have_attribute("data-status", "approved")


def test_a_zone_is_split_on_the_map_handed_in_and_approved(visit: Open, address: str) -> None:
    page = visit(address, viewport={"width": 1440, "height": 900}).sign_in("editor")
    tab = page.tab
    editor = begun(page)
    expect(tab.locator("#tool-balance")).to_be_hidden()
    y = SOUTH + 1.7 * SIZE
    editor.tool("split").line((WEST - 0.3 * SIZE, y), (WEST + 2.5 * SIZE, y))
    editor.is_done()
    editor.steps(1)
    assert set(editor.grids()) == {*ZONES[1:], "340523001003", "340523001004"}
    submitted(editor, "新建小区", date.today() + timedelta(days=3))

    page = visit(address, viewport={"width": 1440, "height": 900}).sign_in("reviewer")
    page.tab.goto(f"{address}/grids?county={COUNTY}")
    page.ready()
    page.tab.click(".grids-changes .button")
    page.ready()
    approved(page)
    assert page.complaints == [] and page.violations() == []


def test_zones_go_to_a_new_station_that_others_read_on_its_day(visit: Open, policed: Governed, address: str) -> None:
    now = today(policed.county(), datetime.now(UTC))
    day = now + timedelta(days=3)
    page = visit(address, viewport={"width": 1440, "height": 900}).sign_in("editor")
    tab = page.tab
    editor = begun(page)
    editor.tool("communities")
    expect(tab.locator(".community-name")).to_have_text(["城西派出所", "城东派出所"])
    tab.select_option("#regroup-to", "+")
    assert tab.input_value("#regroup-code") == NEW_STATION  # also before a zone is picked
    editor.click((WEST + 2.5 * SIZE, SOUTH + 2 * SIZE)).click((WEST + 4.4 * SIZE, SOUTH + 2 * SIZE))
    expect(tab.locator("#regroup-picked li")).to_have_count(2)
    expect(tab.locator("#rehang-box")).to_be_hidden()
    tab.select_option("#regroup-to", "+")
    assert tab.input_value("#regroup-code") == NEW_STATION  # where its zones can be counted as those of the others are
    tab.fill("#regroup-name", "城中派出所")
    tab.click("#regroup-send")
    editor.is_done()
    editor.steps(1)
    expect(tab.locator("#steps li")).to_contain_text("城中派出所")
    assert set(editor.grids()) == {ZONES[0], ZONES[3], "340523003001", "340523003002"}
    expect(tab.locator(".community-name")).to_have_text(["城西派出所", "城东派出所", "城中派出所"])

    # A station that is there takes a zone over, and gets another name.
    editor.click((WEST + 0.5 * SIZE, SOUTH + 2 * SIZE))
    expect(tab.locator("#regroup-ends")).to_contain_text("城西派出所")
    tab.select_option("#regroup-to", NEW_STATION)
    tab.click("#regroup-send")
    editor.steps(2)
    tab.click("#rename-box summary")
    tab.select_option("#rename-area", EAST_STATION)
    tab.fill("#rename-name", "东关派出所")
    tab.click("#rename-form button")
    editor.steps(3)
    submitted(editor, "警务机制改革", day)

    page = visit(address, viewport={"width": 1440, "height": 900}).sign_in("reviewer")
    page.tab.goto(f"{address}/grids?county={COUNTY}")
    page.ready()
    page.tab.click(".grids-changes .button")
    page.ready()
    expect(page.tab.locator("#areas")).to_contain_text("东关派出所")
    approved(page)

    before, after = (policed.outlines_on(on, "station") for on in (day - timedelta(days=1), day))
    assert set(before) == {WEST_STATION, EAST_STATION} and set(after) == {NEW_STATION, EAST_STATION}
    for code, columns in ((NEW_STATION, (-1, 5.4)), (EAST_STATION, (5.4, 9))):
        assert shapely.symmetric_difference(after[code], strip(*columns)).area < 1e-10
    for on, names in ((now, ["城东派出所", "城西派出所"]), (day, ["东关派出所", "城中派出所"])):
        page.open(f"?county={COUNTY}&view=grids&as_of={on}")
        for name in ("城东派出所", "城西派出所", "东关派出所", "城中派出所"):
            expect(page.tab.locator("#area option", has_text=name)).to_have_count(int(name in names))
    assert page.complaints == [] and page.violations() == []
