"""The county as files, in the forms that real counties send: shapefiles in GBK, workbooks, a call system's CSV, OSM."""

from __future__ import annotations

import errno
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely
import xlsxwriter
from osmium.osm.mutable import Node, Way
from pyogrio.errors import DataSourceError
from pyproj import Transformer
from xlsxwriter.exceptions import FileCreateError

from geo_app.demo.county.land import chance
from geo_app.demo.county.model import CODE, Model
from geo_app.demo.county.names import people, rivers
from geo_app.demo.county.things import nodes_of
from layers.coordinates import wgs84_to_gcj02

DIGITS = 7
RIVER_CORNERS_M = 2.0
UNCALLED = 37  # of so many leaders one has no telephone yet
LEAST_FREE = 2**20  # bytes: a disk with less is full


def write_files(
    county: Model, folder: Path, say: Callable[[str], None] = lambda what: None
) -> dict[str, tuple[str, Path]]:
    """Writes every file of the county into a folder, and what is true of it into the folder ``truth`` beside them. Returns
    for each, in the order in which they are to be imported, its name, kind and path. ``say`` is told what is written next.
    Raises OSError when the folder cannot be written, or its disk is full."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    try:
        for name, (kind, write) in WRITERS.items():
            say(name)
            path = folder / name
            write(county, path)
            found[name] = (kind, path)
        say("truth")
        write_truth(county, folder / "truth")
    except (DataSourceError, FileCreateError, RuntimeError) as error:  # what GDAL, xlsxwriter and osmium raise
        full = shutil.disk_usage(folder).free < LEAST_FREE
        raise OSError(errno.ENOSPC if full else errno.EIO, "No space left on device" if full else str(error)) from error
    return found


def degrees(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same in EPSG:4490 on the lattice of 1e-7 degrees, on which what was the same point stays the same."""
    moved = frame.to_crs(4490)
    return moved.set_geometry(shapely.transform(moved.geometry.to_numpy(), lambda xy: np.round(xy, DIGITS)), crs=4490)


def _shapefile(frame: gpd.GeoDataFrame, path: Path) -> None:
    """A zipped shapefile with Chinese headings in GBK and its .cpg, as an older GIS writes it."""
    with TemporaryDirectory() as folder:
        inner = Path(folder) / f"{path.stem}.shp"
        frame.to_file(inner, driver="ESRI Shapefile", encoding="GBK", engine="pyogrio")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.writestr(zipfile.ZipInfo(part.name, (2026, 11, 1, 8, 0, 0)), part.read_bytes())


def _workbook(table: pd.DataFrame, path: Path, sheet: str) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "nan_inf_to_errors": True})
    book.set_properties({"created": pd.Timestamp(2026, 11, 1).to_pydatetime()})
    page = book.add_worksheet(sheet)
    page.write_row(0, 0, list(table.columns))
    for number, row in enumerate(table.astype(object).where(table.notna(), None).itertuples(index=False), 1):
        for column, cell in enumerate(row):
            if cell is not None:
                page.write(number, column, cell)
    book.close()


def _codes(county: Model) -> tuple[list[str], list[str], list[str]]:
    """Codes of towns (9 digits), communities (12) and grids (15)."""
    return tuple([CODE + code for code in frame["code"]] for frame in (county.towns, county.communities, county.grids))  # type: ignore[return-value]


def _areas(county: Model, path: Path) -> None:
    towns, communities, _ = _codes(county)
    parents = [CODE] * len(towns) + [towns[town] for town in county.communities["town"]]
    shapes = pd.concat([degrees(county.towns).geometry, degrees(county.communities).geometry])
    frame = gpd.GeoDataFrame(
        {
            "区划代码": towns + communities,
            "名称": [*county.towns["name"], *county.communities["name"]],
            "级别": ["乡镇"] * len(towns) + ["社区"] * len(communities),
            "上级代码": parents,
        },
        geometry=shapes.to_numpy(),
        crs=4490,
    )
    _shapefile(frame, path)


def _stations(county: Model, path: Path) -> None:
    frame = degrees(county.stations)
    made = gpd.GeoDataFrame(
        {
            "代码": [f"{CODE}{code}000" for code in frame["code"]],
            "名称": frame["name"],
            "体系": "公安",
            "级别": "派出所",
        },
        geometry=frame.geometry,
        crs=4490,
    )
    made = made.rename(columns={"代码": "行政区划代码"})
    path.write_text(made.to_crs(4326).to_json(ensure_ascii=False), encoding="utf-8")


def _grids(county: Model, path: Path) -> None:
    frame = degrees(county.grids)
    made = gpd.GeoDataFrame(
        {
            "网格编码": _codes(county)[2],
            "网格名称": frame["name"],
            "网格长": frame["leader"],
            "网格员": frame["workers"],
            "户数": frame["households"],
        },
        geometry=frame.geometry,
        crs=4490,
    )
    _shapefile(made, path)


