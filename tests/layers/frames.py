"""Frames such as the shell gives to the layers, small and made here."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pyproj import CRS

from layers.incidents.bandwidth import proposed_bandwidth
from layers.incidents.density import density_surface

WEST, SOUTH, STEP = 118.35, 31.74, 0.001


def _lines(n: int) -> np.ndarray:
    start = np.column_stack([WEST + STEP * np.arange(n), np.full(n, SOUTH)])
    return shapely.linestrings(np.stack([start, start + np.array([STEP, STEP / 2])], axis=1))


def _points(n: int) -> np.ndarray:
    return shapely.points(WEST + STEP * np.arange(n), np.full(n, SOUTH))


def streets(n: int = 4, text: str = "人民路") -> GeoDataFrame:
    columns = {
        "id": np.arange(1, n + 1),
        "name": [text] * n,
        "road_class": [text if i % 2 else "residential" for i in range(n)],
        "length_m": np.linspace(10.0, 100.0, n),
    }
    return GeoDataFrame(columns, geometry=_lines(n), crs=4326)


def waters(n: int = 4, text: str = "青汀河") -> GeoDataFrame:
    """Middle lines and outlines in turn."""
    columns = {
        "id": np.arange(1, n + 1),
        "name": [text] * n,
        "kind": [text if i % 2 else "river" for i in range(n)],
        "simulated": [i % 2 == 0 for i in range(n)],
    }
    shapes = [line if i % 2 else line.envelope for i, line in enumerate(_lines(n))]
    return GeoDataFrame(columns, geometry=shapes, crs=4326)


def patrol_coverage(n: int = 5, text: str = "人民路") -> GeoDataFrame:
    frame = streets(n, text)
    frame["share_seen"] = np.linspace(0, 1, n)
    frame["seen"] = frame["share_seen"] >= 0.9
    return frame


def patrol_gaps(n: int = 6, text: str = "人民路") -> GeoDataFrame:
    frame = patrol_coverage(n, text)
    frame["requirement"] = [("A", "B", "C", "none")[i % 4] for i in range(n)]
    frame["every_hours"] = [(2.0, 8.0, 24.0, np.nan)[i % 4] for i in range(n)]
    frame["hours_without"] = [(np.inf, 9.5, 25.0, 48.0)[i % 4] for i in range(n)]
    frame["incidents_near"] = np.arange(n)[::-1]
    frame["is_gap"] = [i % 4 < 2 for i in range(n)]
    frame["rank"] = frame["is_gap"].cumsum()
    return frame


def grids(n: int = 3, text: str = "第一网格") -> GeoDataFrame:
    west = WEST + STEP * np.arange(n)
    boxes = shapely.multipolygons(shapely.box(west, SOUTH, west + STEP, SOUTH + STEP)[:, None]) if n else []
    columns = {
        "id": [f"grid-{i}" for i in range(n)],
        "code": [f"340523001001{i:03d}" for i in range(n)],
        "name": [text] * n,
        "kind": ["basic"] * n,
        "leader": [text if i else None for i in range(n)],
        "simulated": [i % 2 == 0 for i in range(n)],
    }
    return GeoDataFrame(columns, geometry=boxes, crs=4326)


def incidents(n: int = 4, text: str = "人民路 12 号") -> GeoDataFrame:
    day = pd.Timestamp("2026-03-01 08:30", tz="Asia/Shanghai")
    columns = {
        "id": np.arange(n),
        "number": [text] * n,
        "category": [text] * n,
        "occurred_from": pd.Series([day if i % 2 else pd.NaT for i in range(n)], dtype="datetime64[ns, Asia/Shanghai]"),
        "occurred_to": pd.Series([pd.NaT] * n, dtype="datetime64[ns, Asia/Shanghai]"),
        "address": [text if i else None for i in range(n)],
        "match_level": [("number", "given", "place", text)[i % 4] for i in range(n)],
        "match_score": [(0.95, np.nan, 0.6, np.nan)[i % 4] for i in range(n)],
        "match_how": [("exact", None, "place+relation", text)[i % 4] for i in range(n)],
        "radius_m": [(20.0, 0.0, 150.0, np.nan)[i % 4] for i in range(n)],
        "simulated": [i == 0 for i in range(n)],
    }
    return GeoDataFrame(columns, geometry=_points(n), crs=4326)


def patrol_routes(n: int = 2, text: str = "一号路线") -> GeoDataFrame:
    columns = {
        "id": np.arange(n),
        "name": [text] * n,
        "mode": [("vehicle", "foot")[i % 2] for i in range(n)],
        "team": [text] * n,
        "length_m": [1234.5] * n,
        "departures": ["08:30 14:00"] * n,
        "simulated": [True] * n,
    }
    return GeoDataFrame(columns, geometry=_lines(n), crs=4326)


def cameras(n: int = 3, text: str = "校门口") -> GeoDataFrame:
    columns = {
        "id": np.arange(n),
        "code": ["34052300001310000001"] * n,
        "name": [text] * n,
        "kind": ["dome"] * n,
        "bearing": [None if i == 0 else 45.0 * i for i in range(n)],
        "field_of_view": [90.0] * n,
        "range_m": [None if i == 0 else 60.0 for i in range(n)],
        "estimated": [i == 1 for i in range(n)],
        "simulated": [True] * n,
    }
    return GeoDataFrame(columns, geometry=_points(n), crs=4326)


def hot_spots(n: int = 4, text: str = "第一网格") -> GeoDataFrame:
    frame = grids(n, text)[["id", "name", "geometry"]]
    return frame.assign(
        kind="grid",
        incidents=np.arange(n) + 3,
        around=np.arange(n) + 9,
        z=np.linspace(3, 6, n),
        p=[(0.0001, 0.005, 0.02, 0.05)[i % 4] for i in range(n)],
        first=None,
        last=None,
        simulated=[i == 0 for i in range(n)],
    )


def repeat_places(n: int = 4, text: str = "人民路 12 号") -> GeoDataFrame:
    columns = {
        "id": [str(i) for i in range(n)],
        "name": [text if i else "" for i in range(n)],
        "category": [text] * n,
        "calls": [(12, 5, 4, 3)[i % 4] for i in range(n)],
        "total": [12 + i for i in range(n)],
        "first": ["2026-03-01T08:30"] * n,
        "last": ["2026-03-09T21:00"] * n,
        "radius_m": [15.0] * n,
        "simulated": [i == 0 for i in range(n)],
    }
    frame = GeoDataFrame(columns, geometry=_points(n), crs=4326)
    frame.attrs["facts"] = {"days": 30, "least": 3}
    return frame


def hot_streets(n: int = 5, text: str = "人民路") -> GeoDataFrame:
    level = [("half", "tenth", "quarter", "", "half")[i % 5] for i in range(n)]
    return streets(n, text).assign(incidents=np.arange(n), level=level)


def density(n: int = 1, text: str = "") -> GeoDataFrame:
    """One surface over the same place, whatever n is, unless it is 0."""
    points = GeoSeries(_points(5), crs=4326).to_crs(4548)
    xy = np.column_stack([points.x, points.y])
    west, south, east, north = points.total_bounds.tolist()
    box = (west - 150, south - 150, east + 150, north + 150)
    surface = density_surface(np.repeat(xy, range(1, 6), axis=0), None, 150, 15, box, crs=CRS(4548))
    row = {"surface": surface, "proposal": proposed_bandwidth(xy), "n": 15, "unplaced": 0, "simulated": 0}
    columns = {name: [value] * min(n, 1) for name, value in row.items()}
    return GeoDataFrame(columns, geometry=[shapely.box(*shapely.total_bounds(_points(5)))] * min(n, 1), crs=4326)


FRAMES: dict[str, Callable[..., GeoDataFrame]] = {
    "streets": streets,
    "waters": waters,
    "grids": grids,
    "incidents": incidents,
    "patrol_routes": patrol_routes,
    "cameras": cameras,
    "patrol_coverage": patrol_coverage,
    "patrol_gaps": patrol_gaps,
    "unseen_streets": patrol_coverage,
    "density": density,
    "hot_spots": hot_spots,
    "hot_streets": hot_streets,
    "repeat_places": repeat_places,
}
