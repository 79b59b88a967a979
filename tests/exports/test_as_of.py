"""Exports take a day: rows of then, said in the name of the file, in its notes, and in what is written down."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pyogrio
import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from geo_app.database.engine import Database
from tests.exports.test_api import audited
from tests.exports.test_commands import Run, run  # noqa: F401
from tests.made_history import BEGIN, HALVES, SPLIT, WHOLE

DAY = timedelta(1)


def rows_of(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("what", ["grids", "tables/grids"])
def test_rows_are_those_of_the_day_and_the_files_name_says_so(
    planner: FlaskClient, history: Database, what: str
) -> None:
    then = planner.get(f"/api/exports/{what}?county=mesa&as_of={SPLIT - DAY}")
    now = planner.get(f"/api/exports/{what}?county=mesa")
    codes = [{value for row in rows_of(answer) for value in row.values()} for answer in (then, now)]
    assert WHOLE in codes[0] and not {*HALVES} & codes[0]
    assert {*HALVES} <= codes[1] and WHOLE not in codes[1]
    assert f"grids-mesa-as-of-{SPLIT - DAY}-" in then.headers["Content-Disposition"]
    assert "as-of" not in now.headers["Content-Disposition"]
    assert [entry.details.get("as_of") for entry in audited(history, "data:export")] == [str(SPLIT - DAY), None]


def test_a_table_of_a_day_says_so_in_its_notes_in_every_format_that_has_notes(
    planner: FlaskClient, history: Database, tmp_path: Path
) -> None:
    asked = f"county=mesa&as_of={SPLIT}"
    document = json.loads(planner.get(f"/api/exports/grids?{asked}&format=geojson").data)
    assert any(str(SPLIT) in note for note in document["notes"]) and len(document["notes"]) == 2
    for what in ("grids", "tables/grids"):
        book, package = tmp_path / "a.xlsx", tmp_path / "a.gpkg"
        book.write_bytes(planner.get(f"/api/exports/{what}?{asked}&format=xlsx").data)
        notes = CalamineWorkbook.from_path(book).get_sheet_by_index(1).to_python()
        assert any(str(SPLIT) in row[0] for row in notes)
        package.write_bytes(planner.get(f"/api/exports/{what}?{asked}&format=gpkg").data)
        assert str(SPLIT) in str(pyogrio.read_info(package)["layer_metadata"])
        package.unlink()


def test_workers_of_a_day_are_those_who_worked_then(planner: FlaskClient, history: Database) -> None:
    with history.owner_session() as owner:
        owner.execute(
            text(
                "INSERT INTO grid_worker (county_id, admin_area_id, police_area_id, grid_stable_id, role, name, valid)"
                " SELECT county_id, admin_area_id, police_area_id, stable_id, 'full_time', '张示例', daterange(:first, :last)"
                " FROM grid WHERE code = 'mesa-005' AND lower(valid) = :first"
            ),
            {"first": BEGIN, "last": SPLIT},
        )
    worked = [
        any(row["workers"] for row in rows_of(planner.get(f"/api/exports/grids?county=mesa&as_of={day}")))
        for day in (BEGIN, SPLIT - DAY, SPLIT)
    ]
    assert worked == [True, True, False]


def test_a_day_before_the_first_grid_is_a_file_without_rows(planner: FlaskClient, history: Database) -> None:
    assert rows_of(planner.get(f"/api/exports/grids?county=mesa&as_of={BEGIN - DAY}")) == []


def test_the_command_takes_a_day_too(desk, run: Run, tmp_path: Path) -> None:  # noqa: F811
    file = desk.text("p.csv", "id,name,longitude,latitude\n1,a,118.3,31.7\n2,b,118.4,31.7\n")
    desk.take("places", file)
    with desk.database.owner_session() as owner:
        owner.execute(text("UPDATE place SET valid = daterange('2026-05-01', NULL) WHERE name = 'b'"))
    out = tmp_path / "places.csv"
    for day, count in (("2026-04-30", 1), ("2026-05-01", 2)):
        done = run("export", "places", "--county", desk.code, "--as-of", day, "--out", out)
        assert (done.exit_code, f"{count} places" in done.output) == (0, True)
    done = run("export", "places", "--county", desk.code, "--as-of", "2026-02-30", "--out", out)
    assert done.exit_code != 0 and "2026-02-30 is no day of the calendar" in done.output
