"""People of grids out of a file: appointments with their days, and no line moves."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import shapely
from python_calamine import CalamineWorkbook

from geo_app.exports import templates
from geo_app.imports.columns import recognise
from tests.exports.conftest import export
from tests.imports.conftest import Desk

ONE, TWO = "340523100001001", "340523100001002"
HEAD = "网格编码,职务,姓名,联系电话,任职日期,任职至\n"
HELD = (
    "SELECT g.code, w.role, w.name, w.telephone, lower(w.valid), upper(w.valid) FROM grid_worker w JOIN grid g"
    " ON g.stable_id = w.grid_stable_id AND upper_inf(g.recorded) WHERE upper_inf(w.recorded) ORDER BY 1, 2, 5 NULLS FIRST, 3"
)


@pytest.fixture
def grids(desk: Desk) -> Desk:
    west, east = shapely.box(118.36, 31.72, 118.37, 31.73), shapely.box(118.37, 31.72, 118.38, 31.73)
    desk.take("grids", desk.geojson("g.geojson", (west, {"code": ONE}), (east, {"code": TWO})))
    return desk


def take(desk: Desk, *lines: str, head: str = HEAD) -> tuple[int, int, int, dict[str, int]]:
    report = desk.take("grid_people", desk.text("people.csv", head + "\n".join(lines) + "\n"))
    return report.stored, report.updated, report.unchanged, report.reasons


def test_the_first_file_tells_of_who_has_long_been_there_and_the_next_of_what_changed(grids: Desk) -> None:
    lines = (
        f"{ONE},网格长,李某,0555-1,,",
        f"{ONE},专职网格员,王某,0555-2,2026-01-01,",
        f"{TWO},社区民警,严某,,,2026-06-30",
    )
    before = grids.rows("SELECT id, recorded, geom FROM grid ORDER BY id")
    assert take(grids, *lines) == (3, 0, 0, {})
    assert grids.rows(HELD) == [
        (ONE, "full_time", "王某", "0555-2", date(2026, 1, 1), None),
        (ONE, "grid_leader", "李某", "0555-1", None, None),
        (TWO, "police_officer", "严某", None, None, date(2026, 7, 1)),
    ]
    assert take(grids, *lines) == (0, 0, 3, {})
    assert take(grids, f"{ONE},网格长,周某,0555-9,,") == (1, 0, 0, {})
    today = grids.today()
    leaders = [row for row in grids.rows(HELD) if row[1] == "grid_leader"]
    assert leaders == [
        (ONE, "grid_leader", "李某", "0555-1", None, today),
        (ONE, "grid_leader", "周某", "0555-9", today, None),
    ]
    assert grids.rows("SELECT id, recorded, geom FROM grid ORDER BY id") == before


def test_a_row_with_days_says_when_and_the_others_give_way(grids: Desk) -> None:
    take(grids, f"{ONE},网格长,李某,1,,")
    assert take(grids, f"{ONE},网格长,周某,2,2026-03-01,2026-03-31") == (1, 0, 0, {})  # stood in for a month
    assert [row[2:] for row in grids.rows(HELD)] == [
        ("李某", "1", None, date(2026, 3, 1)),
        ("周某", "2", date(2026, 3, 1), date(2026, 4, 1)),
        ("李某", "1", date(2026, 4, 1), None),
    ]
    assert take(grids, f"{ONE},网格长,周某,3,2026-03-05,2026-03-31") == (0, 1, 0, {})  # it began later
    assert [row[2:] for row in grids.rows(HELD)][1] == ("周某", "3", date(2026, 3, 5), date(2026, 4, 1))


def test_columns_that_a_file_lacks_stay_as_they_are(grids: Desk) -> None:
    take(grids, f"{ONE},网格长,李某,1,2026-01-01,")
    assert take(grids, f"{ONE},网格长,李某", head="网格编码,职务,姓名\n") == (0, 0, 1, {})
    assert take(grids, f"{ONE},网格长,李某,", head="网格编码,职务,姓名,电话\n") == (0, 1, 0, {})
    assert [row[2:] for row in grids.rows(HELD)] == [("李某", None, date(2026, 1, 1), None)]
    assert len(grids.rows("SELECT * FROM grid_worker WHERE NOT upper_inf(recorded)")) == 1


def test_what_cannot_be_used_waits_with_its_reason(grids: Desk) -> None:
    lines = (
        f"{ONE},网格长,李某,1,,",
        f"{ONE},网格长,周某,1,,",  # two leaders on the same days
        "340523100001999,网格长,吴某,1,,",
        f"{ONE},书记,郑某,1,,",
        f"{ONE},专职网格员,,1,,",
        f"{ONE},专职网格员,冯某,1,2026-05-01,2026-04-01",
        f"{ONE},专职网格员,孙某,1,2026-01-01,",
        f"{ONE},专职网格员,孙某,2,2026-01-01,",
    )
    report = grids.take("grid_people", grids.text("people.csv", HEAD + "\n".join(lines) + "\n"))
    assert (report.stored, report.quarantined) == (2, 6)
    waiting = {row.line: row for row in grids.quarantine()}
    assert [waiting[line].code for line in sorted(waiting)] == ["leader", "grid", "choice", "name", "time", "key"]
    assert f"the grid '{ONE}' has another leader on these days on line 2" in waiting[3].reason


def test_an_appointment_for_a_coming_day_is_kept_and_whoever_is_told_without_days_leads_until_then(grids: Desk) -> None:
    later = grids.today() + timedelta(days=40)
    take(grids, f"{ONE},网格长,李某,1,2026-01-01,")
    take(grids, f"{ONE},网格长,周某,1,{later},")
    assert take(grids, f"{ONE},网格长,吴某,1,,") == (1, 0, 0, {})
    assert [row[2:] for row in grids.rows(HELD)] == [
        ("李某", "1", date(2026, 1, 1), grids.today()),
        ("吴某", "1", grids.today(), later),
        ("周某", "1", later, None),
    ]


def test_people_come_back_from_an_export_as_they_are(grids: Desk, tmp_path: Path) -> None:
    take(
        grids, f"{ONE},网格长,李某,1,,", f"{ONE},兼职,王某,,2026-01-01,2099-12-31", f"{TWO},网格长,周某,2,2026-02-03,",
        f"{TWO},专职,去某,2,2026-02-03,2026-03-03",
    )  # fmt: skip
    before = grids.rows(HELD)
    for form in ("csv", "xlsx"):
        out = export(grids, "grid_people", tmp_path / f"out.{form}", form=form)
        report = grids.take("grid_people", out)
        assert (report.read, report.unchanged, report.reasons) == (3, 3, {})  # who is no longer in office stays here
    assert grids.rows(HELD) == before


def test_the_template_of_people_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    templates.write("grid_people", path, str)
    [head] = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("grid_people").to_python()
    found = recognise("grid_people", head)
    assert set(found.found) == {"grid_code", "role", "name", "telephone", "since", "until"} and not found.unknown
