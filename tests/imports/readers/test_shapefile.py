"""Shapefiles: parts that are missing, encodings that are not said or wrong, headers that lie."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from geo_app.imports.problems import FileRejected
from geo_app.imports.readers.gdal import only
from geo_app.imports.reading import read_file
from geo_app.imports.rows import Rows, joined
from geo_app.imports.values import text

NAMES = ["和州路", "得胜河路", "plain", ""]


def rows_of(path: Path) -> Rows:
    return joined(list(read_file(path, "roads")))


def rejected(path: Path) -> FileRejected:
    with pytest.raises(FileRejected) as caught:
        rows_of(path)
    return caught.value


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a shapefile of four lines in an encoding."""

    def write(encoding: str) -> Path:
        lines = [shapely.LineString([(118.351, 31.742), (118.352, 31.743 + number)]) for number in range(4)]
        frame = gpd.GeoDataFrame({"name": NAMES, "layer": [1, 0, -1, 2]}, geometry=lines, crs=4326)
        frame.to_file(tmp_path / "a.shp", encoding=encoding)
        return tmp_path / "a.shp"

    return write


def test_D04_a_dbf_that_claims_two_thousand_million_rows_is_refused(made: Callable[[str], Path]) -> None:
    path = made("gbk")
    dbf = path.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    content[4:8] = struct.pack("<I", 2**31 - 1)
    dbf.write_bytes(content)
    assert "2,147,483,647 rows" in rejected(path).message


def test_D04_a_shp_that_ends_early_is_refused(made: Callable[[str], Path]) -> None:
    path = made("gbk")
    path.write_bytes(path.read_bytes()[:-20])
    assert rejected(path).problems[0].code == "truncated"


def test_D04_a_missing_index_is_made_anew_and_none_appears_beside_the_file(made: Callable[[str], Path]) -> None:
    path = made("gbk")
    path.with_suffix(".shx").unlink()
    before = sorted(path.parent.iterdir())
    rows = rows_of(path)
    assert text(rows.table["name"]).tolist() == NAMES
    assert rows.crs is not None and rows.numbers.tolist() == [1, 2, 3, 4]
    assert any(".shx is missing" in str(warning) for warning in rows.warnings)
    assert sorted(path.parent.iterdir()) == before
    with only("ESRI Shapefile"), pytest.raises(pyogrio.errors.DataSourceError):
        pyogrio.read_info(path)  # as before: it is made anew for us only


def test_D04_without_a_table_there_are_shapes_without_attributes(made: Callable[[str], Path]) -> None:
    path = made("gbk")
    path.with_suffix(".dbf").unlink()
    rows = rows_of(path)
    assert rows.geometry is not None and len(rows) == len(rows.geometry) == 4
    assert rows.table.columns.tolist() == []
    assert any(".dbf is missing" in str(warning) for warning in rows.warnings)


def test_D04_without_a_prj_no_system_is_named_and_one_of_rubbish_is_refused(made: Callable[[str], Path]) -> None:
    path = made("gbk")
    path.with_suffix(".prj").write_text("rubbish")
    assert rejected(path).problems[0].code == "crs_unreadable"
    path.with_suffix(".prj").unlink()
    assert rows_of(path).crs is None


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize("cpg", [None, "GBK", "UTF-8", "936", "65001", "Klingon", "rot13", "punycode", "\0"])
def test_D04_chinese_names_survive_a_missing_or_wrong_cpg(
    made: Callable[[str], Path], encoding: str, cpg: str | None
) -> None:
    path = made(encoding)
    path.with_suffix(".cpg").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    rows = rows_of(path)
    assert text(rows.table["name"]).tolist() == NAMES
    is_right = cpg in ((None, "GBK", "936") if encoding == "gbk" else (None, "UTF-8", "65001"))
    assert bool(rows.warnings) != is_right or cpg == "\0"


def test_a_latin_cpg_is_believed_where_the_text_is_not_utf8(made: Callable[[str], Path]) -> None:
    path = made("utf-8")
    frame = gpd.GeoDataFrame({"name": ["Medellín"]}, geometry=[shapely.Point(1, 2)], crs=4326)
    frame.to_file(path, encoding="ISO-8859-1")
    assert text(rows_of(path).table["name"]).tolist() == ["Medellín"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_texts_that_were_cut_within_a_character_and_fields_of_254_bytes_are_read(tmp_path: Path, encoding: str) -> None:
    """A field's length of 254 stands in the header as a byte that is in no UTF-8."""
    words = ["和", "x" * 254, "a"]
    frame = gpd.GeoDataFrame({"name": words}, geometry=[shapely.Point(n, n) for n in range(3)], crs=4326)
    frame.to_file(tmp_path / "a.shp", encoding=encoding)
    (tmp_path / "a.cpg").unlink()
    content = bytearray((tmp_path / "a.dbf").read_bytes())
    assert content[32 + 16] == 254 and content[-1] == 0x1A
    content[-255:-1] = ("y" + "和" * 200).encode(encoding)[:254]  # as programs cut that count bytes
    (tmp_path / "a.dbf").write_bytes(content)
    found = text(rows_of(tmp_path / "a.shp").table["name"]).tolist()
    assert found == ["和", "x" * 254, "y" + "和" * (253 // len("和".encode(encoding)))]


def test_headings_in_chinese_are_read_and_those_that_become_equal_stay_apart(tmp_path: Path) -> None:
    columns = {"道路名": ["a"], "xxxxxxxxxA": ["b"], "xxxxxxxxxB": ["c"]}
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(1, 2)], crs=4326)
    frame.to_file(tmp_path / "a.shp", encoding="utf-8")
    content = (tmp_path / "a.dbf").read_bytes()
    for letter in (b"A", b"B"):  # bytes that begin a character and are cut off by the field's end
        content = content.replace(b"xxxxxxxxx" + letter, b"xxxxxxxxx" + bytes([0xE0 + letter[0] % 16]))
    (tmp_path / "a.dbf").write_bytes(content)
    assert rows_of(tmp_path / "a.shp").table.columns.tolist() == ["道路名", "xxxxxxxxx", "xxxxxxxxx 3"]


def test_what_marks_nothing_in_a_shapefile_is_missing(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"length": [1.5, 2.5]}, geometry=[shapely.Point(1, 2)] * 2, crs=4326)
    frame.to_file(tmp_path / "a.shp")
    content = bytearray((tmp_path / "a.dbf").read_bytes())
    content[-25:-1] = b"-1.7976931348623157e+308"
    (tmp_path / "a.dbf").write_bytes(content)
    values = rows_of(tmp_path / "a.shp").table["length"].tolist()
    assert values[0] == 1.5 and np.isnan(values[1])


def test_surfaces_in_space_are_spoiled_and_null_shapes_are_none(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[shapely.Point(1, 2), None], crs=4326)
    frame.to_file(tmp_path / "a.shp", geometry_type="Point")
    rows = rows_of(tmp_path / "a.shp")
    assert rows.geometry is not None and rows.geometry[1] is None


def test_the_streets_of_a_real_city_have_their_names(shared_data: Callable[[str], Path]) -> None:
    path = shared_data("xian/xian_links.shp")
    rows = rows_of(path)
    with only("ESRI Shapefile"):
        oracle = pyogrio.read_dataframe(path, encoding="GBK")
    assert rows.table["road_name"].tolist() == oracle["road_name"].tolist()
    assert rows.table["link_id"].tolist() == oracle["link_id"].tolist()
    assert rows.geometry is not None and shapely.equals(rows.geometry, oracle.geometry.to_numpy()).all()
