"""Filters: the address, the controls, the map and the API say the same, and nothing is loaded as a whole again."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Route, expect

from tests.e2e.browsing import Visit

Open = Callable[..., Visit]


def address_of(visit: Visit) -> dict[str, list[str]]:
    return parse_qs(urlsplit(visit.tab.url).query, keep_blank_values=True)


def answer(visit: Visit, path: str) -> dict:
    return visit.context.request.get(f"{visit.address}{path}").json()


def count(visit: Visit, layer: str) -> int:
    shown = visit.tab.locator(f'[data-layer="{layer}"] .count').inner_text()
    return int(shown.split()[0].replace(",", ""))


def at_rest(visit: Visit) -> None:
    """Waits until nothing is asked of the server any more."""
    expect(visit.tab.locator("html:not([data-busy])")).to_be_attached()


def open_terms(visit: Visit, query: str = "?county=mesa&view=map&layers=streets,incidents,patrol_gaps") -> Visit:
    visit.sign_in().open(query)
    visit.tab.click("[data-left=filters]")
    return visit


def test_a_category_is_in_the_address_and_map_list_and_api_agree(visit: Open, timed_address: str) -> None:
    page = open_terms(visit(timed_address))
    page.tab.evaluate("window.mark = 1")
    page.tab.locator("#filter-category label", has_text="入室盗窃").click()
    at_rest(page)
    assert address_of(page)["category"] == ["入室盗窃"]
    legend = answer(page, "/api/layers/incidents?county=mesa&category=入室盗窃")["legend"]
    assert count(page, "incidents") == legend["n"] < 287
    assert page.tab.locator(".leaflet-drawing-incidents-pane path").count() == legend["n"]
    gaps = answer(page, "/api/gaps?county=mesa&category=入室盗窃")
    assert page.tab.locator("[data-gap]").count() == gaps["total"] == count(page, "patrol_gaps")
    summary = answer(page, "/api/incidents/summary?county=mesa&category=入室盗窃")
    assert page.tab.inner_text("#time-count b") == f"警情 {summary['n']} 起"
    assert page.tab.evaluate("window.mark") == 1
    assert page.complaints == [] and page.violations() == []


def test_what_is_filtered_stands_on_the_map_and_goes_away_with_a_click(visit: Open, timed_address: str) -> None:
    query = "?county=mesa&view=map&layers=streets,incidents&since=2019-11-01&until=2019-12-31&hours=22-6&category=纠纷&valid=0"
    page = open_terms(visit(timed_address), query)
    chips = page.tab.locator("#filter-chips button")
    assert chips.all_inner_texts() == [
        "2019-11-01 至 2019-12-31\n×",
        "纠纷\n×",
        "22–6 时\n×",
        "含无效警情\n×",
    ]
    assert page.tab.inner_text("#filter-number") == "4"
    assert "22–6 时" in page.tab.inner_text("#filter-words")
    page.tab.locator('[data-chip="hours"]').click()
    at_rest(page)
    assert "hours" not in address_of(page) and page.tab.input_value("#hour-to") == "24"
    page.tab.click("#filter-reset")
    at_rest(page)
    assert set(address_of(page)) == {"county", "view", "layers", "at"}
    assert chips.count() == 0 and not page.tab.locator("#filter-reset").is_visible()
    assert count(page, "incidents") == answer(page, "/api/layers/incidents?county=mesa")["legend"]["n"]


def test_a_reload_and_the_way_back_keep_what_was_chosen(visit: Open, timed_address: str) -> None:
    page = open_terms(visit(timed_address))
    page.tab.locator("#filter-category label", has_text="纠纷").click()
    page.tab.locator('[data-hours="18-6"]').click()
    at_rest(page)
    chosen = count(page, "incidents")
    page.tab.reload()
    page.ready()
    at_rest(page)
    assert count(page, "incidents") == chosen
    assert address_of(page)["hours"] == ["18-6"] and address_of(page)["category"] == ["纠纷"]
    page.tab.go_back()
    expect(page.tab.locator('[data-chip="hours"]')).to_have_count(0)
    at_rest(page)
    assert address_of(page)["category"] == ["纠纷"] and "hours" not in address_of(page)
    assert count(page, "incidents") > chosen
    page.tab.go_forward()
    expect(page.tab.locator('[data-chip="hours"]')).to_have_count(1)


def test_the_sight_distance_is_moved_by_the_keyboard_and_changes_the_gaps(visit: Open, address: str) -> None:
    page = open_terms(visit(address))
    before = count(page, "patrol_gaps")
    page.tab.focus("#sight")
    for _ in range(10):
        page.tab.keyboard.press("ArrowRight")
    assert page.tab.inner_text("#sight-value") == "100 m"
    expect(page.tab.locator('[data-chip="sight"]')).to_have_text("可视距离 100 m×")
    at_rest(page)
    assert address_of(page)["sight"] == ["100"]
    assert count(page, "patrol_gaps") == answer(page, "/api/gaps?county=mesa&sight=100")["total"] < before


def test_classes_that_are_asked_for_are_switched_and_one_always_stays(visit: Open, address: str) -> None:
    page = open_terms(visit(address))
    page.tab.click("[data-asked=C]")
    at_rest(page)
    assert address_of(page)["asked"] == ["ABC"]
    assert count(page, "patrol_gaps") == answer(page, "/api/gaps?county=mesa&asked=ABC")["total"]
    for letter in "ABC":
        page.tab.click(f"[data-asked={letter}]")
    assert page.tab.locator("[data-asked]:checked").count() == 1
    at_rest(page)
    assert address_of(page)["asked"] == ["C"]


def test_routes_that_count_are_chosen_by_mode_or_one_by_one(visit: Open, address: str) -> None:
    page = open_terms(visit(address), "?county=mesa&view=patrol&layers=patrol_routes,patrol_gaps")
    routes = answer(page, "/api/routes?county=mesa")["routes"]
    on_foot = sorted(route["id"] for route in routes if route["mode"] == "foot")
    page.tab.click("[data-routes=foot]")
    at_rest(page)
    assert address_of(page)["routes"] == [",".join(map(str, on_foot))]
    assert page.tab.locator("#filter-chips").inner_text().startswith("只计步巡")
    assert count(page, "patrol_routes") == len(on_foot)
    page.tab.click("[data-routes=none]")
    at_rest(page)
    assert address_of(page)["routes"] == ["none"] and count(page, "patrol_routes") == 0
    page.tab.click("#filter-routes summary")
    page.tab.locator("#routes-list label").first.click()
    at_rest(page)
    assert count(page, "patrol_routes") == 1


def test_the_bandwidth_begins_with_the_proposed_one_and_says_why(visit: Open, address: str) -> None:
    page = open_terms(visit(address), "?county=mesa&view=incidents&layers=density,streets")
    facts = answer(page, "/api/layers/density?county=mesa")["facts"]
    assert page.tab.inner_text("#bandwidth-value") == f"{facts['proposed_m']:g} m（建议值）"
    page.tab.click("#bandwidth-proposal")
    assert page.tab.inner_text("#bandwidth-reason") == facts["reason"]
    page.tab.focus("#bandwidth")
    for _ in range(20):
        page.tab.keyboard.press("ArrowRight")
    expect(page.tab.locator('[data-chip="bandwidth"]')).to_have_count(1)
    at_rest(page)
    metres = address_of(page)["bandwidth"][0]
    assert float(metres) > facts["proposed_m"]
    page.tab.click("#bandwidth-proposed")
    at_rest(page)
    assert "bandwidth" not in address_of(page)


def test_an_answer_that_was_overtaken_is_never_shown(visit: Open, timed_address: str) -> None:
    page = open_terms(visit(timed_address))
    held: list[Route] = []
    pattern = "**/api/layers/incidents?*hours=18-6*"
    page.tab.route(pattern, lambda route: held.append(route))
    page.tab.click('[data-hours="18-6"]')
    expect(page.tab.locator("html[data-busy]")).to_be_attached(timeout=500)
    page.tab.click('[data-hours="0-6"]')
    at_rest(page)
    expected = answer(page, "/api/layers/incidents?county=mesa&hours=0-6")["legend"]["n"]
    assert count(page, "incidents") == expected
    for route in held:
        route.abort()
    page.tab.unroute(pattern)
    page.tab.wait_for_timeout(200)
    assert count(page, "incidents") == expected
    assert page.tab.locator(".trouble:visible").count() == 0


def test_a_county_without_times_says_so_and_offers_no_hours(visit: Open, address: str) -> None:
    page = open_terms(visit(address))
    assert "不能按时段看" in page.tab.inner_text("#time-bar") and "不能按时段看" in page.tab.inner_text("#filter-hours")
    assert page.tab.locator("[data-hours]:enabled").count() == 0
    assert page.tab.locator("#time-track:visible").count() == 0


def test_a_saved_map_is_ordered_with_the_filters_of_the_page(visit: Open, own_address: str) -> None:
    page = open_terms(visit(own_address), "?county=mesa&view=map&layers=streets,patrol_gaps&sight=80&asked=A")
    with page.tab.expect_request("**/api/maps") as order:
        page.tab.click("#export")
    sent = order.value.post_data_json
    assert sent["filters"] == {"sight": 80, "asked": "A"} and sorted(sent["layers"]) == ["patrol_gaps", "streets"]
    reply = order.value.response()
    assert reply is not None and reply.status == 202


def test_incidents_without_a_category_stay_chosen_after_a_reload_and_on_the_way_back(visit: Open, address: str) -> None:
    page = open_terms(visit(address), "?county=mesa&view=map&layers=streets,incidents&category=&category=纠纷")
    chip = page.tab.locator('[data-chip="category"] span')
    expect(chip).to_have_text("未分类和纠纷")
    page.tab.reload()
    page.ready()
    assert address_of(page)["category"] == ["", "纠纷"]
    expected = answer(page, "/api/layers/incidents?county=mesa&category=&category=纠纷")["legend"]["n"]
    assert count(page, "incidents") == expected
    page.tab.locator('[data-chip="category"]').click()
    expect(chip).to_have_count(0)
    page.tab.go_back()
    expect(chip).to_have_text("未分类和纠纷")
    at_rest(page)
    assert count(page, "incidents") == expected


def test_a_layer_that_fails_leaves_no_old_picture_beside_new_filters(visit: Open, timed_address: str) -> None:
    page = open_terms(visit(timed_address))
    drawn = page.tab.locator(".leaflet-drawing-incidents-pane path")
    legend = page.tab.locator('#legends [data-legend="incidents"]')
    assert drawn.count() and legend.count() == 1
    pattern = "**/api/layers/incidents?*hours=18-6*"
    page.tab.route(pattern, lambda route: route.abort())
    page.tab.click('[data-hours="18-6"]')
    at_rest(page)
    row = page.tab.locator('[data-layer="incidents"]')
    assert row.get_attribute("data-state") == "failed"
    assert drawn.count() == 0 and legend.count() == 0 and row.locator(".count").inner_text() == ""
    page.tab.unroute(pattern)
    page.tab.click("[data-left=layers]")
    row.locator(".trouble button").click()
    expect(legend).to_have_count(1)
    assert drawn.count() == count(page, "incidents") > 0


def test_a_popup_of_a_layer_that_is_shown_in_part_stays_open_when_the_map_moves(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()

    def in_part(route: Route) -> None:
        drawing = route.fetch().json()
        route.fulfill(json={**drawing, "facts": {**drawing["facts"], "partial": True}})

    page.tab.route("**/api/layers/patrol_gaps*", in_part)
    page.open("?county=mesa&view=map&layers=streets,patrol_gaps&at=17/33.4152/-111.8315")
    page.tab.locator("[data-gap]").first.click()
    popup = page.tab.locator(".map-popup")
    popup.wait_for()
    page.tab.wait_for_timeout(300)
    page.until("!(map_main._panAnim && map_main._panAnim._inProgress)")  # its way into sight, which would undo ours
    page.tab.wait_for_timeout(600)
    with page.tab.expect_response("**/api/layers/patrol_gaps*"):
        page.tab.evaluate("map_main.panBy([90, 60], {animate: false})")
    page.tab.wait_for_timeout(200)
    assert popup.count() == 1
    with page.tab.expect_response("**/api/layers/patrol_gaps*box*"):
        page.tab.keyboard.press("Escape")
    expect(popup).to_have_count(0)


def test_an_answer_that_comes_after_escape_does_not_open_the_search_again(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    held: list[Route] = []
    page.tab.route("**/api/search*", lambda route: held.append(route))
    with page.tab.expect_request("**/api/search*"):
        page.tab.fill("#search-words", "Main")
    page.tab.keyboard.press("Escape")
    for route in held:
        route.continue_()
    page.tab.fill("#search-words", "Center")
    page.tab.keyboard.press("Escape")
    page.tab.wait_for_timeout(600)
    assert len(held) == 1 and not page.tab.locator("#search-found").is_visible()
