"""Every kind goes out and comes in again; what the file says is right in every datum."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from pyproj import Transformer
from python_calamine import CalamineWorkbook

from geo_app.errors import BadInput
from geo_app.exports import as_xlsx
from geo_app.exports.files import NO_BASIS
from geo_app.exports.positions import system_of
from geo_app.exports.table import Heading, Portion, Table
from geo_app.imports.carried import BESIDE, CARRIED
from geo_app.imports.columns import HEADINGS, recognise
from geo_app.imports.problems import FileRejected
from geo_app.models import County
from geo_app.queries.export_columns import CALLERS, SOURCES
from tests.exports.conftest import export
from tests.imports.conftest import Desk

POINT = "POINT (118.361234567 31.721234567)"
SQUARE = "POLYGON ((118.36 31.72, 118.37 31.72, 118.37 31.73, 118.36 31.73, 118.36 31.72))"
LINE = "LINESTRING (118.36 31.72, 118.37 31.72, 118.371 31.725)"
# A row of each kind (made up), as GeoJSON.
ROWS: dict[str, tuple[str | None, dict[str, Any]]] = {
    "areas": (SQUARE, {"code": "340523100", "name": "示例镇", "level": "镇", "police_code": "340523100000001"}),
    "grids": (SQUARE, {"code": "340523100001001", "leader_name": "=张", "households": 12}),
    "incidents": (POINT, {"number": "001", "occurred_at": "2026-01-01", "报警人": "李", "处理结果": "=好"}),
    "categories": (None, {"code": "01", "name": "刑事", "preventable": True}),
    "addresses": (POINT, {"编码": "0012", "地址全称": "示例路12号", "门牌号": "12号"}),
    "aliases": (None, {"alias": "老粮站", "address_key": "0012"}),
    "places": (POINT, {"id": 7, "name": "小学", "kind": "学校", "学期": "2026-02-16/2026-07-03", "部门": 3}),
    "posts": (POINT, {"id": 7, "name": "站", "kind": "检查站", "班组": "一组", "hours": "22:00-06:00", "x y": [1]}),
    "roads": (LINE, {"id": "r1", "name": "示例路", "highway": "primary", "oneway": "yes", "layer": 1}),
    "buildings": (SQUARE, {"id": "b1", "name": "1幢", "height": "18 m", "层数": 6}),
    "waters": (SQUARE, {"id": "w1", "name": "示例湖", "类型": "湖泊"}),
    "cameras": (POINT, {"code": "34052300001320000001", "朝向": "NE", "kind": "球机", "IP": "10.0.0.1"}),
    "routes": (LINE, {"id": "p1", "name": "线", "mode": "车巡", "departures": "14:00 08:30:15", "mandatory": "否"}),
    "tracks": (POINT, {"device": "d1", "time": "2026-01-01 08:30:00.5", "speed": 3.5, "heading": 90}),
    "duty": (None, {"班组": "一组", "姓名": "王", "身份": "民警", "日期": "2026-01-01", "班次": "22:00-06:00"}),
    "grid_people": (None, {"网格编码": "340523100001001", "职务": "网格长", "姓名": "李", "电话": "05550000000"}),
    "population": (POINT, {"grid_code": "340523100001001", "户数": 3, "people": 9, "统计日期": "2026-01-01"}),
}


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_kind_of_the_importer_is_exported() -> None:
    assert set(SOURCES) == set(HEADINGS) == set(ROWS)


@pytest.mark.parametrize("kind", SOURCES)
def test_the_headings_of_an_export_are_recognised_without_being_told(kind: str, county: County) -> None:
    names = [name for name, _, _ in SOURCES[kind].columns + CALLERS * (kind == "incidents")]
    marks = ["simulated", "source", "datum"] if SOURCES[kind].shape else ["simulated"]
    headings = [*names, *(mark for mark in marks if mark not in names)]
    found = recognise(kind, headings)
    assert set(headings) == set(found.found) | set(CARRIED.get(kind, ())) | (BESIDE & set(headings))
    assert {name: heading for name, heading in found.found.items() if name != heading} == {}


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_of_every_kind_is_the_same_when_its_export_is_imported(desk: Desk, tmp_path: Path, kind: str) -> None:
    if kind == "grid_people":
        desk.grids("340523100001001")
    first = desk.take(kind, desk.geojson("file.geojson", ROWS[kind]), source="made")
    assert (first.stored, first.quarantined) == (1, 0)
    out = export(desk, kind, tmp_path / f"{kind}.csv", callers=True)
    again = desk.take(kind, out, source="made")
    assert (again.read, again.unchanged, again.reasons) == (1, 1, {})


def test_what_a_file_said_beside_is_still_there_when_its_export_is_imported_elsewhere(
    desk: Desk, desk_of: Callable[..., Desk], tmp_path: Path
) -> None:
    other = desk_of("340524", 4548)
    for kind, table, column in (("incidents", "incident", "arrived"), ("places", "place", "details"),
                                ("posts", "post", "details"), ("cameras", "camera", "catalogue")):  # fmt: skip
        desk.take(kind, desk.geojson("file.geojson", ROWS[kind]), source="made")
        other.take(kind, export(desk, kind, tmp_path / f"{kind}.csv", callers=True, crs="BD-09"), source="made")
        asked = (
            f"SELECT {column}, arrived_datum, arrived_x, source_key FROM {table} t JOIN county c ON c.id = t.county_id"
            " WHERE c.code = :code"
        )
        assert desk.rows(asked, code="340523") == other.rows(asked, code="340524")


@pytest.mark.parametrize(
    ("form", "crs", "metres"),
    [
        ("csv", "GCJ-02", 0.001), ("xlsx", "BD-09", 0.001), ("geojson", "BD-09", 0.001), ("gpkg", "GCJ-02", 0.001),
        ("csv", "EPSG:4527", 1e-5), ("geojson", "metric", 1e-5), ("gpkg", "metric", 1e-5),
    ],
)  # fmt: skip
def test_positions_come_back_from_every_datum(desk: Desk, tmp_path: Path, form: str, crs: str, metres: float) -> None:
    desk.take("buildings", desk.geojson("b.geojson", ROWS["buildings"]), source="made")
    out = export(desk, "buildings", tmp_path / f"out.{form}", form=form, crs=crs)
    before = desk.rows("SELECT ST_AsText(geom, 15) FROM building")
    desk.take("buildings", out, source="made")  # the file says its system by itself
    [(moved,)] = desk.rows(
        "SELECT ST_HausdorffDistance(ST_Transform(geom, 4548), ST_Transform(ST_GeomFromText(:text, 4326), 4548))"
        " FROM building WHERE upper_inf(recorded)",
        text=before[0][0],
    )
    assert moved <= metres


def test_a_projected_file_has_x_and_y_as_pyproj_computes_them(desk: Desk, tmp_path: Path) -> None:
    desk.take("places", desk.geojson("p.geojson", ROWS["places"]), source="made")
    [row] = records(export(desk, "places", tmp_path / "p.csv", crs="EPSG:4527"))
    x, y = Transformer.from_crs(4326, 4527, always_xy=True).transform(118.361234567, 31.721234567)
    assert (float(row["x"]), float(row["y"])) == pytest.approx((x, y), abs=1e-6)
    assert (row["datum"], "longitude" in row) == ("EPSG:4527", False)


def test_a_shifted_file_says_so_and_is_not_taken_for_wgs84(desk: Desk, tmp_path: Path) -> None:
    desk.take("places", desk.geojson("p.geojson", ROWS["places"]), source="made")
    document = json.loads(export(desk, "places", tmp_path / "p.geojson", form="geojson", crs="GCJ-02").read_text())
    assert document["datum"] == "GCJ-02" and "crs" not in document
    assert document["features"][0]["properties"]["datum"] == "GCJ-02"
    layer = pyogrio.read_info(export(desk, "places", tmp_path / "p.gpkg", form="gpkg", crs="GCJ-02"))
    assert "undefined" in (layer["crs"] or "undefined").casefold()
    assert pyogrio.read_info(export(desk, "places", tmp_path / "q.gpkg", form="gpkg"))["crs"] == "EPSG:4326"


def test_a_file_whose_rows_name_several_datums_is_refused(desk: Desk, tmp_path: Path) -> None:
    text = "key,name,simulated,datum,longitude,latitude\n1,a,false,GCJ-02,118.3,31.7\n2,b,false,EPSG:4326,118.3,31.7\n"
    with pytest.raises(FileRejected, match="several systems"):
        desk.take("places", desk.text("p.csv", text))


def test_a_row_that_was_added_to_an_export_by_hand_is_a_row_like_any_other(desk: Desk, tmp_path: Path) -> None:
    desk.take("incidents", desk.geojson("i.geojson", ROWS["incidents"]), source="made")
    out = export(desk, "incidents", tmp_path / "i.csv", callers=True)
    rows = records(out)
    empty = dict.fromkeys(rows[0], "")
    rows.append(empty | {"number": "002", "longitude": "118.4", "latitude": "31.8", "datum": "EPSG:4326"})
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    report = desk.take("incidents", out, source="made")
    assert (report.unchanged, report.stored, report.reasons) == (1, 1, {})
    added = desk.rows("SELECT source_key, match_level, arrived_x, arrived_datum FROM incident WHERE number = '002'")
    assert added == [("002", "given", 118.4, "EPSG:4326")]


def test_a_file_without_what_arrived_leaves_that_as_it_is(desk: Desk, tmp_path: Path) -> None:
    desk.take("incidents", desk.geojson("i.geojson", ROWS["incidents"]), source="made")
    before = desk.rows("SELECT arrived, i.xmin FROM incident i")
    out = export(desk, "incidents", tmp_path / "i.csv")
    assert {"caller_name", "caller_telephone", "arrived"}.isdisjoint(records(out)[0])
    assert desk.take("incidents", out, source="made").unchanged == 1
    assert desk.rows("SELECT arrived, i.xmin FROM incident i") == before
    assert desk.rows("SELECT name FROM incident_caller") == [("李",)]


def test_the_same_number_twice_in_an_export_is_put_aside(desk: Desk, tmp_path: Path) -> None:
    desk.take("incidents", desk.geojson("i.geojson", ROWS["incidents"]), source="made")
    out = export(desk, "incidents", tmp_path / "i.csv")
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    report = desk.take("incidents", desk.text("j.csv", "\n".join([*lines, lines[-1]])), source="made")
    assert (report.unchanged, report.quarantined, report.reasons) == (1, 1, {"key": 1})


def test_a_damaged_object_is_put_aside_with_its_reason(desk: Desk, tmp_path: Path) -> None:
    desk.take("places", desk.geojson("p.geojson", ROWS["places"]), source="made")
    out = export(desk, "places", tmp_path / "p.csv")
    broken = out.read_text(encoding="utf-8-sig").replace('"{""部门"": 3}"', "{部门")
    assert "{部门" in broken
    report = desk.take("places", desk.text("q.csv", broken), source="made")
    assert report.reasons == {"json": 1}


def test_an_ordinary_file_may_have_columns_of_the_same_names(desk: Desk) -> None:
    text = "id,name,source,details,arrived_x,经度,纬度\n1,a,电话,两层,9,118.3,31.7\n"
    desk.take("places", desk.text("p.csv", text), source="made")
    [(details, x)] = desk.rows("SELECT details, arrived_x FROM place")
    assert (details, x) == ({"source": "电话", "details": "两层", "arrived_x": "9"}, 118.3)


def test_times_are_those_of_the_countys_clock_also_where_it_shows_an_hour_twice(
    desk_of: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = desk_of("cook", 26916, "America/Chicago")
    said = ["2026-11-01T01:30:00-05:00", "2026-11-01T01:30:00-06:00", "2026-07-01 00:00:00.25"]
    lines = [f"{place},{time},-87.6,41.8" for place, time in enumerate(said)]
    file = desk.text("i.csv", "\n".join(["number,occurred_at,longitude,latitude", *lines]))
    desk.take("incidents", file, source="made")
    out = export(desk, "incidents", tmp_path / "i.csv", callers=True)
    assert [row["occurred_from"] for row in records(out)] == [
        "2026-11-01 01:30:00", "2026-11-01 01:30:00-06:00", "2026-07-01 00:00:00.250000",
    ]  # fmt: skip
    assert desk.take("incidents", out, source="made").unchanged == 3


def test_only_what_is_in_force_today_and_of_the_source_goes_out(desk: Desk, tmp_path: Path) -> None:
    one, two = ({"id": 1, "name": name} for name in ("old", "new"))
    desk.take("places", desk.geojson("p.geojson", (POINT, one)), source="a")
    desk.take("places", desk.geojson("p.geojson", (POINT, two)), source="a")
    desk.take("places", desk.geojson("p.geojson", (POINT, one)), source="b")
    assert [row["name"] for row in records(export(desk, "places", tmp_path / "p.csv"))] == ["new", "old"]
    assert [row["name"] for row in records(export(desk, "places", tmp_path / "p.csv", source="b"))] == ["old"]


def test_grids_say_that_their_lines_are_no_basis_for_boundaries(desk: Desk, tmp_path: Path) -> None:
    desk.take("grids", desk.geojson("g.geojson", ROWS["grids"]), source="made")
    [row] = records(export(desk, "grids", tmp_path / "g.csv"))
    assert row["notice"] == NO_BASIS
    book = CalamineWorkbook.from_path(str(export(desk, "grids", tmp_path / "g.xlsx", form="xlsx")))
    assert book.get_sheet_by_name("说明").to_python() == [[NO_BASIS]]
    assert json.loads(export(desk, "grids", tmp_path / "g.geojson", form="geojson").read_text())["notes"] == [NO_BASIS]


def test_a_long_table_goes_on_in_another_sheet_and_codes_are_text(tmp_path: Path) -> None:
    table = Table("places", (Heading("key"), Heading("n", "number")), [Portion([["007", "8"], [1.5, None]])] * 3)
    assert as_xlsx.write(table, tmp_path / "a.xlsx", most_rows=4) == 6
    book = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
    assert book.sheet_names == ["places", "places 2"]
    assert book.get_sheet_by_name("places 2").to_python() == [["key", "n"], ["007", 1.5], ["8", ""]]


def test_what_no_cell_holds_is_left_out_and_said(tmp_path: Path) -> None:
    table = Table("places", (Heading("key"), Heading("said")), [Portion([["1", "2"], ["x" * 32_768, "y" * 32_767]])])
    as_xlsx.write(table, tmp_path / "a.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
    assert [row[1] for row in book.get_sheet_by_name("places").to_python()] == ["said", "", "y" * 32_767]
    assert book.get_sheet_by_name("说明").to_python()[0][0].startswith("1 cells held more")


@pytest.mark.parametrize("name", ["EPSG:0", "EPSG:4978", "EPSG:4979", "WGS", "ESRI:1x", "EPSG:5773", "auto", "/etc/x"])
def test_C01_what_names_no_system_of_positions_is_refused(county: County, name: str) -> None:
    with pytest.raises(BadInput, match="names no coordinate system"):
        system_of(county, name)


def test_a_system_that_cannot_hold_the_places_is_refused_in_every_format(desk: Desk, tmp_path: Path) -> None:
    desk.take("places", desk.geojson("p.geojson", ROWS["places"]), source="made")
    for form, crs in (("csv", "EPSG:2056"), ("gpkg", "ESRI:102038")):  # of Switzerland, of half a globe
        with pytest.raises(BadInput, match="cannot say where"):
            export(desk, "places", tmp_path / f"p.{form}", form=form, crs=crs)


def test_nothing_is_a_file_with_headings(desk: Desk, tmp_path: Path) -> None:
    for form in ("csv", "xlsx", "geojson", "gpkg"):
        export(desk, "incidents", tmp_path / f"i.{form}", form=form)
    assert records(tmp_path / "i.csv") == []
    assert json.loads((tmp_path / "i.geojson").read_text())["features"] == []
    assert pyogrio.read_info(tmp_path / "i.gpkg")["features"] == 0
