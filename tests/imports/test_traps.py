"""Files that were made to do harm."""

from __future__ import annotations

import sqlite3
import stat
import struct
import zipfile
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from geo_app.imports.problems import FileRejected
from geo_app.imports.readers.gdal import only


def virtual_layer(port: int, secret: Path) -> str:
    return (
        "<OGRVRTDataSource><OGRVRTLayer name='secret'><SrcDataSource>"
        f"{secret}</SrcDataSource></OGRVRTLayer><OGRVRTLayer name='away'><SrcDataSource>"
        f"/vsicurl/http://127.0.0.1:{port}/a.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )


@pytest.mark.parametrize("ending", [".geojson", ".json", ".csv", ".tsv", ".gpkg", ".shp", ".osm", ".zip"])
def test_D01_a_virtual_layer_under_another_name_reads_no_file_and_calls_nobody(desk, listener, ending: str) -> None:
    port, visitors = listener
    secret = desk.geojson("secret.geojson", ("POINT (118.351 31.742)", {"number": "1"}))
    trap = desk.text(f"trap{ending}", virtual_layer(port, secret))
    for other in (".shx", ".dbf"):
        trap.with_suffix(other).write_bytes(b"\0" * 200)
    with pytest.raises(FileRejected):
        desk.take("incidents", trap)
    assert visitors == []
    assert desk.rows("SELECT * FROM incident") == []


def test_D01_a_virtual_layer_behind_a_true_header_is_not_opened_either(desk, listener) -> None:
    port, visitors = listener
    secret = desk.geojson("secret.geojson", ("POINT (118.351 31.742)", {"number": "1"}))
    trap = desk.folder / "trap.shp"
    text = virtual_layer(port, secret).encode()
    trap.write_bytes(struct.pack(">i5ii", 9994, 0, 0, 0, 0, 0, 50) + b"\0" * 72 + text)
    trap.with_suffix(".shx").write_bytes(b"\0" * 100)
    trap.with_suffix(".dbf").write_bytes(b"\x03" + b"\0" * 31)
    gpkg = desk.folder / "trap.gpkg"
    gpkg.write_bytes(b"SQLite format 3\0" + text)
    for path in (trap, gpkg):
        with pytest.raises(FileRejected):
            desk.take("incidents", path)
    assert visitors == []


def test_D01_while_a_file_is_read_the_named_driver_is_the_only_one() -> None:
    before = pyogrio.list_drivers()
    with only("GPKG"):
        assert set(pyogrio.list_drivers()) == {"GPKG"}
    assert pyogrio.list_drivers() == before


@pytest.mark.parametrize(
    "name",
    ["/vsicurl/http://127.0.0.1/a.geojson", "/vsizip/a.zip/a.shp", "PG:dbname=geo", "MEM:::DATAPOINTER=1.shp",
     "GPKG:/etc/passwd", "http://127.0.0.1/a.shp", "/vsistdin/", "-"],
)  # fmt: skip
def test_D02_names_that_mean_something_to_gdal_are_only_names(desk, name: str) -> None:
    with pytest.raises(FileRejected) as caught:
        desk.take("roads", Path(name))
    assert caught.value.problems[0].code == "no_file"


def zipped(desk, *members: tuple[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    path = desk.folder / "a.zip"
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def shapefile_members(desk, folder: str = "") -> list[tuple[str, bytes]]:
    frame = gpd.GeoDataFrame(
        {"name": ["和州路"]}, geometry=[shapely.LineString([(118.351, 31.742), (118.352, 31.743)])], crs=4326
    )
    frame.to_file(desk.folder / "a.shp", encoding="gbk")
    return [
        (f"{folder}a{ending}", (desk.folder / f"a{ending}").read_bytes())
        for ending in (".shp", ".shx", ".dbf", ".prj", ".cpg")
    ]


@pytest.mark.parametrize("folder", ["", "数据/roads/"])
def test_a_zipped_shapefile_is_read_from_whatever_folder_it_lies_in(desk, folder: str) -> None:
    path = zipped(desk, *shapefile_members(desk, folder), (f"{folder}readme.txt", b"hello"))
    assert desk.take("roads", path).stored == 1
    assert desk.rows("SELECT name FROM street") == [("和州路",)]


@pytest.mark.parametrize(
    "name", ["../a.shp", "x/../../a.shp", "/etc/a.shp", "C:/a.shp", "C:\\a.shp", "x\\a.shp", "//server/a.shp"]
)
def test_D03_members_that_lead_out_of_the_archive_are_refused(desk, name: str) -> None:
    member = zipfile.ZipInfo("a.shp")
    member.filename = member.orig_filename = name
    with pytest.raises(FileRejected) as caught:
        desk.take("roads", zipped(desk, *shapefile_members(desk), (member, b"x")))
    assert caught.value.problems[0].code == "trap"


def test_D03_a_member_whose_name_hides_behind_a_nul_is_refused(desk) -> None:
    path = zipped(desk, *shapefile_members(desk), ("b.shpX.txt", b"x"))
    path.write_bytes(path.read_bytes().replace(b"b.shpX.txt", b"b.shp\0.txt"))
    with pytest.raises(FileRejected) as caught:
        desk.take("roads", path)
    assert caught.value.problems[0].code == "trap"


def test_D03_a_link_in_an_archive_is_refused(desk) -> None:
    link = zipfile.ZipInfo("b.shp")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(FileRejected) as caught:
        desk.take("roads", zipped(desk, (link, b"/etc/passwd")))
    assert "link" in caught.value.message


def test_D03_a_member_that_unpacks_to_a_thousand_times_its_size_is_refused(desk) -> None:
    with pytest.raises(FileRejected) as caught:
        desk.take("roads", zipped(desk, ("a.shp", b"\0" * 40_000_000)))
    assert caught.value.problems[0].code == "trap"


def test_D03_many_members_are_refused(desk) -> None:
    with pytest.raises(FileRejected) as caught:
        desk.take("roads", zipped(desk, *((f"{n}.txt", b"") for n in range(1500))))
    assert "1,500 members" in caught.value.message


def test_D03_members_that_overlap_are_refused(desk) -> None:
    path = zipped(desk, ("a.shp", b"a" * 5000), ("b.shp", b"b" * 5000), how=zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    second = content.rindex(b"PK\x01\x02")  # the directory's second entry now points at the first member
    content[second + 42 : second + 46] = struct.pack("<I", 0)
    path.write_bytes(content)
    with pytest.raises(FileRejected) as caught:
        desk.take("roads", path)
    assert "overlap" in caught.value.message


def test_D03_a_member_that_lies_about_its_size_is_refused(desk) -> None:
    path = zipped(desk, *shapefile_members(desk))
    content = bytearray(path.read_bytes())
    first = content.index(b"PK\x01\x02")
    content[first + 24 : first + 28] = struct.pack("<I", 10)
    path.write_bytes(content)
    with pytest.raises(FileRejected):
        desk.take("roads", path)


def test_D03_an_archive_in_an_archive_is_not_opened(desk) -> None:
    inner = zipped(desk, *shapefile_members(desk)).read_bytes()
    with pytest.raises(FileRejected) as caught:
        desk.take("roads", zipped(desk, ("inner.zip", inner)))
    assert "0 things that could be read" in caught.value.message


def test_D04_a_dbf_that_claims_two_thousand_million_rows_is_refused(desk) -> None:
    shapefile_members(desk)
    dbf = desk.folder / "a.dbf"
    content = bytearray(dbf.read_bytes())
    content[4:8] = struct.pack("<I", 2**31 - 1)
    dbf.write_bytes(content)
    with pytest.raises(FileRejected) as caught:
        desk.take("roads", desk.folder / "a.shp")
    assert "2,147,483,647 rows" in caught.value.message


def test_D04_a_shp_that_ends_early_is_refused(desk) -> None:
    shapefile_members(desk)
    shp = desk.folder / "a.shp"
    shp.write_bytes(shp.read_bytes()[:-20])
    with pytest.raises(FileRejected) as caught:
        desk.take("roads", shp)
    assert caught.value.problems[0].code == "truncated"


@pytest.mark.parametrize(("ending", "name"), [(".shx", "和州路"), (".dbf", "")])
def test_D04_a_shapefile_without_index_or_table_is_read_with_a_warning(desk, ending: str, name: str) -> None:
    shapefile_members(desk)
    (desk.folder / f"a{ending}").unlink()
    before = sorted(path.name for path in desk.folder.iterdir())
    report = desk.take("roads", desk.folder / "a.shp")
    assert any(f"a{ending} is missing" in str(warning) for warning in report.warnings)
    assert desk.rows("SELECT name FROM street") == [(name,)]
    assert sorted(path.name for path in desk.folder.iterdir()) == before


@pytest.mark.parametrize(("cpg", "warned"), [(None, False), ("GBK", False), ("UTF-8", True), ("Klingon", True)])
def test_D04_chinese_names_survive_a_missing_or_wrong_cpg(desk, cpg: str | None, warned: bool) -> None:
    shapefile_members(desk)
    path = desk.folder / "a.cpg"
    path.unlink()
    if cpg:
        path.write_text(cpg)
    report = desk.take("roads", desk.folder / "a.shp")
    assert desk.rows("SELECT name FROM street") == [("和州路",)]
    assert any("GB18030" in str(warning).upper() for warning in report.warnings) == warned


def test_D06_entities_in_openstreetmap_xml_are_refused(desk) -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    path = desk.text(
        "a.osm",
        f'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY e0 "x"><!ENTITY f SYSTEM "file:///etc/passwd">{bomb}]>'
        '<osm version="0.6"><node id="1" lat="31.742" lon="118.351"><tag k="amenity" v="school"/>'
        '<tag k="name" v="&e11;&f;"/></node></osm>',
    )
    with pytest.raises(FileRejected):
        desk.take("places", path)


def test_D07_a_geopackage_is_only_read(desk) -> None:
    path = desk.folder / "a.gpkg"
    frame = gpd.GeoDataFrame(
        {"name": ["a"]}, geometry=[shapely.LineString([(118.351, 31.742), (118.352, 31.743)])], crs=4326
    )
    frame.to_file(path, layer="roads")
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE touched (x)")
        database.execute("CREATE TRIGGER t AFTER UPDATE ON gpkg_contents BEGIN INSERT INTO touched VALUES (1); END")
    database.close()
    before = path.read_bytes()
    assert desk.take("roads", path).stored == 1
    assert path.read_bytes() == before


def test_D09_a_file_name_of_control_characters_is_made_printable(desk) -> None:
    path = desk.geojson("a\r\nb\u202e'\".geojson", ("LINESTRING (118.351 31.742, 118.352 31.743)", {}))
    assert desk.take("roads", path).file == "a??b?'\".geojson"
    assert desk.rows("SELECT file_name FROM import_batch") == [("a??b?'\".geojson",)]


def test_D10_a_coordinate_system_in_geojson_may_only_be_a_code(desk) -> None:
    line = "LINESTRING (118.351 31.742, 118.352 31.743)"
    with pytest.raises(FileRejected) as caught:
        desk.take("roads", desk.geojson("a.geojson", (line, {}), crs="+init=/etc/passwd:x"))
    assert caught.value.problems[0].code == "crs_unreadable"
    assert desk.take("roads", desk.geojson("b.geojson", (line, {}), crs="urn:ogc:def:crs:OGC:1.3:CRS84")).stored == 1
