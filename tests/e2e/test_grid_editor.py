"""Grids are redrawn in the browser: split, dragged with both sides following, merged, submitted, reviewed by somebody
else; and the day before stays readable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
from playwright.sync_api import Route, expect
from sqlalchemy import text

from geo_app.queries.terms import today
from grid_boundaries.coverage import check
from tests.e2e.browsing import Visit
from tests.made_grids import COUNTY, Governed, code_of, middle, vertex
from tests.serving import served

Open = Callable[..., Visit]
# A preview of a line that does not cross yet is refused by its status, which the browser writes down by itself.
REFUSED_PREVIEW = "422 (UNPROCESSABLE ENTITY)"


@pytest.fixture
def address(governed: Governed) -> Iterator[str]:
    with served(governed.app) as found:
        yield found


@pytest.fixture
def now(governed: Governed) -> date:
    return today(governed.county(), datetime.now(UTC))


class Editor:
    """The editor's page, by the places of the made county."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.tab = visit.tab

    @classmethod
    def begun(cls, visit: Visit, title: str = "东关拆分") -> Editor:
        """Opens the list, begins a draft, waits for its map."""
        tab = visit.tab
        tab.goto(f"{visit.address}/grids?county={COUNTY}")
        visit.ready()
        tab.fill("#new-title", title)
        tab.click("#new-draft button")
        tab.wait_for_url("**/grids/edit?**")
        visit.ready()
        return cls(visit)

    def tool(self, name: str) -> Editor:
        self.tab.click(f"#tool-{name}")
        return self

    def pixel(self, place: tuple[float, float]) -> tuple[float, float]:
        x, y = self.tab.evaluate(
            "([lon, lat]) => { const { x, y } = map_main.latLngToContainerPoint([lat, lon]);"
            " const box = map_main.getContainer().getBoundingClientRect(); return [x + box.x, y + box.y]; }",
            place,
        )
        return x, y

    def click(self, place: tuple[float, float]) -> Editor:
        at = self.pixel(place)
        self.tab.mouse.move(*at)
        self.tab.mouse.click(*at)
        return self

    def line(self, *places: tuple[float, float]) -> Editor:
        """Clicks a line and ends it by a second click on its last point."""
        for place in (*places, places[-1]):
            self.click(place)
        return self

    def dragged(self, place: tuple[float, float], to: tuple[float, float], drop: bool = True) -> Editor:
        self.tab.mouse.move(*self.pixel(place))
        self.tab.mouse.down()
        self.tab.mouse.move(*self.pixel(to), steps=12)
        if drop:
            self.tab.mouse.up()
        return self

    def is_done(self) -> None:
        expect(self.tab.locator("#hint")).to_have_class("is-done")

    def steps(self, count: int) -> None:
        expect(self.tab.locator("#steps li:not(.is-undone)")).to_have_count(count)

    def grids(self) -> dict[str, shapely.Geometry]:
        """What the page holds, by code."""
        found = self.tab.evaluate("[...gridDesk.topology.grids.keys()].map((code) => gridDesk.topology.feature(code))")
        return {one["properties"]["code"]: shapely.geometry.shape(one["geometry"]) for one in found}

    def complaints(self) -> list[str]:
        return [said for said in self.visit.complaints if REFUSED_PREVIEW not in said]


def beyond(column: int, row: int) -> list[tuple[float, float]]:
    """A line from south to north across the middle of a grid, beginning and ending beyond it."""
    (x, y), (x2, y2) = middle(column, row - 1), middle(column, row + 1)
    return [(x, y + 0.0012), (x2, y2 - 0.0012)]


