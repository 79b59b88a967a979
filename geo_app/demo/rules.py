"""The rules by which the demonstration's routes, cameras and grids are made up, from streets and where incidents were.

No chance in them: the same streets and incidents give the same routes, cameras and grids.
"""

from __future__ import annotations

import numpy as np
import shapely
from geopandas import GeoDataFrame
from scipy.spatial import KDTree

from layers.roads.network import Network

CRS = 26949
# name, mode, half the width of the round in metres, departures
ROUNDS = (
    ("步巡一线（演示）", "foot", 220.0, "08:30 11:00 14:30 17:30 20:30"),
    ("步巡二线（演示）", "foot", 220.0, "09:00 15:00 21:00"),
    ("车巡环线（演示）", "vehicle", 520.0, "07:00 09:00 11:00 13:00 15:00 17:00 19:00 21:00 23:00"),
)
ROUNDS_APART_M = 500.0
CAMERAS = 10
CAMERAS_APART_M = 150.0
NEAR_M = 120.0
GRIDS = 12
# In the order of the codes; a grid without a leader is an open item, and the demonstration shows two; a leader without
# a telephone is another one.
UNCALLED = 6
LEADERS = (
    "陈立群", "周晓岚", "吴振华", None, "郑雅文", "冯志远", "孙玉梅", "何景行", None, "许国强", "沈佳宁", "韩春生",
)  # fmt: skip


def make_routes(network: Network, incidents: np.ndarray) -> GeoDataFrame:
    """Three rounds along the streets, each about a busy crossing; the drive goes about the middle of all incidents.

    ``incidents``: positions (n, 2) in the network's metres. Returns name, mode, departures, simulated, geometry.
    """
    crossings, counts = busy_crossings(network, incidents)
    centres = _apart(network.nodes[crossings], counts, ROUNDS_APART_M, len(ROUNDS) - 1)
    places = [network.nodes[crossings[row]] for row in centres] + [np.median(incidents, axis=0)]
    lines = [_round(network, crossings, place, width) for place, (_, _, width, _) in zip(places, ROUNDS, strict=True)]
    return GeoDataFrame(
        {
            "id": [f"mesa-route-{number}" for number in range(1, len(ROUNDS) + 1)],
            "name": [name for name, _, _, _ in ROUNDS],
            "mode": [mode for _, mode, _, _ in ROUNDS],
            "departures": [departures for _, _, _, departures in ROUNDS],
            "simulated": True,
        },
        geometry=lines,
        crs=CRS,
    )


def make_cameras(network: Network, incidents: np.ndarray) -> GeoDataFrame:
    """Ten cameras on the crossings with most incidents near, each looking down the street with most of them.

    ``incidents``: positions (n, 2) in the network's metres. Returns the columns of a camera file; every third is a
    dome that looks all around. Bearings are degrees clockwise from grid north; nothing of it was surveyed.
    """
    crossings, counts = busy_crossings(network, incidents)
    chosen = [int(crossings[row]) for row in _apart(network.nodes[crossings], counts, CAMERAS_APART_M, CAMERAS)]
    dome = np.arange(1, len(chosen) + 1) % 3 == 0
    bearings = np.array([_busiest_bearing(network, node, incidents) for node in chosen])
    return GeoDataFrame(
        {
            "code": [f"MESA-CAM-{number:02d}" for number in range(1, len(chosen) + 1)],
            "name": [f"演示监控点 {number:02d}" for number in range(1, len(chosen) + 1)],
            "kind": np.where(dome, "dome", "bullet"),
            "bearing": np.where(dome, 0.0, np.round(bearings, 1)),
            "field_of_view": np.where(dome, 360.0, 65.0),
            "range_m": np.where(dome, 60.0, 90.0),
            "height_m": 6.0,
            "estimated": True,
            "simulated": True,
        },
        geometry=shapely.points(network.nodes[chosen]),
        crs=CRS,
    )


def make_grids(grids: GeoDataFrame) -> GeoDataFrame:
    """The columns of a grid file: the grids given (code, name, kind, geometry) with leaders of invented names."""
    names = [LEADERS[row % len(LEADERS)] for row in range(len(grids))]
    return grids[["code", "name", "kind", "geometry"]].assign(
        leader_name=[None if name is None else f"{name}（演示）" for name in names],
        leader_telephone=[
            None if name is None or row == UNCALLED else f"480-555-01{row + 1:02d}" for row, name in enumerate(names)
        ],
        simulated=True,
    )


def busy_crossings(network: Network, incidents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nodes of the largest connected part where three or more pieces meet, and how many incidents are near each.

    The busiest first; among equals the one further west, then south.
    """
    degree = np.bincount(np.concatenate([network.start, network.end]), minlength=len(network.nodes))
    connected = np.zeros(len(network.nodes), dtype=bool)
    main = network.components() == 0
    connected[network.start[main]] = connected[network.end[main]] = True
    crossings = np.flatnonzero((degree >= 3) & connected)
    near = KDTree(incidents).query_ball_point(network.nodes[crossings], NEAR_M, return_length=True)
    order = np.lexsort((network.nodes[crossings, 1], network.nodes[crossings, 0], -near))
    return crossings[order], np.asarray(near)[order]


def _apart(places: np.ndarray, counts: np.ndarray, distance_m: float, most: int) -> list[int]:
    """The first ``most`` places that keep the distance from each other, in their order."""
    chosen: list[int] = []
    for row in range(len(counts)):
        if len(chosen) < most and all(np.hypot(*(places[row] - places[other])) >= distance_m for other in chosen):
            chosen.append(row)
    return chosen


def _round(network: Network, crossings: np.ndarray, centre: np.ndarray, width: float) -> shapely.LineString:
    """A way back to its start through the crossings nearest to the four corners about a centre."""
    corners = [centre + width * np.array(corner) for corner in ((-1, -1), (-1, 1), (1, 1), (1, -1))]
    tree = KDTree(network.nodes[crossings])
    nodes = [int(crossings[tree.query(corner)[1]]) for corner in corners]
    stops = [node for at, node in enumerate(nodes) if node not in nodes[:at]]
    return network.line(network.path_through([*stops, stops[0]]))


def _busiest_bearing(network: Network, node: int, incidents: np.ndarray) -> float:
    """The direction, in degrees clockwise from grid north, of the street at a node with most incidents along it."""
    place = network.nodes[node]
    neighbours = np.concatenate([network.end[network.start == node], network.start[network.end == node]])
    headings = network.nodes[np.unique(neighbours[neighbours != node])] - place
    bearings = np.degrees(np.arctan2(headings[:, 0], headings[:, 1])) % 360
    away = incidents - place
    distance = np.hypot(away[:, 0], away[:, 1])
    seen = (distance > 0) & (distance <= NEAR_M)
    towards = np.degrees(np.arctan2(away[seen, 0], away[seen, 1])) % 360
    off = np.abs((towards[None, :] - bearings[:, None] + 180) % 360 - 180)
    return float(bearings[np.argmax((off <= 32.5).sum(axis=1))])
