"""The map page as a new user meets it: in Chinese, offline, without a complaint of the browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Route, expect

from tests.e2e.browsing import PHONE, Visit
from tests.mesa import do_jobs
from tests.security.browsing import PASSWORD

Open = Callable[..., Visit]


def layer(visit: Visit, name: str):
    return visit.tab.locator(f'[data-layer="{name}"]')


def paths(visit: Visit, name: str) -> int:
    return visit.tab.locator(f".leaflet-drawing-{name}-pane path").count()


def state(visit: Visit) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(visit.tab.url).query).items()}


def test_after_sign_in_the_map_shows_streets_patrols_and_gaps_and_says_what_is_made_up(
    visit: Open, address: str
) -> None:
    page = visit(address).sign_in().open()
    assert page.tab.title() == "Mesa 演示区 · 网格巡防一张图"
    assert paths(page, "streets-road") == 512
    assert paths(page, "patrol_gaps") == int(layer(page, "patrol_gaps").locator(".count").inner_text().split()[0]) > 0
    assert paths(page, "patrol_routes") == 3
    assert paths(page, "unseen_streets") == paths(page, "incidents") == 0
    assert page.tab.inner_text("#simulated") == "巡逻路线为演示数据"
    assert page.tab.inner_text(".gaps-note") == "按演示路线算出"
    assert page.tab.locator(".leaflet-control-scale-line").is_visible()
    assert page.complaints == [] and page.violations() == []


def test_E02_nothing_is_asked_of_any_other_host(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    for name in ("unseen_streets", "cameras", "streets"):
        layer(page, name).locator("label").click()
    page.tab.locator("[data-gap]").first.click()
    page.tab.locator("#gaps-panel [data-how]").click()
    page.tab.keyboard.press("Escape")
    page.tab.wait_for_load_state("networkidle")
    assert page.hosts() == {urlsplit(address).netloc}
    assert page.complaints == [] and page.violations() == []


def test_list_map_layer_and_api_have_the_same_numbers(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    answer = page.context.request.get(f"{address}/api/gaps?county=mesa").json()
    drawn = page.context.request.get(f"{address}/api/layers/patrol_gaps?county=mesa").json()
    assert (
        answer["total"] == drawn["legend"]["n"] == paths(page, "patrol_gaps") == page.tab.locator("[data-gap]").count()
    )
    tiles = page.tab.locator("#gaps .tiles").inner_text()
    assert f"{100 * answer['share_seen']:.0f} %" in tiles and f"{answer['length_km']:.1f}\u00a0km" in tiles
    assert f"{answer['total']} 段空白中有 {answer['never']} 段" in tiles
    for row, gap in zip(page.tab.locator("[data-gap]").all()[:10], answer["gaps"], strict=False):
        shown = row.inner_text()
        assert f"街段 {gap['id']}" in shown and f"附近警情 {gap['incidents_near']} 起" in shown
        assert ("从未" if gap["hours_without"] is None else "小时") in shown


def test_a_click_on_a_gap_goes_there_and_opens_what_is_known(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    gap = page.context.request.get(f"{address}/api/gaps?county=mesa").json()["gaps"][2]
    row = page.tab.locator("[data-gap]").nth(2)
    row.click()
    popup = page.tab.locator(".map-popup")
    popup.wait_for()
    assert "巡防空白" in popup.inner_text() and str(gap["incidents_near"]) in popup.inner_text()
    page.tab.wait_for_timeout(700)
    west, south, east, north = gap["bounds"]
    inside = page.tab.evaluate(
        "([w, s, e, n]) => map_main.getBounds().contains([[s, w], [n, e]]) && map_main.getZoom()",
        [west, south, east, north],
    )
    assert inside and inside >= 15.5
    assert row.get_attribute("aria-current") == "true"
    assert state(page)["gap"] == str(gap["id"])
    page.tab.keyboard.press("Escape")
    popup.wait_for(state="detached")


def test_a_gap_that_is_chosen_while_its_layer_is_on_its_way_is_drawn_once(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    gap = page.context.request.get(f"{address}/api/gaps?county=mesa").json()["gaps"][0]["id"]
    held: list[Route] = []
    page.tab.route("**/api/layers/patrol_gaps*", lambda route: held.append(route))
    page.tab.goto(f"{address}/?county=mesa&gap={gap}")
    page.tab.wait_for_selector('[data-gap][aria-current="true"]')
    page.tab.wait_for_timeout(200)
    for route in held:
        route.continue_()
    page.ready().tab.unroute("**/api/layers/patrol_gaps*")
    assert len(held) == 1
    layer(page, "patrol_gaps").locator("label").click()
    assert paths(page, "patrol_gaps") == 0


def test_a_gap_is_found_although_its_layer_is_off(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open("?county=mesa&layers=streets")
    assert paths(page, "patrol_gaps") == 0
    page.tab.locator("[data-gap]").first.click()
    page.tab.locator(".map-popup").wait_for()
    assert layer(page, "patrol_gaps").locator("input").is_checked()


def test_the_address_holds_layers_and_position_without_loading_the_page_again(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open("?county=mesa&view=map&layers=streets,incidents")
    page.tab.evaluate("window.mark = 1")
    layer(page, "incidents").locator("label").click()
    layer(page, "unseen_streets").locator("label").click()
    expect(page.tab.locator(".leaflet-drawing-unseen_streets-pane path").first).to_be_attached()
    page.tab.evaluate("map_main.setView([33.415, -111.83], 16, {animate: false})")
    found = state(page)
    assert "incidents" not in found["layers"].split(",") and "unseen_streets" in found["layers"].split(",")
    assert found["at"] == "16/33.41500/-111.83000" and found["county"] == "mesa"
    assert page.tab.evaluate("window.mark") == 1
    other = visit(address).sign_in()
    other.open("?" + urlsplit(page.tab.url).query)
    assert paths(other, "incidents") == 0 and paths(other, "unseen_streets") > 0
    assert other.tab.evaluate("[map_main.getZoom(), map_main.getCenter().lat]") == [16, 33.415]


def test_a_legend_says_classes_counts_and_how_it_is_computed(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    row = layer(page, "patrol_coverage")
    row.locator(".button-icon").click()
    legend = row.locator(".legend")
    assert legend.locator("li").count() >= 4
    counts = [int(text.replace(",", "")) for text in legend.locator("li b").all_inner_texts()]
    assert sum(counts) == 512
    legend.locator("summary").click()
    assert "÷" in legend.locator("details p").inner_text()


def test_how_numbers_come_about_is_one_click_away_and_esc_closes_it(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    page.tab.get_by_role("button", name="统计口径", exact=True).click()
    dialog = page.tab.locator("#how")
    assert dialog.is_visible()
    text = dialog.inner_text()
    for word in ("可视距离（50 m）", "Σ（街段长度 × 可视比例）÷ Σ 街段长度", "每 2 小时", "50 m 以内的警情", "1.2 m/s"):
        assert word in text
    page.tab.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_everything_is_reached_by_the_keyboard(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open("?county=mesa&view=map&layers=streets,incidents,patrol_gaps")
    reached = []
    for _ in range(70):
        page.tab.keyboard.press("Tab")
        reached.append(
            page.tab.evaluate(
                "document.activeElement.className + ' ' + (document.activeElement.dataset.gap ? 'gap' : '')"
                " + (document.activeElement.getAttribute('role') || '')"
            )
        )
    assert any("skip-link" in name for name in reached)
    assert sum("switch" in name for name in reached) == page.tab.locator("#layers .switch").count() > 8
    assert any(name.endswith("gap") for name in reached)
    page.tab.locator('[data-layer="incidents"] input').focus()
    page.tab.keyboard.press("Space")
    expect(page.tab.locator(".leaflet-drawing-incidents-pane path")).to_have_count(0)
    page.tab.locator("[data-gap]").nth(1).focus()
    page.tab.keyboard.press("Enter")
    page.tab.locator(".map-popup").wait_for()


def test_a_panel_folds_away_and_comes_back(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    card = page.tab.locator("#layers-panel > .card")
    page.tab.get_by_role("button", name="收起").first.click()
    assert not card.is_visible()
    page.tab.locator('[data-unfold="layers-panel"]').click()
    assert card.is_visible()


def test_on_a_phone_panels_are_sheets_and_give_way_to_what_was_chosen(visit: Open, address: str) -> None:
    page = visit(address, viewport=PHONE, has_touch=True, is_mobile=True).sign_in().open()
    assert not page.tab.locator("#layers-panel > .card").is_visible()
    assert page.tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.tab.locator('.sheet-bar [aria-controls="gaps-panel"]').click()
    box = page.tab.locator("#gaps-panel > .card").bounding_box()
    assert box and box["width"] == PHONE["width"] and box["y"] > 200
    page.tab.locator("[data-gap]").first.click()
    page.tab.locator(".map-popup").wait_for()
    assert not page.tab.locator("#gaps-panel > .card").is_visible()
    page.tab.locator('.sheet-bar [aria-controls="layers-panel"]').click()
    assert page.tab.locator("#layers-panel > .card").is_visible()
    assert not page.tab.locator("#gaps-panel > .card").is_visible()
    assert page.complaints == [] and page.violations() == []


def test_dark_is_chosen_and_stays(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open()
    light = page.tab.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
    page.tab.locator("#user-menu summary").click()
    page.tab.locator('[data-set-theme="dark"]').click()
    page.open()
    assert page.tab.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor") != light
    stroke = page.tab.evaluate(
        "getComputedStyle(document.querySelector('.leaflet-drawing-patrol_routes-pane path')).stroke"
    )
    assert stroke == "rgb(107, 173, 255)"


def test_another_language_is_chosen_and_every_text_follows(visit: Open, own_address: str) -> None:
    page = visit(own_address).sign_in().open()
    page.tab.locator("#user-menu summary").click()
    page.tab.locator("[name=language][value=en]").click()
    page.ready()
    assert page.tab.inner_text("#gaps-title") == "Where nobody looks"
    shown = page.tab.evaluate("document.body.innerText")
    left = {char for char in shown if "\u4e00" <= char <= "\u9fff"} - set("演示区语言中文王建国路线号一二三巡逻步车")
    assert left == set()


def test_who_signs_out_has_to_sign_in_again(visit: Open, own_address: str) -> None:
    page = visit(own_address).sign_in().open()
    page.tab.locator("#user-menu summary").click()
    page.tab.get_by_role("button", name="退出登录").click()
    page.tab.wait_for_url("**/sign-in**")
    page.tab.goto(f"{own_address}/?county=mesa")
    assert "/sign-in" in page.tab.url


def test_a_session_that_ended_leads_to_the_sign_in_form_and_back(visit: Open, own_address: str) -> None:
    page = visit(own_address).sign_in()
    page.open("?county=mesa&layers=streets")
    page.context.clear_cookies()
    # Asked for again, since what was fetched before is still here. The page itself leaves before it is whole again.
    page.tab.evaluate("setTimeout(() => location.reload())")
    page.tab.wait_for_url("**/sign-in?next=**")
    assert "layers%3Dstreets" in page.tab.url or "layers=streets" in page.tab.url
    page.tab.fill("[name=login]", "planner")
    page.tab.fill("[name=password]", PASSWORD)
    page.tab.click("form[action$=sign-in] button")
    page.ready()
    assert state(page)["layers"] == "streets"


def test_a_failed_layer_says_so_and_can_be_tried_again(visit: Open, address: str) -> None:
    page = visit(address).sign_in()
    page.tab.route("**/api/layers/cameras*", lambda route: route.abort())
    page.open("?county=mesa&layers=streets,cameras")
    row = layer(page, "cameras")
    assert "服务器没有回应" in row.locator(".trouble").inner_text()
    page.tab.unroute("**/api/layers/cameras*")
    row.locator(".trouble button").click()
    expect(page.tab.locator(".leaflet-drawing-cameras-pane path").first).to_be_attached()
    assert not row.locator(".trouble").is_visible()


def test_a_county_without_data_says_what_is_missing_and_what_to_do(visit: Open, address: str) -> None:
    page = visit(address).sign_in("stranger").open()
    assert page.tab.title().startswith("和县")
    assert "还没有街路" in page.tab.inner_text("#gaps")
    assert "geo-app import roads" in page.tab.inner_text("#gaps code")
    assert page.complaints == [] and page.violations() == []


def test_a_map_is_saved_as_one_file_by_a_job(visit: Open, own_address: str, mesa_app, mesa_settings, mesa) -> None:
    page = visit(own_address).sign_in().open()
    page.tab.click("#export")
    expect(page.tab.locator("#export-state .progress")).to_be_visible()
    do_jobs(mesa_settings, mesa)
    link = page.tab.locator("#export-state a")
    link.wait_for()
    with page.tab.expect_download() as download:
        link.click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "巡防空白" in text and json.dumps("patrol_gaps") in text
    assert page.complaints == [] and page.violations() == []
    assert PASSWORD not in text