def test_grids_are_split_dragged_merged_submitted_and_reviewed_and_yesterday_stays(
    visit: Open, governed: Governed, address: str, now: date
) -> None:
    before = governed.grids_on(now)
    editor = Editor.begun(visit(address, viewport={"width": 1440, "height": 900}).sign_in("editor"))
    tab = editor.tab

    editor.tool("split").line(*beyond(1, 1))
    editor.is_done()
    editor.steps(1)

    editor.tool("drag").dragged(vertex(5.5, 2), (vertex(5.5, 2)[0], vertex(5.5, 2)[1] + 0.0008), drop=False)
    expect(tab.locator("#numbers .numbers-card")).to_have_count(2)  # both sides, while the pointer is held
    tab.mouse.up()
    editor.is_done()
    editor.steps(2)

    editor.tool("merge").click(middle(2, 3)).click(middle(3, 3))
    tab.keyboard.press("Enter")
    editor.is_done()
    editor.steps(3)

    drawn = editor.grids()
    assert code_of(1, 1) not in drawn and code_of(2, 3) not in drawn and len(drawn) == 32
    assert shapely.coverage_is_valid(list(drawn.values()))  # shared to the bit in the page, too

    tab.click("#submit")
    tab.fill("#submit-reason", "三期交付，户数超过 500 户。")
    tab.fill("#submit-surveyed_on", (now - timedelta(days=3)).isoformat())
    tab.fill("#submit-effective_on", now.isoformat())
    tab.fill("#submit-document_number", "演综治〔2026〕7号")
    tab.keyboard.press("Tab")
    tab.click("#submit-send")
    tab.wait_for_url("**/grids?**")
    assert editor.complaints() == [] and editor.visit.violations() == []

    page = visit(address, viewport={"width": 1440, "height": 900}).sign_in("reviewer")
    page.tab.goto(f"{address}/grids?county={COUNTY}")
    page.ready()
    page.tab.click(".grids-changes .button")
    page.ready()
    expect(page.tab.locator("#steps li")).to_have_count(3)
    page.tab.keyboard.press("a")
    page.tab.keyboard.press("Enter")
    expect(page.tab.locator("#change-status")).to_have_attribute("data-status", "approved")

    eve = now - timedelta(days=1)
    for day, count in ((eve, 0), (now, 1)):  # the grid that the split made
        page.open(f"?county={COUNTY}&view=grids&as_of={day}")
        expect(page.tab.locator(".grid-list li")).to_have_count(32)
        expect(page.tab.locator(".grid-list .name", has_text="第17网格")).to_have_count(count)
    assert page.complaints == [] and page.violations() == []

    after, yesterday = governed.grids_on(now), governed.grids_on(eve)
    assert set(after["code"]) == set(drawn) and check(after.assign(community=None)) == []
    assert all(after.geometry[n].equals(drawn[code]) for n, code in enumerate(after["code"]))
    assert yesterday["code"].tolist() == before["code"].tolist()
    assert yesterday.geometry.geom_equals(before.geometry).all()


def test_a_refused_line_says_why_and_where_and_leaves_the_draft_as_it_is(visit: Open, address: str) -> None:
    editor = Editor.begun(visit(address).sign_in("editor"))
    (x, y) = middle(1, 1)
    editor.tool("split").line((x, y - 0.0001), (x, y + 0.0008))
    expect(editor.tab.locator("#hint")).to_have_class("is-wrong")
    expect(editor.tab.locator(".grid-refused")).to_have_count(1)
    editor.steps(0)
    editor.tab.keyboard.press("Escape")
    expect(editor.tab.locator(".grid-refused")).to_have_count(0)


def test_steps_go_back_and_forward_by_keyboard_and_escape_puts_a_dragged_boundary_back(
    visit: Open, address: str
) -> None:
    editor = Editor.begun(visit(address).sign_in("editor"))
    begun = editor.grids()
    editor.tool("drag").dragged(vertex(2.5, 2), (vertex(2.5, 2)[0], vertex(2.5, 2)[1] + 0.0008))
    editor.is_done()
    moved = editor.grids()
    assert {code for code, shape in moved.items() if not shape.equals(begun[code])} == {code_of(2, 1), code_of(2, 2)}
    editor.tab.keyboard.press("Control+z")
    editor.steps(0)
    assert all(shape.equals(begun[code]) for code, shape in editor.grids().items())
    editor.tab.keyboard.press("Control+y")
    editor.steps(1)
    assert all(shape.equals(moved[code]) for code, shape in editor.grids().items())
    editor.dragged(vertex(5.5, 2), (vertex(5.5, 2)[0], vertex(5.5, 2)[1] + 0.0008), drop=False)
    editor.tab.keyboard.press("Escape")
    editor.tab.mouse.up()
    editor.steps(1)
    assert all(shape.equals(moved[code]) for code, shape in editor.grids().items())
    editor.tab.keyboard.press("Escape")
    expect(editor.tab.locator("#tool-details")).to_have_attribute("aria-pressed", "true")
    assert editor.complaints() == [] and editor.visit.violations() == []


