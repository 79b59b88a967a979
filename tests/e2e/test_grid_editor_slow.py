"""On a slow network what is drawn while a step is still on its way is neither lost nor shown without being saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shapely
from playwright.sync_api import Route, expect

from tests.e2e.browsing import Visit
from tests.e2e.test_grid_editor import Editor, beyond
from tests.made_grids import Governed, middle, vertex
from tests.serving import served

# Grids whose drawn line is not the one that the page holds.
GHOSTS = """() => [...gridDesk.grids.paths].filter(([code, path]) => JSON.stringify(path.getLatLngs().map((rings) => rings.map(
  (ring) => ring.map(({ lat, lng }) => [lng, lat])))) !== JSON.stringify(gridDesk.topology.grids.get(code).polygons)).map(([code]) => code)"""


@pytest.fixture
def editor(governed: Governed, visit: Callable[..., Visit]) -> Iterator[Editor]:
    with served(governed.app) as address:
        found = Editor.begun(visit(address).sign_in("editor"))

        def slowly(route: Route) -> None:
            found.tab.wait_for_timeout(1200)
            route.continue_()

        for pattern in ("**/operations", "**/undo"):
            found.tab.route(pattern, slowly)
        yield found


def moved(place: tuple[float, float], north: float = 0.0006) -> tuple[float, float]:
    return place[0], place[1] + north


def is_as_saved(editor: Editor) -> bool:
    saved = editor.tab.evaluate("async () => await gridDesk.draft.grids()")
    asked = {one["properties"]["code"]: shapely.geometry.shape(one["geometry"]) for one in saved}
    held = editor.grids()
    return asked.keys() == held.keys() and all(asked[code].equals(held[code]) for code in held)


def test_a_boundary_dragged_while_another_is_saved_is_saved_after_it(editor: Editor) -> None:
    editor.tool("drag")
    for place in (vertex(5.5, 2), vertex(2.5, 2)):
        editor.dragged(place, moved(place))
    assert editor.tab.evaluate("gridDesk.acts.isActing")
    editor.steps(2)
    editor.visit.until("!gridDesk.acts.isActing")
    assert editor.tab.evaluate(GHOSTS) == [] and is_as_saved(editor)


def test_a_boundary_that_is_held_when_a_step_is_saved_stays_in_the_hand(editor: Editor) -> None:
    first, second = vertex(5.5, 2), vertex(2.5, 2)
    editor.tool("drag").dragged(first, moved(first)).dragged(second, moved(second), drop=False)
    editor.steps(1)
    editor.visit.until("!gridDesk.acts.isActing")
    editor.tab.mouse.up()
    editor.steps(2)
    editor.visit.until("!gridDesk.acts.isActing")
    assert editor.tab.evaluate(GHOSTS) == [] and is_as_saved(editor)


def test_a_line_begun_while_a_step_is_taken_back_can_be_ended(editor: Editor) -> None:
    editor.tool("split").line(*beyond(1, 1))
    editor.steps(1)
    editor.visit.until("!gridDesk.acts.isActing")
    south, north = beyond(5, 2)
    editor.tool("split")
    editor.tab.keyboard.press("Control+z")
    editor.click(south)
    editor.steps(0)
    editor.visit.until("!gridDesk.acts.isActing")
    editor.click(north).click(north)
    editor.steps(1)
    editor.visit.until("!gridDesk.acts.isActing")
    expect(editor.tab.locator("#steps li.is-undone")).to_have_count(0)
    assert is_as_saved(editor)


def test_a_button_clicked_twice_does_it_once(editor: Editor) -> None:
    editor.tool("merge").click(middle(2, 3)).click(middle(3, 3))
    editor.tab.dblclick("#hint-act")
    editor.steps(1)
    editor.visit.until("!gridDesk.acts.isActing")
    editor.is_done()
    assert editor.tab.evaluate("gridDesk.acts.later.length") == 0
