"""Files of the governance office: areas of both trees, grids with their people and households."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo_app.demo.county.file_forms import degrees, geojson, shapefile, workbook
from geo_app.demo.county.land import chance
from geo_app.demo.county.model import CODE, Model
from geo_app.demo.county.names import people

UNCALLED = 37  # of so many leaders one has no telephone yet


def areas(county: Model, path: Path) -> None:
    """Towns and communities with what they lie under."""
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
    shapefile(frame, path)


def stations(county: Model, path: Path) -> None:
    """The areas of the police stations."""
    frame = degrees(county.stations)
    made = gpd.GeoDataFrame(
        {
            "行政区划代码": [f"{CODE}{code}000" for code in frame["code"]],
            "名称": frame["name"],
            "体系": "公安",
            "级别": "派出所",
        },
        geometry=frame.geometry,
        crs=4490,
    )
    geojson(made, path)


def grids(county: Model, path: Path) -> None:
    """Grids with the names of leader and workers, and their households."""
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
    shapefile(made, path)


def grid_people(county: Model, path: Path) -> None:
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
    workbook(pd.DataFrame(rows, columns=["网格编码", "职务", "姓名", "联系电话"]), path, "网格人员")


def population(county: Model, path: Path) -> None:
    """Households and people of each grid on a day."""
    households = county.grids["households"]
    table = pd.DataFrame(
        {
            "网格编码": _codes(county)[2],
            "户数": households,
            "人口": (households * 2.6).round().astype(int),
            "统计日期": "2026-10-31",
        }
    )
    workbook(table, path, "人口")


def _codes(county: Model) -> tuple[list[str], list[str], list[str]]:
    """Codes of towns (9 digits), communities (12) and grids (15)."""
    return tuple([CODE + code for code in frame["code"]] for frame in (county.towns, county.communities, county.grids))  # type: ignore[return-value]


def _nobodys(number: int) -> str:
    """A telephone number that nobody can have: none of the area begins with 0."""
    return f"05550{number:06d}"
