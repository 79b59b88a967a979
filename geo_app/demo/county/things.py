"""What stands in the county: places that people name, police stations with their jurisdictions, posts, cameras."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from geo_app.demo.county.houses import Block
from geo_app.demo.county.land import Land, chance
from geo_app.demo.county.streets import ends_of

CAMERAS = 2_500  # at scale 1
# What a town has at least, and what the seat has; kind, words of its name, how many.
IN_TOWN = (
    ("school", "中心小学", 1, 3), ("school", "初级中学", 1, 2), ("hospital", "卫生院", 1, 1), ("bank", "农村商业银行", 1, 4),
    ("bank", "邮政储蓄银行", 1, 3), ("market", "农贸市场", 1, 3), ("station", "汽车站", 1, 1), ("government", "人民政府", 1, 1),
    ("supermarket", "购物中心", 1, 4),
)  # fmt: skip
IN_SEAT = (("hospital", "人民医院", 1), ("school", "第一中学", 1), ("bank", "工商银行", 2), ("hotel", "迎宾馆", 2))
TERMS = "2025-02-10/2025-07-04 2025-09-01/2026-01-23 2026-03-02/2026-07-03 2026-09-01/2027-01-22"


def make_places(seed: int, towns: gpd.GeoDataFrame, blocks: list[Block]) -> gpd.GeoDataFrame:
    """Places: name, kind, is_key, terms (of schools), access (open or closed, of estates), town (row), points in metres."""
    generator = chance(seed, "places")
    rows: list[tuple[str, str, bool, str, str, int, shapely.Point]] = []
    for town, name in enumerate(towns["name"]):
        mine = [block for block in blocks if block.town == town]
        sites = [block.outline.representative_point() for block in mine if block.use == "public"]
        sites += [block.outline.representative_point() for block in mine if block.use == "quarter"]
        for kind, words, least, seat in IN_TOWN:
            count = seat if town == 0 else least
            for nth in range(min(count, len(sites))):
                number = "" if count == 1 else f"第{'一二三四'[nth]}"
                short = f"{name.removesuffix('镇')}{number}{words}" if kind != "government" else f"{name}{words}"
                is_key = kind in ("school", "hospital", "bank", "station", "market")
                rows.append((short, kind, is_key, TERMS if kind == "school" else "", "", town, sites.pop(0)))
        if town == 0:
            for kind, words, count in IN_SEAT:
                for nth in range(min(count, len(sites))):
                    number = "" if count == 1 else f"{'一二三四'[nth]}分店"
                    rows.append(
                        (
                            f"示范县{words}{number}",
                            kind,
                            True,
                            TERMS if kind == "school" else "",
                            "",
                            town,
                            sites.pop(0),
                        )
                    )
        for block in mine:
            if block.use == "estate":
                access = "封闭" if generator.random() < 0.7 else "开放"
                rows.append((block.name, "residential", False, "", access, town, block.outline.representative_point()))
    columns = ["name", "kind", "is_key", "terms", "access", "town", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=towns.crs)


def make_stations(towns: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Police stations: code (three digits), name, town, geometry: the jurisdiction, one town each; the seat has two."""
    rows: list[tuple[str, str, int, shapely.Geometry]] = []
    for town, name in enumerate(towns["name"]):
        mine = communities[communities["town"] == town]
        halves = [np.ones(len(mine), dtype=bool)]
        if town == 0 and len(mine) > 1:
            west = (mine["x"] < towns["x"].iloc[0]).to_numpy()
            halves = [west, ~west] if west.any() and not west.all() else halves
        for half, side in zip(halves, ("城西", "城东") if len(halves) > 1 else ("",), strict=True):
            outline = shapely.union_all(mine.geometry.to_numpy()[half])
            rows.append((f"{len(rows) + 1:03d}", f"{side or name.removesuffix('镇')}派出所", town, outline))
    return gpd.GeoDataFrame(rows, columns=["code", "name", "town", "geometry"], geometry="geometry", crs=towns.crs)