def _grid_people(county: Model, path: Path) -> None:
    """Leaders and workers with their telephones, and an officer for each community; some leaders have no number yet."""
    grids, codes = county.grids, _codes(county)[2]
    officers = people(chance(county.seed, "community officers"), len(county.communities))
    rows = []
    for number, (code, leader, worker, community) in enumerate(
        zip(codes, grids["leader"], grids["workers"], grids["community"], strict=True)
    ):
        rows += [
            (code, "网格长", leader, None if number % UNCALLED == 4 else _nobodys(3 * number)),
            (code, "专职网格员", worker, _nobodys(3 * number + 1)),
            (code, "社区民警", officers[community], _nobodys(900_000 + int(community))),
        ]
    _workbook(pd.DataFrame(rows, columns=["网格编码", "职务", "姓名", "联系电话"]), path, "网格人员")


def _nobodys(number: int) -> str:
    """A telephone number that nobody can have: none of the area begins with 0."""
    return f"05550{number:06d}"


def _streets(county: Model, path: Path) -> None:
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
            writer.add_node(Node(id=number, version=1, location=(round(lon, 7), round(lat, 7))))
        for number, (refs, name, road_class, bridge) in enumerate(
            zip(ways, frame["name"], frame["road_class"], frame["bridge"], strict=True), 1
        ):
            tags = {"highway": road_class, "name": name} | ({"bridge": "yes", "layer": "1"} if bridge else {})
            writer.add_way(Way(id=number, version=1, nodes=[ref + 1 for ref in refs], tags=tags))


def _waters(county: Model, path: Path) -> None:
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
    path.write_text(made.to_crs(4326).to_json(ensure_ascii=False), encoding="utf-8")


def _houses(county: Model, path: Path) -> None:
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


