"""The inspection pack of a county as it is in the database: any day's grids, the changes up to it with their papers."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import pytest
from python_calamine import CalamineWorkbook

from geo_app.config import Settings
from geo_app.models import County
from geo_app.queries import visible
from geo_app.queries.terms import today
from geo_app.services import inspection_pack
from geo_app.services.imports import import_file
from geo_app.services.inspection_pack import Gathered
from tests.drafting import Drafting, across, sent
from tests.made_grids import COMMUNITIES, COUNTY, SIZE, SOUTH, WEST, Governed, code_of, middle, vertex
from tests.made_police import ZONES
from tests.papers.reading import Paper

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.fixture
def now(governed: Governed) -> date:
    return today(governed.county(), datetime.now(UTC))


@pytest.fixture
def changed(governed: Governed, now: date) -> Drafting:
    """A split that is in force from today, with its document number."""
    draft = Drafting.begun(governed, title="a/b:第一次*调整")
    draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    return draft.submitted(now, document_number="演政网〔2026〕7号", surveyed_on=str(now - timedelta(days=9))).approved(
        governed
    )


def gathered(governed: Governed, day: date, since: date, login: str | None = None) -> tuple[County, Gathered]:
    scope = governed.county_scope() if login is None else governed.actor(login).scope
    with governed.database.session(scope, read_only=True) as session:
        county = visible.county(session, COUNTY)
        assert county is not None
        return county, inspection_pack.gather(session, county, day, since)


def packed(found: tuple[County, Gathered], path: Path) -> zipfile.ZipFile:
    county, what = found
    inspection_pack.write(what, inspection_pack.printed("王芳", county, NOW, "zh"), path)
    return zipfile.ZipFile(io.BytesIO(path.read_bytes()))


def test_a_pack_has_pdf_workbook_geopackage_and_the_record_of_each_change(
    governed: Governed, changed: Drafting, now: date, tmp_path: Path
) -> None:
    archive = packed(gathered(governed, now, now - timedelta(days=30)), tmp_path / "pack.zip")
    record = f"变更备案/{changed.state['id']:06d} a_b_第一次_调整.pdf"
    assert set(archive.namelist()) == {"网格迎检资料.pdf", "网格清单.xlsx", "网格.gpkg", record}
    assert archive.testzip() is None
    paper, record_paper = Paper(archive.read("网格迎检资料.pdf")), Paper(archive.read(record))
    assert "33网格" in paper.pages[0]
    assert (
        f"演政网〔2026〕7号210{changed.state['id']:06d}a_b_第一次_调整.pdf" in paper.text
    )  # two new, one retired; two got a vertex
    old = code_of(1, 1)
    assert f"撤销{old}" in record_paper.text and "撤销1个,新设2个,变动0个" in record_paper.text
    assert "边界变动" not in record_paper.text and "另有2个只在界线上加了拐点" in record_paper.text
    assert "演政网〔2026〕7号" in record_paper.text and "赵敏已批准" in record_paper.text
    (tmp_path / "grids.gpkg").write_bytes(archive.read("网格.gpkg"))
    assert len(gpd.read_file(tmp_path / "grids.gpkg", layer="grids")) == 33


def test_the_record_in_a_pack_says_what_the_change_did_as_of_its_day(
    governed: Governed, now: date, tmp_path: Path
) -> None:
    day = now - timedelta(days=20)
    draft = Drafting.begun(governed, title="调整")
    [south, north] = draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))["edit"]["created"]
    draft.submitted(day).approved(governed)
    x, y = middle(1, 1)
    calls = [(1, day - timedelta(days=1)), (2, day - timedelta(days=2)), (3, day + timedelta(days=2))]
    path = tmp_path / "calls.csv"
    path.write_text(
        "number,报警时间,longitude,latitude\n" + "".join(f"{n},{on} 12:00:00,{x},{y}\n" for n, on in calls),
        encoding="utf-8",
    )
    stored = import_file(governed.database, governed.county_scope(), COUNTY, "incidents", path, crs="EPSG:4326").stored
    assert stored == len(calls)
    archive = packed(gathered(governed, now, now - timedelta(days=30)), tmp_path / "pack.zip")
    [name] = [name for name in archive.namelist() if name.endswith("调整.pdf")]
    words = Paper(archive.read(name)).text
    assert "调整影响" in words and "近一年警情" in words
    # The third call came after its day.
    assert f"{code_of(1, 1)}张三2→0" in words
    assert [f"{code}张三0→2" in words for code in (south, north)].count(True) == 1


def test_a_grid_that_only_got_another_code_is_told_as_one_in_the_list_of_changes(
    governed: Governed, now: date, tmp_path: Path
) -> None:
    draft = Drafting.begun(governed, title="并村")
    draft.drawn(op="regroup", codes=[code_of(3, 0), code_of(3, 1)], to=COMMUNITIES[1])
    draft.drawn(op="split", code=code_of(1, 1), line=across(1, 1))
    draft.submitted(now).approved(governed)
    found = gathered(governed, now, now - timedelta(days=30))
    [row] = [papers.row for papers in found[1].papers if papers.row.title == "并村"]
    assert (row.created, row.retired, row.changed, row.renumbered) == (2, 1, 0, 2)
    archive = packed(found, tmp_path / "pack.zip")
    assert f"2102{draft.state['id']:06d}并村.pdf" in Paper(archive.read("网格迎检资料.pdf")).text
    book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("网格清单.xlsx")))
    _, _, heads, _, line = book.get_sheet_by_name("变更").to_python()  # the import comes first
    told = dict(zip(heads, line, strict=True))
    assert [told[name] for name in ("新增", "撤销", "变动", "编号变动")] == [2, 1, 0, 2]


def test_a_change_of_zones_has_its_record_with_its_impact_in_the_pack(
    policed: Governed, now: date, tmp_path: Path
) -> None:
    draft = Drafting.begun(policed, subject="police", title="警务区拆分")
    y = SOUTH + 1.7 * SIZE
    created = draft.drawn(op="split", code=ZONES[0], line=[[WEST - SIZE, y], [WEST + 3 * SIZE, y]])["edit"]["created"]
    draft.submitted(now).approved(policed)
    found = gathered(policed, now, now - timedelta(days=30))
    archive = packed(found, tmp_path / "pack.zip")
    record = Paper(archive.read(f"变更备案/{draft.state['id']:06d} 警务区拆分.pdf")).text
    [row] = [papers.row for papers in found[1].papers if papers.row.title == "警务区拆分"]
    assert (row.created, row.retired, row.changed) == (2, 1, 0)  # the neighbour and the station got vertices, no land
    told = policed.browser("reviewer").get(draft.path + "/impact").get_json()["grids"]
    assert {one["code"] for one in told} == {ZONES[0], *created} and all(code in record for code in created)
    assert "警务区调整备案表" in record and "调整影响警务区近一年警情" in record and "新设警务区" in record
    assert "网格长" not in record and "基础网格" not in record and "区划变动编号" not in record


def test_a_change_that_ends_as_it_began_and_grids_renamed_twice_a_day_leave_the_pack_whole(
    governed: Governed, changed: Drafting, now: date, tmp_path: Path
) -> None:
    back = Drafting.begun(governed, title="改了又改回")
    (x, y), name = vertex(5.5, 2), f"第{code_of(2, 2)[-2:]}网格"
    for step in ({"at": [x, y], "to": [x, round(y + 0.0001, 7)]}, {"at": [x, round(y + 0.0001, 7)], "to": [x, y]}):
        back.drawn(op="drag", **step)
    for word in ("甲", name):
        back.drawn(op="describe", code=code_of(2, 2), name=word)
    back.done("", {"effective_on": now.isoformat()}, method="PATCH")
    for answer in (back.send("submit"), back.hand.get(f"{back.path}/record.pdf")):
        assert (answer.status_code, answer.get_json()["code"]) == (422, "nothing_drawn")
    for code in (changed.state["created"][0], code_of(0, 0)):  # one that came today, one that was there
        for word in ("新名", "更新的名"):
            sent(governed, code, "", {"name": word}, "PATCH")
    archive = packed(gathered(governed, now, now - timedelta(days=30)), tmp_path / "pack.zip")
    records = {name: Paper(archive.read(name)).text for name in archive.namelist() if name.startswith("变更备案/")}
    assert len(records) == 3 and not any("改了又改回" in name for name in records)  # the split, and two other names
    of_names = [text for name, text in records.items() if "→" in name]
    assert all(f"撤销{code_of(0, 0)}" not in text and "name or kind" not in text for text in of_names)


def test_the_pack_of_the_day_before_shows_the_grids_and_changes_of_then(
    governed: Governed, changed: Drafting, now: date, tmp_path: Path
) -> None:
    yesterday = now - timedelta(days=1)
    archive = packed(gathered(governed, yesterday, yesterday - timedelta(days=30)), tmp_path / "pack.zip")
    assert len(archive.namelist()) == 3
    words = Paper(archive.read("网格迎检资料.pdf")).text
    assert "32网格" in words and code_of(1, 1) in words
    assert not [code for code in changed.state["created"] if code in words]


def test_the_same_pack_printed_at_the_same_moment_is_the_same_file(
    governed: Governed, changed: Drafting, now: date, tmp_path: Path
) -> None:
    for name in ("one.zip", "two.zip"):
        packed(gathered(governed, now, now - timedelta(days=30)), tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_B04_who_sees_a_community_gets_a_pack_of_it_alone(governed: Governed, now: date) -> None:
    _, found = gathered(governed, now, now, "of_community")
    assert set(found.inspection.grids["community"]) == {COMMUNITIES[0]}
    assert [proof.code for proof in found.inspection.proofs] == [COMMUNITIES[0]]
    assert found.inspection.whole.faults == 0 and found.inspection.whole.difference_m2 < 1e-3


def test_the_band_of_households_is_the_countys(governed: Governed, now: date) -> None:
    with governed.database.owner_session() as owner:
        from sqlalchemy import text

        owner.execute(text("UPDATE county SET settings = settings || '{\"households_band\": [1, 2]}'"))
        owner.execute(text("UPDATE grid SET households = 3"))
    _, found = gathered(governed, now, now)
    assert found.inspection.band == (1, 2)
    assert sum(item.kind == "households_above" for item in found.inspection.open_items) == 32


def test_progress_counts_up_to_the_end_and_an_error_leaves_no_file(
    governed: Governed, now: date, tmp_path: Path
) -> None:
    county, what = gathered(governed, now, now)
    printing = inspection_pack.printed("王芳", county, NOW, "zh")
    told: list[tuple[int, int]] = []
    inspection_pack.write(what, printing, tmp_path / "pack.zip", lambda done, total: told.append((done, total)))
    assert told == sorted(told) and len({total for _, total in told}) == 1
    assert told[-1][0] == told[-1][1]

    def stop(done: int, total: int) -> None:
        raise RuntimeError("nobody waits")

    with pytest.raises(RuntimeError):
        inspection_pack.write(what, printing, tmp_path / "other.zip", stop)
    assert [name for name in os.listdir(tmp_path) if "other" in name] == []
    assert (tmp_path / "pack.zip").stat().st_mode & 0o077 == 0


def test_a_pack_that_was_written_long_ago_is_removed(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    now = datetime.now(UTC)
    for job in (1, 2):
        path = inspection_pack.path_of(settings, job)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"PK")
    old = (now - timedelta(days=8)).timestamp()
    os.utime(inspection_pack.path_of(settings, 1), (old, old))
    assert inspection_pack.remove_old(settings, now) == 1
    assert [inspection_pack.path_of(settings, job).exists() for job in (1, 2)] == [False, True]


@pytest.mark.parametrize(
    ("day", "before"),
    [(date(2026, 11, 29), date(2025, 11, 29)), (date(2028, 2, 29), date(2027, 2, 28)), (date(2028, 3, 1), date(2027, 3, 1))],
)  # fmt: skip
def test_a_year_before_is_the_same_day(day: date, before: date) -> None:
    assert inspection_pack.year_before(day) == before
