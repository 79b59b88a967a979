"""Exports and templates by the API: who may, what is written down, what the answer is called."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyogrio
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select, text

from geo_app.database.engine import Database
from geo_app.exports.page_tables import TABLES
from geo_app.models import Area, AuditEntry, County
from geo_app.queries.export_columns import SOURCES
from geo_app.services.users import add_user
from tests.mesa import browser_of
from tests.security.browsing import PASSWORD

EMPTY = {
    "posts", "areas", "addresses", "aliases", "buildings", "waters", "population", "categories", "duty", "tracks",
}  # fmt: skip


def user(app: Flask, database: Database, login: str, *roles: str) -> FlaskClient:
    """A browser of somebody who sees Mesa."""
    with database.owner_session() as owner:
        areas = owner.scalars(select(Area.id).join(County, County.id == Area.county_id).where(County.code == "mesa"))
        add_user(owner, login, login, PASSWORD, roles=list(roles), area_ids=areas.all())
    return browser_of(app, login)


def audited(database: Database, action: str) -> list[AuditEntry]:
    with database.side_session() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def rows_of(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_an_export_is_a_file_with_a_name_and_is_written_down(planner: FlaskClient, mesa: Database) -> None:
    answer = planner.get("/api/exports/roads?county=mesa&format=geojson&crs=GCJ-02")
    document = json.loads(answer.data)
    assert len(document["features"]) > 100 and document["datum"] == "GCJ-02"
    assert answer.content_type == "application/geo+json"
    assert answer.headers["Cache-Control"] == "no-store"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.isascii() and 'filename="roads-mesa-' in disposition and "GCJ-02.geojson" in disposition
    assert "filename*=UTF-8''Mesa" in disposition
    [entry] = audited(mesa, "data:export")
    assert entry.details == {
        "kind": "roads", "format": "geojson", "crs": "GCJ-02", "rows": len(document["features"]),
    }  # fmt: skip


@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_is_there_for_those_who_see_the_county(planner: FlaskClient, kind: str) -> None:
    found = rows_of(planner.get(f"/api/exports/{kind}?county=mesa"))
    assert bool(found) == (kind not in EMPTY)


def test_B02_another_county_an_unknown_kind_and_an_absent_table_look_alike(stranger: FlaskClient) -> None:
    for address in ("roads?county=mesa", "roads?county=nowhere", "nothing?county=340523", "tables/none?county=340523",
                    "tables/gaps?county=mesa"):  # fmt: skip
        assert stranger.get(f"/api/exports/{address}").status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        "", "county=mesa&format=pdf", "county=mesa&crs=x", "county=mesa&crs=EPSG:0", "county=mesa&crs=../../etc",
        "county=mesa&sort=1", "county=mesa&county=mesa", "county=mesa&format=csv'--", "county=mesa&crs=EPSG:4978",
    ],
)  # fmt: skip
def test_C06_what_means_nothing_is_refused(planner: FlaskClient, asked: str) -> None:
    assert planner.get(f"/api/exports/places?{asked}").status_code == 400


def test_only_those_who_may_read_callers_get_them_and_that_is_written_down(
    mesa_app: Flask, mesa: Database, planner: FlaskClient
) -> None:
    with mesa.owner_session() as owner:
        owner.execute(
            text(
                "INSERT INTO incident_caller (incident_id, county_id, admin_area_id, police_area_id, name, telephone)"
                " SELECT id, county_id, admin_area_id, police_area_id, '李示例', '05550000000' FROM incident"
                " ORDER BY id LIMIT 1"
            )
        )
    plain = planner.get("/api/exports/incidents?county=mesa").data.decode("utf-8-sig")
    assert "李示例" not in plain and "caller_name" not in plain and "arrived," not in plain.splitlines()[0]
    assert audited(mesa, "callers:read") == []
    analyst = user(mesa_app, mesa, "analyst", "analyst")
    assert [row["caller_name"] for row in rows_of(analyst.get("/api/exports/incidents?county=mesa"))].count(
        "李示例"
    ) == 1
    [entry] = audited(mesa, "callers:read")
    assert (entry.outcome, entry.details["kind"]) == ("done", "incidents")


def test_tracks_need_a_permission_of_their_own(mesa_app: Flask, mesa: Database, planner: FlaskClient) -> None:
    assert user(mesa_app, mesa, "leader", "leader").get("/api/exports/tracks?county=mesa").status_code == 403
    assert rows_of(planner.get("/api/exports/tracks?county=mesa")) == []
    assert [entry.outcome for entry in audited(mesa, "tracks:read")] == ["denied", "done"]


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.action is None])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_table_of_a_page_is_a_file(planner: FlaskClient, tmp_path: Path, name: str, form: str) -> None:
    answer = planner.get(f"/api/exports/tables/{name}?county=mesa&format={form}")
    has_rows = name not in (
        "incident_areas",
        "incident_periods",
        "repeats",
    )  # Mesa has no towns, and its crimes no times
    if form == "csv":
        assert bool(rows_of(answer)) == has_rows
    else:
        (tmp_path / "t.xlsx").write_bytes(answer.data)
        sheet = CalamineWorkbook.from_path(str(tmp_path / "t.xlsx")).get_sheet_by_name(name).to_python()
        assert (len(sheet) > 1) == has_rows and sheet[0]


@pytest.mark.parametrize("name", ["gaps", "routes", "grids"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson", "gpkg"])
def test_a_table_whose_rows_lie_somewhere_is_a_map_in_every_format_and_datum(
    planner: FlaskClient, tmp_path: Path, name: str, form: str
) -> None:
    where: dict[str, shapely.Geometry] = {}
    for crs in ("EPSG:4326", "metric"):
        answer = planner.get(f"/api/exports/tables/{name}?county=mesa&format={form}&crs={crs}")
        assert answer.status_code == 200 and answer.data
        path = tmp_path / f"{crs[:4]}.{form}"
        path.write_bytes(answer.data)
        if form == "csv":
            where[crs] = shapely.from_wkt(rows_of(answer)[0]["WKT"])
        elif form == "xlsx":
            sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()
            where[crs] = shapely.from_wkt(sheet[1][sheet[0].index("WKT")])
        else:
            where[crs] = shapely.from_wkb(pyogrio.raw.read(path)[2][0])
    (west, *_), (easting, *_) = (where[crs].bounds for crs in where)
    assert -180 < west < 180 < easting


def test_a_table_of_numbers_is_no_map(planner: FlaskClient) -> None:
    answer = planner.get("/api/exports/tables/incident_hours?county=mesa&format=gpkg")
    assert answer.status_code == 400 and "incident_hours" in answer.get_data(as_text=True)
    assert planner.get("/api/exports/tables/gaps?county=mesa&crs=nonsense").status_code == 400


def test_tables_say_what_the_pages_say_under_the_same_filters(planner: FlaskClient) -> None:
    english = {"Accept-Language": "en"}
    for asked in ("county=mesa", "county=mesa&asked=A&sight=30"):
        gaps = planner.get(f"/api/gaps?{asked}&limit=500").get_json()
        rows = list(rows_of(planner.get(f"/api/exports/tables/gaps?{asked}", headers=english)))
        assert len(rows) == gaps["total"]
        assert [int(row["Number of the piece"]) for row in rows[:500]] == [gap["id"] for gap in gaps["gaps"]]
    grids = planner.get("/api/grids?county=mesa").get_json()["grids"]
    rows = rows_of(planner.get("/api/exports/tables/grids?county=mesa", headers=english))
    assert [(row["Code"], int(row["Incidents"])) for row in rows] == [
        (grid["code"], grid["incidents"]) for grid in grids
    ]
    routes = planner.get("/api/routes?county=mesa").get_json()["routes"]
    rows = rows_of(planner.get("/api/exports/tables/routes?county=mesa", headers=english))
    assert [(row["Name"], float(row["Length (m)"])) for row in rows] == [(r["name"], r["length_m"]) for r in routes]
    summary = planner.get("/api/incidents/summary?county=mesa").get_json()
    rows = rows_of(planner.get("/api/exports/tables/incident_hours?county=mesa", headers=english))
    assert [int(row["Incidents"]) for row in rows] == summary["hours"]


def test_tables_of_imports_are_for_those_who_import(mesa_app: Flask, mesa: Database, planner: FlaskClient) -> None:
    for name in ("imports", "quarantine"):
        assert planner.get(f"/api/exports/tables/{name}?county=mesa").status_code == 403
    editor = user(mesa_app, mesa, "editor", "grid_editor")
    assert rows_of(editor.get("/api/exports/tables/imports?county=mesa"))


def test_quarantine_hides_callers_from_those_who_may_not_read_them(mesa_app: Flask, mesa: Database) -> None:
    with mesa.owner_session() as owner:
        owner.execute(
            text("UPDATE import_batch SET mapping = '{\"caller_name\": \"报警人\"}' WHERE kind = 'incidents'")
        )
        owner.execute(
            text(
                "INSERT INTO quarantine_row (import_batch_id, county_id, admin_area_id, police_area_id, file_line,"
                " reason_code, reason, content) SELECT id, county_id, admin_area_id, police_area_id, 7, 'time',"
                ' \'it ends before it begins\', \'{"报警人": "李示例", "地址": "=1+1"}\' FROM import_batch'
                " WHERE kind = 'incidents' LIMIT 1"
            )
        )
    editor, analyst = user(mesa_app, mesa, "editor", "grid_editor"), user(mesa_app, mesa, "analyst", "analyst")
    address = "/api/exports/tables/quarantine?county=mesa"
    assert "李示例" not in editor.get(address).data.decode()
    assert "李示例" in analyst.get(address).data.decode()
    assert [entry.details["rows"] for entry in audited(mesa, "quarantine:read")] == [1, 1]


def test_a_template_is_fetched_by_those_who_import(mesa_app: Flask, mesa: Database, planner: FlaskClient) -> None:
    assert planner.get("/api/templates/incidents.xlsx").status_code == 403
    editor = user(mesa_app, mesa, "editor", "grid_editor")
    answer = editor.get("/api/templates/incidents.xlsx")
    assert answer.data.startswith(b"PK") and answer.headers["Content-Disposition"].isascii()
    assert editor.get("/api/templates/nothing.xlsx").status_code == 404
    assert editor.get("/api/templates/incidents.xlsx?x=1").status_code == 400
