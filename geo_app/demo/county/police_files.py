"""Files of the police: what its call system, its patrol cars and its duty rosters tell."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Transformer

from geo_app.demo.county.file_forms import geojson, lonlat, workbook
from geo_app.demo.county.model import CODE, Model
from layers.coordinates import wgs84_to_gcj02


def categories(county: Model, path: Path) -> None:
    """The table of categories, in two levels."""
    kinds = list(dict.fromkeys(county.calls["kind"]))
    order = ["刑事", "治安", "交通", "纠纷", "群众求助", "其他"]
    rows = [(f"{order.index(kind) + 1:02d}", "", kind) for kind in order if kind in kinds]
    for kind, names in county.calls.groupby("kind")["category"].unique().reindex([row[2] for row in rows]).items():
        rows += [
            (f"{order.index(str(kind)) + 1:02d}{nth:02d}", f"{order.index(str(kind)) + 1:02d}", name)
            for nth, name in enumerate(sorted(names), 1)
        ]
    pd.DataFrame(rows, columns=["类别代码", "上级代码", "类别名称"]).to_csv(path, index=False, encoding="gb18030")


def calls(county: Model, path: Path) -> None:
    """Calls as a call system gives them out: some in GCJ-02, some at zero, some without a position."""
    calls = county.calls
    lon, lat = lonlat(calls)
    arrived = calls["arrived"].to_numpy()
    shifted = np.column_stack(wgs84_to_gcj02(lon, lat))
    sent = np.where((arrived == "GCJ-02")[:, None], shifted, np.column_stack([lon, lat])).round(6)
    sent[arrived == "zero"] = 0
    sent[arrived == "none"] = np.nan
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
            "事发地址": calls["typed"], "事件详情": "演示数据：" + calls["category"], "经度": sent[:, 0], "纬度": sent[:, 1],
        }
    )  # fmt: skip
    table.to_csv(path, index=False, encoding="gb18030")


def call_numbers(county: Model) -> list[str]:
    """The numbers of the calls, in their order."""
    days = county.calls["reported"].dt.strftime("%Y%m%d")
    nth = days.groupby(days).cumcount() + 1
    return [f"JJ{CODE}{day}{number:04d}" for day, number in zip(days, nth, strict=True)]


def routes(county: Model, path: Path) -> None:
    """Patrol routes with the hours at which they set out."""
    frame = county.routes.to_crs(4326)
    made = gpd.GeoDataFrame(
        {
            "编号": [f"R{number:03d}" for number in range(1, len(frame) + 1)],
            "路线名称": frame["name"], "巡逻方式": frame["mode"].map({"vehicle": "车巡", "foot": "步巡"}), "出发时间": frame["departures"],
        },
        geometry=frame.geometry,
        crs=4326,
    )  # fmt: skip
    geojson(made, path)


def tracks(county: Model, path: Path) -> None:
    """GPS fixes of the patrols, as inexact as the devices are."""
    tracks = county.tracks
    lon, lat = Transformer.from_crs(county.land.srid, 4326, always_xy=True).transform(tracks["x"], tracks["y"])
    table = pd.DataFrame(
        {
            "设备编号": tracks["device"], "定位时间": tracks["at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "经度": np.round(lon, 6), "纬度": np.round(lat, 6), "速度(km/h)": (tracks["speed"] * 3.6).round(1),
        }
    )  # fmt: skip
    table.to_csv(path, index=False, encoding="utf-8")


def duty(county: Model, path: Path) -> None:
    """Who is on duty when, in which team."""
    duty = county.duty
    table = pd.DataFrame(
        {
            "班组": duty["team"], "姓名": duty["person"], "警号": duty["number"], "人员类别": duty["rank"], "派出所": duty["station"],
            "上岗时间": duty["begin"].dt.strftime("%Y-%m-%d %H:%M"), "下岗时间": duty["end"].dt.strftime("%Y-%m-%d %H:%M"),
        }
    )  # fmt: skip
    workbook(table, path, "值班")
