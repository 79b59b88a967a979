"""Files that cannot be right leave nothing behind, rows that cannot be right wait: each with a clear sentence and a way on."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from geo_app.imports.problems import FileRejected
from tests.imports.conftest import Waiting

HERE = "POINT (118.351 31.742)"
LINE = "LINESTRING (118.351 31.742, 118.352 31.743)"


def refused(desk, kind: str, path: Path, crs: str | None = None) -> FileRejected:
    before = desk.everything()
    with pytest.raises(FileRejected) as caught:
        desk.take(kind, path, crs)
    assert desk.everything() == before
    assert caught.value.remedy
    return caught.value


def waits(desk, kind: str, path: Path, *, stored: int = 0, crs: str | None = None) -> list[Waiting]:
    """What waits of a file of which ``stored`` rows are taken."""
    report = desk.take(kind, path, crs)
    rows = desk.quarantine()
    assert (report.read, report.stored, report.quarantined) == (stored + len(rows), stored, len(rows))
    assert all(row.content for row in rows)
    return rows


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
    assert "EPSG:4548" in error.remedy
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


def test_a_file_far_from_what_the_county_already_has_is_refused_and_a_single_point_waits(desk) -> None:
    desk.take("roads", desk.geojson("roads.geojson", (LINE, {})))
    far = desk.geojson("far.geojson", ("POINT (116.4 39.9)", {"number": "1"}))
    assert refused(desk, "incidents", far).problems[0].code == "far_away"
    mixed = desk.geojson("mixed.geojson", *[(HERE, {"number": str(n)}) for n in range(4)],
                         ("POINT (116.4 39.9)", {"number": "9"}))  # fmt: skip
    [row] = waits(desk, "incidents", mixed, stored=4)
    assert (row.line, row.code, row.content["number"]) == (5, "far_away", "9")
    assert "116.4" in row.reason and "39.9" in row.reason and row.remedy
    assert row.content["WKT"] == "POINT (116.4 39.9)"


def test_every_row_that_cannot_be_used_waits_however_many_they_are(desk) -> None:
    bad = [("POINT (118.351 31.742)", {"id": str(n)}) for n in range(30)]
    rows = waits(desk, "roads", desk.geojson("a.geojson", *bad, (LINE, {"id": "good"})), stored=1)
    assert [(row.line, row.content["id"]) for row in rows] == [(n + 1, str(n)) for n in range(30)]
    assert {row.reason for row in rows} == {"a Point where LineString, MultiLineString, LinearRing is needed"}
    assert desk.rows("SELECT source_key FROM street") == [("good",)]


def test_rows_of_different_faults_wait_together_and_each_says_the_first_of_its_own(desk) -> None:
    content = (
        "number,longitude,latitude,reported_at,valid\n"
        "1,118.351,31.742,2026-11-22 08:00:00,yes\n"
        "1,118.351,31.742,2026-11-22 08:00:00,yes\n"
        "2,118.351,31.742,yesterday,perhaps\n"
        "3,118.351,31.742,2026-11-22 08:00:00,perhaps\n"
    )
    rows = waits(desk, "incidents", desk.text("a.csv", content), stored=1)
    assert [(row.line, row.code) for row in rows] == [(3, "key"), (4, "time"), (5, "truth")]
    assert rows[0].reason == "number '1' is already on line 2"
    assert "'yesterday'" in rows[1].reason and "'perhaps'" in rows[2].reason


def test_a_row_of_too_many_cells_waits_by_its_line(desk) -> None:
    content = 'number,longitude,latitude\n1,118.351,31.742\n"2\n3",118.351,31.742\n4,5,6,7\n'
    [row] = waits(desk, "incidents", desk.text("a.csv", content), stored=2)
    assert (row.line, row.code) == (5, "columns")
    assert row.content.items() >= {"number": "4", "longitude": "5", "latitude": "6"}.items()
    assert sorted(row.content.values()) == ["4", "5", "6", "7"]


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


def test_a_number_that_may_have_a_decimal_comma_or_thousands_waits(desk) -> None:
    content = 'code,longitude,latitude,range_m\n1,118.351,31.742,"1,234"\n'
    [row] = waits(desk, "cameras", desk.text("a.csv", content))
    assert (row.line, row.code) == (2, "number") and "thousands or a decimal comma" in row.reason
    desk.take("cameras", desk.text("b.csv", content.replace(",", ";").replace("1;234", "1,234")))
    assert desk.rows("SELECT range_m FROM camera") == [(1.234,)]


def test_columns_without_a_position_are_listed(desk) -> None:
    error = refused(desk, "incidents", desk.text("a.csv", "何时,何地\n1,2\n"))
    assert "何时, 何地" in error.message


def test_polygons_that_cross_themselves_wait_with_the_place(desk) -> None:
    bow = "POLYGON ((118.35 31.74, 118.36 31.75, 118.36 31.74, 118.35 31.75, 118.35 31.74))"
    square = "POLYGON ((118.35 31.74, 118.36 31.74, 118.36 31.75, 118.35 31.74))"
    file = desk.geojson("a.geojson", (bow, {"code": "340523001"}), (square, {"code": "340523002"}))
    [row] = waits(desk, "areas", file, stored=1)
    assert (row.line, row.code) == (1, "geometry")
    assert "Self-intersection[118.355 31.745]" in row.reason


def test_a_curve_in_a_text_of_shapes_waits_and_the_others_are_stored(desk) -> None:
    rows = [
        LINE,
        "CIRCULARSTRING (118.35 31.74, 118.36 31.75, 118.36 31.74)",
        f"GEOMETRYCOLLECTION (COMPOUNDCURVE ({LINE[11:]}))",
    ]
    file = desk.text("a.csv", "id,wkt\n" + "".join(f'{n},"{wkt}"\n' for n, wkt in enumerate(rows)))
    first, second = waits(desk, "roads", file, stored=1)
    assert [(row.line, row.code) for row in (first, second)] == [(3, "geometry"), (4, "geometry")]


def test_missing_geometry_makes_a_road_wait_and_is_kept_for_incidents(desk) -> None:
    [row] = waits(desk, "roads", desk.geojson("a.geojson", (None, {"id": "1"}), (LINE, {"id": "2"})), stored=1)
    assert (row.line, row.code, row.content) == (1, "geometry", {"id": "1"})
    report = desk.take("incidents", desk.geojson("b.geojson", (None, {"number": "1", "address": "和州路 1 号"})))
    assert (report.stored, report.unplaced, len(report.warnings)) == (1, 1, 1)
    assert desk.rows("SELECT geom IS NULL, match_level, arrived_address FROM incident") == [
        (True, "none", "和州路 1 号")
    ]


def test_coordinates_that_are_no_numbers_wait(desk) -> None:
    for number in ("NaN", "Infinity", "1e400", '"a"', "null", "[1]"):
        path = desk.text(
            "a.geojson",
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
            '{"type":"LineString","coordinates":[[118.351,31.742],[' + number + ",31.743]]}}]}",
        )
        report = desk.take("roads", path)
        assert (report.stored, report.reasons) == (0, {"geometry": 1}), number


def test_json_that_is_nested_too_deeply_is_refused(desk) -> None:
    refused(desk, "roads", desk.text("a.geojson", "[" * 5000 + "]" * 5000))
    deep = json.dumps(
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": None}]}
    )
    deep = deep.replace("null", '{"type":"GeometryCollection","geometries":[' * 300 + "]}" * 300)
    report = desk.take("roads", desk.text("b.geojson", deep))
    assert (report.stored, report.quarantined) == (0, 1)


def test_a_value_that_the_database_cannot_hold_is_the_files_fault(desk) -> None:
    with desk.database.owner_session() as owner:
        owner.execute(text("ALTER TABLE camera ADD CONSTRAINT short CHECK (length(name) < 5)"))
    file = desk.geojson("a.geojson", (HERE, {"code": "1", "name": "a"}), (HERE, {"code": "2", "name": "too long"}))
    error = refused(desk, "cameras", file)
    assert error.problems[0].code == "refused" and '"short"' in error.message


def test_counts_that_no_column_holds_wait(desk) -> None:
    grids = [
        (shapely.box(118.35 + n / 50, 31.74, 118.36 + n / 50, 31.75), {"code": str(n), "households": said})
        for n, said in enumerate(["12", "1000000000000", "1e400", "12.5", "-1"])
    ]
    rows = waits(desk, "grids", desk.geojson("a.geojson", *grids), stored=1)
    assert [row.line for row in rows] == [2, 3, 4, 5]
    cameras = [(HERE, {"code": str(n), "owner_class": said}) for n, said in enumerate(["1", "1.5", "1e12"])]
    report = desk.take("cameras", desk.geojson("b.geojson", *cameras))
    assert (report.stored, report.quarantined) == (1, 2)
