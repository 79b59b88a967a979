"""What a crossing of two roads or a stake along one in an address may mean."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

import numpy as np
import shapely

from layers.incidents.address import Address
from layers.incidents.gazetteer.build import Gazetteer
from layers.incidents.gazetteer.calibration import share_within
from layers.incidents.gazetteer.learning import PLOT_M
from layers.incidents.gazetteer.streets import Street
from layers.incidents.geocode.answer import Candidate
from layers.incidents.geocode.roads import TRUST, streets_named


def crossings(gazetteer: Gazetteer, address: Address) -> Iterator[tuple[Candidate, float, Street]]:
    """Yield where two roads meet: on their drawings, else where their addresses come closest."""
    for first, spelt in streets_named(gazetteer, address.road):
        for second, spelt_too in streets_named(gazetteer, address.crossing):
            met = _meet(first, second)
            if met is None:
                continue
            x, y, radius = met
            how = "+".join(
                ["crossing", *dict.fromkeys(one for one in (spelt, spelt_too) if one in ("homophone", "slip", "short"))]
            )
            trust = TRUST[spelt] * TRUST[spelt_too]
            yield (
                Candidate(x, y, "crossing", share_within(radius), radius, f"{first.name} / {second.name}", how),
                trust,
                first,
            )


def _meet(first: Street, second: Street, reach_m: float = 600.0) -> tuple[float, float, float] | None:
    if first.line is not None and second.line is not None:
        if not shapely.dwithin(first.line, second.line, 60.0):
            return None
        a, b = shapely.get_coordinates(shapely.shortest_line(first.line, second.line))
        return float(a[0] + b[0]) / 2, float(a[1] + b[1]) / 2, 30.0
    if not len(first.points) or not len(second.points):
        return None
    away = np.hypot(*(first.points[:, None, :] - second.points[None, :, :]).T).T
    at = np.unravel_index(away.argmin(), away.shape)
    least = float(away[at])
    if least > reach_m:
        return None
    x, y = (first.points[at[0]] + second.points[at[1]]) / 2
    return float(x), float(y), hypot(least, PLOT_M)  # addresses stand on plots, not on the crossing


def stakes(gazetteer: Gazetteer, address: Address) -> Iterator[tuple[Candidate, float, Street]]:
    """Yield where a stake of a road stands: between known stakes, else so far along its drawing from either end."""
    assert address.stake_m is not None
    for street, spelt in streets_named(gazetteer, address.road):
        for x, y, radius in _staked(street, address.stake_m):
            matched = f"{street.name} K{address.stake_m / 1000:g}"
            yield Candidate(x, y, "road", share_within(radius), radius, matched, "stake"), TRUST[spelt], street


def _staked(street: Street, stake_m: float) -> list[tuple[float, float, float]]:
    known = street.stakes
    below = [one for one in known if one[0] <= stake_m]
    above = [one for one in known if one[0] >= stake_m]
    if below and above:
        (a, ax, ay), (b, bx, by) = below[-1], above[0]
        part = (stake_m - a) / (b - a) if b > a else 0.0
        return [(ax + part * (bx - ax), ay + part * (by - ay), max(30.0, hypot(bx - ax, by - ay) * part * (1 - part)))]
    line = street.line
    if line is None or line.geom_type != "LineString" or stake_m > line.length:
        return []
    ends = [line.interpolate(stake_m), line.interpolate(line.length - stake_m)]
    return [(end.x, end.y, 200.0) for end in ends]
