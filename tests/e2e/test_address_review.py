"""Addresses that nobody knows are given places by keyboard, and the calls have them, with nothing made up in between."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.browsing import Visit
from tests.made_addresses import call_row, take_calls
from tests.made_town import TOWN, Town
from tests.serving import served

PLACED = "SELECT number, match_level, match_how FROM incident ORDER BY number"


def test_a_choice_places_all_equal_addresses_and_is_taken_back(
    visit: Callable[..., Visit], addressed: Town, tmp_path: Path
) -> None:
    take_calls(
        addressed, tmp_path, call_row(1, "红星超市12号楼"), call_row(2, "红星超市十二号楼"), call_row(3, "东一路"),
        call_row(4, "东一路10号"),
    )  # fmt: skip
    before = addressed.rows(PLACED)
    assert [row[1] for row in before][::3] == ["none", "number"]
    with served(addressed.app) as address:
        page = visit(address).sign_in("analyst").open(f"calls?county={TOWN}&day=2026-11-20")
        page.tab.get_by_role("link", name="地址", exact=False).first.click()
        page.tab.wait_for_url("**/calls/addresses**")
        tab, keys = page.tab, page.tab.keyboard
        expect(tab.locator("#call-title")).to_have_text("红星超市12号楼")
        expect(tab.locator("#share")).to_have_class("card data-card review-share is-low")
        keys.press("p")
        keys.press("Enter")
        expect(tab.locator("#call-title")).to_have_text("东一路")
        assert [tuple(row) for row in addressed.rows(PLACED)][:2] == [
            ("J1", "pinned", "alias+by hand"), ("J2", "pinned", "alias+by hand"),
        ]  # fmt: skip
        keys.press("1")
        keys.press("Enter")
        expect(tab.locator("#state .is-done")).to_be_visible()
        assert addressed.rows(PLACED)[2][2] == "alias+by hand"
        keys.press("Control+z")
        keys.press("Control+z")  # at once: the second waits for the first
        expect(tab.locator("#call-title")).to_have_text("红星超市12号楼")
        expect(tab.locator("#list button")).to_have_count(2)
        expect(tab.locator("#undo")).to_be_disabled()
        assert addressed.rows(PLACED) == before
        assert page.complaints == [] and page.violations() == []
