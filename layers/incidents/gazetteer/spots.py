"""One place for several points that bear the same name or number, and how well they agree."""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

import numpy as np

from layers.incidents.gazetteer.calibration import RIGHT_M, WITHIN

Point = tuple[float, float]


class Spot(NamedTuple):
    """A place in metres; spread_m: WITHIN of its points lie so near; n: of how many points; share: of all that bear the name."""

    x: float
    y: float
    spread_m: float
    n: int
    share: float


def spots(points: list[Point]) -> list[Spot]:
    """Return the places of points of one name, that with most points first; points over RIGHT_M apart are two places."""
    if len(points) == 1:
        return [Spot(*points[0], 0.0, 1, 1.0)]
    places = []
    for group in _groups(points):
        centre = middle(group)
        away = sorted(hypot(x - centre[0], y - centre[1]) for x, y in group)
        places.append(Spot(*centre, away[int(WITHIN * (len(away) - 1) + 0.5)], len(group), len(group) / len(points)))
    return sorted(places, key=lambda spot: -spot.n)


def middle(points: list[Point]) -> Point:
    """Return the point whose distances to all of them are least together (Weiszfeld's steps from the median)."""
    if len(points) == 1:
        return points[0]
    xy = np.array(points)
    at = np.median(xy, axis=0)
    if len(points) > 2:
        for _ in range(8):
            weight = 1.0 / np.maximum(np.hypot(*(xy - at).T), 1.0)
            at = (xy * weight[:, None]).sum(axis=0) / weight.sum()
    return float(at[0]), float(at[1])


def _groups(points: list[Point]) -> list[list[Point]]:
    """Points with chains of less than RIGHT_M between them, cut where a chain of two hundred would cost too much."""
    if len(points) == 2:
        (ax, ay), (bx, by) = points
        return [points] if hypot(ax - bx, ay - by) <= RIGHT_M else [[points[0]], [points[1]]]
    groups: list[list[Point]] = []
    cells: dict[tuple[int, int], list[Point]] = {}
    for x, y in points:
        cells.setdefault((int(x // RIGHT_M), int(y // RIGHT_M)), []).append((x, y))
    while cells:
        first, inside = cells.popitem()
        group, waiting = list(inside), [first]
        while waiting:
            column, row = waiting.pop()
            for beside in ((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
                found = cells.pop(beside, None)
                if found:
                    group += found
                    waiting.append(beside)
        groups.append(group)
    return groups
