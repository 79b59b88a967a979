"""The map page as it leaves the server: local addresses, nonces, no data in scripts, the right county."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo_app.api.filters import Filters
from geo_app.assets import folder
from geo_app.pages.map import OF_OTHER_PAGES, texts
from geo_app.pages.views import first_view
from tests.mesa import FOREIGN, browser_of

JS = Path(__file__).parents[2] / "static" / "js"


def page_of(client: FlaskClient, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_E02_every_address_in_the_page_is_of_this_server_and_exists(reader: FlaskClient) -> None:
    page = page_of(reader)
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert len(addresses) > 10
    assert [address for address in addresses if not address.startswith(("/", "#"))] == []
    for address in {address for address in addresses if address.startswith("/static/")}:
        with reader.get(address) as answer:
            assert answer.status_code == 200, address
            assert "immutable" in answer.headers["Cache-Control"]


def test_scripts_and_styles_carry_the_nonce_of_the_policy_and_no_element_its_own(reader: FlaskClient) -> None:
    answer = reader.get("/")
    page = answer.get_data(as_text=True)
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
    assert nonce
    for tag in re.findall(r"<(?:script|style)\b[^>]*>", page):
        assert f'nonce="{nonce[1]}"' in tag or "application/json" in tag or 'src="/static/' in tag
    assert re.findall(r'<[^>]*\s(?:style|on\w+)="', page) == []
    assert reader.get("/").headers["Content-Security-Policy"] != answer.headers["Content-Security-Policy"]


def test_the_page_carries_no_data_of_the_county_only_its_name_and_bounds(reader: FlaskClient) -> None:
    page = page_of(reader)
    data = json.loads(re.search(r'id="page-data"[^>]*>(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    assert set(data) == {"county", "bounds", "layers", "sign_in", "texts", "view", "views", "user", "sight_m", "today"}
    assert '"coordinates"' not in page  # of GeoJSON; the script that draws it names them too
    assert len(page) < 120_000


def test_a_layer_is_asked_for_again_only_when_a_filter_changes_that_it_hangs_on(reader: FlaskClient) -> None:
    data = json.loads(re.search(r'id="page-data"[^>]*>(.*?)</script>', page_of(reader), re.S)[1])  # type: ignore[index]
    asks = {layer["id"]: set(layer["asks"]) for layer in data["layers"]}
    assert asks["cameras"] == {"area", "as_of"}
    assert all("as_of" in names for names in asks.values())
    assert asks["incidents"] == {"area", "as_of", "since", "until", "category", "hours", "valid"}
    assert {"sight", "routes"} <= asks["patrol_coverage"] and "category" not in asks["patrol_coverage"]
    assert {"sight", "routes", "asked", "category"} <= asks["patrol_gaps"] and "bandwidth" not in asks["patrol_gaps"]
    assert "bandwidth" in asks["density"] and "sight" not in asks["density"]
    assert {"days", "least", "since"} <= asks["repeat_places"] and "days" not in asks["hot_spots"]
    assert set().union(*asks.values()) == set(Filters.model_fields) - {"county", "box"}


def test_without_a_county_in_the_address_it_is_the_first_one(reader: FlaskClient) -> None:
    assert "<title>Mesa 演示区" in page_of(reader)
    assert "<title>Mesa 演示区" in page_of(reader, "/?county=mesa&layers=streets")


@pytest.mark.parametrize("code", [FOREIGN, "000000", "", "mesa' --", "<script>"])
def test_B02_a_county_that_is_not_the_users_is_not_found(reader: FlaskClient, code: str) -> None:
    answer = reader.get("/", query_string={"county": code})
    assert answer.status_code == 404
    assert "<script>alert" not in answer.get_data(as_text=True)


def test_who_was_given_no_area_reads_what_to_do(mesa_app: Flask, mesa) -> None:
    from sqlalchemy import text

    with mesa.owner_session() as owner:
        owner.execute(text("DELETE FROM user_scope"))
    page = page_of(browser_of(mesa_app, "planner"))
    assert "geo-app county add" in page and "map_main" not in page


def test_who_may_not_see_maps_reads_that_and_gets_no_map(mesa_app: Flask) -> None:
    answer = browser_of(mesa_app, "auditor").get("/")
    assert answer.status_code == 403
    assert "map_main" not in answer.get_data(as_text=True)


def test_nobody_is_led_to_sign_in_and_back(mesa_app: Flask) -> None:
    answer = mesa_app.test_client().get("/?county=mesa")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in?next=/?county%3Dmesa"


def test_every_text_that_a_script_asks_for_is_there_and_none_in_vain() -> None:
    own = (path for path in JS.glob("*.js") if not path.name.startswith(OF_OTHER_PAGES))
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in own)
    asked = set(re.findall(r'\btext\(\s*"(\w+)"(?!\s*\+)', scripts))
    in_tables = set(re.findall(r'"(\w+)"', scripts))
    begun = {*re.findall(r'\btext\(\s*"(\w+_)"\s*\+', scripts), *re.findall(r"\btext\(`(\w+_)\$", scripts)}
    composed = {key for key in texts() if key.startswith(tuple(begun))}
    assert asked - set(texts()) == set()
    shared = {"how", "unplaced"}  # drawings.js takes them out of the table itself
    assert set(texts()) - asked - in_tables - shared - composed == set()


@pytest.mark.parametrize(
    ("roles", "view"),
    [
        (("planner",), "patrol"),
        (("grid_editor",), "grids"),
        (("reviewer",), "grids"),
        (("grid_editor", "reviewer"), "grids"),
        (("leader",), "incidents"),
        (("analyst",), "incidents"),
        (("planner", "leader"), "map"),
        ((), "map"),
    ],
)
def test_each_role_lands_on_the_view_of_its_work(roles: tuple[str, ...], view: str) -> None:
    assert first_view(roles) == view


def test_the_view_in_the_address_is_the_tab_that_is_current_and_an_unknown_one_is_that_of_the_role(
    reader: FlaskClient,
) -> None:
    current = r'data-view="(\w+)" aria-current="page"'
    assert re.findall(current, page_of(reader)) == ["patrol"]
    assert re.findall(current, page_of(reader, "/?view=incidents")) == ["incidents"]
    assert re.findall(current, page_of(reader, "/?view=<script>")) == ["patrol"]


def test_scripts_and_styles_keep_to_what_chromium_90_knows() -> None:
    too_new = {
        "js": r"structuredClone|\.at\(-?\d|Object\.hasOwn|\.findLast|\.toSorted|\.replaceAll\(|#\w+ in |^await |\.groupBy",
        "css": r"color-mix\(|:has\(|@container|@layer|\boklch\(|\d(?:dvh|svh|lvh|cqw)|@property",
    }
    for suffix, pattern in too_new.items():
        for path in (folder() / suffix).glob(f"*.{suffix}"):
            found = re.findall(pattern, path.read_text(encoding="utf-8"), re.M)
            assert found == [], path.name


def test_every_variable_of_a_sheet_is_a_token_that_both_themes_have() -> None:
    tokens = (folder() / "css" / "tokens.css").read_text(encoding="utf-8")
    light, dark = tokens.split('[data-theme="dark"]')
    named = {part: set(re.findall(r"^\s*(--[\w-]+):", text, re.M)) for part, text in (("light", light), ("dark", dark))}
    used: set[str] = set()
    for path in (folder() / "css").glob("*.css"):
        used |= set(re.findall(r"var\((--[\w-]+)\)", path.read_text(encoding="utf-8")))
    assert used - named["light"] == set()
    same_in_both = {"--space", "--radius", "--radius-small", "--target", "--bar", "--font"}
    same_in_both |= {"--below", "--below-left", "--left", "--right", "--legends-zoom"}
    assert named["light"] - named["dark"] == same_in_both


def test_every_colour_of_a_layer_has_its_like_on_dark_ground() -> None:
    from layers import style

    tokens = (folder() / "css" / "tokens.css").read_text(encoding="utf-8")
    colours = {style.PATROL, style.CAMERA, style.INCIDENT, style.INCIDENT_EDGE, style.GAP, style.NO_DATA, style.GRID}
    for colour in (*colours, *style.BLUES):
        assert f"--map-{colour[1:]}:" in tokens, colour
