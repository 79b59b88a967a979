"""The pages of data management as they leave the server: for whom, with which texts and scripts, and nothing of others."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import text

from geo_app.assets import folder
from geo_app.exports.template_columns import TEMPLATES
from geo_app.imports.columns import HEADINGS, names
from geo_app.imports.kinds import KINDS
from geo_app.imports.words import CHOICES
from geo_app.pages import data_texts, data_words, quarantine_texts
from geo_app.pages.data import SHARED, modules
from geo_app.pages.map import texts as map_texts
from geo_app.pages.texts import MAP_TEXTS
from geo_app.queries.export_columns import SOURCES
from tests.made_town import OTHER, TOWN, Hand, Town

PAGES = ("/data", "/data/quarantine")
ENTRIES: list[tuple[str, Mapping[str, str]]] = [
    ("data_page", data_texts.TEXTS),
    ("quarantine", quarantine_texts.TEXTS),
]


def page_of(hand: Hand, path: str, **asked: Any) -> str:
    answer = hand.get(path, **asked)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'id="page-data"[^>]*>(.*?)</script>', page, re.S)
    assert found
    return dict(json.loads(found[1]))


def test_both_pages_are_for_who_may_import_and_so_is_their_tab(hand: Hand, town: Town) -> None:
    planner = town.browser("planner")
    for path in PAGES:
        page = page_of(hand, path, county=TOWN)
        assert data_of(page)["county"] == {"code": TOWN, "name": "演示县"}
        assert re.search(rf'href="/data\?county={TOWN}" aria-current="page"', page)
        assert planner.get(path, county=TOWN).status_code == 403
        assert town.app.test_client().get(path).status_code == 302
    assert f'href="/data?county={TOWN}"' in page_of(hand, "/")
    assert "/data?" not in page_of(planner, "/")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("code", [OTHER, "000000", "", "310199' --", "<script>"])
def test_B02_a_county_that_is_not_the_users_is_not_found(hand: Hand, path: str, code: str) -> None:
    answer = hand.get(path, county=code)
    assert answer.status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_E02_every_address_is_of_this_server_and_scripts_carry_the_nonce(hand: Hand, path: str) -> None:
    answer = hand.get(path, county=TOWN)
    page = answer.get_data(as_text=True)
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert [address for address in addresses if not address.startswith(("/", "#"))] == []
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
    assert nonce
    for tag in re.findall(r"<(?:script|style)\b[^>]*>", page):
        assert f'nonce="{nonce[1]}"' in tag or "application/json" in tag or 'src="/static/' in tag
    assert re.findall(r'<[^>]*\s(?:style|on\w+)="', page) == []
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_E01_the_name_of_a_county_is_text(hand: Hand, town: Town, path: str) -> None:
    hostile = "</script><img src=x onerror=alert(1)>${1}`"
    with town.database.owner_session() as owner:
        owner.execute(text("UPDATE county SET name = :name WHERE code = :code"), {"name": hostile, "code": TOWN})
    page = page_of(hand, path, county=TOWN)
    assert "<img src=x" not in page
    assert data_of(page)["county"]["name"] == hostile


@pytest.mark.parametrize("path", PAGES)
def test_who_was_given_no_area_reads_what_to_do(hand: Hand, town: Town, path: str) -> None:
    with town.database.owner_session() as owner:
        owner.execute(text("DELETE FROM user_scope"))
    assert "geo-app county add" in page_of(town.browser(), path)


def test_without_a_county_in_the_address_it_is_the_first_one(hand: Hand) -> None:
    assert data_of(page_of(hand, "/data"))["county"]["code"] == TOWN


@pytest.mark.parametrize(("entry", "texts"), ENTRIES)
def test_every_text_that_a_script_asks_for_is_there_and_none_in_vain(entry: str, texts: Mapping[str, str]) -> None:
    given = {*texts, *SHARED}
    shared_with_the_map = {"page", "api", "streets"}
    scripts = {name: (folder() / "js" / f"{name}.js").read_text(encoding="utf-8") for name in modules(entry)}
    own = "\n".join(source for name, source in scripts.items() if name not in shared_with_the_map)
    asked = set(re.findall(r'\btext\(\s*"(\w+)"(?!\s*\+)', own))
    begun = {*re.findall(r'"(\w+_)"\s*\+', own), *re.findall(r"\btext\(`(\w+_)\$", own)}
    composed = {key for key in given if key.startswith(tuple(begun))}
    assert asked - given == set()
    assert set(texts) - asked - set(re.findall(r'"(\w+)"', own)) - composed - set(data_texts.FOLLOWING) == set()


def test_the_map_page_carries_neither_the_texts_nor_the_scripts_of_data_management(hand: Hand) -> None:
    page = page_of(hand, "/")
    assert not re.search(r"js/(?:data_|quarantine)", page)
    assert {key for key in data_texts.TEXTS if key.startswith("data_")} & set(map_texts()) == set()
    assert set(SHARED) <= set(MAP_TEXTS)


def test_a_page_preloads_every_script_that_it_will_need(hand: Hand) -> None:
    assert set(modules("quarantine")) >= {
        "quarantine",
        "quarantine_list",
        "quarantine_row",
        "data_follow",
        "page",
        "api",
    }
    assert "map" not in modules("data_page")
    page = page_of(hand, "/data", county=TOWN)
    assert all(f"js/{name}.js" in page for name in modules("data_page"))


def test_every_kind_column_and_word_has_a_title() -> None:
    assert set(data_words.KINDS) == set(KINDS) == set(HEADINGS)
    titled = {
        kind: {name for name in names(kind) if f"{kind}.{name}" in data_words.COLUMNS or name in data_words.COLUMNS}
        for kind in KINDS
    }
    assert {kind: set(names(kind)) - found for kind, found in titled.items()} == {kind: set() for kind in KINDS}
    assert set(CHOICES) <= set(KINDS)


def test_tracks_are_offered_for_export_to_those_only_who_may_read_them(hand: Hand, town: Town) -> None:
    assert re.findall(r'<option value="(\w+)" data-stays', page_of(hand, "/data", county=TOWN)) == ["tracks"]
    with town.database.owner_session() as owner:
        owner.execute(
            text("INSERT INTO user_role (user_id, role) SELECT id, 'planner' FROM app_user WHERE login = 'analyst'")
        )
    assert "data-stays" not in page_of(town.browser(), "/data", county=TOWN)


def test_every_kind_can_be_taken_out_again_and_has_a_template() -> None:
    assert set(SOURCES) == set(TEMPLATES) == set(KINDS)


@pytest.mark.parametrize(
    ("srid", "has", "lacks"),
    [
        (4549, {"EPSG:4548", "EPSG:4549", "EPSG:4550", "EPSG:4528"}, {"EPSG:4547", "EPSG:4527x"}),
        (4534, {"EPSG:4534", "EPSG:4513", "EPSG:4535"}, {"EPSG:4533"}),
        (4528, {"EPSG:4528", "EPSG:4549"}, set()),
        (26912, {"EPSG:26912"}, {"EPSG:4549"}),
    ],
)
def test_the_usual_systems_are_those_of_the_county(hand: Hand, srid: int, has: set[str], lacks: set[str]) -> None:
    with hand.town.app.test_request_context():
        found = data_words.systems(srid)
    assert {"EPSG:4326", "EPSG:4490", "GCJ-02", "BD-09", *has} <= set(found)
    assert not lacks & set(found)
