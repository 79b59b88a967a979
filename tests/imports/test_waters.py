"""Rivers, canals and lakes: lines and outlines, in parts, and what is none."""

from __future__ import annotations

import json
from collections import Counter

from tests.imports.counted import balanced, quarantine

SPOT = "POINT (118.351 31.742)"
LINE = "LINESTRING (118.35 31.74, 118.36 31.75)"
STILL = "LINESTRING (118.35 31.74, 118.35 31.74)"
LAKE = "POLYGON ((118.35 31.74, 118.3501 31.74, 118.3501 31.7401, 118.35 31.7401, 118.35 31.74))"


def test_a_water_is_a_line_or_an_outline_with_a_kind(desk) -> None:
    features = [
        (LINE, {"水系编码": 1, "水系名称": "青河", "类型": "河流"}),
        (LAKE, {"水系编码": 1, "水系名称": "青河", "类型": "河流"}),
        (LAKE, {"水系编码": 2, "类型": ""}),
        (LAKE, {"水系编码": 3, "类型": "古井"}),
        (LAKE, {"水系编码": 5, "类型": "Lake"}),
        (SPOT, {"水系编码": 4, "类型": "湖泊"}),
        (LINE, {"水系编码": 1, "类型": "河流"}),
        (STILL, {"水系编码": 6, "类型": "河流"}),
    ]
    file = desk.geojson("水系.geojson", *features)
    report = desk.take("waters", file)
    rows = desk.rows("SELECT source_key, name, kind, GeometryType(geom) FROM water ORDER BY id")
    assert [row[1:] for row in rows] == [
        ("青河", "river", "LINESTRING"), ("青河", "river", "POLYGON"), ("", "water", "POLYGON"), ("", "古井", "POLYGON"), ("", "lake", "POLYGON"),
    ]  # fmt: skip
    assert rows[1][0].startswith("1#") and [row[0] for row in rows if "#" not in row[0]] == ["1", "2", "3", "5"]
    assert balanced(report) and quarantine(desk) == [(6, "geometry"), (7, "key"), (8, "no_length")]
    assert desk.take("waters", file).unchanged == 5


def test_lujiazuis_waters_are_all_taken_and_its_points_wait(desk_of, shared_data) -> None:
    path = shared_data("lujiazui/water.geojson")
    desk = desk_of("lujiazui", 4549)
    report = desk.take("waters", path)
    features = json.loads(path.read_text("utf-8"))["features"]
    given = Counter(feature["geometry"]["type"] for feature in features)
    [(stored,)] = desk.rows("SELECT count(*) FROM water")
    assert report.stored == stored
    assert balanced(report) and report.stored + report.quarantined == len(features)
    assert given["Point"] <= report.quarantined
    assert desk.take("waters", path).unchanged == report.stored
