"""Places, cameras and patrol routes."""

from __future__ import annotations

from datetime import time

import pytest

from geo_app.imports.problems import FileRejected

SPOT = "POINT (118.351 31.742)"
WAY = "LINESTRING (118.351 31.742, 118.352 31.743)"


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


@pytest.mark.parametrize(("said", "bearing"), [("370", 10.0), ("NE", 45.0), ("-90", 270.0), ("30;120", 30.0)])
def test_bearings_are_degrees_clockwise_from_north(desk, said: str, bearing: float) -> None:
    desk.take("cameras", desk.geojson("a.geojson", (SPOT, {"code": "1", "bearing": said, "estimated": "no"})))
    assert desk.rows("SELECT bearing, estimated FROM camera") == [(bearing, False)]


def test_a_catalogue_that_knows_no_bearing_leaves_the_surveyed_one(desk) -> None:
    desk.take("cameras", desk.geojson("a.geojson", (SPOT, {"code": "1", "bearing": 90, "estimated": "no"})))
    desk.take("cameras", desk.geojson("a.geojson", (SPOT, {"code": "1", "status": "OFF"})))
    rows = desk.rows("SELECT bearing, estimated, status FROM camera WHERE upper_inf(recorded)")
    assert rows == [(90.0, False, "OFF")]


@pytest.mark.parametrize(
    "properties", [{"field_of_view": 0}, {"field_of_view": 400}, {"range_m": -1}, {"bearing": "upwards"}]
)
def test_an_impossible_camera_is_refused(desk, properties) -> None:
    with pytest.raises(FileRejected) as caught:
        desk.take("cameras", desk.geojson("a.geojson", (SPOT, {"code": "1", **properties})))
    assert caught.value.problems[0].code == "range"


def test_a_route_has_a_mode_and_departures(desk) -> None:
    file = desk.geojson("a.geojson", (WAY, {"路线名称": "一线", "巡逻方式": "车巡", "出发时间": "14:00、8:30"}))
    desk.take("routes", file)
    rows = desk.rows("SELECT name, mode, departures, stable_id = id, simulated FROM patrol_route")
    assert rows == [("一线", "vehicle", [time(8, 30), time(14, 0)], True, False)]
    assert desk.take("routes", file).unchanged == 1


@pytest.mark.parametrize(
    ("properties", "code"),
    [({"name": "a", "mode": "fly"}, "choice"), ({"name": "a", "departures": "noon"}, "time"), ({"name": ""}, "name")],
)
def test_an_impossible_route_is_refused(desk, properties, code: str) -> None:
    with pytest.raises(FileRejected) as caught:
        desk.take("routes", desk.geojson("a.geojson", (WAY, properties)))
    assert code in {problem.code for problem in caught.value.problems}


def test_demonstration_data_is_marked_by_the_file_or_by_the_command(desk) -> None:
    desk.take("places", desk.geojson("a.geojson", (SPOT, {"name": "a", "simulated": True}), (SPOT, {"name": "b"})))
    desk.take("places", desk.geojson("b.geojson", (SPOT, {"name": "c"})), simulated=True)
    assert desk.rows("SELECT name, simulated FROM place ORDER BY name") == [("a", True), ("b", False), ("c", True)]
