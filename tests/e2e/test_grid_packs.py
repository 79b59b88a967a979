"""An inspection pack in the browser: ordered, watched while it is written, downloaded, and everything is in it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from geo_app.queries.terms import today
from geo_app.services.inspection_pack import year_before
from tests.e2e.browsing import Visit
from tests.made_grids import COUNTY, Governed
from tests.mesa import do_jobs
from tests.serving import served

Open = Callable[..., Visit]
REFUSED = "400 (BAD REQUEST)"  # which the browser writes down by itself


@pytest.fixture
def address(governed: Governed) -> Iterator[str]:
    with served(governed.app) as found:
        yield found


def test_a_pack_of_a_day_is_ordered_watched_and_downloaded_whole(visit: Open, address: str, governed: Governed) -> None:
    now = today(governed.county(), datetime.now(UTC))
    day = year_before(now) - timedelta(1)
    page = visit(address).sign_in("editor")
    tab = page.tab
    tab.goto(f"{address}/grids/packs?county={COUNTY}")
    page.ready()
    expect(tab.locator("#state")).to_be_visible()
    expect(tab.locator("#day")).to_have_value(now.isoformat())
    tab.fill("#day", day.isoformat())
    tab.click("#send")
    expect(tab.locator("#problem")).to_be_visible()  # changes would be told after the day that is shown
    tab.fill("#since", year_before(day).isoformat())
    tab.click("#send")
    pack = tab.locator("#list li")
    expect(pack).to_have_count(1)
    expect(pack).to_contain_text(day.isoformat())
    expect(pack.locator(".progress")).to_be_visible()
    do_jobs(governed.settings, governed.database)
    link = pack.locator("a.button")
    expect(link).to_be_visible()  # the page asks by itself
    expect(pack).to_contain_text("32")  # grids
    with tab.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == f"grids-{COUNTY}-{day}.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    assert set(sizes) == {"网格迎检资料.pdf", "网格清单.xlsx", "网格.gpkg"} and min(sizes.values()) > 4000
    expect(tab.locator("#problem")).to_be_hidden()
    assert all(REFUSED in one for one in page.complaints), page.complaints
    assert page.violations() == [] and page.hosts() == {address.split("//")[1]}
