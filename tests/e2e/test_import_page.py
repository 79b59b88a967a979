"""Data management in a real browser: a file comes in, its rows that wait are mended, and they are on the map."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import PHONE, Visit, served
from tests.made_town import TOWN, Town, as_csv, incident_rows, nameless, shifted
from tests.mesa import do_jobs

HOSTILE = (
    "<img src=x onerror=\"window.ran='img'\">${window.ran='template'}`{{7*7}}"
    "</script><script>window.ran='script'</script>'\"<svg onload=\"window.ran='svg'\">"
)
DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name));
  for (const type of ["dragenter", "dragover", "drop"]) {
    document.getElementById("drop").dispatchEvent(
      new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""
SLOW_MS = 60_000  # two cores, and a process for every look at a file


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    """A server of the made county."""
    with served(town.app) as found:
        yield found


@pytest.fixture
def clerk(visit: Callable[..., Visit], address: str) -> Visit:
    """An analyst on the import page."""
    page = visit(address).sign_in("analyst")
    page.tab.set_default_timeout(SLOW_MS)
    return page.open(f"data?county={TOWN}")


def drop(page: Visit, name: str, content: bytes) -> None:
    page.tab.evaluate(DROP, [name, base64.b64encode(content).decode()])


def proposed(page: Visit) -> Page:
    """Waits until the page shows how the file would be read, and nothing is under way."""
    page.tab.wait_for_selector("#proposal:not([hidden]):not([aria-busy])")
    page.tab.wait_for_selector("html:not([data-busy])")
    return page.tab


def work(town: Town, page: Page, act: Callable[[], None], shows: str = ".data-report") -> None:
    """Does ``act``, then what waits in the queue, and waits for what came of it."""
    act()
    page.locator(".data-working").wait_for()
    do_jobs(town.settings, town.database)
    page.locator(shows).wait_for()


def sum_on(page: Page) -> list[int]:
    """read, new, updated, unchanged, waiting, as they stand on the page."""
    return [int(number.replace(",", "")) for number in page.locator(".sum-part b").all_inner_texts()]


def points(page: Page) -> list[str]:
    return list(page.locator(".data-point").evaluate_all("found => found.map((one) => one.getAttribute('d'))"))


def clean(page: Visit, address: str) -> None:
    assert page.hosts() == {urlsplit(address).netloc}
    assert page.complaints == [] and page.violations() == []


def test_from_a_file_that_is_dropped_to_a_mended_row_on_the_map(clerk: Visit, town: Town, address: str) -> None:
    rows = nameless(incident_rows(30))
    rows[3] |= {"报警时间": "昨天晚上"}
    rows[4] |= {"有效警情": "也许"}
    drop(clerk, "110.csv", as_csv(rows))
    tab = proposed(clerk)
    assert tab.input_value("#kind") == "incidents" and tab.input_value("#source") == "110"
    assert tab.locator("#evidence-rows input:checked").count() == 0
    expect(tab.locator("#begin")).to_be_disabled()
    expect(tab.locator("#start-missing")).to_be_visible()
    assert tab.locator("#columns tr").count() == 9

    open_points = points(tab)
    tab.locator('#evidence-rows input[value="GCJ-02"]').check()
    proposed(clerk)
    tab.locator('#evidence-rows input[value="GCJ-02"]:checked').wait_for()
    shifted_points = points(tab)
    assert len(open_points) == len(shifted_points) == 30 and open_points != shifted_points
    tab.locator('#evidence-rows input[value="EPSG:4326"]').check()
    expect(tab.locator(".data-point.is-open")).to_have_count(0)
    proposed(clerk)
    expect(tab.locator("#begin")).to_be_enabled()

    work(town, tab, lambda: tab.click("#try"))
    assert sum_on(tab) == [30, 28, 0, 0, 2]
    assert town.count("incident") == 0
    tab.locator(".data-report").evaluate("card => card.remove()")
    work(town, tab, lambda: tab.click("#begin"))
    read, *parts = sum_on(tab)
    assert read == sum(parts) == 30 and parts == [28, 0, 0, 2]
    assert town.count("incident") == 28
    expect(tab.locator("#imports .imports-table tbody tr")).to_have_count(2)  # this one, and the streets
    expect(tab.locator("#waiting-count")).to_have_text("2")

    tab.locator(".report-acts .button").first.click()
    clerk.ready()
    assert "/data/quarantine" in tab.url
    expect(tab.locator("#rows > li")).to_have_count(2)
    wrong = tab.locator("#rows > li").first.locator("[aria-invalid=true]")
    assert wrong.input_value() == "昨天晚上"
    wrong.fill("2026-11-04 08:30:00")
    wrong.press("Control+Enter")
    expect(tab.locator("#rows > li").nth(1).locator("[aria-invalid=true]")).to_be_focused()
    work(town, tab, lambda: tab.click("#retake"))
    assert sum_on(tab) == [1, 1, 0, 0, 0]
    expect(tab.locator("#rows > li")).to_have_count(1)
    expect(tab.locator("#waiting-count")).to_have_text("1")

    clean(clerk, address)
    clerk.open(f"?county={TOWN}&view=incidents&layers=incidents")
    assert tab.evaluate(
        """() => { let found = 0;
          map_main.eachLayer((one) => { if (one.feature && one.options.pane === "drawing-incidents") found += 1; });
          return found; }"""
    ) == 29  # fmt: skip
    clean(clerk, address)


def test_the_datum_is_said_in_words_and_the_source_that_is_typed_last_counts(clerk: Visit, town: Town) -> None:
    drop(clerk, "2026-11.csv", as_csv(shifted(incident_rows(60))))
    tab = proposed(clerk)
    expect(tab.locator("#evidence-rows input:checked")).to_have_value("GCJ-02")
    said = tab.inner_text("#datum-says")
    assert "GCJ-02" in said and "WGS84" in said and " m" in said
    tab.fill("#source", "110")
    work(town, tab, lambda: tab.click("#begin"))  # without a step between typing and clicking
    assert town.rows("SELECT source, crs FROM import_batch ORDER BY id DESC LIMIT 1") == [("110", "GCJ-02")]
    drop(clerk, "2026-12.csv", as_csv(shifted(incident_rows(60, seed=2))))
    tab = proposed(clerk)
    tab.fill("#source", "110")
    tab.keyboard.press("Tab")
    expect(tab.locator("#remembered")).to_be_visible()


def test_a_remembered_datum_against_the_evidence_is_kept_with_a_warning(clerk: Visit, town: Town) -> None:
    drop(clerk, "110.csv", as_csv(shifted(incident_rows(60))))
    tab = proposed(clerk)
    work(town, tab, lambda: tab.click("#begin"))
    assert tab.locator("#datum-says .is-warning").count() == 0
    drop(clerk, "110.csv", as_csv(incident_rows(60, seed=2)))
    tab = proposed(clerk)
    expect(tab.locator("#evidence-rows input:checked")).to_have_value("GCJ-02")
    expect(tab.locator("#datum-says .is-warning")).to_contain_text("GCJ-02")
    tab.locator('#evidence-rows input[value="EPSG:4326"]').check()
    proposed(clerk)
    expect(tab.locator("#datum-says .is-warning")).to_have_count(0)


def test_a_file_that_cannot_be_used_says_why_and_can_be_corrected(clerk: Visit, town: Town) -> None:
    drop(clerk, "110.csv", as_csv(incident_rows(60)))
    tab = proposed(clerk)
    tab.select_option("#system", "EPSG:4549")
    proposed(clerk)
    work(town, tab, lambda: tab.click("#begin"), shows="#outcome .data-problem")
    assert tab.locator("#outcome .data-reasons li").count() == 1
    expect(tab.locator("#proposal")).to_be_visible()
    tab.locator('#evidence-rows input[value="EPSG:4326"]').check()
    proposed(clerk)
    work(town, tab, lambda: tab.click("#begin"))
    assert sum_on(tab)[:2] == [60, 60]


def test_the_page_may_be_left_and_the_work_is_found_again(clerk: Visit, town: Town) -> None:
    drop(clerk, "110.csv", as_csv(incident_rows(60)))
    tab = proposed(clerk)
    tab.click("#begin")
    tab.locator(".data-working").wait_for()
    assert "job=" in tab.url
    clerk.open(f"data?county={TOWN}")
    row = tab.locator("tr.is-job")
    expect(row).to_contain_text("110.csv")
    row.locator("a").click()
    tab.locator(".data-working").wait_for()
    do_jobs(town.settings, town.database)
    tab.locator(".data-report").wait_for()
    tab.reload()
    tab.locator(".data-report").wait_for()
    assert sum_on(tab) == [60, 60, 0, 0, 0]


def test_an_import_that_is_cancelled_stores_nothing_and_the_proposal_stays(clerk: Visit, town: Town) -> None:
    drop(clerk, "110.csv", as_csv(incident_rows(60)))
    tab = proposed(clerk)
    tab.click("#begin")
    tab.locator(".data-working button").click()
    tab.locator(".data-working").wait_for(state="detached")
    expect(tab.locator("#begin")).to_be_enabled()
    do_jobs(town.settings, town.database)
    assert town.count("incident") == 0


def test_files_that_do_not_belong_together_are_refused_before_a_byte_is_sent(clerk: Visit, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "x.exe", "roads.dbf", "roads.shp"):
        (tmp_path / name).write_bytes(b"a\n1\n")
    tab = clerk.tab
    for names in (["a.csv", "b.csv"], ["x.exe"], ["roads.dbf"], ["roads.shp", "a.csv"]):
        tab.set_input_files("#files", [tmp_path / name for name in names])
        expect(tab.locator("#choose-problem b")).to_be_visible()
        expect(tab.locator("#drop")).to_be_visible()
    assert not any("/api/imports/files" in url for url in clerk.requests)


def test_E01_hostile_texts_of_a_file_are_shown_on_both_pages_and_never_run(
    clerk: Visit, town: Town, address: str
) -> None:
    rows = [{**row, HOSTILE: HOSTILE, "处理结果": HOSTILE, "事发地址": HOSTILE} for row in incident_rows(20)]
    rows[0] |= {"报警时间": HOSTILE}
    rows[1] |= {"有效警情": HOSTILE}
    drop(clerk, "<img src=x onerror=window.ran='name'>.csv", as_csv(rows))
    tab = proposed(clerk)
    tab.fill("#source", HOSTILE[:120])
    tab.keyboard.press("Tab")
    proposed(clerk)
    shown = HOSTILE[:19]  # a reason quotes what follows
    assert tab.locator("#columns").inner_text().count(shown) >= 2
    assert shown in tab.inner_text("#first-rows") and shown in tab.inner_text("#words")
    if tab.locator("#begin").is_disabled():
        tab.locator('#evidence-rows input[value="EPSG:4326"]').check()
        proposed(clerk)
    work(town, tab, lambda: tab.click("#begin"))
    assert sum_on(tab)[0] == 20
    expect(tab.locator("#imports")).to_contain_text(shown)
    assert shown in tab.inner_text(".report-file")
    tab.locator(".report-acts .button").first.click()
    clerk.ready()
    assert shown in tab.inner_text("#rows")
    values = tab.locator("#rows .field").evaluate_all("found => found.map((one) => one.value)")
    assert HOSTILE in values
    assert tab.evaluate("window.ran") is None
    assert tab.locator('img[src="x"], #rows script, #imports script, svg[onload]').count() == 0
    clean(clerk, address)


def test_everything_can_be_done_with_the_keyboard_alone(clerk: Visit, town: Town, tmp_path: Path) -> None:
    tab = clerk.tab
    rows = nameless(incident_rows(30))
    rows[0] |= {"报警时间": "昨天"}
    file = tmp_path / "110.csv"
    file.write_bytes(as_csv(rows))
    reach(tab, "#files")
    tab.set_input_files("#files", file)  # what the browser's own window gives
    proposed(clerk)
    reach(tab, '#evidence-rows input[type="radio"]')
    tab.keyboard.press("Space")
    expect(tab.locator(".data-point.is-open")).to_have_count(0)
    proposed(clerk)
    expect(tab.locator('#evidence-rows input[type="radio"]').first).to_be_focused()  # drawn anew, and still there
    reach(tab, "#begin")
    work(town, tab, lambda: tab.keyboard.press("Enter"))
    expect(tab.locator("#outcome")).to_be_focused()
    reach(tab, ".report-reasons a")
    reach(tab, ".report-acts a")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/data/quarantine**")
    clerk.ready()
    reach(tab, "#rows [aria-invalid=true]")
    tab.keyboard.press("Control+A")
    tab.keyboard.type("2026-11-01 08:30:00")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator("#chosen")).to_be_visible()
    reach(tab, "#retake")
    work(town, tab, lambda: tab.keyboard.press("Enter"))
    expect(tab.locator("#rows")).to_contain_text("没有待处理的行")
    assert town.count("incident") == 30


def reach(tab: Page, selector: str) -> None:
    """Presses Tab until this has the focus, which has to be seen."""
    for _ in range(120):
        if tab.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            break
        tab.keyboard.press("Tab")
    assert tab.evaluate("wanted => document.activeElement.matches(wanted)", selector), selector
    if selector != "#files":  # its label shows it
        assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


@pytest.fixture
def waiting(clerk: Visit, town: Town) -> Visit:
    """The page of rows that wait, with three of them."""
    rows = [row | {"报警时间": "昨天"} for row in incident_rows(3)]
    town.browser().imported("110.csv", rows)
    return clerk.open(f"data/quarantine?county={TOWN}")


def test_rows_are_left_for_good_after_one_question(waiting: Visit, town: Town) -> None:
    tab = waiting.tab
    tab.locator("#rows .wait-place input").first.check()
    tab.click("#leave")
    tab.locator("#sure button").first.click()
    expect(tab.locator("#rows > li")).to_have_count(3)
    tab.click("#leave")
    expect(tab.locator("#sure")).to_contain_text("数据库")
    tab.locator('#sure button[value="leave"]').click()
    expect(tab.locator("#rows > li")).to_have_count(2)
    assert town.rows("SELECT count(*) FROM quarantine_row WHERE state = 'left'") == [(1,)]


def test_rows_are_mended_in_a_spreadsheet(waiting: Visit, town: Town, tmp_path: Path) -> None:
    tab = waiting.tab
    with tab.expect_download() as download:
        tab.click("#download")
    path = tmp_path / "mended.csv"
    download.value.save_as(path)
    rows = [row | {"报警时间": "2026-11-01 08:00:00"} for row in read(path)]
    path.write_bytes(as_csv(rows))
    work(town, tab, lambda: tab.set_input_files("#mended", path))
    assert sum_on(tab) == [3, 3, 0, 0, 0]
    assert waiting.complaints == [] and waiting.violations() == []


def read(path: Path) -> Sequence[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_rows_are_filtered_by_reason_and_the_address_holds_it(waiting: Visit, town: Town) -> None:
    more = [row | {"有效警情": "也许"} for row in incident_rows(2, seed=9)]
    town.browser().imported("111.csv", more, source="111")
    tab = waiting.tab
    tab.reload()
    waiting.ready()
    expect(tab.locator("#acts-buttons")).to_be_hidden()
    expect(tab.locator("#rows > li")).to_have_count(5)
    tab.locator("#by-code button").nth(2).click()
    expect(tab.locator("#rows > li")).to_have_count(2)
    assert "code=truth" in tab.url
    tab.reload()
    waiting.ready()
    expect(tab.locator("#rows > li")).to_have_count(2)


@pytest.mark.parametrize("path", ["data", "data/quarantine"])
def test_nothing_hangs_over_the_edge_on_a_phone(visit: Callable[..., Visit], address: str, path: str) -> None:
    page = visit(address, viewport=PHONE).sign_in("analyst").open(f"{path}?county={TOWN}")
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
