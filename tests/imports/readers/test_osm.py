"""What the readers take from OpenStreetMap files: streets, places, cameras, boundaries, addresses, buildings."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from geo_app.imports.problems import FileRejected
from geo_app.imports.readers.osm_tags import building, whole_address
from geo_app.imports.reading import read_file
from geo_app.imports.rows import Rows, joined
from geo_app.imports.values import text

SQUARE = "".join(
    f"<node id='{number}' lat='{lat}' lon='{lon}'/>"
    for number, (lon, lat) in enumerate([(118.350, 31.740), (118.351, 31.740), (118.351, 31.741), (118.350, 31.741)], 1)
)
OUTLINE = "".join(f"<nd ref='{number}'/>" for number in (1, 2, 3, 4, 1))


def tags(**said: str) -> str:
    return "".join(f"<tag k='{key.replace('__', ':')}' v=\"{value}\"/>" for key, value in said.items())


def rows_of(folder: Path, body: str, kind: str) -> Rows:
    path = folder / "a.osm"
    path.write_text(f"<?xml version='1.0'?><osm version='0.6'>{body}</osm>", encoding="utf-8")
    return joined(list(read_file(path, kind)))


def said(rows: Rows) -> list[dict[str, str]]:
    columns = {name: text(rows.table[name]).tolist() for name in rows.table}
    return [{name: cells[row] for name, cells in columns.items() if cells[row]} for row in range(len(rows))]


def test_a_building_says_its_height_its_storeys_and_its_address(tmp_path: Path) -> None:
    way = "<way id='7'>{}{}</way>"
    body = SQUARE + way.format(
        OUTLINE,
        tags(building="apartments", name="1幢", building__levels="6", height="18.5 m", addr__street="和州路",
             addr__housenumber="12号"),
    ) + "<way id='8'>" + OUTLINE + tags(building="no") + "</way>"  # fmt: skip
    rows = rows_of(tmp_path, body, "buildings")
    assert said(rows) == [
        {"kind": "apartments", "name": "1幢", "levels": "6", "height_m": "18.5", "address": "和州路12号", "road": "和州路",
         "number": "12号", "@id": "way/7"}
    ]  # fmt: skip
    assert rows.geometry is not None and rows.geometry[0].geom_type == "MultiPolygon"
    assert shapely.get_num_coordinates(rows.geometry[0]) == 5


def test_waters_are_lines_that_flow_and_outlines_of_what_water_covers(tmp_path: Path) -> None:
    line, dam = "<way id='7'><nd ref='1'/><nd ref='2'/>{}</way>", "<way id='8'><nd ref='1'/><nd ref='3'/>{}</way>"
    piped = "<way id='9'><nd ref='2'/><nd ref='3'/>{}</way>"
    body = (
        SQUARE
        + line.format(tags(waterway="river", name="青河"))
        + dam.format(tags(waterway="dam"))
        + piped.format(tags(waterway="stream", tunnel="culvert"))
        + f"<way id='10'>{OUTLINE}{tags(natural='water', water='pond')}</way>"
        + f"<way id='11'>{OUTLINE}{tags(landuse='reservoir')}</way>"
        + f"<way id='12'>{OUTLINE}{tags(landuse='farmland')}</way>"
    )
    rows = rows_of(tmp_path, body, "waters")
    assert said(rows) == [
        {"kind": "river", "name": "青河", "@id": "way/7"},
        {"kind": "pond", "@id": "way/10"},
        {"kind": "reservoir", "@id": "way/11"},
    ]
    assert rows.geometry is not None
    assert [shape.geom_type for shape in rows.geometry] == ["LineString", "MultiPolygon", "MultiPolygon"]


@pytest.mark.parametrize(
    ("height", "metres"),
    [
        ("12", "12"), ("12 m", "12"), ("12m", "12"), ("3,5", "3.5"), ("20 米", "20"), ("40'", "12.19"), ("40 ft", "12.19"),
        ("5'6\"", "1.68"), ("high", ""), ("-3", ""), ("", ""), ("12;15", ""),
    ],
)  # fmt: skip
def test_heights_become_metres_or_nothing(height: str, metres: str) -> None:
    found = building({"building": "yes", "height": height})
    assert found is not None and found["height_m"] == metres


def test_addresses_are_those_of_nodes_and_of_outlines(tmp_path: Path) -> None:
    number = {"addr__housenumber": "12号", "addr__street": "和州路", "addr__city": "马鞍山市"}
    body = f"<node id='9' lat='31.7' lon='118.3'>{tags(**number, name='店')}</node>{SQUARE}<way id='7'>{OUTLINE}{tags(**number)}</way>"
    rows = rows_of(tmp_path, body, "addresses")
    assert [row["@id"] for row in said(rows)] == ["node/9", "way/7"]
    assert said(rows)[0] == {
        "road": "和州路", "number": "12号", "addr:city": "马鞍山市", "name": "店", "@id": "node/9",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        ({"addr:street": "和州路", "addr:housenumber": "12号"}, "和州路12号"),
        ({"addr:street": "Main Street", "addr:housenumber": "12"}, "Main Street 12"),
        ({"addr:full": "历阳镇和州路12号", "addr:street": "x"}, "历阳镇和州路12号"),
        ({"addr:place": "张村", "addr:housenumber": "3"}, "张村3"),
        ({}, ""),
    ],
)
def test_an_address_is_written_as_its_language_writes_it(given: dict[str, str], whole: str) -> None:
    assert whole_address(given) == whole


def test_streets_are_cut_where_they_meet_and_where_the_file_ends(tmp_path: Path) -> None:
    ways = (
        "<way id='1'><nd ref='1'/><nd ref='2'/><nd ref='3'/><tag k='highway' v='primary'/></way>"
        "<way id='2'><nd ref='2'/><nd ref='4'/><nd ref='99'/><tag k='highway' v='service'/></way>"
        "<way id='3'><nd ref='1'/><nd ref='4'/><tag k='highway' v='proposed'/></way>"
    )
    rows = rows_of(tmp_path, SQUARE + ways, "roads")
    assert [row["@id"] for row in said(rows)] == ["way/1/1-2", "way/1/2-3", "way/2/2-4"]
    assert [str(warning) for warning in rows.warnings] == [
        "1 ways leave the file's edge; their parts inside were taken."
    ]


def test_a_node_that_lies_nowhere_damages_nothing_else_than_its_file(tmp_path: Path) -> None:
    school = tags(amenity="school")
    for position in ("lat='999' lon='118'", "lat='x' lon='y'"):
        with pytest.raises(FileRejected) as caught:
            rows_of(tmp_path, f"<node id='1' {position}>{school}</node>", "places")
        assert caught.value.problems[0].code in ("unreadable", "empty")
    found = rows_of(tmp_path, f"<node id='1'>{school}</node><node id='2' lat='31' lon='118'>{school}</node>", "places")
    assert (found.table["@id"].tolist(), [row.number for row in found.spoiled]) == (["node/2"], [1])


def test_an_outline_that_crosses_itself_waits_and_the_others_come_in(tmp_path: Path) -> None:
    corners = {1: (0, 0), 2: (1, 1), 3: (0, 1), 4: (1, 0)}
    nodes = "".join(f"<node id='{n}' lat='{31 + y}' lon='{118 + x}'/>" for n, (x, y) in corners.items())
    school = tags(amenity="school", name="East")
    ways = "".join(
        f"<way id='{way}'>{''.join(f'<nd ref={chr(39)}{n}{chr(39)}/>' for n in refs)}{school}</way>"
        for way, refs in ((7, (1, 2, 3, 4, 1)), (8, (1, 3, 2, 4, 1)))
    )
    found = rows_of(tmp_path, nodes + ways, "places")
    assert found.table["@id"].tolist() == ["way/8"]
    assert [(row.number, row.content["name"], row.content["geometry"]) for row in found.spoiled] == [(7, "East", "")]


def test_kinds_that_no_map_holds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRejected) as caught:
        rows_of(tmp_path, SQUARE, "incidents")
    assert caught.value.problems[0].code == "wrong_format"
    with pytest.raises(FileRejected) as caught:
        rows_of(tmp_path, SQUARE, "roads")
    assert caught.value.problems[0].code == "empty"


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("guixi/guixi.osm", "buildings", 165), ("guixi/guixi.osm", "areas", 1), ("guixi/guixi.osm", "waters", 14), ("monaco/monaco.osm.pbf", "buildings", 1207),
        ("monaco/monaco.osm.pbf", "addresses", 257), ("monaco/monaco.osm.pbf", "cameras", 10),
    ],
)  # fmt: skip
def test_real_files_hold_what_their_description_says(
    shared_data: Callable[[str], Path], name: str, kind: str, count: int
) -> None:
    rows = joined(list(read_file(shared_data(name), kind)))
    assert len(rows) == count and rows.spoiled == ()


def test_a_packed_map_is_read(tmp_path: Path, shared_data: Callable[[str], Path]) -> None:
    (tmp_path / "a.osm.gz").write_bytes(gzip.compress(shared_data("guixi/guixi.osm").read_bytes()))
    assert sum(len(rows) for rows in read_file(tmp_path / "a.osm.gz", "buildings")) == 165