def _lonlat(frame: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    points = degrees(frame.set_geometry(shapely.centroid(frame.geometry.to_numpy()), crs=frame.crs)).geometry
    return points.x.to_numpy(), points.y.to_numpy()


def _addresses(county: Model, path: Path) -> None:
    lon, lat = _lonlat(county.houses)
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


def _places(county: Model, path: Path) -> None:
    lon, lat = _lonlat(county.places)
    frame = county.places
    table = pd.DataFrame(
        {
            "编号": [f"P{number:05d}" for number in range(1, len(frame) + 1)],
            "名称": frame["name"], "类别": frame["kind"], "重点场所": np.where(frame["is_key"], "是", "否"),
            "封闭情况": frame["access"], "学期": frame["terms"], "经度": lon, "纬度": lat,
        }
    )  # fmt: skip
    _workbook(table, path, "场所")


def _posts(county: Model, path: Path) -> None:
    lon, lat = _lonlat(county.posts)
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
    _workbook(table, path, "点位")


def _cameras(county: Model, path: Path) -> None:
    lon, lat = _lonlat(county.cameras)
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
    _workbook(table, path, "视频点位")


def _calls(county: Model, path: Path) -> None:
    calls = county.calls
    lon, lat = _lonlat(calls)
    arrived = calls["arrived"].to_numpy()
    shifted = np.column_stack(wgs84_to_gcj02(lon, lat))
    lonlat = np.where((arrived == "GCJ-02")[:, None], shifted, np.column_stack([lon, lat])).round(6)
    lonlat[arrived == "zero"] = 0
    lonlat[arrived == "none"] = np.nan
    same = calls["first"] == calls["last"]
    at = calls["last"].dt.strftime("%Y-%m-%d %H:%M:%S")
    span = calls["first"].dt.strftime("%Y-%m-%d %H:%M:%S") + "至" + at
    table = pd.DataFrame(
        {
            "事件单编号": call_numbers(county),
            "报警时间": calls["reported"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "发生时间": at.where(same, span),
            "报警人": calls["caller"],
            "联系电话": [f"1{390 + number % 10}{number * 7919 % 10**8:08d}" for number in range(len(calls))],
            "警情类别": calls["category"],
            "有效警情": np.where(calls["valid"], "是", "否"), "可防性案件": np.where(calls["preventable"], "是", "否"),
            "非警务": np.where(calls["non_police"], "是", "否"),
            "事发地址": calls["typed"], "事件详情": "演示数据：" + calls["category"], "经度": lonlat[:, 0], "纬度": lonlat[:, 1],
        }
    )  # fmt: skip
    table.to_csv(path, index=False, encoding="gb18030")


def call_numbers(county: Model) -> list[str]:
    """The numbers of the calls, in their order."""
    days = county.calls["reported"].dt.strftime("%Y%m%d")
    nth = days.groupby(days).cumcount() + 1
    return [f"JJ{CODE}{day}{number:04d}" for day, number in zip(days, nth, strict=True)]


def _categories(county: Model, path: Path) -> None:
    kinds = list(dict.fromkeys(county.calls["kind"]))
    order = ["刑事", "治安", "交通", "纠纷", "群众求助", "其他"]
    rows = [(f"{order.index(kind) + 1:02d}", "", kind) for kind in order if kind in kinds]
    for kind, names in county.calls.groupby("kind")["category"].unique().reindex([row[2] for row in rows]).items():
        rows += [
            (f"{order.index(str(kind)) + 1:02d}{nth:02d}", f"{order.index(str(kind)) + 1:02d}", name)
            for nth, name in enumerate(sorted(names), 1)
        ]
    pd.DataFrame(rows, columns=["类别代码", "上级代码", "类别名称"]).to_csv(path, index=False, encoding="gb18030")


def _routes(county: Model, path: Path) -> None:
    frame = county.routes.to_crs(4326)
    made = gpd.GeoDataFrame(
        {
            "编号": [f"R{number:03d}" for number in range(1, len(frame) + 1)],
            "路线名称": frame["name"], "巡逻方式": frame["mode"].map({"vehicle": "车巡", "foot": "步巡"}), "出发时间": frame["departures"],
        },
        geometry=frame.geometry,
        crs=4326,
    )  # fmt: skip
    path.write_text(made.to_json(ensure_ascii=False), encoding="utf-8")


def _tracks(county: Model, path: Path) -> None:
    tracks = county.tracks
    lon, lat = Transformer.from_crs(county.land.srid, 4326, always_xy=True).transform(tracks["x"], tracks["y"])
    table = pd.DataFrame(
        {
            "设备编号": tracks["device"], "定位时间": tracks["at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "经度": np.round(lon, 6), "纬度": np.round(lat, 6), "速度(km/h)": (tracks["speed"] * 3.6).round(1),
        }
    )  # fmt: skip
    table.to_csv(path, index=False, encoding="utf-8")


def _duty(county: Model, path: Path) -> None:
    duty = county.duty
    table = pd.DataFrame(
        {
            "班组": duty["team"], "姓名": duty["person"], "警号": duty["number"], "人员类别": duty["rank"], "派出所": duty["station"],
            "上岗时间": duty["begin"].dt.strftime("%Y-%m-%d %H:%M"), "下岗时间": duty["end"].dt.strftime("%Y-%m-%d %H:%M"),
        }
    )  # fmt: skip
    _workbook(table, path, "值班")


def _population(county: Model, path: Path) -> None:
    households = county.grids["households"]
    table = pd.DataFrame(
        {
            "网格编码": _codes(county)[2],
            "户数": households,
            "人口": (households * 2.6).round().astype(int),
            "统计日期": "2026-10-31",
        }
    )
    _workbook(table, path, "人口")


def write_truth(county: Model, folder: Path) -> None:
    """What is true of the county and stands in none of its files: places and sources of calls, paths of patrols."""
    folder.mkdir(exist_ok=True)
    lon, lat = _lonlat(county.calls)
    numbers = np.array([*call_numbers(county), ""])
    calls = pd.DataFrame(
        {
            "number": numbers[:-1], "longitude": lon, "latitude": lat, "arrived": county.calls["arrived"],
            "source": county.calls["source"], "hot_spot": county.calls["spot"], "repeats": numbers[county.calls["origin"]],
            "address": county.calls["address"], "typed": county.calls["typed_how"],
        }
    )  # fmt: skip
    calls.to_csv(folder / "calls.csv", index=False)
    to_degrees = Transformer.from_crs(county.land.srid, 4326, always_xy=True)
    lon, lat = to_degrees.transform(county.tracks["true_x"], county.tracks["true_y"])
    tracks = county.tracks[["device", "at", "route", "planned"]].assign(longitude=lon, latitude=lat)
    tracks.to_csv(folder / "tracks.csv", index=False)
    said = {"seed": county.seed, "scale": county.scale, "srid": county.land.srid, "simulated": True}
    (folder / "county.json").write_text(json.dumps(said, indent=2), encoding="utf-8")


Writer = Callable[[Model, Path], None]
WRITERS: Mapping[str, tuple[str, Writer]] = {
    "行政区划.zip": ("areas", _areas),
    "派出所辖区.geojson": ("areas", _stations),
    "网格.zip": ("grids", _grids),
    "网格人员.xlsx": ("grid_people", _grid_people),
    "道路.osm.pbf": ("roads", _streets),
    "水系.geojson": ("waters", _waters),
    "建筑.gpkg": ("buildings", _houses),
    "标准地址.csv": ("addresses", _addresses),
    "场所.xlsx": ("places", _places),
    "点位.xlsx": ("posts", _posts),
    "视频点位.xlsx": ("cameras", _cameras),
    "警情类别.csv": ("categories", _categories),
    "110警情.csv": ("incidents", _calls),
    "巡逻路线.geojson": ("routes", _routes),
    "轨迹.csv": ("tracks", _tracks),
    "值班.xlsx": ("duty", _duty),
    "人口.xlsx": ("population", _population),
}