def test_a_draft_that_a_colleague_changed_is_shown_anew_and_the_step_is_not_done(visit: Open, address: str) -> None:
    editor = Editor.begun(visit(address).sign_in("editor"))
    other = Editor(visit(address).sign_in("drawer"))
    other.tab.goto(editor.tab.url)
    other.visit.ready()
    other.tool("merge").click(middle(0, 0)).click(middle(1, 0))
    other.tab.keyboard.press("Enter")
    other.is_done()
    editor.tool("merge").click(middle(4, 0)).click(middle(5, 0))
    editor.tab.keyboard.press("Enter")
    expect(editor.tab.locator(".toast-error")).to_be_visible()
    editor.steps(1)
    assert code_of(0, 0) not in editor.grids() and code_of(4, 0) in editor.grids()


# Names on the map that lie over one another.
OVERLAPPING = """() => {
  const boxes = gridDesk.grids.names.getLayers().map((name) => name.getElement().getBoundingClientRect());
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return boxes.filter((a, place) => boxes.slice(place + 1).some((b) => meet(a, b))).length;
}"""


def test_land_is_transferred_by_lasso_and_carved_out_under_a_name(visit: Open, address: str) -> None:
    editor = Editor.begun(visit(address, viewport={"width": 1440, "height": 900}).sign_in("editor"))
    mouse = editor.tab.mouse
    editor.tab.uncheck("#snapping")
    editor.tool("transfer").click(middle(0, 2))
    editor.tab.wait_for_selector(".is-lasso")
    (x, y) = vertex(1, 2.5)
    corners = [(x - 0.001, y - 0.0008), (x + 0.0012, y - 0.0008), (x + 0.0012, y + 0.0008), (x - 0.001, y + 0.0008)]
    mouse.move(*editor.pixel(corners[0]))
    mouse.down()
    for place in (*corners[1:], corners[0]):
        mouse.move(*editor.pixel(place), steps=6)
    mouse.up()
    editor.is_done()
    editor.steps(1)

    (x, y) = middle(5, 1)
    editor.tool("carve")
    for east, north in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)):
        editor.click((x + east * 0.001, y + north * 0.001))
    editor.tab.fill("#details-name", "<b>阳光")
    editor.tab.click("#details-save")
    editor.is_done()
    editor.steps(2)
    expect(editor.tab.locator("#numbers h3 bdi").filter(has_text="<b>阳光")).to_have_count(1)  # text stays text
    expect(editor.tab.locator(".grid-name").filter(has_text="<b>阳光")).to_have_count(1)
    assert editor.tab.evaluate(OVERLAPPING) == 0  # the name of the grid around it would lie on the carved one's
    assert shapely.coverage_is_valid(list(editor.grids().values()))
    assert editor.complaints() == [] and editor.visit.violations() == []


def test_a_line_is_ended_beneath_the_numbers_that_it_brought_up(visit: Open, address: str) -> None:
    editor = Editor.begun(visit(address).sign_in("editor")).tool("split")
    south, north = beyond(5, 2)
    editor.click(south).click(north)
    expect(editor.tab.locator("#numbers .numbers-card")).to_have_count(3)
    covered = editor.tab.locator("#numbers-panel .card").bounding_box()
    x, y = editor.pixel(north)
    assert covered["x"] < x < covered["x"] + covered["width"] and covered["y"] < y < covered["y"] + covered["height"]
    editor.click(north)
    editor.is_done()
    editor.tab.click("#numbers-close")  # no line is under way: the panel is there to be used again
    expect(editor.tab.locator("#numbers-panel")).to_be_hidden()


