"""Teams, their shifts and routes, and where they really went: mostly as planned, with hours and places left out."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo_app.demo.county import names
from geo_app.demo.county.calls import LAST
from geo_app.demo.county.land import chance
from geo_app.demo.county.things import nodes_of

TEAMS = 3  # of a station: one officer and two auxiliaries each
DAYS = 21  # of tracks, up to the last day of the calls
EVERY_S = 30
SPEED_MPS = {"vehicle": 6.0, "foot": 1.2}
DEPARTURES = {"vehicle": ("08:30", "14:30", "20:00"), "foot": ("09:30", "16:00", "19:30")}
ROUND_M = {"vehicle": 14_000.0, "foot": 3_600.0}
KEPT = 0.86  # of the planned rounds take place
AS_PLANNED = 0.8  # of these the whole round
NOISE_M = 6.0
TRACKS = {
    "device": object, "at": "datetime64[ns]", "route": int, "planned": object, "speed": float, "x": float, "y": float,
    "true_x": float, "true_y": float,
}  # fmt: skip
LOST = 0.005  # of the fixes begin a gap of minutes


def make_routes(
    seed: int, stations: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, calls: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Routes: name, mode, departures, station (row), team, lines in metres along streets; two or three a station."""
    nodes, _, ends = nodes_of(streets)
    length = streets.length.to_numpy()
    graph = coo_array(
        (np.tile(length, 2), (ends.T.ravel(), ends[:, ::-1].T.ravel())), shape=(len(nodes), len(nodes))
    ).tocsr()
    street_of = {(a, b): row for row, (a, b) in enumerate(ends.tolist())} | {
        (b, a): row for row, (a, b) in enumerate(ends.tolist())
    }
    middles = shapely.line_interpolate_point(streets.geometry.to_numpy(), 0.5, normalized=True)
    busy = np.bincount(calls["street"].to_numpy(), minlength=len(streets))
    rows = []
    for number, (name, outline) in enumerate(zip(stations["name"], stations.geometry, strict=True)):
        generator = chance(seed, f"routes of station {number}")
        inside = np.flatnonzero(shapely.contains(outline, middles))
        for nth, mode in enumerate(("foot", "vehicle", "foot")[: 3 if number < 2 else 2], 1):
            line = _round(generator, mode, inside, busy, nodes, ends, graph, street_of, streets.geometry.to_numpy())
            if line is not None:
                words = "车巡" if mode == "vehicle" else "步巡"
                rows.append(
                    (
                        f"{name}{words}{nth}线",
                        mode,
                        " ".join(DEPARTURES[mode]),
                        number,
                        f"{name}{'一二三'[nth - 1]}队",
                        line,
                    )
                )
    columns = ["name", "mode", "departures", "station", "team", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=streets.crs)


def _round(
    generator: np.random.Generator, mode: str, inside: np.ndarray, busy: np.ndarray, nodes: np.ndarray, ends: np.ndarray,
    graph: coo_array, street_of: dict[tuple[int, int], int], shapes: np.ndarray,
) -> shapely.LineString | None:  # fmt: skip
    """A way through busy places and back, until it is long enough; None where there is no street."""
    if not len(inside):
        return None
    share = busy[inside] + 0.05
    start = int(ends[generator.choice(inside, p=share / share.sum()), 0])
    reach = ROUND_M[mode] / 4
    near = inside[np.hypot(*(nodes[ends[inside, 0]] - nodes[start]).T) < reach]
    if not len(near):
        return None
    share = busy[near] + 0.05
    stops = ends[generator.choice(near, min(7, len(near)), replace=False, p=share / share.sum()), 0]
    middle = nodes[stops].mean(axis=0)
    stops = stops[np.argsort(np.arctan2(*(nodes[stops] - middle).T))].tolist()
    way: list[int] = [stops[0]]
    for stop in [*stops[1:], stops[0]]:
        far, before = dijkstra(graph, indices=way[-1], return_predecessors=True, limit=4 * reach)
        if not np.isfinite(far[stop]) or stop == way[-1]:
            continue
        back = [stop]
        while back[-1] != way[-1]:
            back.append(int(before[back[-1]]))
        way += back[-2::-1]
    points: list[np.ndarray] = []
    for a, b in pairwise(way):
        row = street_of[(a, b)]
        line = shapely.get_coordinates(shapes[row])
        points.append(line if ends[row, 0] == a else line[::-1])
    if not points:
        return None
    return shapely.LineString(np.vstack([points[0], *(line[1:] for line in points[1:])]))


