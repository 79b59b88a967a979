"""Texts of the list, the editor and the review of changes can be told from their ground, on light ground and on dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from geo_app.queries.terms import today
from tests.drafting import Drafting, across
from tests.e2e.browsing import PHONE, Visit
from tests.e2e.contrast import poor
from tests.made_grids import COMMUNITIES, COUNTY, Governed, code_of
from tests.serving import served

WIDE = {"width": 1440, "height": 900}


@pytest.fixture
def address(governed: Governed) -> Iterator[str]:
    with served(governed.app) as found:
        yield found


@pytest.fixture
def draft(governed: Governed) -> Drafting:
    """A draft with all that an editor has to say: steps, undone ones, faults, changes beneath it, a colleague beside it."""
    mine, other = Drafting.begun(governed, title="东关拆分"), Drafting.begun(governed, "drawer", title="旁边的调整")
    mine.drawn(op="merge", codes=[code_of(1, 1), code_of(2, 1)])
    mine.drawn(op="regroup", codes=[code_of(4, 0), code_of(4, 1)], to=COMMUNITIES[0])
    mine.drawn(op="describe", code=code_of(6, 0), name="新名")
    mine.done("undo")
    other.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    other.submitted(today(governed.county(), datetime.now(UTC))).approved(governed)
    beside = Drafting.begun(governed, "drawer", title="另一个")
    beside.drawn(op="describe", code=code_of(2, 1), name="新名")
    beside.hand.send(f"{beside.path}/lease", {}, "PUT")
    return mine.again()


def opened(page: Visit, path: str) -> Page:
    page.tab.set_viewport_size(WIDE)
    page.tab.goto(page.address + path)
    return page.ready().tab


def legible(page: Visit) -> None:
    for size in (WIDE, PHONE):
        page.tab.set_viewport_size(size)
        page.tab.mouse.move(5, 5)
        assert found(page) == [], size


def found(page: Visit) -> list[Any]:
    """What is hard to read, also once names of grids have faded in and out."""
    for _ in range(40):
        if poor(page.tab) == []:
            return []
        page.tab.wait_for_timeout(50)
    return poor(page.tab)


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_texts_of_changes_of_grids_are_legible(
    visit: Callable[..., Visit], address: str, draft: Drafting, ground: Literal["light", "dark"]
) -> None:
    page = visit(address, viewport=WIDE, color_scheme=ground).sign_in("editor")
    at = f"?county={COUNTY}&change={draft.state['id']}"

    tab = opened(page, f"/grids?county={COUNTY}")
    expect(tab.locator("html")).to_have_attribute("data-theme", ground)
    legible(page)

    opened(page, f"/grids/edit{at}")
    for sign in ("#stale", "#lease", "#steps .is-undone"):
        expect(tab.locator(sign)).to_be_visible()
    tab.click("#tool-split")
    assert found(page) == []  # with the pointer on the tool that is in use
    tab.evaluate("gridDesk.say(document.title, 'is-wrong')")
    legible(page)
    opened(page, f"/grids/edit{at}")
    tab.evaluate("([code]) => gridDesk.choose(code)", [code_of(7, 3)])
    expect(tab.locator("#numbers-panel .facts")).to_be_visible()
    legible(page)
    gone = [{"code": "1", "name": "甲", "area_m2": None, "before": {"area_m2": 160_000, "households": 320}}]
    tab.evaluate("(rows) => gridDesk.numbers.show(rows, 'A')", gone)
    legible(page)
    tab.evaluate("gridDesk.submitting.open()")
    expect(tab.locator("#submit-problem")).to_be_visible()
    legible(page)

    opened(page, f"/grids/review{at}")
    legible(page)
    tab.set_viewport_size(WIDE)
    tab.click("#impact-by [data-by=people]")
    legible(page)
    assert page.violations() == []
