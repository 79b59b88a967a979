"""Buildings: their outlines, heights, storeys and parts."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from tests.imports.counted import balanced, quarantine

SPOT = "POINT (118.351 31.742)"
HOUSE = "POLYGON ((118.35 31.74, 118.3501 31.74, 118.3501 31.7401, 118.35 31.7401, 118.35 31.74))"


def test_a_building_has_an_outline_and_may_have_a_height(desk) -> None:
    features = [
        (HOUSE, {"id": 1, "名称": "县政府", "height": "12 m", "层数": "3层", "building": "yes"}),
        (HOUSE, {"id": 2, "height": 0, "kind": "school"}),
        (HOUSE, {"id": 3, "height": -1}),
        (SPOT, {"id": 4}),
        (HOUSE, {"id": 5, "height": "high"}),
    ]
    report = desk.take("buildings", desk.geojson("a.geojson", *features))
    rows = desk.rows(
        "SELECT source_key, name, kind, height_m, levels, ST_NumGeometries(geom) FROM building ORDER BY id"
    )
    assert rows == [("1", "县政府", "building", 12.0, 3.0, 1), ("2", "", "school", None, None, 1)]
    assert balanced(report) and quarantine(desk) == [(3, "range"), (4, "geometry"), (5, "number")]


def test_storeys_in_the_column_of_heights_are_storeys_and_no_metres(desk) -> None:
    file = desk.geojson(
        "a.geojson",
        (HOUSE, {"id": 1, "高度": "18层"}),
        (HOUSE, {"id": 2, "高度": "6F"}),
        (HOUSE, {"id": 3, "高度": "54米", "层数": "18层"}),
        (HOUSE, {"id": 4, "高度": "7 层楼", "层数": 7}),
        (HOUSE, {"id": 5, "高度": "7层", "层数": 6}),
        (HOUSE, {"id": 6, "高度": "60ft"}),
        (HOUSE, {"id": 7, "高度": "", "层数": "12 m"}),
        (HOUSE, {"id": 8, "高度": 12.5}),
    )
    report = desk.take("buildings", file)
    rows = desk.rows("SELECT source_key, height_m, levels FROM building ORDER BY id")
    assert rows == [("1", None, 18), ("2", None, 6), ("3", 54, 18), ("4", None, 7), ("8", 12.5, None)]
    assert balanced(report)
    assert [(row.line, row.reason, bool(row.remedy)) for row in desk.quarantine()] == [
        (5, "the height says 7 storeys, and the column of storeys 6", True),
        (6, "height_m '60ft' is no number", True),
        (7, "levels '12 m' is no number", True),
    ]


def test_the_parts_of_a_cut_building_are_kept_under_one_key_and_the_same_outline_is_not(desk) -> None:
    moved = shapely.transform(shapely.from_wkt(HOUSE), lambda xy: np.add(xy, [0.0001, 0]))
    file = desk.geojson("a.geojson", (HOUSE, {"id": 7}), (moved, {"id": 7}), (HOUSE, {"id": 7}))
    report = desk.take("buildings", file)
    assert (report.stored, report.quarantined) == (2, 1)
    assert quarantine(desk) == [(3, "key")]
    assert desk.take("buildings", file).unchanged == 2


@pytest.mark.filterwarnings("ignore:Several features with id")
def test_lujiazuis_buildings_are_all_taken_and_its_points_wait(desk_of, shared_data) -> None:
    """1,475 outlines; 318 points stand for entrances, addresses and buildings whose outline is elsewhere in the file."""
    desk = desk_of("lujiazui", 4549)
    report = desk.take("buildings", shared_data("lujiazui/buildings.geojson"))
    assert (report.read, report.stored, report.quarantined) == (1793, 1475, 318)
    assert report.reasons == {"geometry": 318}
    rows = desk.rows("SELECT name, height_m, address FROM building WHERE source_key = '40778072'")
    assert rows == [("上海国际会议中心", 20.0, "滨江大道 2727")]
    outlines = [
        feature["properties"]
        for feature in json.loads(shared_data("lujiazui/buildings.geojson").read_text("utf-8"))["features"]
        if feature["geometry"]["type"] == "Polygon"
    ]
    heights = sum(outline["height"] for outline in outlines if outline.get("height"))
    assert desk.rows("SELECT count(*), sum(height_m) FROM building") == [(len(outlines), pytest.approx(heights))]
    again = desk.take("buildings", shared_data("lujiazui/buildings.geojson"))
    assert (again.stored, again.updated, again.unchanged, again.quarantined) == (0, 0, 1475, 318)