def test_points_snap_to_corners_then_lines_then_rivers_and_buildings_and_to_nothing_far_away(
    visit: Open, address: str, governed: Governed
) -> None:
    page = visit(address, viewport={"width": 1440, "height": 900}).sign_in("editor")
    (x, y) = middle(1, 1)
    wall = [[x, y], [x + 0.0004, y], [x + 0.0004, y + 0.0003], [x, y + 0.0003], [x, y]]
    building = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [wall]}}
    answer = {"type": "FeatureCollection", "features": [building], "partial": False}
    page.tab.route("**/api/buildings?*", lambda route: route.fulfill(json=answer))
    with governed.database.owner_session() as owner:
        owner.execute(
            text(
                "INSERT INTO water (county_id, admin_area_id, police_area_id, name, geom)"
                " SELECT county_id, admin_area_id, police_area_id, '演示河', ST_GeomFromText(:river, 4326) FROM grid LIMIT 1"
            ),
            {"river": shapely.LineString([(x - 0.01, y - 0.001), (x + 0.01, y - 0.001)]).wkt},
        )
    editor = Editor.begun(page)
    editor.tab.evaluate("([lon, lat]) => { map_main.setView([lat, lon], 17, { animate: false }); }", [x, y])
    page.until("gridDesk.snapping.layers.has('buildings') && gridDesk.snapping.layers.has('waters')")
    assert page.tab.locator(".leaflet-drawing-waters-pane path").count() == 1
    step = editor.tab.evaluate(
        "map_main.containerPointToLatLng([1, 0]).lng - map_main.containerPointToLatLng([0, 0]).lng"
    )
    corner = vertex(1, 1)
    side = [(one + other) / 2 for one, other in zip(vertex(1, 1), vertex(1, 1.5), strict=True)]
    for place, kind in (
        ((corner[0] + 8 * step, corner[1]), "vertex"),
        ((side[0] + 8 * step, side[1]), "line"),
        ((x + 0.0002, y + 8 * step), "building"),
        ((x + 0.0002, y - 0.001 + 8 * step), "water"),
        ((x + 0.0002, y + 0.00015), None),
    ):
        found = editor.tab.evaluate("(place) => gridDesk.snapping.find(place)", place)
        assert (found and found["kind"]) == kind
        if kind == "vertex":
            assert tuple(found["point"]) == corner
    assert (
        editor.tab.evaluate(
            "(place) => { gridDesk.snapping.isOn = false; return gridDesk.snapping.find(place); }", corner
        )
        is None
    )


def test_balanced_grids_are_asked_for_in_the_place_of_those_picked_and_the_outcome_is_said(
    visit: Open, address: str
) -> None:
    # The page alone: what the job would answer is given here.
    editor = Editor.begun(visit(address, viewport={"width": 1440, "height": 900}).sign_in("editor"))
    asked: list[dict] = []
    job = {"id": 77, "status": "running", "message": "", "proposed": None}
    said = {"load": "households", "count": 3, "worst": 0.034, "moved": 120, "within": True}

    def propose(route: Route) -> None:
        asked.append(route.request.post_data_json)
        assert route.request.headers["if-match"]
        route.fulfill(status=202, json=job)

    editor.tab.route("**/api/grid-changes/*/proposals", propose)
    editor.tab.route("**/api/jobs/77", lambda route: route.fulfill(json=job | {"status": "done", "proposed": said}))
    editor.tool("balance").click(middle(0, 1)).click(middle(1, 1))
    editor.tab.fill("#balance-count", "3")
    editor.tab.click("#balance-form button")
    editor.is_done()
    assert asked == [{"codes": [code_of(0, 1), code_of(1, 1)], "count": 3, "tolerance": 0.05}]
    for number in ("3", "3.4", "120"):
        expect(editor.tab.locator("#hint")).to_contain_text(number)
    assert editor.complaints() == [] and editor.visit.violations() == []
