"""Grids of a day as files for a GIS: lattice, notes, name, tag; for who may export."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app.database.engine import Database
from tests.exports.test_api import audited
from tests.made_history import BEGIN, HALVES, RENAMED, SPLIT, WHOLE

DAY = timedelta(1)
FORMS = ("geojson", "gpkg")
NO_BASIS = "网格线不作为行政区域界线的依据。"


def read(client: FlaskClient, form: str, folder: Path, more: str = "") -> gpd.GeoDataFrame:
    answer = client.get(f"/api/grids.{form}?county=mesa{more}")
    assert answer.status_code == 200, answer.data
    path = folder / f"grids.{form}"
    path.write_bytes(answer.data)
    found = gpd.read_file(path)
    path.unlink()
    return found


@pytest.mark.parametrize("form", FORMS)
def test_a_file_has_the_grids_of_its_day_to_the_bit(
    planner: FlaskClient, history: Database, tmp_path: Path, form: str
) -> None:
    then, now = (read(planner, form, tmp_path, more) for more in (f"&as_of={SPLIT - DAY}", ""))
    assert WHOLE in set(then["code"]) and not {*HALVES} & set(then["code"])
    assert {*HALVES} < set(now["code"]) and WHOLE not in set(now["code"])
    assert now.crs.to_epsg() == 4326
    with history.owner_session() as owner:
        rows = owner.execute(text("SELECT code, ST_AsBinary(geom) AS geom FROM grid WHERE upper_inf(valid)"))
        stored = {row.code: bytes(row.geom) for row in rows}
    for code, shape in zip(now["code"], now.geometry, strict=True):
        assert shapely.from_wkb(stored[code]).equals_exact(shape, 0)
    places = shapely.get_coordinates(now.geometry.to_numpy())
    assert np.array_equal(places, np.round(places, 7))


@pytest.mark.parametrize("form", FORMS)
def test_each_row_says_from_when_to_when_it_holds(
    planner: FlaskClient, history: Database, tmp_path: Path, form: str
) -> None:
    found = read(planner, form, tmp_path, f"&as_of={SPLIT - DAY}").set_index("code")
    assert str(found.loc[WHOLE, "valid_from"])[:10] == str(BEGIN)
    assert str(found.loc[WHOLE, "valid_to"])[:10] == str(SPLIT)
    assert str(found.loc["mesa-012", "valid_to"])[:10] == str(RENAMED)


def test_no_number_in_a_geojson_has_more_than_seven_decimals(reader: FlaskClient) -> None:
    said = reader.get("/api/grids.geojson?county=mesa").get_data(as_text=True)
    places = re.findall(r"-?\d+\.(\d+)", "".join(re.findall(r'"geometry".*', said)))
    assert len(places) > 100 and max(map(len, places)) <= 7


def test_a_file_says_of_which_day_it_is_and_that_lines_are_no_basis(
    planner: FlaskClient, history: Database, tmp_path: Path
) -> None:
    answer = planner.get(f"/api/grids.geojson?county=mesa&as_of={SPLIT}")
    notes = json.loads(answer.data)["notes"]
    assert str(SPLIT) in notes[0] and NO_BASIS in notes
    assert f"grids-mesa-as-of-{SPLIT}" in answer.headers["Content-Disposition"]
    assert answer.content_type == "application/geo+json"
    package = tmp_path / "a.gpkg"
    package.write_bytes(planner.get(f"/api/grids.gpkg?county=mesa&as_of={SPLIT}").data)
    told = str(pyogrio.read_info(package)["layer_metadata"])
    assert str(SPLIT) in told and NO_BASIS in told
    early = planner.get(f"/api/grids.geojson?county=mesa&as_of={BEGIN - DAY}")
    document = json.loads(early.data)
    assert document["features"] == [] and any(str(BEGIN) in note for note in document["notes"])
    entries = audited(history, "data:export")
    assert entries[0].details == {
        "kind": "grids", "format": "geojson", "crs": "EPSG:4326", "rows": 13, "as_of": str(SPLIT),
    }  # fmt: skip
    assert len(entries) == 3


def test_a_file_that_the_asker_has_is_not_sent_again_until_a_grid_changes(
    planner: FlaskClient, history: Database
) -> None:
    asked = f"/api/grids.geojson?county=mesa&as_of={SPLIT}"
    tag = planner.get(asked).headers["ETag"]
    again = planner.get(asked, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert planner.get("/api/grids.gpkg?county=mesa", headers={"If-None-Match": tag}).status_code == 200
    with history.owner_session() as owner:
        owner.execute(text("UPDATE grid SET name = '别名' WHERE code = 'mesa-005'"))
    assert planner.get(asked, headers={"If-None-Match": tag}).status_code == 200


def test_what_was_known_at_an_instant_can_be_had_as_a_file(
    planner: FlaskClient, history: Database, tmp_path: Path
) -> None:
    with history.owner_session() as owner:
        owner.execute(text("UPDATE grid SET recorded = tstzrange('2026-01-02 00:00Z', NULL)"))
    assert len(read(planner, "gpkg", tmp_path, "&known_at=2026-01-02T00:00:00Z")) == 13
    assert len(read(planner, "gpkg", tmp_path, "&known_at=2026-01-01T23:59:59Z")) == 0


@pytest.mark.parametrize("form", FORMS)
def test_B02_only_who_may_export_and_sees_the_county_gets_a_file(
    planner: FlaskClient, stranger: FlaskClient, mesa_app: Flask, form: str
) -> None:
    assert stranger.get(f"/api/grids.{form}?county=mesa").status_code == 404
    assert mesa_app.test_client().get(f"/api/grids.{form}?county=mesa").status_code == 401
    assert planner.get(f"/api/grids.{form}?county=mesa&as_of=2026-02-30").status_code == 422
    assert planner.get(f"/api/grids.{form}?county=mesa&since=2026-01-01").status_code == 400
