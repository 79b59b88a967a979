"""Files of the ground: roads, waters, buildings, addresses, places, posts, cameras."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely
from osmium.osm.mutable import Node, Way
from pyproj import Transformer

from geo_app.demo.county.file_forms import DIGITS, degrees, geojson, lonlat, workbook
from geo_app.demo.county.land import chance
from geo_app.demo.county.model import CODE, Model
from geo_app.demo.county.names import rivers
from geo_app.demo.county.things import nodes_of

RIVER_CORNERS_M = 2.0


def streets(county: Model, path: Path) -> None:
    """Streets and bridges as OpenStreetMap has them: ways that share their nodes."""
    frame = county.streets.to_crs(4326)
    nodes, _, ends = nodes_of(county.streets)
    to_degrees = Transformer.from_crs(county.land.srid, 4326, always_xy=True)
    places = list(zip(*to_degrees.transform(nodes[:, 0], nodes[:, 1]), strict=True))
    ways = []
    for line, (start, end) in zip(frame.geometry.to_numpy(), ends.tolist(), strict=True):
        inner = shapely.get_coordinates(line)[1:-1].tolist()
        refs = [start, *range(len(places), len(places) + len(inner)), end]
        places += inner
        ways.append(refs)
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for number, (lon, lat) in enumerate(places, 1):
            writer.add_node(Node(id=number, version=1, location=(round(lon, DIGITS), round(lat, DIGITS))))
        for number, (refs, name, road_class, bridge) in enumerate(
            zip(ways, frame["name"], frame["road_class"], frame["bridge"], strict=True), 1
        ):
            tags = {"highway": road_class, "name": name} | ({"bridge": "yes", "layer": "1"} if bridge else {})
            writer.add_way(Way(id=number, version=1, nodes=[ref + 1 for ref in refs], tags=tags))


def waters(county: Model, path: Path) -> None:
    """Each river twice, as surveys have it: its middle line, and what it covers. Some never meet the county."""
    land = county.land
    meets = ~shapely.is_empty(land.rivers)
    lines, widths = land.rivers[meets], land.river_widths_m[meets]
    called = rivers(chance(county.seed, "names of rivers"), len(lines))
    banks = shapely.intersection(shapely.buffer(lines, widths / 2), land.outline)
    shapes = shapely.simplify(np.concatenate([lines, banks]), RIVER_CORNERS_M)
    frame = degrees(gpd.GeoDataFrame(geometry=shapes, crs=land.srid))
    made = gpd.GeoDataFrame(
        {
            "水系编码": [f"{CODE}S{number:03d}" for number in range(1, len(shapes) + 1)],
            "水系名称": [*called, *called],
            "类型": "河流",
        },
        geometry=frame.geometry,
        crs=4490,
    )
    geojson(made, path)


def houses(county: Model, path: Path) -> None:
    """Outlines of buildings with their floors and addresses."""
    frame = degrees(county.houses)
    kinds = {"house": "住宅", "apartments": "住宅", "public": "公共建筑"}
    made = gpd.GeoDataFrame(
        {
            "楼栋编码": [f"{CODE}L{number:07d}" for number in range(1, len(frame) + 1)],
            "建筑类型": frame["kind"].map(kinds),
            "层数": frame["floors"],
            "地址": county.addresses["text"],
        },
        geometry=frame.geometry,
        crs=4490,
    )
    path.unlink(missing_ok=True)
    made.to_file(path, driver="GPKG", layer="建筑", engine="pyogrio")


def addresses(county: Model, path: Path) -> None:
    """Standard addresses, whole and in their parts."""
    lon, lat = lonlat(county.houses)
    found = county.addresses
    table = pd.DataFrame(
        {
            "标准地址编码": [f"{CODE}D{number:07d}" for number in range(1, len(found) + 1)],
            "标准地址": "安徽省示范县" + found["text"],
            "乡镇": found["town"], "社区": found["community"], "村民小组": found["group"], "道路": found["road"],
            "门牌号": found["number"], "小区": found["estate"], "楼栋": found["building"], "经度": lon, "纬度": lat,
        }
    )  # fmt: skip
    table.to_csv(path, index=False, encoding="utf-8")


def places(county: Model, path: Path) -> None:
    """Schools, shops and other places, key ones marked."""
    lon, lat = lonlat(county.places)
    frame = county.places
    table = pd.DataFrame(
        {
            "编号": [f"P{number:05d}" for number in range(1, len(frame) + 1)],
            "名称": frame["name"], "类别": frame["kind"], "重点场所": np.where(frame["is_key"], "是", "否"),
            "封闭情况": frame["access"], "学期": frame["terms"], "经度": lon, "纬度": lat,
        }
    )  # fmt: skip
    workbook(table, path, "场所")


def posts(county: Model, path: Path) -> None:
    """Where forces stand ready, when, and within how many minutes they come."""
    lon, lat = lonlat(county.posts)
    frame = county.posts
    table = pd.DataFrame(
        {
            "点位名称": frame["name"],
            "点位类型": frame["kind"],
            "响应时间(分钟)": frame["minutes"],
            "值守时间": frame["hours"],
            "经度": lon,
            "纬度": lat,
        }
    )
    workbook(table, path, "点位")


def cameras(county: Model, path: Path) -> None:
    """Camera sites; where a camera looks is marked as estimated."""
    lon, lat = lonlat(county.cameras)
    frame = county.cameras
    table = pd.DataFrame(
        {
            # Centre code of the county, public security, network camera, serial.
            "设备编码": [f"{CODE}0000131{number:07d}" for number in range(1, len(frame) + 1)],
            "点位名称": frame["name"], "摄像机类型": frame["kind"], "建设类别": frame["owner_class"], "在线状态": frame["status"],
            "方位角": frame["bearing"], "可视距离": frame["range_m"], "架设高度": frame["height_m"], "是否推算": "是",
            "经度": lon, "纬度": lat,
        }
    )  # fmt: skip
    workbook(table, path, "视频点位")
