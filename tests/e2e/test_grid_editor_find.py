"""A grid is found by its name or code, and what is found is taken as if it had been clicked: no pointer is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Visit
from tests.e2e.test_grid_editor import Editor
from tests.made_grids import Governed, code_of, middle
from tests.serving import served

# The first grid in the order of the codes of a community, and its neighbour to the east.
FIRST, SECOND = code_of(0, 3), code_of(1, 3)


@pytest.fixture
def editor(governed: Governed, visit: Callable[..., Visit]) -> Iterator[Editor]:
    with served(governed.app) as address:
        yield Editor.begun(visit(address).sign_in("editor"))


def find(editor: Editor, typed: str) -> None:
    editor.tab.keyboard.press("/")
    editor.tab.keyboard.type(typed)
    editor.tab.keyboard.press("Enter")


def test_a_code_or_the_end_of_one_opens_the_grid_and_goes_there(editor: Editor) -> None:
    for typed in (FIRST, FIRST[-6:]):
        find(editor, typed)
        expect(editor.tab.locator("#details-facts")).to_contain_text(FIRST)
        assert not editor.tab.evaluate("([x, y]) => map_main.getBounds().contains([y, x])", middle(7, 0))
        editor.tab.locator("#find").blur()


def test_grids_are_merged_by_the_keyboard_alone(editor: Editor) -> None:
    editor.tab.keyboard.press("4")
    for code in (FIRST, SECOND):
        find(editor, code)
        editor.tab.locator("#find").blur()
    editor.tab.keyboard.press("Enter")
    editor.is_done()
    editor.steps(1)
    assert FIRST not in editor.grids()


def test_a_name_of_several_shows_them_all_and_one_of_none_is_said(editor: Editor) -> None:
    name = editor.tab.evaluate("(code) => gridDesk.topology.grids.get(code).properties.name", FIRST)
    find(editor, name)  # both communities have one
    expect(editor.tab.locator("#find-said")).to_have_text("有 2 个符合，请把名称或编号输得再完整些。")
    editor.tab.fill("#find", "<b>无此网格</b>")
    editor.tab.keyboard.press("Enter")
    expect(editor.tab.locator("#find-said")).to_have_text("没有名称含“<b>无此网格</b>”或编号为“<b>无此网格</b>”的。")
    assert editor.complaints() == [] and editor.visit.violations() == []
