"""A planner sees a gap, draws along it, watches the number fall, saves, and takes it back: with the mouse, and with keys."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Error, Route, expect
from sqlalchemy import text

from tests.e2e.browsing import PHONE, Visit

Open = Callable[..., Visit]
VIEW = "?county=mesa&view=patrol&at=16.5/33.41500/-111.83100"  # near enough for the ends of a gap to lie apart
DESK = {"width": 1440, "height": 900}


def gaps(page: Visit) -> dict:
    return page.context.request.get(f"{page.address}/api/gaps?county=mesa&limit=500").json()


def routes(page: Visit) -> list[dict]:
    return page.context.request.get(f"{page.address}/api/routes?county=mesa").json()["routes"]


def begin(page: Visit) -> None:
    """Into the editor, by its key; what it says first has arrived."""
    page.tab.keyboard.press("r")
    answered(page)


def answered(page: Visit) -> None:
    """What was asked last is answered and shown."""
    page.tab.wait_for_timeout(200)
    expect(page.tab.locator("#route-numbers")).to_have_attribute("aria-busy", "false")


def click_at(page: Visit, lon: float, lat: float) -> None:
    x, y = page.tab.evaluate("([lat, lon]) => { const p = map_main.latLngToContainerPoint([lat, lon]);"
                             " const b = map_main.getContainer().getBoundingClientRect(); return [b.x + p.x, b.y + p.y]; }", [lat, lon])  # fmt: skip
    page.tab.mouse.click(x, y)


def ends(gap: dict) -> tuple[tuple[float, float], tuple[float, float]]:
    west, south, east, north = gap["bounds"]
    return (west, (south + north) / 2), (east, (south + north) / 2)


def a_gap_in_the_open(page: Visit) -> dict:
    """One that runs from west to east, between the panels."""
    inside = page.tab.evaluate(
        "() => { const b = map_main.getContainer().getBoundingClientRect();"
        " return [[420, 150], [1000, 640]].map(([x, y]) => { const l = map_main.containerPointToLatLng([x - b.x, y - b.y]);"
        " return [l.lng, l.lat]; }); }"
    )
    (west, north), (east, south) = inside
    for gap in gaps(page)["gaps"]:
        w, s, e, n = gap["bounds"]
        if west < w and e < east and south < s and n < north and e - w > 4 * (n - s) and gap["hours_without"] is None:
            return gap
    raise AssertionError("no gap lies in the open")


def number_of_points(page: Visit) -> int:
    return page.tab.locator(".route-point").count()


def draw_along(page: Visit, gap: dict) -> None:
    for lon, lat in ends(gap):
        click_at(page, lon, lat)
        answered(page)


def save(page: Visit, name: str) -> None:
    page.tab.fill("#route-name", name)
    page.tab.fill("#route-team", "一组")
    page.tab.click("#route-save")
    page.tab.locator(".toast button").wait_for()


def test_a_route_along_a_gap_closes_it_everywhere_and_undo_brings_it_back(visit: Open, own_address: str) -> None:
    page = visit(own_address, viewport=DESK).sign_in().open(VIEW)
    before = gaps(page)
    gap = a_gap_in_the_open(page)
    page.tab.evaluate("window.mark = 1")
    begin(page)
    shown = page.tab.locator(".route-changes dd").first
    assert shown.inner_text().strip() == str(before["total"])
    draw_along(page, gap)
    assert page.tab.locator(".leaflet-route-line-pane .route-line").count() == 1
    assert page.tab.locator(".route-closed").count() > 0 and page.tab.locator(".route-newly").count() > 0
    fallen = int(shown.locator("b").inner_text())
    assert fallen < before["total"]
    save(page, "夜巡一线")
    after = gaps(page)
    assert after["total"] == fallen and gap["id"] not in {one["id"] for one in after["gaps"]}
    assert [route["name"] for route in routes(page)][-1] == "夜巡一线"
    # List, layer and map say the same without a reload.
    expect(page.tab.locator("#routes [data-route]")).to_have_count(4)
    expect(page.tab.locator('[data-layer="patrol_gaps"] .count')).to_contain_text(str(fallen))
    expect(page.tab.locator(".leaflet-drawing-patrol_routes-pane path")).to_have_count(4)
    expect(page.tab.locator(".leaflet-drawing-patrol_gaps-pane path")).to_have_count(fallen)
    assert page.tab.locator(".route-line").count() == 0
    page.tab.locator(".toast button").click()
    expect(page.tab.locator("#routes [data-route]")).to_have_count(3)
    expect(page.tab.locator(".leaflet-drawing-patrol_gaps-pane path")).to_have_count(before["total"])
    assert gaps(page)["total"] == before["total"] and len(routes(page)) == 3
    page.tab.locator('button[data-panel="gaps"]:visible').click()
    expect(page.tab.locator(f'[data-gap="{gap["id"]}"]')).to_have_count(1)
    assert page.tab.evaluate("window.mark") == 1
    assert page.complaints == [] and page.violations() == []


def test_everything_works_with_the_keyboard_alone(visit: Open, own_address: str) -> None:
    page = visit(own_address, viewport=DESK).sign_in().open(VIEW.replace("16.5", "17"))
    keys = page.tab.keyboard
    begin(page)
    assert page.tab.evaluate("document.activeElement === map_main.getContainer()")
    expect(page.tab.locator(".route-crosshair")).to_be_visible()
    keys.press("Enter")
    answered(page)
    for _ in range(3):
        keys.press("ArrowRight")
        page.tab.wait_for_timeout(350)
    keys.press("Space")
    answered(page)
    assert number_of_points(page) == 2 and page.tab.locator(".route-line").count() == 1
    said = page.tab.inner_text("#route-said")
    keys.press("ArrowDown")
    page.tab.wait_for_timeout(350)
    keys.press("Enter")
    answered(page)
    assert number_of_points(page) == 3 and page.tab.inner_text("#route-said") != said
    keys.press("Backspace")
    answered(page)
    assert number_of_points(page) == 2
    keys.press("Control+z")
    keys.press("Control+z")
    answered(page)
    assert number_of_points(page) == 2
    keys.press("Control+y")
    answered(page)
    assert number_of_points(page) == 3
    for _ in range(80):
        if page.tab.evaluate("document.activeElement.id") == "route-name":
            break
        keys.press("Tab")
    keys.type("键盘路线")
    keys.press("Enter")
    page.tab.locator(".toast button").wait_for()
    assert routes(page)[-1]["name"] == "键盘路线"
    assert page.complaints == [] and page.violations() == []


def test_points_are_dragged_put_between_and_removed_and_every_step_can_be_undone(visit: Open, address: str) -> None:
    page = visit(address, viewport=DESK).sign_in().open(VIEW)
    gap = a_gap_in_the_open(page)
    begin(page)
    draw_along(page, gap)
    first, numbers = page.tab.inner_text("#route-said"), page.tab.locator("#route-numbers")
    at_rest = numbers.inner_text()
    # A point is dragged: the line follows while it is on its way.
    box = page.tab.locator(".route-point").nth(1).bounding_box()
    assert box
    page.tab.mouse.move(box["x"] + 18, box["y"] + 18)
    page.tab.mouse.down()
    page.tab.mouse.move(box["x"] + 120, box["y"] + 90, steps=8)
    expect(numbers).not_to_have_text(at_rest, use_inner_text=True)
    page.tab.mouse.up()
    answered(page)
    assert page.tab.inner_text("#route-said") != first
    # The line is taken hold of, away from its points.
    x, y = page.tab.evaluate(
        "() => { const p = document.querySelector('.route-grip'), l = p.getTotalLength(), a = p.getPointAtLength(l * 0.3),"
        " m = p.getScreenCTM(); return [a.x * m.a + m.e, a.y * m.d + m.f]; }"
    )
    page.tab.mouse.move(x, y)
    page.tab.mouse.down()
    page.tab.mouse.move(x + 20, y + 60, steps=5)
    page.tab.mouse.up()
    answered(page)
    assert number_of_points(page) == 3
    page.tab.locator(".route-plus").first.click()
    answered(page)
    assert number_of_points(page) == 4
    page.tab.locator(".route-point").nth(1).click()
    page.tab.locator(".route-popup button").click()
    answered(page)
    assert number_of_points(page) == 3
    page.tab.click("#route-reverse")
    page.tab.click("#route-close")
    answered(page)
    assert number_of_points(page) == 4
    for _ in range(6):
        page.tab.click("#route-undo")
    answered(page)
    assert number_of_points(page) == 2 and page.tab.inner_text("#route-said") == first
    for _ in range(6):
        page.tab.keyboard.press("Control+Shift+z")
    answered(page)
    assert number_of_points(page) == 4
    assert page.complaints == [] and page.violations() == []


def test_who_leaves_unsaved_work_can_go_on_with_it(visit: Open, address: str) -> None:
    page = visit(address, viewport=DESK).sign_in().open(VIEW)
    gap = a_gap_in_the_open(page)
    begin(page)
    draw_along(page, gap)
    page.tab.click("#route-close")
    page.tab.fill("#route-name", "半条路线")
    page.tab.keyboard.press("Escape")
    assert not page.tab.locator("#route-panel").is_visible() and page.tab.locator(".route-line").count() == 0
    page.tab.locator(".toast button").click()
    answered(page)
    assert number_of_points(page) == 3 and page.tab.input_value("#route-name") == "半条路线"
    # Another view takes its place: the same.
    page.tab.locator('a[data-view="grids"]').click()
    page.tab.locator(".toast button").wait_for()
    assert page.tab.locator(".route-line").count() == 0
    assert page.complaints == []


def test_a_click_while_drawing_opens_nothing_that_lies_below(visit: Open, address: str) -> None:
    page = visit(address, viewport=DESK).sign_in().open(VIEW)
    gap = a_gap_in_the_open(page)
    begin(page)
    draw_along(page, gap)
    assert page.tab.locator(".map-popup").count() == 0 and number_of_points(page) == 2
    page.tab.keyboard.press("Escape")
    click_at(page, *[sum(pair) / 2 for pair in zip(*ends(gap), strict=True)])
    page.tab.locator(".map-popup").wait_for()


def test_departures_are_proposed_by_shift_typed_freely_and_checked(visit: Open, address: str) -> None:
    page = visit(address, viewport=DESK).sign_in().open(VIEW)
    begin(page)
    field = page.tab.locator("#route-departures")
    assert field.input_value().split() == [f"{hour:02d}:00" for hour in range(0, 24, 2)]
    page.tab.locator('[name=shift][value="night"]').check()
    assert field.input_value() == "22:00 00:00 02:00 04:00"
    page.tab.select_option("#route-every", "4")
    assert field.input_value() == "22:00 02:00"
    field.fill("8：00，9:30 14、21")
    field.blur()
    assert field.input_value() == "08:00 09:30 14:00 21:00"
    field.fill("8:00 25:00 soon")
    field.blur()
    assert page.tab.locator("#route-wrong").is_visible() and "25:00 soon" in page.tab.inner_text("#route-wrong")
    assert page.complaints == []


def test_a_route_from_a_file_is_changed_and_the_change_undone(visit: Open, own_address: str) -> None:
    page = visit(own_address, viewport=DESK).sign_in().open(VIEW + "&panel=routes")
    before = routes(page)
    page.tab.locator("#routes li").first.locator(".route-acts button").first.click()
    answered(page)
    assert number_of_points(page) > 2 and page.tab.input_value("#route-name") == before[0]["name"]
    page.tab.click("#route-reverse")
    page.tab.fill("#route-name", "改过的线")
    answered(page)
    page.tab.click("#route-save")
    page.tab.locator(".toast button").wait_for()
    changed = next(route for route in routes(page) if route["id"] == before[0]["id"])
    assert changed["name"] == "改过的线" and changed["version"] != before[0]["version"]
    assert changed["departures"] == before[0]["departures"]
    page.tab.locator(".toast button").click()
    expect(page.tab.locator(f'[data-route="{before[0]["id"]}"]')).to_contain_text(before[0]["name"])
    undone = next(route for route in routes(page) if route["id"] == before[0]["id"])
    assert (undone["name"], undone["length_m"]) == (before[0]["name"], before[0]["length_m"])
    assert page.complaints == []


def test_a_route_is_removed_from_the_list_and_brought_back(visit: Open, own_address: str) -> None:
    page = visit(own_address, viewport=DESK).sign_in().open(VIEW + "&panel=routes")
    page.tab.locator("#routes li").first.locator(".route-acts button").nth(1).click()
    expect(page.tab.locator("#routes [data-route]")).to_have_count(2)
    assert len(routes(page)) == 2
    page.tab.locator(".toast button").click()
    expect(page.tab.locator("#routes [data-route]")).to_have_count(3)
    expect(page.tab.locator(".leaflet-drawing-patrol_routes-pane path")).to_have_count(3)
    assert page.complaints == []


def test_only_the_routes_that_are_ticked_count_and_the_address_says_which(visit: Open, address: str) -> None:
    page = visit(address, viewport=DESK).sign_in().open(VIEW + "&panel=routes")
    ids = [route["id"] for route in routes(page)]
    page.tab.locator("#routes li input").first.uncheck()
    expect(page.tab.locator(".leaflet-drawing-patrol_routes-pane path")).to_have_count(2)
    assert f"routes={ids[1]},{ids[2]}" in page.tab.url.replace("%2C", ",")
    alone = page.context.request.get(f"{address}/api/gaps?county=mesa&routes={ids[1]},{ids[2]}").json()
    expect(page.tab.locator('[data-layer="patrol_gaps"] .count')).to_contain_text(str(alone["total"]))
    page.tab.locator("#routes .gap-head .link").click()
    expect(page.tab.locator("#routes li input:checked")).to_have_count(3)
    page.tab.locator("[data-route]").first.click()
    expect(page.tab.locator(".chosen-route")).to_have_count(1)
    assert f"route={ids[0]}" in page.tab.url
    assert page.complaints == []


def test_a_route_that_was_just_drawn_counts_where_only_some_do(visit: Open, own_address: str) -> None:
    page = visit(own_address, viewport=DESK).sign_in()
    ids = [route["id"] for route in routes(page)]
    page.open(VIEW + f"&panel=routes&routes={ids[0]}")
    gap = a_gap_in_the_open(page)
    begin(page)
    draw_along(page, gap)
    save(page, "新线")
    new = routes(page)[-1]["id"]
    assert f"routes={ids[0]},{new}" in page.tab.url.replace("%2C", ",")
    expect(page.tab.locator(".leaflet-drawing-patrol_routes-pane path")).to_have_count(2)
    expect(page.tab.locator("#routes li input:checked")).to_have_count(2)
    assert page.complaints == []


def test_on_the_phone_the_editor_is_a_strip_that_leaves_the_map_free(visit: Open, own_address: str) -> None:
    page = visit(own_address, viewport=PHONE, has_touch=True, is_mobile=True).sign_in().open(VIEW)
    page.tab.locator('.sheet-bar [data-panel="routes"]').tap()
    page.tab.locator("#routes-panel [data-draw-route]").tap()
    answered(page)
    box = page.tab.locator("#route-form").bounding_box()
    assert box and box["height"] < 200 and box["width"] == PHONE["width"]
    for x, y in ((120, 420), (220, 430), (250, 520)):
        page.tab.touchscreen.tap(x, y)
        answered(page)
    assert number_of_points(page) == 3
    page.tab.locator("#route-unfold").tap()
    page.tab.fill("#route-name", "手机路线")
    page.tab.locator("#route-save").tap()
    page.tab.locator(".toast button").wait_for()
    assert routes(page)[-1]["name"] == "手机路线"
    assert page.tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.complaints == [] and page.violations() == []


def test_an_old_answer_never_overtakes_a_newer_one(visit: Open, address: str) -> None:
    page = visit(address, viewport=DESK).sign_in().open(VIEW)
    gap = a_gap_in_the_open(page)
    begin(page)
    held: list[Route] = []
    page.tab.route("**/api/routes/preview", lambda route: held.append(route) if len(held) < 1 else route.continue_())
    click_at(page, *ends(gap)[0])
    page.tab.wait_for_timeout(400)
    click_at(page, *ends(gap)[1])
    answered(page)
    shown = page.tab.inner_text("#route-numbers")
    with suppress(Error):  # the page has cancelled it
        held[0].continue_()
    page.tab.wait_for_timeout(300)
    assert page.tab.inner_text("#route-numbers") == shown and number_of_points(page) == 2


def test_a_server_that_does_not_answer_is_said_and_drawing_goes_on(visit: Open, address: str) -> None:
    page = visit(address, viewport=DESK).sign_in().open(VIEW)
    gap = a_gap_in_the_open(page)
    begin(page)
    page.tab.route("**/api/routes/preview", lambda route: route.abort())
    click_at(page, *ends(gap)[0])
    expect(page.tab.locator("#route-warnings li")).to_have_count(1)
    page.tab.unroute("**/api/routes/preview")
    click_at(page, *ends(gap)[1])
    answered(page)
    expect(page.tab.locator("#route-warnings li")).to_have_count(0)
    assert page.tab.locator(".route-line").count() == 1 and page.tab.locator("#route-save").is_enabled()


def test_who_may_not_plan_has_no_tool_and_no_key(visit: Open, own_address: str, mesa) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE user_role SET role = 'leader'"))
    page = visit(own_address, viewport=DESK).sign_in().open(VIEW + "&panel=routes")
    page.tab.keyboard.press("r")
    page.tab.wait_for_timeout(300)
    assert page.tab.locator("#routes-panel").is_visible() and page.tab.locator("#route-form").count() == 0
    assert page.tab.locator("[data-draw-route], .route-acts").count() == 0
    assert page.complaints == []


def test_E01_hostile_names_are_shown_in_list_and_editor_and_never_run(visit: Open, own_address: str, mesa) -> None:
    hostile = '<img src=x onerror="window.ran=1">${window.ran=1}</script><svg onload=window.ran=1>'
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE patrol_route SET name = :name"), {"name": hostile})
        owner.execute(
            text(
                "INSERT INTO team (county_id, admin_area_id, police_area_id, name) SELECT county_id, admin_area_id,"
                " police_area_id, :name FROM patrol_route LIMIT 1"
            ),
            {"name": hostile},
        )
        owner.execute(text("UPDATE patrol_route SET team_id = (SELECT max(id) FROM team)"))
    page = visit(own_address, viewport=DESK).sign_in().open(VIEW + "&panel=routes")
    assert hostile in page.tab.locator("[data-route]").first.inner_text()
    page.tab.locator("#routes li").first.locator(".route-acts button").first.click()
    answered(page)
    assert hostile in page.tab.inner_text("#route-title") and page.tab.input_value("#route-team") == hostile
    page.tab.click("#route-reverse")
    answered(page)
    page.tab.click("#route-save")
    page.tab.locator(".toast button").wait_for()
    assert page.tab.evaluate("window.ran") is None
    assert page.complaints == [] and page.violations() == []
