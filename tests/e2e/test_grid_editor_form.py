"""What is typed in the editor of grids is saved, or stays as it was typed and says so; nothing else is handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Route, expect

from geo_app.queries.terms import today
from tests.drafting import Drafting, across
from tests.e2e.browsing import Visit
from tests.e2e.test_grid_editor import Editor, beyond
from tests.made_grids import COUNTY, Governed, code_of, middle
from tests.serving import served

Open = Callable[..., Visit]


@pytest.fixture
def address(governed: Governed) -> Iterator[str]:
    with served(governed.app) as found:
        yield found


@pytest.fixture
def now(governed: Governed) -> date:
    return today(governed.county(), datetime.now(UTC))


@pytest.fixture
def mine(governed: Governed) -> Drafting:
    """A draft with one step."""
    draft = Drafting.begun(governed, reason="旧的说明")
    draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    return draft


def opened(page: Visit, draft: Drafting) -> Editor:
    page.tab.goto(f"{page.address}/grids/edit?county={COUNTY}&change={draft.state['id']}")
    page.ready()
    page.tab.evaluate("() => gridDesk.shell.showGrids(gridDesk.topology)")
    return Editor(page)


def test_a_day_that_is_none_is_marked_and_not_handed_in(visit: Open, address: str, mine: Drafting, now: date) -> None:
    tab = opened(visit(address).sign_in("editor"), mine).tab
    tab.click("#submit")
    tab.fill("#submit-effective_on", now.isoformat())
    tab.locator("#submit-effective_on").blur()
    expect(tab.locator("#submit-effective_on")).to_have_attribute("aria-invalid", "false")
    tab.evaluate(
        "() => { const day = document.getElementById('submit-effective_on'); day.value = '202612-01-01';"
        " day.dispatchEvent(new Event('input')); day.dispatchEvent(new Event('change')); }"
    )
    expect(tab.locator("#submit-effective_on")).to_have_attribute("aria-invalid", "true")
    tab.click("#submit-send")
    expect(tab.locator("#submit-problem")).to_contain_text("标红的内容还没有保存")
    assert mine.again().state["status"] == "draft"


def test_words_that_were_not_saved_stay_are_sent_again_and_then_handed_in(
    visit: Open, address: str, mine: Drafting, now: date
) -> None:
    page = visit(address).sign_in("editor")
    tab = opened(page, mine).tab
    tab.click("#submit")
    mine.done("", {"title": "同事改的标题"}, method="PATCH")  # so the page's tag is an old one
    tab.fill("#submit-reason", "新的说明")
    tab.locator("#submit-reason").blur()
    expect(tab.locator("#submit-reason")).to_have_attribute("aria-invalid", "true")
    expect(tab.locator("#submit-title")).to_have_value("同事改的标题")
    expect(tab.locator("#submit-reason")).to_have_value("新的说明")
    page.context.set_offline(True)
    tab.fill("#submit-document_number", "演政网〔2026〕9号")
    tab.locator("#submit-document_number").blur()
    expect(tab.locator("#submit-document_number")).to_have_attribute("aria-invalid", "true")
    page.context.set_offline(False)
    tab.reload()  # as after a session that ended
    page.ready()
    tab.click("#submit")
    expect(tab.locator("#submit-problem")).to_contain_text("标红的内容还没有保存")
    expect(tab.locator("#submit-reason")).to_have_value("新的说明")
    tab.fill("#submit-effective_on", (now + timedelta(3)).isoformat())
    tab.click("#submit-send")
    tab.wait_for_url("**/grids?**")
    state = mine.again().state
    assert (state["status"], state["reason"], state["document_number"]) == ("review", "新的说明", "演政网〔2026〕9号")
    assert tab.evaluate("sessionStorage.length") == 0


def test_a_name_that_could_not_be_saved_stays_in_its_form(visit: Open, address: str, mine: Drafting) -> None:
    page = visit(address).sign_in("editor")
    editor = opened(page, mine)
    tab = editor.click(middle(3, 2)).tab
    tab.click("#details-save")
    expect(tab.locator(".toast")).to_have_text("没有改动。")
    tab.fill("#details-name", "  ")
    tab.click("#details-save")
    assert not tab.evaluate("document.getElementById('details-form').checkValidity()")
    page.context.set_offline(True)
    tab.fill("#details-name", "滨河网格")
    tab.click("#details-save")
    expect(tab.locator("#saved")).to_have_text("未保存")
    expect(tab.locator("#details-name")).to_have_value("滨河网格")
    page.context.set_offline(False)
    tab.click("#details-save")
    editor.is_done()
    assert [one["op"] for one in mine.again().state["operations"]] == ["split", "describe"]


def test_escape_leaves_a_tool_and_steps_that_are_asked_for_quickly_are_all_taken(
    visit: Open, address: str, mine: Drafting
) -> None:
    editor = opened(visit(address).sign_in("editor"), mine)
    tab = editor.tab
    for tool in ("split", "carve"):
        editor.tool(tool)
        editor.click(middle(4, 2))
        editor.visit.until("gridDesk.drawing.count() > 0")
        tab.keyboard.press("Escape")  # the line
        expect(tab.locator(f"#tool-{tool}")).to_have_attribute("aria-pressed", "true")
        tab.keyboard.press("Escape")  # the tool
        expect(tab.locator("#tool-details")).to_have_attribute("aria-pressed", "true")
    for column, count in ((3, 2), (5, 3)):
        editor.tool("split").line(*beyond(column, 2))
        editor.steps(count)

    def slowly(route: Route) -> None:
        tab.wait_for_timeout(150)
        route.continue_()

    tab.route("**/undo", slowly)
    for _ in range(3):
        tab.keyboard.press("Control+z")
    editor.steps(0)


def test_a_draft_is_thrown_away_after_a_question(visit: Open, address: str, mine: Drafting) -> None:
    tab = opened(visit(address).sign_in("editor"), mine).tab
    tab.once("dialog", lambda dialog: dialog.dismiss())
    tab.click("#discard")
    assert mine.again().state["status"] == "draft"
    tab.once("dialog", lambda dialog: dialog.accept())
    tab.click("#discard")
    tab.wait_for_url("**/grids?**")
    assert mine.again().state["status"] == "withdrawn"


def test_steps_back_that_found_nothing_do_not_wait_for_the_next_step(visit: Open, address: str, mine: Drafting) -> None:
    editor = opened(visit(address).sign_in("editor"), mine)
    tab = editor.tab

    def slowly(route: Route) -> None:
        tab.wait_for_timeout(300)
        route.continue_()

    tab.route("**/undo", slowly)
    for _ in range(4):  # there is one step
        tab.keyboard.press("Control+z")
    editor.steps(0)
    expect(tab.locator("#hint")).to_have_class("is-done")
    editor.tool("split").line(*beyond(3, 2))
    editor.is_done()
    tab.wait_for_timeout(1000)
    editor.steps(1)


def test_a_name_stays_in_its_form_when_somebody_else_changed_the_draft(
    visit: Open, address: str, mine: Drafting
) -> None:
    editor = opened(visit(address).sign_in("editor"), mine)
    tab = editor.click(middle(3, 2)).tab
    tab.fill("#details-name", "滨河网格")
    mine.done("", {"title": "同事改的标题"}, method="PATCH")
    tab.click("#details-save")
    expect(tab.locator("#change-title")).to_have_text("同事改的标题")
    expect(tab.locator("#details-name")).to_be_visible()
    expect(tab.locator("#details-name")).to_have_value("滨河网格")
    tab.click("#details-save")
    editor.is_done()
    assert [one["op"] for one in mine.again().state["operations"]] == ["split", "describe"]


def test_a_fault_of_the_server_is_told_with_its_number(visit: Open, address: str, mine: Drafting) -> None:
    editor = opened(visit(address).sign_in("editor"), mine)
    tab = editor.tab
    said = {
        "status": 500,
        "code": "internal_error",
        "title": "错",
        "remedy": "请告知下方编号。",
        "instance": "urn:request:4711",
    }
    tab.route("**/undo", lambda route: route.fulfill(status=500, json=said, content_type="application/problem+json"))
    tab.keyboard.press("Control+z")
    expect(tab.locator(".toast-error")).to_contain_text("urn:request:4711")


def test_an_area_drawn_and_named_that_could_not_be_saved_is_sent_again(
    visit: Open, address: str, mine: Drafting
) -> None:
    page = visit(address).sign_in("editor")
    editor = opened(page, mine)
    tab = editor.tab
    tab.uncheck("#snapping")
    editor.tool("carve")
    x, y = middle(5, 2)
    for east, north in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)):
        editor.click((x + east * 0.001, y + north * 0.001))
    tab.fill("#details-name", "阳光小区")
    page.context.set_offline(True)
    tab.click("#details-save")
    expect(tab.locator("#saved")).to_have_text("未保存")
    expect(tab.locator("#details-name")).to_have_value("阳光小区")
    page.context.set_offline(False)
    tab.click("#details-save")
    editor.is_done()
    assert [one["op"] for one in mine.again().state["operations"]] == ["split", "carve"]
