"""GeoJSON whose numbers, depths and features are not what they should be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from geo_app.imports.problems import FileRejected
from geo_app.imports.reading import read_file
from geo_app.imports.rows import Rows, joined


def feature(coordinates: str, kind: str = "Point", **properties: object) -> str:
    geometry = f'{{"type": "{kind}", "coordinates": {coordinates}}}'
    return f'{{"type": "Feature", "properties": {json.dumps(properties)}, "geometry": {geometry}}}'


def collection(*features: str) -> str:
    return f'{{"type": "FeatureCollection", "features": [{", ".join(features)}]}}'


def with_system(name: str) -> str:
    member = {"type": "name", "properties": {"name": name}}
    return json.dumps(json.loads(collection(feature("[1, 2]"))) | {"crs": member})


def rows_of(folder: Path, text: str, name: str = "a.geojson", encoding: str = "utf-8") -> Rows:
    (folder / name).write_text(text, encoding=encoding)
    return joined(list(read_file(folder / name, "places")))


@pytest.mark.parametrize(
    "bad",
    [
        feature("[NaN, 31]"), feature("[1e400, 31]"), feature("[-Infinity, 31]"), feature("[1" + "0" * 400 + ", 31]"),
        feature('["a", "b"]'), feature("[true, null]"), feature("7"), feature("[" * 500 + "]" * 500),
        feature("[[118, 31]]", "LineString"), feature("[[[0, 0], [1, 1]]]", "Polygon"), feature("[1, 2]", "Torus"),
        feature("[[[118, 31], [118.1, 31]], []]", "MultiLineString"),
        "3", "null", '"Feature"', '{"geometry": 7}', '{"geometry": {"coordinates": [1, 2]}}',
    ],
)  # fmt: skip
def test_D10_a_malformed_feature_is_spoiled_and_the_others_live(tmp_path: Path, bad: str) -> None:
    rows = rows_of(tmp_path, collection(feature("[118, 31, 5]", name="好"), bad, feature("[119, 31]")))
    assert rows.numbers.tolist() == [1, 3]
    assert [(one.number, one.code) for one in rows.spoiled] == [(2, "geometry")]
    assert rows.geometry is not None
    assert [shapely.to_wkt(shape, trim=True) for shape in rows.geometry] == ["POINT (118 31)", "POINT (119 31)"]


def test_D10_a_document_of_depth_5000_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRejected) as caught:
        rows_of(tmp_path, collection(feature("[" * 5000 + "]" * 5000)))
    assert "nested too deeply" in caught.value.message


def test_features_without_a_shape_have_none(tmp_path: Path) -> None:
    nothing = '{"type": "Feature", "properties": null, "geometry": null}'
    rows = rows_of(tmp_path, collection(nothing, feature("[]"), feature("[]", "Polygon"), feature("[118, 31]", a=1)))
    assert rows.geometry is not None
    assert [shape is None for shape in rows.geometry] == [True, True, True, False]


def test_halves_of_characters_and_zeros_in_what_is_spoiled_are_taken_out(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, collection(feature("[NaN, 1]", name="a\ud800b\0c"), feature("[1, 2]")))
    assert rows.spoiled[0].content["name"] == "a?bc"


def test_a_line_that_is_no_feature_costs_only_itself(tmp_path: Path) -> None:
    lines = [
        feature("[118, 31]", a="1"),
        "rubbish",
        "",
        feature("[" * 5000 + "]" * 5000),
        "\x1e" + feature("[119, 31]", b="2"),
    ]
    rows = rows_of(tmp_path, "\n".join(lines), "a.geojsonl")
    assert rows.table.columns.tolist() == ["a", "b"]
    assert rows.numbers.tolist() == [1, 4]
    assert [one.number for one in rows.spoiled] == [2, 3]
    with pytest.raises(FileRejected):
        rows_of(tmp_path, "a,b\n1,2\n", "a.geojsonl")


def test_long_codes_keep_every_digit_beside_missing_ones(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, collection(feature("[1, 2]", code=340523199001011234), feature("[1, 2]")))
    assert rows.table["code"].tolist() == [340523199001011234, None]


@pytest.mark.parametrize(
    ("crs", "epsg"),
    [("urn:ogc:def:crs:OGC:1.3:CRS84", 4326), ("urn:ogc:def:crs:EPSG::4548", 4548), ("EPSG:4490", 4490)],
)
def test_the_old_member_names_a_system_by_its_code(tmp_path: Path, crs: str, epsg: int) -> None:
    text = with_system(crs)
    rows = rows_of(tmp_path, text)
    assert rows.crs is not None and rows.crs.to_epsg() == epsg


@pytest.mark.parametrize("name", ["+init=/etc/passwd:x", "EPSG:999999", "EPSG:a", "", "urn:x"])
def test_D10_other_texts_than_codes_are_no_system(tmp_path: Path, name: str) -> None:
    text = with_system(name)
    with pytest.raises(FileRejected) as caught:
        rows_of(tmp_path, text)
    assert caught.value.problems[0].code == "crs_unreadable"
