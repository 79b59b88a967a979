"""Who is responsible for a grid: appointed on the list, told on the map, printed for the wall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, text

from geo_app.database.engine import Database
from geo_app.models import Area, County
from geo_app.services.users import add_user
from tests.e2e.browsing import Visit
from tests.security.browsing import PASSWORD

Open = Callable[..., Visit]
PEOPLE = "grids/people?county=mesa"


@pytest.fixture
def editor(mesa: Database) -> None:
    with mesa.owner_session() as owner:
        areas = owner.scalars(select(Area.id).join(County, County.id == Area.county_id).where(County.code == "mesa"))
        add_user(owner, "editor", "何编", PASSWORD, roles=["grid_editor"], area_ids=areas.all())


def appoint(page: Visit, grid: str, name: str, phone: str) -> None:
    page.tab.locator("#rows tr", has_text=grid).click()
    form = page.tab.locator(".people-card section form")
    form.locator("input[type=text]").fill(name)
    form.locator("input[type=tel]").fill(phone)
    form.locator("button").click()


def test_an_open_item_is_closed_on_the_list_and_taken_back(visit: Open, own_address: str, editor: None) -> None:
    page = visit(own_address).sign_in("editor").open(PEOPLE)
    tab = page.tab
    expect(tab.locator("#rows tr")).to_have_count(12)
    expect(tab.locator("#open-count")).to_have_text("3")
    tab.click("[data-which=open]")
    expect(tab.locator("#rows tr")).to_have_count(3)
    appoint(page, "mesa-004", "林新", "480-555-0177")
    expect(tab.locator(".toast")).to_contain_text("林新")
    expect(tab.locator("#open-count")).to_have_text("2")
    expect(tab.locator(".people-terms li")).to_contain_text(["林新 480-555-0177"])
    tab.locator(".toast button").click()
    expect(tab.locator("#open-count")).to_have_text("3")
    expect(tab.locator(".people-terms li")).to_have_count(0)
    assert page.violations() == [] and page.complaints == []


def test_who_changes_what_somebody_else_changed_sees_it_as_it_is_now(
    visit: Open, own_address: str, editor: None, mesa: Database
) -> None:
    page = visit(own_address).sign_in("editor").open(PEOPLE)
    page.tab.locator("#rows tr").first.click()
    expect(page.tab.locator(".people-terms li")).to_have_count(1)
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE grid_worker SET name = '何先', recorded = tstzrange(now(), NULL)"))
    form = page.tab.locator(".people-card section form")
    form.locator("input[type=text]").fill("林新")
    form.locator("button").click()
    expect(page.tab.locator(".toast-error")).to_be_visible()
    expect(page.tab.locator(".people-terms li")).to_contain_text(["何先"])


def test_a_reader_sees_the_list_and_changes_nothing(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open(PEOPLE + "&grid=")
    page.tab.locator("#rows tr").first.click()
    expect(page.tab.locator(".people-terms li")).to_have_count(1)
    assert page.tab.locator(".people-card form").count() == 0


def test_a_click_on_the_map_tells_who_is_responsible_and_esc_leaves_the_tool(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open("?county=mesa&view=grids")
    tab = page.tab
    tool = tab.locator(".who-tool button")
    tool.click()
    expect(tool).to_have_attribute("aria-pressed", "true")
    tab.keyboard.press("Escape")
    expect(tool).to_have_attribute("aria-pressed", "false")
    tool.click()
    box = tab.locator("#map_main").bounding_box()
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(tab.locator(".who-card .who-people")).to_be_visible()
    told = tab.locator(".who-card .who-under").inner_text()
    grids = page.context.request.get(f"{address}/api/grid-people?county=mesa").json()["grids"]
    grid = next(grid for grid in grids if told.startswith(grid["code"]))
    leaders = [one["name"] for one in grid["people"] if one["role"] == "grid_leader"]
    for name in leaders:
        expect(tab.locator(".who-people")).to_contain_text(name)
    expect(tool).to_have_attribute("aria-pressed", "false")
    assert page.violations() == [] and page.complaints == []


def test_the_card_tells_who_is_responsible_before_the_address_is_known(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open("?county=mesa&view=grids")
    tab = page.tab
    held = []
    tab.route(lambda url: "/api/here" in url and "address=false" not in url, lambda route: held.append(route))
    tab.click(".who-tool button")
    box = tab.locator("#map_main").bounding_box()
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(tab.locator(".who-card .who-people")).to_be_visible()
    expect(tab.locator(".who-where")).to_contain_text("正在查询")
    held[0].continue_()
    expect(tab.locator(".who-where")).not_to_contain_text("正在查询")
    assert page.violations() == [] and page.complaints == []


def test_no_legend_lies_across_the_card_and_it_opens_again_afterwards(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open("?county=mesa")
    tab = page.tab
    legend = tab.locator("#legends .legend-card.is-first")
    expect(legend).to_have_attribute("open", "")
    tab.click(".who-tool button")
    box = tab.locator("#legends").bounding_box()
    tab.mouse.click(box["x"] - 20, box["y"] + box["height"] - 20)
    expect(tab.locator(".who-card .who-where")).to_be_visible()
    expect(legend).not_to_have_attribute("open", "")
    sides = "['.who-popup', '#legends'].map((one) => document.querySelector(one).getBoundingClientRect())"
    page.until(f"(([card, legends]) => card.bottom <= legends.top || card.right <= legends.left)({sides})")
    tab.click(".who-popup .leaflet-popup-close-button")
    expect(legend).to_have_attribute("open", "")
    assert page.violations() == [] and page.complaints == []


def test_a_notice_is_a_light_sheet_in_a_dark_theme_too(visit: Open, address: str) -> None:
    page = visit(address, color_scheme="dark").sign_in()
    grids = page.context.request.get(f"{address}/api/grid-people?county=mesa").json()["grids"]
    page.tab.goto(f"{address}/grids/notice?grid={grids[0]['id']}")
    page.ready()
    assert page.tab.evaluate("document.documentElement.dataset.theme") == "light"
    page.tab.goto(f"{address}/grids/people?county=mesa")
    page.ready()
    assert page.tab.evaluate("document.documentElement.dataset.theme") == "dark"


def test_an_address_in_the_search_box_is_answered_by_the_same_card(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open("?county=mesa&view=grids")
    page.tab.keyboard.press("/")
    page.tab.keyboard.type("SCHOOL 5")
    page.tab.locator(".option-who", has_text="SCHOOL 5").click()
    expect(page.tab.locator(".who-card .who-people")).to_be_visible()
    expect(page.tab.locator(".who-where")).to_contain_text("school 5", ignore_case=True)
    page.tab.keyboard.press("/")
    page.tab.keyboard.type("没有这个地方")
    page.tab.locator(".option-who", has_text="没有这个地方").click()
    expect(page.tab.locator("#search-found p")).to_be_visible()
    assert page.violations() == [] and page.complaints == []


def test_a_notice_has_the_grid_its_people_and_telephones_and_prints_on_one_sheet(visit: Open, address: str) -> None:
    page = visit(address).sign_in().open(PEOPLE)
    grid = page.context.request.get(f"{address}/api/grid-people?county=mesa").json()["grids"][0]
    page.open(f"grids/notice?grid={grid['id']}")
    said = page.tab.locator(".notice").inner_text()
    leader = grid["people"][0]
    assert all(part in said for part in (grid["name"], grid["code"], leader["name"], leader["telephone"]))
    assert page.tab.locator(".notice-line").count() == 1
    pdf = page.tab.pdf(prefer_css_page_size=True, print_background=True)
    assert pdf.count(b"/Type /Page\n") == 1
    assert page.hosts() == {page.address.split("//")[1]} and page.violations() == []
    gone = page.context.request.get(f"{address}/grids/notice?grid=999999999")
    assert gone.status == 404


def test_yesterdays_people_are_read_by_the_day(visit: Open, own_address: str, editor: None) -> None:
    page = visit(own_address).sign_in("editor").open(PEOPLE)
    appoint(page, "mesa-001", "林新", "480-555-0177")
    expect(page.tab.locator("#rows tr").first).to_contain_text("林新")
    yesterday = datetime.now(UTC).astimezone(ZoneInfo("America/Phoenix")).date() - timedelta(days=1)
    page.open(PEOPLE + f"&as_of={yesterday}")
    expect(page.tab.locator("#rows tr").first).to_contain_text("陈立群")
    page.tab.locator("#rows tr").first.click()
    expect(page.tab.locator(".people-card h2")).to_be_visible()
    assert page.tab.locator(".people-card form").count() == 0
