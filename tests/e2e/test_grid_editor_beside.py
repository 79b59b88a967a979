"""The editor tells what others do on the same grids, and what could not be drawn again, also after it is opened anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from geo_app.queries.terms import today
from tests.drafting import Drafting, across
from tests.e2e.browsing import Visit
from tests.made_grids import COMMUNITIES, COUNTY, Governed, code_of, middle
from tests.serving import served

FIRST, _ = COMMUNITIES


@pytest.fixture
def address(governed: Governed) -> Iterator[str]:
    with served(governed.app) as found:
        yield found


def test_what_was_not_drawn_again_and_who_draws_beside_stands_in_the_panel_after_a_reload(
    visit: Callable[..., Visit], address: str, governed: Governed
) -> None:
    mine, other = Drafting.begun(governed), Drafting.begun(governed, "drawer", title="旁边的调整")
    mine.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    mine.drawn(op="merge", codes=[code_of(6, 0), code_of(7, 0)])
    other.drawn(op="merge", codes=[code_of(1, 1), code_of(2, 1)])
    other.submitted(today(governed.county(), datetime.now(UTC))).approved(governed)
    mine.again().done("rebase")
    beside = Drafting.begun(governed, "drawer", title="旁边的调整")
    beside.drawn(op="describe", code=code_of(6, 0), name="新名")
    beside.hand.send(f"{beside.path}/lease", {}, "PUT")
    opened = visit(address).sign_in("editor")
    opened.tab.goto(f"{address}/grids/edit?county={COUNTY}&change={mine.state['id']}")
    for _ in range(2):
        opened.ready()
        expect(opened.tab.locator("#left-out li")).to_have_count(1)
        expect(opened.tab.locator("#left-out")).to_contain_text(code_of(1, 1))
        expect(opened.tab.locator("#lease")).to_contain_text("李强")
        expect(opened.tab.locator("#lease")).to_contain_text("旁边的调整")
        opened.tab.reload()


def test_who_draws_sees_that_a_community_of_his_steps_ended_meanwhile_without_doing_anything(
    visit: Callable[..., Visit], address: str, governed: Governed
) -> None:
    mine, other = Drafting.begun(governed), Drafting.begun(governed, "drawer", title="并村")
    mine.drawn(op="rename", area=FIRST, name="甲村")
    every = [code_of(column, row) for column in range(8) for row in range(4)]
    other.drawn(op="regroup", codes=every, to="340523100003", name="新桥村")
    other.submitted(today(governed.county(), datetime.now(UTC)))
    opened = visit(address)
    opened.tab.clock.install()
    opened.sign_in("editor")
    opened.tab.goto(f"{address}/grids/edit?county={COUNTY}&change={mine.state['id']}")
    opened.ready()
    expect(opened.tab.locator("#stale")).to_be_hidden()
    other.approved(governed)
    opened.tab.clock.fast_forward("00:31")  # until the page says again that it is open
    expect(opened.tab.locator("#stale-codes")).to_have_text(f"演示村1（{FIRST}）")
    opened.tab.click("#rebase")
    expect(opened.tab.locator("#stale")).to_be_hidden()
    expect(opened.tab.locator("#left-out li")).to_have_count(1)
    assert opened.complaints == [] and opened.violations() == []


def test_a_draft_opens_where_something_was_drawn_and_else_on_the_whole_county(
    visit: Callable[..., Visit], address: str, governed: Governed
) -> None:
    mine = Drafting.begun(governed)
    page = visit(address).sign_in("editor")

    def in_view() -> list[bool]:
        page.tab.goto(f"{address}/grids/edit?county={COUNTY}&change={mine.state['id']}")
        page.ready()
        script = "([x, y]) => map_main.getBounds().contains([y, x])"
        return [page.tab.evaluate(script, middle(*place)) for place in ((1, 1), (2, 1), (7, 3))]

    assert in_view() == [True, True, True]
    mine.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    assert in_view() == [True, True, False]
