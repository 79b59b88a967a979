"""A change is read side by side: what it touches is seen whole on both maps, whatever room they have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from geo_app.queries.terms import today
from tests.drafting import Drafting, across
from tests.e2e.browsing import DESK, PHONE, Visit
from tests.made_grids import ACROSS, COMMUNITIES, COUNTY, SIZE, SOUTH, WEST, Governed, code_of
from tests.made_police import EAST_STATION, ZONES
from tests.serving import served

Open = Callable[..., Visit]
NARROW, WALL = {"width": 820, "height": 640}, {"width": 1920, "height": 1080}
EAST, NORTH = WEST + 2 * ACROSS * SIZE, SOUTH + ACROSS * SIZE
# Where the county's corners lie on a map, against its buttons, its title and its scale: free space in px on each side.
ROOM = """([side, west, south, east, north]) => {
  const card = document.querySelectorAll(".review-map")[side];
  const box = (found) => card.querySelector(found).getBoundingClientRect();
  const outer = box(".leaflet-container");
  const pane = box(".leaflet-map-pane");
  const { map } = window.reviewPair.sides[side];
  const place = (lat, lon) => map.latLngToLayerPoint([lat, lon]).add([pane.x, pane.y]);
  const [nw, se] = [place(north, west), place(south, east)];
  return {
    left: nw.x - outer.left, top: nw.y - box("h2").bottom, right: box(".leaflet-control-zoom").left - se.x,
    bottom: box(".leaflet-control-scale").top - se.y, share: Math.max((se.x - nw.x) / outer.width, (se.y - nw.y) / outer.height)
  };
}"""

# What lies across another one, of some elements: pairs of their texts.
MEETING = """(all) => all.flatMap((one, n) => all.slice(n + 1).map((other) => [one, other])).filter(([one, other]) => {
  const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}).map((pair) => pair.map((one) => one.textContent))"""


@pytest.fixture
def address(governed: Governed) -> Iterator[str]:
    with served(governed.app) as found:
        yield found


def is_whole_on_both(page: Visit) -> None:
    for side in (0, 1):
        place = f"({ROOM})({[side, WEST, SOUTH, EAST, NORTH]})"
        page.until(f"(({{ left, top, right, bottom }}) => Math.min(left, top, right, bottom) >= 0)({place})")
        page.until(f"(({{ share }}) => share > 0.4)({place})")  # a speck is seen whole, too


def test_what_a_change_touches_is_seen_whole_on_both_maps_whatever_room_they_have(
    visit: Open, governed: Governed, address: str
) -> None:
    draft = Drafting.begun(governed)
    for cell in ((0, 0), (7, 3)):  # the corners: together as wide as the county
        draft.drawn(op="split", code=code_of(*cell), line=across(*cell))
    page = visit(address, viewport=DESK).sign_in("editor")
    answers = []
    page.tab.route("**/impact", lambda route: answers.append(route))
    page.tab.goto(f"{address}/grids/review?county={COUNTY}&change={draft.state['id']}")
    page.until("document.querySelectorAll('#steps li').length === 2")
    is_whole_on_both(page)  # before its effects are known
    answers[0].continue_()
    page.ready()
    expect(page.tab.locator("#impact tbody tr")).to_have_count(6)
    for size in (DESK, NARROW, PHONE, WALL):
        page.tab.set_viewport_size(size)
        is_whole_on_both(page)
    assert page.complaints == [] and page.violations() == []


def test_a_map_that_the_reader_moved_stays_there_when_the_room_changes(
    visit: Open, governed: Governed, address: str
) -> None:
    draft = Drafting.begun(governed)
    draft.drawn(op="split", code=code_of(0, 0), line=across(0, 0))
    page = visit(address, viewport=DESK).sign_in("editor")
    page.tab.goto(f"{address}/grids/review?county={COUNTY}&change={draft.state['id']}")
    page.ready()
    zooms = "window.reviewPair.sides.map(({ map }) => map.getZoom())"
    [begun, _] = page.tab.evaluate(zooms)
    page.tab.locator(".review-map .leaflet-control-zoom-out").nth(1).click()
    page.until(f"{zooms}.every((zoom) => zoom === {begun - 1})")
    page.tab.set_viewport_size(WALL)
    page.until("window.reviewPair.sides.every(({ map }) => map.getSize().x > 700)")
    assert page.tab.evaluate(zooms) == [begun - 1, begun - 1]


def test_what_waits_for_a_reviewer_stands_first_and_nobody_edits_it_any_more(
    visit: Open, address: str, governed: Governed
) -> None:
    Drafting.begun(governed, title="还在画")
    handed_in = Drafting.begun(governed, title="已提交")
    handed_in.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    assert handed_in.send("lease", method="PUT").status_code == 200
    handed_in.submitted(today(governed.county(), datetime.now(UTC)))
    page = visit(address).sign_in("reviewer")
    page.tab.goto(f"{address}/grids?county={COUNTY}")
    page.ready()
    expect(page.tab.locator(".grids-changes b")).to_have_text(["已提交", "还在画"])
    expect(page.tab.locator(".grids-changes .edit-lease")).to_have_count(0)


def test_a_change_is_talked_about_and_withdrawn_after_a_question(visit: Open, governed: Governed, address: str) -> None:
    draft = Drafting.begun(governed, title="拆分")
    draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    draft.submitted(today(governed.county(), datetime.now(UTC)))
    page = visit(address, viewport=DESK).sign_in("editor")
    page.tab.goto(f"{address}/grids/review?county={COUNTY}&change={draft.state['id']}")
    page.ready()
    expect(page.tab.locator("#review-acts")).to_be_hidden()  # nobody decides about his own
    page.tab.click("#remark")
    expect(page.tab.locator("#problem")).to_have_text("请先写下要说的话。")
    page.tab.fill("#comment", "沿着新修的路画的。")
    page.tab.click("#remark")
    expect(page.tab.locator("#reviews li.is-comment")).to_contain_text("沿着新修的路画的。")
    expect(page.tab.locator("#comment")).to_have_value("")
    page.tab.once("dialog", lambda dialog: dialog.dismiss())
    page.tab.click("#withdraw")
    assert draft.again().state["status"] == "review"
    page.tab.once("dialog", lambda dialog: dialog.accept())
    page.tab.click("#withdraw")
    expect(page.tab.locator("#change-status")).to_have_text("已撤回")
    assert page.complaints == [] and page.violations() == []


def test_no_name_on_the_maps_of_a_review_lies_across_another_one(visit: Open, governed: Governed, address: str) -> None:
    draft = Drafting.begun(governed)
    for cell in ((1, 1), (5, 2)):
        draft.drawn(op="split", code=code_of(*cell), line=across(*cell))
    page = visit(address, viewport=DESK).sign_in("editor")
    page.tab.goto(f"{address}/grids/review?county={COUNTY}&change={draft.state['id']}")
    page.ready()
    names = "[...document.querySelectorAll('.review-map .grid-name')]"
    others = "document.querySelectorAll('.review-map h2, .review-map .leaflet-control')"
    # Names of the view before fade away.
    page.until(f"{names}.length > 3 && ({MEETING})([...{names}, ...{others}]).length === 0")


def test_a_list_tells_one_grid_from_several_and_grids_from_areas(visit: Open, policed: Governed, address: str) -> None:
    one, several = Drafting.begun(policed, title="one"), Drafting.begun(policed, title="several")
    one.drawn(op="regroup", codes=[code_of(3, 0)], to=COMMUNITIES[1])
    several.drawn(op="regroup", codes=[code_of(3, 0), code_of(3, 1)], to=COMMUNITIES[1])
    zones = Drafting.begun(policed, title="zones", subject="police")
    zones.drawn(op="regroup", codes=[ZONES[1]], to=EAST_STATION)
    page = visit(address, locale="en").sign_in("editor")
    page.tab.goto(f"{address}/grids?county={COUNTY}")
    page.ready()
    told = page.tab.locator(".grids-changes small")
    assert sorted(text.rsplit(" · ", 1)[1] for text in told.all_inner_texts()) == [
        "touches 1 area",
        "touches 1 grid",
        "touches 2 grids",
    ]


def test_no_name_on_the_map_of_two_days_lies_across_another_one(visit: Open, governed: Governed, address: str) -> None:
    draft, day = Drafting.begun(governed), today(governed.county(), datetime.now(UTC))
    for cell in ((0, 0), (1, 0), (7, 3)):
        draft.drawn(op="split", code=code_of(*cell), line=across(*cell))
    draft.submitted(day).approved(governed)
    page = visit(address, viewport=DESK).sign_in("editor")
    page.tab.goto(f"{address}/grids/compare?county={COUNTY}&from={day - timedelta(days=1)}&to={day}")
    page.ready()
    names = "[...document.querySelectorAll('.compare-name')]"
    page.until(f"{names}.length > 1 && ({MEETING})({names}).length === 0")


def test_a_change_that_is_not_there_lets_nobody_wait(visit: Open, address: str) -> None:
    page = visit(address, viewport=DESK).sign_in("editor")
    page.tab.goto(f"{address}/grids/review?county={COUNTY}&change=4711")
    page.ready()
    expect(page.tab.locator("#panel-body .state-error")).to_be_visible()
    expect(page.tab.locator(".bone")).to_have_count(0)
