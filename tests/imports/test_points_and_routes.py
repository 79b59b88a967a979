"""Places, cameras and patrol routes."""

from __future__ import annotations

import struct
from datetime import time
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

SPOT = "POINT (118.351 31.742)"
WAY = "LINESTRING (118.351 31.742, 118.352 31.743)"


def numeric_shapefile(folder: Path, numbers: list[str], field: str = "code") -> Path:
    """Points with one numeric field of 24 characters that holds ``numbers`` as they are written."""
    path = folder / "a.shp"
    gpd.GeoDataFrame({field: [0.0] * len(numbers)}, geometry=[shapely.from_wkt(SPOT)] * len(numbers), crs=4326).to_file(
        path
    )
    head = struct.pack("<B3BIHH20x", 3, 126, 1, 1, len(numbers), 65, 25)
    column = field.encode().ljust(11, b"\0") + b"N" + bytes([0, 0, 0, 0, 24, 0]) + bytes(14)
    rows = b"".join(b" " + number.rjust(24).encode() for number in numbers)
    path.with_suffix(".dbf").write_bytes(head + column + b"\r" + rows + b"\x1a")
    return path


def test_a_place_of_many_columns_keeps_what_has_no_column_of_its_own(desk) -> None:
    desk.take("places", desk.geojson("a.geojson", (SPOT, {"名称": "第一小学", "类型": "小学", "学生数": 800})))
    rows = desk.rows("SELECT name, kind, is_key, details FROM place")
    assert rows == [("第一小学", "小学", True, {"学生数": 800})]


def test_a_place_drawn_as_a_polygon_stands_as_a_point_inside_it(desk) -> None:
    horseshoe = "POLYGON ((118.3 31.7, 118.4 31.7, 118.4 31.8, 118.39 31.8, 118.39 31.71, 118.31 31.71, 118.31 31.8, 118.3 31.8, 118.3 31.7))"
    desk.take("places", desk.geojson("a.geojson", (horseshoe, {"name": "x"})))
    assert desk.rows(f"SELECT ST_Within(geom, ST_GeomFromText('{horseshoe}', 4326)) FROM place") == [(True,)]


def test_a_changed_place_keeps_its_id_and_its_past(desk) -> None:
    desk.take("places", desk.geojson("a.geojson", (SPOT, {"id": "1", "name": "old"})))
    report = desk.take("places", desk.geojson("a.geojson", (SPOT, {"id": "1", "name": "new"})))
    assert (report.stored, report.updated) == (0, 1)
    assert desk.rows("SELECT name, upper_inf(recorded) FROM place ORDER BY id") == [("new", True), ("old", False)]


def test_a_camera_of_a_national_catalogue_gets_its_bearing_from_the_direction_type(desk) -> None:
    code = "34052300001310000001"
    file = desk.geojson(
        "a.geojson", (SPOT, {"DeviceID": code, "设备名称": "路口", "DirectionType": 5, "PTZType": 1, "Block": "x"})
    )
    desk.take("cameras", file)
    rows = desk.rows("SELECT code, name, kind, bearing, estimated, catalogue FROM camera")
    assert rows == [(code, "路口", "dome", 135.0, True, {"Block": "x"})]
    assert desk.take("cameras", file).unchanged == 1


def test_long_whole_numbers_keep_every_digit(desk) -> None:
    long = 110101199001011237
    file = desk.geojson("a.geojson", (SPOT, {"id": long, "学生数": long}), (SPOT, {"id": 7, "学生数": None}))
    desk.take("places", file)
    rows = desk.rows("SELECT source_key, details FROM place ORDER BY id")
    assert rows == [(str(long), {"学生数": long}), ("7", {})]


@pytest.mark.parametrize("numbers", [[34052300001310000001.0, 2.0], [110101199001011237.0, 3.0], [2.0**53, 1.0]])
def test_a_code_that_lost_digits_as_a_number_waits(desk, numbers: list[float]) -> None:
    frame = gpd.GeoDataFrame({"code": numbers}, geometry=[shapely.from_wkt(SPOT)] * 2, crs=4326)
    frame.to_file(desk.folder / "a.gpkg")
    report = desk.take("cameras", desk.folder / "a.gpkg")
    assert (report.read, report.stored, report.quarantined) == (2, 1, 1)
    [row] = desk.quarantine()
    assert (row.line, row.code) == (1, "rounded")
    assert "lost its last digits" in row.reason and "as text" in row.remedy
    assert desk.rows("SELECT code FROM camera") == [(f"{numbers[1]:.0f}",)]


def test_a_code_of_twenty_digits_in_a_numeric_field_of_a_shapefile_waits(desk) -> None:
    report = desk.take("cameras", numeric_shapefile(desk.folder, ["34052300001310000001", "2"]))
    assert (report.stored, report.quarantined) == (1, 1)
    assert [(row.line, row.code) for row in desk.quarantine()] == [(1, "rounded")]


