"""The pages of calls as they leave the server: for whom, with which texts and scripts."""

from __future__ import annotations

import re

import pytest

from geo_app.assets import folder
from geo_app.pages import calls_texts
from geo_app.pages.data import SHARED, modules
from tests.made_town import OTHER, TOWN, Hand, Town
from tests.pages.test_data_pages import data_of, page_of

PAGES = ("/calls", "/calls/addresses", "/calls/repeats")
ENTRIES = {
    "calls_clearing": {**calls_texts.PLACE, **calls_texts.CLEARING},
    "calls_review": {**calls_texts.PLACE, **calls_texts.REVIEW},
    "calls_repeats": calls_texts.REPEATS,
}


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_who_may_clear_calls_and_lead_to_each_other(hand: Hand, town: Town, path: str) -> None:
    page = page_of(hand, path, county=TOWN)
    assert data_of(page)["county"] == {"code": TOWN, "name": "演示县"}
    assert all(f'href="{other}?county={TOWN}"' in page for other in PAGES)
    assert re.findall(rf'href="(\S+)\?county={TOWN}" aria-current="page"', page) == ["/calls", path]
    assert town.app.test_client().get(path).status_code == 302
    assert hand.get(path, county=OTHER).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_E02_every_address_is_of_this_server_and_nothing_is_inline(hand: Hand, path: str) -> None:
    page = page_of(hand, path, county=TOWN)
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert [address for address in addresses if not address.startswith(("/", "#"))] == []
    assert re.findall(r'<[^>]*\s(?:style|on\w+)="', page) == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_text_that_a_script_asks_for_is_there_and_none_in_vain(entry: str) -> None:
    texts = ENTRIES[entry]
    scripts = {name: (folder() / "js" / f"{name}.js").read_text(encoding="utf-8") for name in modules(entry)}
    own = "\n".join(source for name, source in scripts.items() if name not in {"page", "api", "streets"})
    asked = set(re.findall(r'\btext\(\s*"(\w+)"(?!\s*\+)', own))
    given = {*texts, *calls_texts.LEVELS, *SHARED}
    # The list of stations is shared with a page that has no texts of a choice of places.
    assert {key for key in asked - given if not (entry == "calls_repeats" and key.startswith("place_"))} == set()
    assert set(texts) - asked - set(re.findall(r'"(\w+)"', own)) == set()
