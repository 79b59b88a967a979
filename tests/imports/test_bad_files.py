"""Files that cannot be right: each gets a clear sentence and a way on, and leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo_app.imports.problems import FileRejected

HERE = "POINT (118.351 31.742)"
LINE = "LINESTRING (118.351 31.742, 118.352 31.743)"


def refused(desk, kind: str, path: Path, crs: str | None = None) -> FileRejected:
    before = desk.everything()
    with pytest.raises(FileRejected) as caught:
        desk.take(kind, path, crs)
    assert desk.everything() == before
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("name", ["a.geojson", "a.csv", "a.shp", "a.gpkg", "a.osm", "a.pbf", "a.zip"])
def test_an_empty_file_is_refused_in_every_format(desk, name: str) -> None:
    path = desk.folder / name
    path.write_bytes(b"")
    for other in (".shx", ".dbf"):
        path.with_suffix(other).touch()
    error = refused(desk, "roads", path)
    assert error.problems[0].code in ("empty", "unreadable")


def test_a_file_without_any_feature_is_refused(desk) -> None:
    assert refused(desk, "roads", desk.geojson("a.geojson")).problems[0].code == "empty"
    assert refused(desk, "incidents", desk.text("a.csv", "x,y\n")).problems[0].code == "empty"


def test_a_file_that_is_not_there_and_an_ending_that_nobody_reads(desk) -> None:
    assert refused(desk, "roads", desk.folder / "nothing.shp").problems[0].code == "no_file"
    assert refused(desk, "roads", desk.text("a.docx", "x")).problems[0].code == "unknown_format"


def test_a_shapefile_without_prj_asks_for_the_system_and_takes_it(desk) -> None:
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[shapely.from_wkt(LINE)], crs=4326).to_crs(4548)
    frame.to_file(desk.folder / "a.shp")
    (desk.folder / "a.prj").unlink()
    error = refused(desk, "roads", desk.folder / "a.shp")
    assert error.problems[0].code == "crs_missing"
    assert "--crs EPSG:4548" in error.remedy
    assert desk.take("roads", desk.folder / "a.shp", "EPSG:4548").stored == 1
    west = desk.rows("SELECT round(ST_XMin(geom)::numeric, 6) FROM street")
    assert [float(row[0]) for row in west] == [118.351]


@pytest.mark.parametrize(
    ("wkt", "crs", "code", "said"),
    [
        ("LINESTRING (628021.75 3514038.37, 628031 3514048)", None, "crs_wrong", "EPSG:4548"),
        ("LINESTRING (39628021.75 3514038.37, 39628031 3514048)", "EPSG:4548", "crs_wrong", "EPSG:4527"),
        (LINE, "EPSG:4548", "crs_wrong", "EPSG:4326"),
        ("LINESTRING (31.742 118.351, 31.743 118.352)", None, "axes_swapped", "longitude first"),
        ("LINESTRING (31.742 88.1, 31.743 88.2)", None, "far_away", "--crs"),
        ("LINESTRING (628021.75 3514038.37, 628031 3514048)", "EPSG:4540", "far_away", "--crs"),
        ("LINESTRING (3514038.37 628021.75, 3514048 628031)", "EPSG:4548", "axes_swapped", "swap"),
    ],
)
def test_a_system_that_cannot_be_right_is_named(desk, wkt: str, crs: str | None, code: str, said: str) -> None:
    error = refused(desk, "roads", desk.geojson("a.geojson", (wkt, {})), crs)
    assert error.problems[0].code == code
    assert said in error.remedy


def test_points_far_from_what_the_county_already_has_are_refused(desk) -> None:
    desk.take("roads", desk.geojson("roads.geojson", (LINE, {})))
    far = desk.geojson("far.geojson", ("POINT (116.4 39.9)", {"number": "1"}))
    assert refused(desk, "incidents", far).problems[0].code == "far_away"
    mixed = desk.geojson("mixed.geojson", *[(HERE, {"number": str(n)}) for n in range(4)],
                         ("POINT (116.4 39.9)", {"number": "9"}))  # fmt: skip
    error = refused(desk, "incidents", mixed)
    assert [(problem.where, problem.code) for problem in error.problems] == [("feature 5", "far_away")]


def test_every_problem_is_said_at_once_and_the_first_twenty_are_listed(desk) -> None:
    bad = [("POINT (118.351 31.742)", {"id": str(n)}) for n in range(30)]
    error = refused(desk, "roads", desk.geojson("a.geojson", *bad, (LINE, {"id": "good"})))
    assert (error.count, len(error.problems)) == (30, 20)
    assert error.problems[0].where == "feature 1"
    assert "30 problems" in error.message and "and 10 more" in error.message


def test_problems_of_different_kinds_are_said_together(desk) -> None:
    content = (
        "number,longitude,latitude,reported_at,valid\n"
        "1,118.351,31.742,2026-11-22 08:00:00,yes\n"
        "1,118.351,31.742,yesterday,perhaps\n"
    )
    error = refused(desk, "incidents", desk.text("a.csv", content))
    assert {(problem.where, problem.code) for problem in error.problems} == {
        ("line 3", "time"), ("line 3", "truth"), ("line 3", "key"),
    }  # fmt: skip


def test_a_line_that_is_too_long_is_named_by_its_line(desk) -> None:
    content = 'number,longitude,latitude\n1,118.351,31.742\n"2\n3",118.351,31.742\n4,5,6,7\n'
    error = refused(desk, "incidents", desk.text("a.csv", content))
    assert [(problem.where, problem.code) for problem in error.problems] == [("line 5", "columns")]


@pytest.mark.parametrize("blank", ["\n", " \r\n\n", ",,\n"])
def test_blank_lines_before_the_headings_are_left_out(desk, blank: str) -> None:
    content = f"{blank}number,longitude,latitude\n1,118.351,31.742\n"
    assert desk.take("incidents", desk.text("a.csv", content)).stored == 1
    rows = desk.rows("SELECT number, file_line FROM incident")
    assert rows == [("1", 2 + blank.count("\n"))]


def test_a_file_of_delimiters_is_empty(desk) -> None:
    assert refused(desk, "incidents", desk.text("a.csv", ",,,\n,,,\n")).problems[0].code == "empty"


def test_a_column_without_a_heading_hides_no_other(desk) -> None:
    desk.take("incidents", desk.text("a.csv", "number,longitude,latitude,column 5,\n1,118.351,31.742,a,b\n"))
    [(arrived,)] = desk.rows("SELECT arrived FROM incident")
    assert {"a", "b"} <= set(arrived.values())


def test_a_number_that_may_have_a_decimal_comma_or_thousands_is_refused(desk) -> None:
    content = 'code,longitude,latitude,range_m\n1,118.351,31.742,"1,234"\n'
    error = refused(desk, "cameras", desk.text("a.csv", content))
    assert "thousands or a decimal comma" in error.problems[0].reason
    desk.take("cameras", desk.text("b.csv", content.replace(",", ";").replace("1;234", "1,234")))
    assert desk.rows("SELECT range_m FROM camera") == [(1.234,)]


def test_columns_without_a_position_are_listed(desk) -> None:
    error = refused(desk, "incidents", desk.text("a.csv", "何时,何地\n1,2\n"))
    assert "何时, 何地" in error.message


def test_polygons_that_cross_themselves_are_refused_with_the_place(desk) -> None:
    bow = "POLYGON ((118.35 31.74, 118.36 31.75, 118.36 31.74, 118.35 31.75, 118.35 31.74))"
    error = refused(desk, "areas", desk.geojson("a.geojson", (bow, {"code": "340523001"})))
    assert "Self-intersection" in error.problems[0].reason


def test_missing_geometry_is_refused_for_roads_and_kept_for_incidents(desk) -> None:
    assert refused(desk, "roads", desk.geojson("a.geojson", (None, {}))).problems[0].code == "geometry"
    report = desk.take("incidents", desk.geojson("b.geojson", (None, {"number": "1", "address": "和州路 1 号"})))
    assert (report.stored, len(report.warnings)) == (1, 1)
    assert desk.rows("SELECT geom IS NULL, match_level, arrived_address FROM incident") == [
        (True, "none", "和州路 1 号")
    ]


def test_coordinates_that_are_no_numbers_are_refused(desk) -> None:
    for text in ("NaN", "Infinity", "1e400", '"a"', "null", "[1]"):
        path = desk.text(
            "a.geojson",
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
            '{"type":"LineString","coordinates":[[118.351,31.742],[' + text + ",31.743]]}}]}",
        )
        refused(desk, "roads", path)


def test_json_that_is_nested_too_deeply_is_refused(desk) -> None:
    refused(desk, "roads", desk.text("a.geojson", "[" * 5000 + "]" * 5000))
    deep = json.dumps(
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": None}]}
    )
    deep = deep.replace("null", '{"type":"GeometryCollection","geometries":[' * 300 + "]}" * 300)
    refused(desk, "roads", desk.text("b.geojson", deep))


def test_a_value_that_the_database_cannot_hold_is_the_files_fault(desk) -> None:
    grid = "POLYGON ((118.35 31.74, 118.36 31.74, 118.36 31.75, 118.35 31.74))"
    file = desk.geojson("a.geojson", (grid, {"code": "340523001001001", "households": 10**12}))
    assert refused(desk, "grids", file).problems[0].code == "refused"