@pytest.mark.parametrize("mark", ["-1.797693134862316e+308", "1.79769313486231e+308", "-1.0e+38"])
def test_a_shapefiles_mark_for_nothing_is_missing(desk, mark: str) -> None:
    desk.take("places", numeric_shapefile(desk.folder, [mark, "2"], field="name"))
    assert desk.rows("SELECT name, kind FROM place ORDER BY id") == [("place 1", "place"), ("2", "place")]
    desk.take("places", numeric_shapefile(desk.folder, [mark, "2"], field="pupils"))
    assert desk.rows("SELECT details FROM place WHERE name LIKE 'place%' AND details <> '{}'") == [({"pupils": 2},)]
    report = desk.take("cameras", numeric_shapefile(desk.folder, [mark, "2"]))
    assert (report.stored, report.quarantined) == (2, 0)
    codes = [row[0] for row in desk.rows("SELECT code FROM camera ORDER BY id")]
    assert codes[0].startswith("#") and codes[1] == "2"


@pytest.mark.parametrize(("said", "bearing"), [("370", 10.0), ("NE", 45.0), ("-90", 270.0), ("30;120", 30.0)])
def test_bearings_are_degrees_clockwise_from_north(desk, said: str, bearing: float) -> None:
    desk.take("cameras", desk.geojson("a.geojson", (SPOT, {"code": "1", "bearing": said, "estimated": "no"})))
    assert desk.rows("SELECT bearing, estimated FROM camera") == [(bearing, False)]


def test_a_catalogue_that_knows_no_bearing_leaves_the_surveyed_one(desk) -> None:
    desk.take("cameras", desk.geojson("a.geojson", (SPOT, {"code": "1", "bearing": 90, "estimated": "no"})))
    desk.take("cameras", desk.geojson("a.geojson", (SPOT, {"code": "1", "status": "OFF"})))
    rows = desk.rows("SELECT bearing, estimated, status FROM camera WHERE upper_inf(recorded)")
    assert rows == [(90.0, False, "OFF")]


def test_impossible_cameras_wait_and_the_others_are_taken(desk) -> None:
    impossible = [{"field_of_view": 0}, {"field_of_view": 400}, {"range_m": -1}, {"bearing": "upwards"}]
    cameras = [(SPOT, {"code": str(number), **properties}) for number, properties in enumerate([*impossible, {}])]
    report = desk.take("cameras", desk.geojson("a.geojson", *cameras))
    assert (report.read, report.stored, report.quarantined, report.reasons) == (5, 1, 4, {"range": 4})
    assert desk.rows("SELECT code FROM camera") == [("4",)]
    waiting = desk.quarantine()
    assert [row.line for row in waiting] == [1, 2, 3, 4]
    for row, properties in zip(waiting, impossible, strict=True):
        [(name, value)] = properties.items()
        assert name in row.reason and str(value) in row.reason
        assert str(row.content[name]) == str(value)


def test_a_route_has_a_mode_and_departures(desk) -> None:
    file = desk.geojson("a.geojson", (WAY, {"路线名称": "一线", "巡逻方式": "车巡", "出发时间": "14:00、8:30"}))
    desk.take("routes", file)
    rows = desk.rows("SELECT name, mode, departures, stable_id = id, simulated FROM patrol_route")
    assert rows == [("一线", "vehicle", [time(8, 30), time(14, 0)], True, False)]
    assert desk.take("routes", file).unchanged == 1


def test_the_team_of_a_route_is_kept_and_made_where_nobody_knows_it(desk) -> None:
    line = "LINESTRING (118.35 31.74, 118.351 31.74)"
    file = desk.geojson(
        "a.geojson",
        (line, {"编号": "1", "路线名称": "东线", "班组": "一组"}),
        (line, {"编号": "2", "路线名称": "西线", "班组": "二组"}),
        (line, {"编号": "3", "路线名称": "南线", "班组": "一组"}),
        (line, {"编号": "4", "路线名称": "北线", "班组": ""}),
    )
    assert desk.take("routes", file).stored == 4
    teams = "SELECT r.name, t.name FROM patrol_route r LEFT JOIN team t ON t.id = r.team_id ORDER BY r.source_key"
    assert desk.rows(teams) == [("东线", "一组"), ("西线", "二组"), ("南线", "一组"), ("北线", None)]
    assert desk.rows("SELECT count(*) FROM team") == [(2,)]
    assert desk.take("routes", file).unchanged == 4


def test_impossible_routes_wait_and_the_others_are_taken(desk) -> None:
    cross = "MULTILINESTRING ((118.351 31.742, 118.353 31.742), (118.352 31.741, 118.352 31.743))"
    file = desk.geojson(
        "a.geojson", (WAY, {"name": "a", "mode": "fly"}), (WAY, {"name": "b", "departures": "noon"}),
        (WAY, {"name": ""}), (cross, {"name": "c"}), (WAY, {"name": "d"}), (WAY, {"name": "d"}),
    )  # fmt: skip
    report = desk.take("routes", file)
    assert (report.read, report.stored, report.quarantined) == (6, 1, 5)
    assert [(row.line, row.code) for row in desk.quarantine()] == [
        (1, "choice"), (2, "time"), (3, "name"), (4, "geometry"), (6, "key"),
    ]  # fmt: skip
    assert desk.rows("SELECT name, file_line FROM patrol_route") == [("d", 5)]


def test_demonstration_data_is_marked_by_the_file_or_by_the_command(desk) -> None:
    desk.take("places", desk.geojson("a.geojson", (SPOT, {"name": "a", "simulated": True}), (SPOT, {"name": "b"})))
    desk.take("places", desk.geojson("b.geojson", (SPOT, {"name": "c"})), simulated=True)
    assert desk.rows("SELECT name, simulated FROM place ORDER BY name") == [("a", True), ("b", False), ("c", True)]
