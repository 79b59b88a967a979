"""KML, KMZ and GPX, and what XML may not hold."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from geo_app.imports.problems import FileRejected
from geo_app.imports.readers.gdal import only
from geo_app.imports.reading import read_file
from geo_app.imports.rows import Rows, joined

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def rows_of(folder: Path, name: str, content: str | bytes, kind: str = "places") -> Rows:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return joined(list(read_file(folder / name, kind)))


def records(rows: Rows) -> list[dict[str, str]]:
    """What each row says, without what is missing."""
    columns = {name: rows.table[name].astype(object) for name in rows.table}
    return [
        {name: column[row] for name, column in columns.items() if isinstance(column[row], str)}
        for row in range(len(rows))
    ]


def kml(*placemarks: str) -> str:
    return f'{HEAD}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{"".join(placemarks)}</Document></kml>'


def gpx(*parts: str) -> str:
    return f'{HEAD}<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{"".join(parts)}</gpx>'


def test_real_districts_have_their_names_and_the_shapes_that_gdal_reads(shared_data: Callable[[str], Path]) -> None:
    path = shared_data("chicago/police_districts.kml")
    rows = joined(list(read_file(path, "areas")))
    assert len(rows) == 25
    assert rows.table.iloc[0].to_dict() == {
        "folder": "chicago_police_districts", "name": "17", "description": "District 17",
    }  # fmt: skip
    with only("KML"):
        oracle = pyogrio.read_dataframe(path)
    assert rows.table["name"].tolist() == oracle["Name"].tolist()
    assert rows.geometry is not None
    ours, theirs = (
        shapely.normalize(shapely.force_2d(shapes)) for shapes in (rows.geometry, oracle.geometry.to_numpy())
    )
    same = [mine.equals(other) for mine, other in zip(ours, theirs, strict=True)]
    assert all(same)


def test_placemarks_say_everything_wherever_they_lie(tmp_path: Path) -> None:
    document = kml(
        "<name>不是地名</name><Style id='s'><IconStyle><scale>1</scale></IconStyle></Style>",
        "<Schema name='s'><SimpleField name='kind' type='string'/></Schema>",
        "<Folder><name>学校</name><Folder><name> 小学 </name><Placemark><name>第一小学</name>"
        "<description><![CDATA[<b>1 & 2</b>]]></description><ExtendedData><SchemaData schemaUrl='#s'>"
        "<SimpleData name='kind'>school</SimpleData></SchemaData></ExtendedData>"
        "<Point><coordinates>\n 118.35,31.74,7 </coordinates></Point></Placemark></Folder></Folder>",
        "<Placemark><TimeStamp><when>2026-01-02T08:30:00Z</when></TimeStamp><ExtendedData>"
        "<Data name='编号'><displayName>x</displayName><value>00012</value></Data></ExtendedData></Placemark>",
    )
    rows = rows_of(tmp_path, "a.kml", document)
    assert rows.table.columns.tolist() == ["folder", "name", "description", "kind", "when", "编号"]
    first, second = records(rows)
    assert (first["folder"], first["name"], first["description"], first["kind"]) == (
        "学校/小学", "第一小学", "<b>1 & 2</b>", "school",
    )  # fmt: skip
    assert second == {"when": "2026-01-02T08:30:00Z", "编号": "00012"}
    assert rows.geometry is not None and shapely.to_wkt(rows.geometry[0]) == "POINT (118.35 31.74)"
    assert rows.geometry[1] is None


@pytest.mark.parametrize(
    ("content", "wkt"),
    [
        ("<LineString><coordinates>0,0 1,1,5\n2,0</coordinates></LineString>", "LINESTRING (0 0, 1 1, 2 0)"),
        (
            "<Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 9,0 9,9 0,0</coordinates></LinearRing>"
            "</outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>4,1 5,1 5,2 4,1</coordinates></LinearRing>"
            "</innerBoundaryIs></Polygon>",
            "POLYGON ((0 0, 9 0, 9 9, 0 0), (4 1, 5 1, 5 2, 4 1))",
        ),
        (
            "<MultiGeometry><MultiGeometry><Point><coordinates>1,2</coordinates></Point></MultiGeometry>"
            "<Point><coordinates>3,4</coordinates></Point></MultiGeometry>",
            "MULTIPOINT ((1 2), (3 4))",
        ),
        ("<MultiGeometry><Point><coordinates>1,2</coordinates></Point></MultiGeometry>", "POINT (1 2)"),
        (
            "<MultiGeometry><Point><coordinates>1,2</coordinates></Point><LineString><coordinates>0,0 1,1</coordinates>"
            "</LineString></MultiGeometry>",
            "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))",
        ),
        (
            "<gx:Track xmlns:gx='http://www.google.com/kml/ext/2.2'><when>2026-01-02T00:00:00Z</when>"
            "<gx:coord>0 0 3</gx:coord><gx:coord>1 1 3</gx:coord></gx:Track>",
            "LINESTRING (0 0, 1 1)",
        ),
    ],
)  # fmt: skip
def test_every_shape_of_kml_is_read(tmp_path: Path, content: str, wkt: str) -> None:
    rows = rows_of(tmp_path, "a.kml", kml(f"<Placemark>{content}</Placemark>"))
    assert rows.geometry is not None
    assert shapely.to_wkt(rows.geometry[0], trim=True) == wkt


@pytest.mark.parametrize(
    "coordinates", ["", "118.35", "a,b", "nan,1", "1e400,2", "118.35;31.74", "118.35, 31.74", "１,", "1,2,3 4"]
)
def test_a_placemark_with_a_malformed_place_is_spoiled_and_the_others_live(tmp_path: Path, coordinates: str) -> None:
    bad = f"<Placemark><name>坏</name><LineString><coordinates>{coordinates}</coordinates></LineString></Placemark>"
    good = "<Placemark><name>好</name><Point><coordinates>1,2</coordinates></Point></Placemark>"
    rows = rows_of(tmp_path, "a.kml", kml(good, bad, good))
    assert rows.numbers.tolist() == [1, 3]
    assert [(one.number, one.code, one.content["name"]) for one in rows.spoiled] == [(2, "geometry", "坏")]


def test_kml_in_gbk_is_read_as_it_says(tmp_path: Path) -> None:
    content = kml("<Placemark><name>和州路</name></Placemark>").replace("UTF-8", "GBK").encode("gbk")
    assert rows_of(tmp_path, "a.kml", content).table["name"].tolist() == ["和州路"]


@pytest.mark.long
def test_a_long_document_needs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    mark = "<Placemark><name>x</name><Style><a/></Style><Point><coordinates>1,2</coordinates></Point></Placemark>"
    path.write_text(kml(*[mark + "<Region><b/></Region>"] * 60_000), encoding="utf-8")
    tracemalloc.start()
    count = sum(len(rows) for rows in read_file(path, "places"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 60_000
    assert peak < 40 * 2**20


def test_of_several_documents_in_a_kmz_doc_kml_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.kmz"

    def write(*names: str) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, kml(f"<Placemark><name>{name}</name></Placemark>"))
            archive.writestr("files/a.png", b"x")

    write("other.kml", "doc.kml")
    assert joined(list(read_file(path, "places"))).table["name"].tolist() == ["doc.kml"]
    write("files/one.kml")
    assert joined(list(read_file(path, "places"))).table["name"].tolist() == ["files/one.kml"]
    write("one.kml", "two.kml")
    with pytest.raises(FileRejected) as caught:
        list(read_file(path, "places"))
    assert caught.value.problems[0].code == "layers"


TRACKS = gpx(
    "<metadata><name>巡逻</name><time>2026-01-02T00:00:00Z</time></metadata>",
    "<wpt lat='31.74' lon='118.35'><ele>7.5</ele><time>2026-01-02T00:30:00Z</time><name>岗亭</name><desc>值守</desc>"
    "<link href='http://example.org'><text>x</text><type>text/html</type></link><sym>Flag</sym><type>post</type></wpt>",
    "<rte><name>一号线</name><rtept lat='31.74' lon='118.35'><name>起点</name></rtept>"
    "<rtept lat='31.75' lon='118.36'/></rte>",
    "<trk><name>皖E1234警</name><trkseg><trkpt lat='31.74' lon='118.35'><time>2026-01-02T00:30:00Z</time>"
    "<extensions><t:TrackPointExtension xmlns:t='urn:t'><t:speed>5.5</t:speed><t:course>90</t:course>"
    "</t:TrackPointExtension></extensions></trkpt><trkpt lat='31.75' lon='118.36'/></trkseg>"
    "<trkseg><trkpt lat='31.76' lon='118.37'/><trkpt lat='31.77' lon='118.38'/></trkseg></trk>",
    "<trk><trkseg><trkpt lat='31.78' lon='118.39'/><trkpt lat='91' lon='118.39'/></trkseg></trk>",
)


def test_gpx_gives_fixes_of_its_tracks_for_tracks(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "car.gpx", TRACKS, "tracks")
    assert rows.table.columns.tolist() == ["device", "time", "elevation", "speed_mps", "course"]
    assert rows.table["device"].tolist() == ["皖E1234警"] * 4 + ["car"]
    assert records(rows)[0] == {
        "device": "皖E1234警", "time": "2026-01-02T00:30:00Z", "speed_mps": "5.5", "course": "90",
    }  # fmt: skip
    assert rows.geometry is not None
    assert shapely.get_coordinates(rows.geometry).tolist() == [
        [118.35, 31.74], [118.36, 31.75], [118.37, 31.76], [118.38, 31.77], [118.39, 31.78],
    ]  # fmt: skip
    assert [(one.number, one.content["geometry"]) for one in rows.spoiled] == [(6, "118.39 91")]


def test_gpx_gives_lines_for_routes(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "a.gpx", TRACKS, "routes")
    assert rows.table["name"].tolist() == ["一号线", "皖E1234警"]
    assert rows.geometry is not None
    assert [shapely.to_wkt(shape, trim=True) for shape in rows.geometry] == [
        "LINESTRING (118.35 31.74, 118.36 31.75)",
        "MULTILINESTRING ((118.35 31.74, 118.36 31.75), (118.37 31.76, 118.38 31.77))",
    ]
    assert [one.number for one in rows.spoiled] == [3]


def test_gpx_gives_waypoints_for_places_and_nothing_for_areas(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "a.gpx", TRACKS)
    assert records(rows) == [
        {"name": "岗亭", "description": "值守", "type": "post", "symbol": "Flag", "time": "2026-01-02T00:30:00Z",
         "elevation": "7.5"}
    ]  # fmt: skip
    with pytest.raises(FileRejected):
        rows_of(tmp_path, "a.gpx", TRACKS, "areas")


def test_the_fixes_of_a_track_are_those_that_gdal_reads(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    places = random.uniform((118, 31), (119, 32), (500, 2)).round(6)
    points = "".join(f"<trkpt lat='{y}' lon='{x}'><time>2026-01-02T00:00:00Z</time></trkpt>" for x, y in places)
    rows = rows_of(tmp_path, "a.gpx", gpx(f"<trk><name>t</name><trkseg>{points}</trkseg></trk>"), "tracks")
    with only("GPX"):
        oracle = pyogrio.read_dataframe(tmp_path / "a.gpx", layer="track_points")
    assert rows.geometry is not None
    assert (shapely.get_coordinates(rows.geometry) == shapely.get_coordinates(oracle.geometry)).all()


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
DECLARED = f'<!DOCTYPE {{root}} [<!ENTITY e0 "x"><!ENTITY f SYSTEM "file:///etc/passwd">{BOMB}]>'
DOCUMENTS = {
    "kml": kml("<Placemark><name>&e11;&f;</name><Point><coordinates>1,2</coordinates></Point></Placemark>"),
    "gpx": gpx("<wpt lat='31.74' lon='118.35'><name>&e11;&f;</name></wpt>"),
    "osm": f"{HEAD}<osm version='0.6'><node id='1' lat='31.7' lon='118.3'><tag k='amenity' v='school'/>"
    "<tag k='name' v='&e11;&f;'/></node></osm>",
}  # fmt: skip


@pytest.mark.parametrize("ending", DOCUMENTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gbk"])
@pytest.mark.parametrize("before", ["", "<!-- " + "x" * 200_000 + " -->"], ids=["at once", "behind a comment"])
def test_D06_entities_are_refused_in_every_format_of_xml(
    tmp_path: Path, ending: str, encoding: str, before: str
) -> None:
    declared = DOCUMENTS[ending].replace("?>", f"?>{before}{DECLARED.format(root=ending)}", 1)
    content = declared.replace("UTF-8", encoding.upper()).encode(encoding)
    with pytest.raises(FileRejected) as caught:
        rows_of(tmp_path, f"a.{ending}", content)
    assert caught.value.problems[0].code == "trap"


@pytest.mark.parametrize("ending", ["gml", "svg", "xml", "vrt"])
def test_D06_other_formats_of_xml_are_not_read_at_all(tmp_path: Path, ending: str) -> None:
    with pytest.raises(FileRejected) as caught:
        rows_of(tmp_path, f"a.{ending}", DOCUMENTS["kml"])
    assert caught.value.problems[0].code == "unknown_format"


@pytest.mark.parametrize("ending", DOCUMENTS)
@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty"), ("   ", "empty"), ("no xml", "wrong_format"), ("<html/>", "wrong_format"),
        (f"{HEAD}<{{root}}", "wrong_format"), ("<?xml version='1.0' encoding='klingon'?><{root}/>", "wrong_format"),
        ("<?xml version='1.0' encoding='big5-hkscs'?><{root}/>", "wrong_format"),
    ],
)  # fmt: skip
def test_what_is_no_such_xml_is_refused(tmp_path: Path, ending: str, content: str, code: str) -> None:
    with pytest.raises(FileRejected) as caught:
        rows_of(tmp_path, f"a.{ending}", content.replace("{root}", ending))
    assert caught.value.problems[0].code == code


@pytest.mark.parametrize("ending", DOCUMENTS)
@pytest.mark.parametrize("end", ["<a>", "</b>", "&e;", "\x00"])
def test_a_document_that_ends_early_is_damaged(tmp_path: Path, ending: str, end: str) -> None:
    document = DOCUMENTS[ending].replace("&e11;&f;", "x")
    with pytest.raises(FileRejected) as caught:
        rows_of(tmp_path, f"a.{ending}", document[: document.rindex("</")] + end)
    assert caught.value.problems[0].code == "unreadable"


def test_elements_in_elements_without_end_are_refused(tmp_path: Path) -> None:
    for ending in ("kml", "gpx"):
        deep = DOCUMENTS[ending].replace("&e11;&f;", "<a>" * 100_000 + "</a>" * 100_000)
        with pytest.raises(FileRejected) as caught:
            rows_of(tmp_path, f"a.{ending}", deep)
        assert caught.value.problems[0].code == "trap"
