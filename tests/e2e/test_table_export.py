"""A table of the page is taken out as a file: by the button of its panel, under the terms of the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from geo_app.exports.page_tables import TABLES
from geo_app.pages.table_names import TITLES
from tests.e2e.browsing import Visit

FORMATS = "#table-format option:not([hidden])"


def shown(page: Visit, selector: str) -> list[str]:
    return list(page.tab.eval_on_selector_all(selector, "all => all.map((one) => one.value)"))


def taken(page: Visit) -> Path:
    with page.tab.expect_download() as download:
        page.tab.click("#table-file")
    return Path(download.value.path())


def test_every_table_has_a_title() -> None:
    assert set(TITLES) == set(TABLES)


def test_gaps_are_taken_out_as_a_map_under_the_terms_of_the_page(visit: Callable[..., Visit], address: str) -> None:
    page = visit(address).sign_in().open("?sight=100")
    tab = page.tab
    listed = tab.locator("#gaps .gap-list li").count()
    tab.click("#gaps-panel [data-tables]")
    assert tab.locator("#table-which").is_hidden() and shown(page, FORMATS) == ["xlsx", "csv", "geojson", "gpkg"]
    tab.select_option("#table-format", "geojson")
    tab.select_option("#table-system", "GCJ-02")
    assert "sight=100" in tab.get_attribute("#table-file", "href")
    found = json.loads(taken(page).read_text(encoding="utf-8"))
    assert len(found["features"]) == listed and found["features"][0]["geometry"]["type"] == "LineString"
    assert tab.locator("#table-export").is_hidden()
    assert page.complaints == [] and page.violations() == []


def test_a_table_of_numbers_is_offered_as_a_table_only(visit: Callable[..., Visit], timed_address: str) -> None:
    page = visit(timed_address).sign_in().open("?view=incidents")
    page.tab.click("#incidents-panel [data-tables]")
    assert len(shown(page, "#table-which option:not([hidden])")) == 6
    assert shown(page, FORMATS) == ["xlsx", "csv"] and page.tab.locator("#table-system").is_hidden()
    page.tab.select_option("#table-which", "incident_hours")
    page.tab.select_option("#table-format", "csv")
    assert len(taken(page).read_text(encoding="utf-8-sig").splitlines()) >= 24
