"""What is at a point: address, road, community, town, grid."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import shapely

from layers.incidents.gazetteer.build import Gazetteer

ROAD_M = 500.0  # farther off, no road is said to be here


@dataclass(frozen=True, slots=True)
class Here:
    """The nearest address with its distance in metres (inf where the gazetteer has none), the nearest road, and the
    areas around the point; "" for what is not known.
    """

    address: str
    road: str
    community: str
    town: str
    grid: str
    distance_m: float


def reverse(gazetteer: Gazetteer, xy: np.ndarray) -> list[Here]:
    """Return what is at each point. xy: (n, 2) easting and northing in metres."""
    xy = np.asarray(xy, dtype=float).reshape(-1, 2)
    points = shapely.points(xy)
    around: list[dict[str, str]] = [{} for _ in xy]
    if gazetteer.areas is not None and len(xy):
        names, tree = gazetteer.areas
        for at, area in zip(*tree.query(points, predicate="intersects").tolist(), strict=True):
            kind, name = names[area]
            around[at].setdefault(kind, name)
    nearest = gazetteer.tree.query(xy) if gazetteer.tree is not None and len(xy) else None
    return [
        Here(
            gazetteer.labels[int(nearest[1][at])] if nearest is not None else "",
            _road(gazetteer, points[at], int(nearest[1][at]) if nearest is not None else -1),
            around[at].get("community", ""),
            around[at].get("town", ""),
            around[at].get("grid", ""),
            float(nearest[0][at]) if nearest is not None else inf,
        )
        for at in range(len(xy))
    ]


def _road(gazetteer: Gazetteer, point: shapely.Point, nearest: int) -> str:
    """The nearest drawn road; where none is drawn, that of the nearest address."""
    if gazetteer.roads is not None:
        names, tree = gazetteer.roads
        found = tree.query_nearest(point, max_distance=ROAD_M)
        return names[int(found[0])] if len(found) else ""
    return gazetteer.roads_of[nearest] if nearest >= 0 else ""
