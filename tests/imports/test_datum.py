"""In which datum a file is: real schools and hospitals of Shanghai, told by the roads of one of its quarters."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from sqlalchemy.engine import URL

from geo_app.cli import main
from geo_app.database.engine import Database
from geo_app.imports.problems import FileRejected
from geo_app.queries.scopes import of_county
from geo_app.services import inbox
from geo_app.services.counties import add_county
from geo_app.services.imports import import_file
from layers.coordinates import wgs84_to_bd09, wgs84_to_gcj02
from tests.conftest import application_url, clone, copied, once_per_run
from tests.imports.conftest import Desk

CODE = "310115"
SHIFTS: dict[str, Callable[..., Any]] = {
    "EPSG:4326": lambda x, y: (x, y), "GCJ-02": wgs84_to_gcj02, "BD-09": wgs84_to_bd09,
}  # fmt: skip


@pytest.fixture(scope="session")
def quarter_template(server_url: URL, template: str, run_folder: Path, run_name: str, shared_data) -> str:
    """The name of a database with a county that knows the roads of Lujiazui."""
    name, roads = f"t_quarter_{run_name}", shared_data("lujiazui/roads.geojson")
    with once_per_run(run_folder, name) as first:
        if first:
            url = copied(server_url, template, name)
            database = Database(application_url(url), url)
            with database.owner_session() as owner:
                add_county(owner, CODE, "浦东新区", 4549)
                scope = of_county(owner, CODE)
            assert scope is not None
            import_file(database, scope, CODE, "roads", roads)
            database.close()
    return name


@pytest.fixture
def quarter(server_url: URL, quarter_template: str, run_name: str, tmp_path: Path):  # type: ignore[no-untyped-def]
    """The desk of the county that knows these roads."""
    with clone(server_url, quarter_template, run_name) as url:
        database = Database(application_url(url), url)
        with database.owner_session() as owner:
            scope = of_county(owner, CODE)
        assert scope is not None
        yield Desk(database, scope, CODE, tmp_path)
        database.close()


@pytest.fixture
def run(quarter: Desk) -> Callable[..., Result]:
    """The command line in this county."""
    environment = {
        "DATABASE_URL": quarter.database.url,
        "DATABASE_OWNER_URL": quarter.database.owner_url,
        "GEO_STATE": str(quarter.folder / "state"),
        "GEO_SECRET_KEY": "k" * 40,
    }

    def invoke(*arguments: object) -> Result:
        given = ["import", "places", *map(str, arguments), "--county", CODE, "--json"]
        return CliRunner(env=environment).invoke(main, given)

    return invoke


@pytest.fixture
def schools(shared_data, tmp_path: Path) -> Callable[..., Path]:
    """Writes the schools and hospitals of the whole city, in a datum; of the city or of
    the quarter and around; with ``named`` false without what they are called and where."""

    def write(system: str, *, city: bool = False, named: bool = True) -> Path:
        rows = pd.concat([pd.read_csv(path) for path in sorted(shared_data("shanghai-poi").glob("shanghai_*.csv"))])
        if not city:
            rows = rows[rows["lon"].between(121.48, 121.53) & rows["lat"].between(31.22, 31.25)].copy()
        rows["lon"], rows["lat"] = SHIFTS[system](rows["lon"].to_numpy(), rows["lat"].to_numpy())
        if not named:
            rows["address"], rows["name"] = "附近", "学校"
        path = tmp_path / "schools.csv"
        rows.to_csv(path, index=False)
        return path

    return write


@pytest.mark.parametrize("system", list(SHIFTS))
def test_auto_names_the_datum_of_real_schools_and_hospitals_with_its_evidence(run, schools, system: str) -> None:
    result = run(schools(system, city=True), "--crs", "auto", "--dry-run")
    assert result.exit_code == 0, result.output
    [report] = json.loads(result.stdout)
    assert (report["crs"], report["finding"]["system"], report["finding"]["why"]) == (system, system, "named")
    away = {one["system"]: one["distance_m"] for one in report["finding"]["evidence"]}
    right = "WGS84" if system == "EPSG:4326" else system
    assert away[right] < 100 < 250 < min(metres for name, metres in away.items() if name != right)
    assert min(one["named"] for one in report["finding"]["evidence"]) >= 100


@pytest.mark.parametrize("system", ["GCJ-02", "BD-09"])
def test_D10_a_shifted_file_called_wgs84_by_its_headings_is_refused_with_the_evidence(
    run, quarter: Desk, schools, system: str
) -> None:
    before, path = quarter.everything(), schools(system)
    result = run(path)
    assert result.exit_code == 1
    [said] = json.loads(result.stdout)
    assert said["problems"][0]["code"] == "datum_against" and system in said["problems"][0]["reason"]
    assert f"--crs {system}" in said["remedy"] and "--crs WGS84" in said["remedy"]
    assert said["finding"]["system"] == system and said["finding"]["evidence"][0]["points"] > 100
    assert quarter.everything() == before
    assert json.loads(run(path, "--crs", system.replace("-", "").lower()).stdout)[0]["crs"] == system


def test_D10_a_geojson_that_is_wgs84_by_its_format_only_is_refused_too(quarter: Desk, schools) -> None:
    rows = pd.read_csv(schools("GCJ-02"))
    features = [(f"POINT ({x} {y})", {"name": name, "address": at})
                for x, y, name, at in zip(rows["lon"], rows["lat"], rows["name"], rows["address"], strict=True)]  # fmt: skip
    with pytest.raises(FileRejected) as caught:
        quarter.take("places", quarter.geojson("a.geojson", *features))
    assert caught.value.problems[0].code == "datum_against"


def test_who_insists_on_wgs84_gets_it(run, schools) -> None:
    [report] = json.loads(run(schools("GCJ-02"), "--crs", "wgs84").stdout)
    assert report["crs"] == "EPSG:4326" and report["stored"] > 100


def test_a_file_in_the_datum_of_its_headings_is_taken_without_a_word(run, schools) -> None:
    [report] = json.loads(run(schools("EPSG:4326")).stdout)
    assert (report["crs"], report["warnings"]) == ("EPSG:4326", []) and report["stored"] > 100


def test_where_nothing_tells_the_headings_are_followed_with_a_warning(run, schools) -> None:
    [report] = json.loads(run(schools("EPSG:4326", named=False)).stdout)
    assert report["crs"] == "EPSG:4326" and report["stored"] > 100
    [warning] = report["warnings"]
    assert "WGS84" in warning and "--crs GCJ-02" in warning


def test_auto_that_cannot_tell_gives_the_evidence_and_the_question(run, schools) -> None:
    result = run(schools("GCJ-02", named=False), "--crs", "auto", "--dry-run")
    assert result.exit_code == 1
    [said] = json.loads(result.stdout)
    assert said["problems"][0]["code"] == "datum_unclear" and "GCJ-02" in said["remedy"]
    assert (said["finding"]["system"], said["finding"]["why"]) == (None, "cannot_tell")
    assert [one["system"] for one in said["finding"]["evidence"]] == ["WGS84", "GCJ-02", "BD-09"]
    assert all({"inside", "points", "named", "distance_m"} <= set(one) for one in said["finding"]["evidence"])


def test_what_rows_name_without_deciding_it_is_said_with_its_distances(run, quarter: Desk) -> None:
    rows = "".join(f"{n},学校,浦东南路{n}号,121.5{n},31.2{n}\n" for n in range(3))
    path = quarter.text("a.csv", "id,name,address,lon,lat\n1,校,浦东南路1号,121.5093,31.2338\n" + rows)
    [said] = json.loads(run(path, "--crs", "auto").stdout)
    assert said["problems"][0]["code"] == "datum_unclear"
    assert "does not decide it" in said["problems"][0]["reason"] and "WGS84 " in said["problems"][0]["reason"]


def test_a_remembered_datum_against_the_evidence_is_used_with_a_warning(run, quarter: Desk, schools) -> None:
    assert run(schools("GCJ-02"), "--crs", "GCJ-02", "--source", "edu").exit_code == 0
    [report] = json.loads(run(schools("GCJ-02"), "--source", "edu").stdout)
    assert report["crs"] == "GCJ-02" and not any("positions are in" in said for said in report["warnings"])
    [report] = json.loads(run(schools("BD-09"), "--source", "edu").stdout)
    assert report["crs"] == "GCJ-02"
    [warning] = [said for said in report["warnings"] if "positions are in" in said]
    assert "GCJ-02" in warning and "positions are in BD-09" in warning and "--crs BD-09" in warning


def test_the_receipt_of_the_watched_folder_says_it_too(quarter: Desk, schools) -> None:
    quarter.take("places", schools("GCJ-02"), "GCJ-02", source="edu")
    folder = quarter.folder / "inbox"
    dropped = folder / CODE / "places" / "edu" / "b.csv"
    dropped.parent.mkdir(parents=True)
    dropped.write_bytes(schools("EPSG:4326").read_bytes())
    os.utime(dropped, (dropped.stat().st_atime, dropped.stat().st_mtime - 60))
    [receipt] = inbox.take_all(quarter.database, folder)
    assert receipt["outcome"] == "taken" and "positions are in WGS84" in receipt["warnings"][0]


def test_a_geometry_written_as_text_is_weighed_like_two_columns(quarter: Desk, schools) -> None:
    rows = pd.read_csv(schools("BD-09"))
    rows["WKT"] = [f"POINT ({x} {y})" for x, y in zip(rows["lon"], rows["lat"], strict=True)]
    rows.drop(columns=["lon", "lat"]).to_csv(quarter.folder / "wkt.csv", index=False)
    with pytest.raises(FileRejected) as caught:
        quarter.take("places", quarter.folder / "wkt.csv")
    assert caught.value.problems[0].params["datum"] == "BD-09"