def make_posts(
    seed: int, land: Land, stations: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, blocks: list[Block]
) -> gpd.GeoDataFrame:
    """Posts: name, kind, minutes (of response posts), hours, points in metres: stations, response posts in the seat, control
    points where roads leave the county."""
    rows: list[tuple[str, str, int | None, str, shapely.Point]] = []
    nodes, degree, _ = nodes_of(streets)
    crossings = nodes[degree >= 3]
    for name, outline in zip(stations["name"], stations.geometry, strict=True):
        inside = [block.outline.representative_point() for block in blocks if outline.contains(block.outline.centroid)]
        middle = land.towns[
            np.argmin([np.hypot(*(town - np.array(outline.centroid.coords[0]))) for town in land.towns])
        ]
        place = min(
            inside,
            key=lambda point: np.hypot(point.x - middle[0], point.y - middle[1]),
            default=outline.representative_point(),
        )
        rows.append((name, "派出所", None, "", place))
    generator = chance(seed, "posts")
    seat = crossings[np.hypot(*(crossings - land.towns[0]).T) < land.radius[0] * 0.8]
    for nth, at in enumerate(generator.permutation(len(seat))[:4], 1):
        rows.append((f"城区{nth}号警务站", "警务站", 3, "08:00-24:00", shapely.Point(seat[at])))
    out = np.flatnonzero(streets["name"].str.contains("出境路"))
    for name in sorted(set(streets["name"].iloc[out])):
        mine = streets[streets["name"] == name]
        ends = shapely.get_coordinates(mine.geometry.to_numpy())
        place = shapely.Point(ends[np.argmin(shapely.distance(shapely.points(ends), land.outline.boundary))])
        rows.append((f"{name.partition('（')[0].removesuffix('出境路')}检查站", "检查站", None, "07:00-23:00", place))
    columns = ["name", "kind", "minutes", "hours", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=streets.crs)


def nodes_of(streets: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nodes (n, 2) of the network, how many streets end at each, and the start and end node of each street (m, 2)."""
    start, end, count = ends_of(streets)
    shapes = streets.geometry.to_numpy()
    nodes = np.empty((count, 2))
    nodes[start] = shapely.get_coordinates(shapely.get_point(shapes, 0))
    nodes[end] = shapely.get_coordinates(shapely.get_point(shapes, -1))
    return nodes, np.bincount(np.concatenate([start, end]), minlength=count), np.column_stack([start, end])


def make_cameras(
    seed: int, scale: float, land: Land, streets: gpd.GeoDataFrame, places: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Cameras: name, kind (dome, bullet, checkpoint), owner_class, bearing (degrees from grid north, NaN of domes), range_m,
    height_m, status, points in metres. Each stands at a crossing or beside a street, most of them in towns."""
    generator = chance(seed, "cameras")
    nodes, degree, ends = nodes_of(streets)
    rank = streets["road_class"].map(
        {"primary": 4, "secondary": 4, "tertiary": 3, "residential": 1, "unclassified": 0.25}
    )
    best = np.zeros(len(nodes))
    np.maximum.at(best, ends.ravel(), np.repeat(rank.fillna(0.05).to_numpy(), 2))
    town = np.exp(
        -np.min(
            [np.hypot(*(nodes - middle).T) / radius for middle, radius in zip(land.towns, land.radius, strict=True)],
            axis=0,
        )
    )
    near = KDTree(np.column_stack([places.geometry.x, places.geometry.y])).query(nodes)[0] if len(places) else np.inf
    weight = best * (town**3 + 0.004) * (1 + 2 * (near < 120)) * (degree >= 3) + 1e-9
    count = max(1, round(CAMERAS * scale))
    share = np.minimum(weight / weight.sum() * count, 4)
    chosen = generator.choice(len(nodes), count, p=share / share.sum())
    touching = pd.Series(np.tile(np.arange(len(streets)), 2)).groupby(ends.T.ravel()).agg(list)
    shapes = streets.geometry.to_numpy()
    street = np.array([touching[node][generator.integers(len(touching[node]))] for node in chosen])
    from_start = ends[street, 0] == chosen
    back = generator.uniform(4, 12, count)
    along = np.where(from_start, back, shapely.length(shapes[street]) - back)
    along = np.clip(along, 0, shapely.length(shapes[street]))
    at = shapely.get_coordinates(shapely.line_interpolate_point(shapes[street], along))
    further = np.clip(along + np.where(from_start, 5, -5), 0, shapely.length(shapes[street]))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(shapes[street], further)) - at
    road = streets["road_class"].to_numpy()[street]
    kind = np.where(
        np.isin(road, ["primary"]) & (generator.random(count) < 0.35),
        "卡口",
        np.where(generator.random(count) < 0.4, "球机", "枪机"),
    )
    bearing = np.degrees(np.arctan2(ahead[:, 0], ahead[:, 1])) % 360
    name = streets["name"].to_numpy()[street]
    nth = pd.Series(name).groupby(name).cumcount().to_numpy() + 1
    return gpd.GeoDataFrame(
        {
            "name": [f"{one}{number:02d}" for one, number in zip(name, nth.tolist(), strict=True)],
            "kind": kind,
            "owner_class": generator.choice([1, 2, 3], count, p=[0.6, 0.25, 0.15]),
            "bearing": np.where(kind == "球机", np.nan, bearing.round(1)),
            "range_m": np.select([kind == "卡口", kind == "球机"], [40, 90], 60) + generator.integers(-5, 6, count),
            "height_m": np.where(kind == "卡口", 6.0, generator.choice([3.5, 4.5, 6.0], count)),
            "status": np.where(generator.random(count) < 0.96, "ON", "OFF"),
        },
        geometry=shapely.points(at.round(2)),
        crs=streets.crs,
    )
