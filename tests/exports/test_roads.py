"""A network that was exported is the same network when it comes back: nothing is cut or joined a second time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from geo_app.exports.files import FORMATS
from tests.exports.conftest import export
from tests.imports.conftest import Desk

STREETS = (
    "SELECT source_key, name, road_class, one_way, layer, round(ST_X(ST_StartPoint(geom))::numeric, 7),"
    " round(ST_Y(ST_EndPoint(geom))::numeric, 7), ST_NPoints(geom) FROM street WHERE upper_inf(recorded) ORDER BY 1"
)
# A flyover that no tag calls one crosses a street without a node, and an end misses another street by a hand.
OSM = """<osm version="0.6">
<node id="1" lat="31.70" lon="118.30"/><node id="2" lat="31.70" lon="118.31"/>
<node id="3" lat="31.69" lon="118.305"/><node id="4" lat="31.71" lon="118.305"/>
<node id="5" lat="31.7000012345678" lon="118.308"/><node id="6" lat="31.72" lon="118.308"/>
<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="=和州路"/></way>
<way id="11"><nd ref="4"/><nd ref="3"/><tag k="highway" v="trunk"/><tag k="oneway" v="-1"/></way>
<way id="12"><nd ref="5"/><nd ref="6"/><tag k="highway" v="service"/><tag k="bridge" v="yes"/></way>
<way id="13"><nd ref="6"/><nd ref="5"/><tag k="highway" v="service"/><tag k="layer" v="-2"/></way></osm>"""


@pytest.mark.parametrize("crs", ["EPSG:4326", "metric", "GCJ-02"])
@pytest.mark.parametrize("form", FORMATS)
def test_a_network_comes_back_street_by_street(desk: Desk, other: Desk, form: str, crs: str) -> None:
    desk.take("roads", desk.text("a.osm", OSM), source="a")
    before = desk.rows(STREETS)
    out = export(desk, "roads", desk.folder / f"out.{form}", form=form, crs=crs)
    again = desk.take("roads", out, source="a")
    assert (again.read, again.unchanged, again.stored, again.ended) == (4, 4, 0, 0)
    there = other.take("roads", out, source="a")
    assert (there.read, there.stored, there.quarantined) == (4, 4, 0)
    assert other.rows(STREETS) == before


def test_a_street_that_somebody_drew_into_the_file_is_joined_to_the_others(desk: Desk, other: Desk) -> None:
    desk.take("roads", desk.text("a.osm", OSM), source="a")
    out = export(desk, "roads", desk.folder / "out.csv")
    lines = out.read_text("utf-8-sig").splitlines()
    empty = dict.fromkeys(lines[0].split(","), "") | {
        "key": "new",
        "WKT": '"LINESTRING (118.302 31.69, 118.302 31.71)"',
    }
    more = desk.text("more.csv", "\n".join([*lines, ",".join(empty.values())]) + "\n")
    other.take("roads", more, source="a")
    keys = [row[0] for row in other.rows(STREETS)]
    assert "new/1" in keys and "new/2" in keys


def test_the_streets_of_a_town_come_back_as_they_were(
    desk_of: Callable[..., Desk], shared_data: Callable[..., Path]
) -> None:
    desk, other = desk_of("360681", 4548), desk_of("360682", 4548)
    desk.take("roads", shared_data("guixi/guixi.osm"), source="osm")
    before = desk.rows(STREETS)
    out = export(desk, "roads", desk.folder / "out.geojson", form="geojson")
    assert desk.take("roads", out, source="osm").unchanged == 471
    assert other.take("roads", out, source="osm").stored == 471
    assert other.rows(STREETS) == before