def make_duty(seed: int, stations: gpd.GeoDataFrame) -> pd.DataFrame:
    """Who is on duty: team, person, number, rank, station, begin and end (local times); the last three weeks and one more."""
    generator = chance(seed, "duty")
    rows: list[tuple[str, str, str, str, str, pd.Timestamp, pd.Timestamp]] = []
    for station in stations["name"]:
        people = names.people(generator, 3 * TEAMS)
        for day in range(-DAYS + 1, 8):
            for team in range(TEAMS):
                begin = pd.Timestamp(LAST) + timedelta(days=day, hours=8 + 8 * ((team + day) % TEAMS))
                for member in range(3):
                    rank = "民警" if member == 0 else "辅警"
                    number = f"{340599}{len(rows) % 900 + 100}" if member == 0 else ""
                    rows.append(
                        (
                            f"{station}{'一二三'[team]}队",
                            people[3 * team + member],
                            number,
                            rank,
                            station,
                            begin,
                            begin + timedelta(hours=8),
                        )
                    )
    return pd.DataFrame(rows, columns=["team", "person", "number", "rank", "station", "begin", "end"])


def make_tracks(seed: int, routes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Where patrols were: device, at (local time), route (row), planned, x, y (with noise), true_x, true_y, in metres."""
    parts = []
    for number, (line, mode, departures) in enumerate(
        zip(routes.geometry, routes["mode"], routes["departures"], strict=True)
    ):
        generator = chance(seed, f"tracks of route {number}")
        for day in range(DAYS):
            for clock in departures.split():
                if generator.random() > KEPT:
                    continue
                hour, minute = map(int, clock.split(":"))
                late = float(generator.gamma(1.2, 6))
                begin = pd.Timestamp(LAST) - timedelta(days=day) + timedelta(hours=hour, minutes=minute + round(late))
                whole = generator.random() < AS_PLANNED
                speed = SPEED_MPS[mode] * generator.uniform(0.8, 1.15)
                far = line.length * (1.0 if whole else generator.uniform(0.3, 0.8))
                steps = np.arange(0, far, speed * EVERY_S)
                steps = steps[~_gaps(generator, len(steps))]
                true = shapely.get_coordinates(shapely.line_interpolate_point(line, steps))
                seen = true + generator.normal(0, NOISE_M, true.shape)
                parts.append(
                    pd.DataFrame(
                        {
                            "device": f"PDA{number + 1:04d}", "at": begin + pd.to_timedelta(np.round(steps / speed), unit="s"),
                            "route": number, "planned": clock, "speed": speed, "x": seen[:, 0], "y": seen[:, 1],
                            "true_x": true[:, 0], "true_y": true[:, 1],
                        }
                    )
                )  # fmt: skip
    if not parts:  # a county so small that no round took place
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in TRACKS.items()})
    found = pd.concat(parts, ignore_index=True)
    return found.drop_duplicates(["device", "at"]).sort_values(["device", "at"], ignore_index=True)


def _gaps(generator: np.random.Generator, count: int) -> np.ndarray:
    """A mask of the fixes that never arrived: single ones, and some minutes in a row."""
    lost = generator.random(count) < 0.02
    for start in np.flatnonzero(generator.random(count) < LOST):
        lost[start : start + int(generator.integers(4, 24))] = True
    return lost
