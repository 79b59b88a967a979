"""The commands that add counties, import files and list what there is."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from geo_app.cli import main
from geo_app.config import Settings
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.services.imports import NotWholeCounty

LINE = "LINESTRING (118.351 31.742, 118.352 31.743)"


@pytest.fixture
def run(settings: Settings) -> Callable[..., Result]:
    environment = {
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": settings.database_owner_url,
        "GEO_STATE": str(settings.state),
        "GEO_SECRET_KEY": settings.secret_key,
    }

    def invoke(*arguments: str) -> Result:
        return CliRunner(env=environment).invoke(main, [str(argument) for argument in arguments])

    return invoke


def test_from_an_empty_database_to_a_county_with_roads(run, desk) -> None:
    assert run("county", "add", "610100", "西安", "--metric-srid", "4545").exit_code == 0
    path = desk.geojson("r.geojson", ("LINESTRING (108.94 34.26, 108.95 34.26)", {"name": "东大街"}))
    result = run("import", "roads", str(path), "--county", "610100", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)[0]
    assert {"read": 1, "stored": 1, "updated": 0, "unchanged": 0, "quarantined": 0}.items() <= report.items()
    assert {"file", "kind", "county", "source", "crs", "warnings", "seconds"} <= set(report)
    counties = {county["code"]: county for county in json.loads(run("counties", "--json").stdout)}
    assert counties["610100"]["name"] == "西安"
    assert counties["610100"]["rows"]["roads"] == 1


def test_a_bad_file_does_not_keep_the_good_one_out_and_the_exit_status_tells(run, desk, county: County) -> None:
    good, bad = desk.geojson("good.geojson", (LINE, {})), desk.geojson("bad.geojson")
    result = run("import", "roads", str(bad), str(good), "--county", county.code, "--json")
    assert result.exit_code == 1
    refused, stored = json.loads(result.stdout)
    assert refused["problems"][0]["code"] == "empty" and refused["remedy"]
    assert stored["stored"] == 1
    said = run("import", "roads", str(bad), "--county", county.code)
    assert "bad.geojson: nothing was stored" in said.stderr and "→" in said.stderr


def test_a_heading_that_does_not_say_it_can_be_told_what_it_means(run, desk, county: County) -> None:
    path = desk.text("calls.csv", "number,category,loc_cat,lon,lat\n1,9,street,118.351,31.742\n")
    for columns, category in (((), "9"), (("--column", "category=LOC CAT"), "street")):
        result = run("import", "incidents", str(path), "--county", county.code, *columns)
        assert result.exit_code == 0, result.output
        assert desk.rows("SELECT category FROM incident") == [(category,)]
    assert desk.rows("SELECT mapping ->> 'category' FROM import_batch ORDER BY id DESC LIMIT 1") == [("loc_cat",)]


def test_a_heading_that_looks_like_something_can_be_told_to_mean_nothing(run, desk, county: County) -> None:
    path = desk.text("calls.csv", "number,category,lon,lat\n1,9,118.351,31.742\n")
    result = run("import", "incidents", str(path), "--county", county.code, "--column", "category=")
    assert result.exit_code == 0, result.output
    assert desk.rows("SELECT category, arrived ->> 'category' FROM incident") == [("", "9")]


def test_the_command_says_what_waits_and_why(run, desk, county: County) -> None:
    path = desk.text("calls.csv", "number,lon,lat\n1,118.351,31.742\n1,118.351,31.742\n2,east,31.742\n")
    printed = run("import", "incidents", str(path), "--county", county.code, "--dry-run")
    assert printed.exit_code == 0, printed.output
    assert "3 incidents read: 1 stored, 0 updated, 0 unchanged, 2 quarantined" in printed.stdout
    assert "1 rows: key" in printed.stdout and "1 rows: number" in printed.stdout and "dry run" in printed.stdout
    assert desk.rows("SELECT * FROM import_batch") == desk.quarantine() == []
    dry, real = (
        json.loads(run("import", "incidents", str(path), "--county", county.code, "--json", *more).stdout)[0]
        for more in (("--dry-run",), ())
    )
    counts = {"read": 3, "stored": 1, "updated": 0, "unchanged": 0, "quarantined": 2}
    assert counts.items() <= dry.items() and counts.items() <= real.items()
    assert (dry["dry_run"], real["dry_run"]) == (True, False)
    assert real["reasons"] == dry["reasons"] == {"key": 1, "number": 1}
    assert [row.code for row in desk.quarantine()] == ["key", "number"]


@pytest.mark.parametrize("column", ["category=colour", "colour=loc_cat", "=loc_cat"])
def test_a_heading_that_is_not_there_or_means_nothing_is_said(run, desk, county: County, column: str) -> None:
    path = desk.text("calls.csv", "number,loc_cat,lon,lat\n1,street,118.351,31.742\n")
    result = run("import", "incidents", str(path), "--county", county.code, "--column", column)
    assert result.exit_code == 1 and "nothing was stored" in result.stderr and "loc_cat" in result.stderr
    assert "category" in result.stderr and desk.rows("SELECT * FROM incident") == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "roads", "x.shp", "--county", "nowhere"), "There is no county 'nowhere'"),
        (("import", "roads", "x.shp", "--county", "340523", "--crs", "ETRS89"), "EPSG:4548"),
        (("import", "roads", "x.shp", "--county", "340523", "--crs", "EPSG:1"), "no coordinate system EPSG:1"),
        (("import", "incidents", "x.csv", "--county", "340523", "--column", "category"), "NAME=HEADING"),
        (("import", "incidents", "x.csv", "--county", "340523", "--column", "x=a", "--column", "x=b"), "NAME=HEADING"),
        (("import", "rivers", "x.shp", "--county", "340523"), "'rivers' is not one of"),
        (("county", "add", "1", "x", "--metric-srid", "3857"), "true metres"),
        (("county", "add", "1", "x", "--metric-srid", "4548", "--time-zone", "Mars"), "no time zone"),
    ],
)
def test_a_mistake_on_the_command_line_gets_a_sentence(run, county: County, arguments, said: str) -> None:
    result = run(*arguments)
    assert result.exit_code != 0
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_whoever_sees_a_part_of_a_county_cannot_import_into_all_of_it(desk, county: County) -> None:
    police = desk.rows("SELECT id FROM area WHERE tree = 'police'")[0][0]
    desk.scope = Scope.of([police])
    with pytest.raises(NotWholeCounty):
        desk.take("roads", desk.geojson("a.geojson", (LINE, {})))
    assert desk.rows("SELECT * FROM import_batch") == []
