"""Streets with the addresses along them; one name in several places is several streets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely

from layers.incidents.gazetteer.calibration import WITHIN
from layers.incidents.gazetteer.entries import whole
from layers.incidents.gazetteer.numbering import Numbers, judged_by_side, metres_each
from layers.incidents.gazetteer.parting import Addressed, Known, apart
from layers.incidents.gazetteer.spots import Point, Spot, spots

USUAL_EACH_M = 3.0  # metres a house number, where no street of the gazetteer tells

Spots = tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Street:
    """A street. houses by number, lanes by number (832弄), doors by (lane, number in it), buildings by (number, building).

    numbers: those of houses and lanes, which share one row along a street. centre: where most of it is; line: its
    drawing or None. counties, towns: names of where its addresses lie.
    """

    name: str
    counties: frozenset[str]
    towns: frozenset[str]
    houses: dict[str, Spots]
    lanes: dict[str, Spots]
    doors: dict[tuple[str, str], Spots]
    buildings: dict[tuple[str, str], Spots]
    stakes: tuple[tuple[float, float, float], ...]
    numbers: Numbers
    centre: Spot
    points: np.ndarray
    line: shapely.Geometry | None


def streets(
    rows: Iterable[Addressed], lines: Iterable[tuple[str, shapely.LineString]]
) -> tuple[tuple[Street, ...], list[Known]]:
    """Return the streets of addressed entries and of named lines in metres, and what each was made of."""
    by_name: dict[str, list[Addressed]] = defaultdict(list)
    drawn: dict[str, list[shapely.LineString]] = defaultdict(list)
    for row in rows:
        by_name[row.road].append(row)
    for name, line in lines:
        drawn[name].append(line)
    known = [
        (name, one)
        for name in sorted(by_name.keys() | drawn.keys())
        for one in apart(by_name.get(name, []), drawn.get(name, []))
    ]
    each = [metres_each(*_row(one)) for _, one in known]
    told = [one for one in each if one]
    usual = float(np.median(told)) if told else USUAL_EACH_M
    numbers = judged_by_side([_numbers(one, usual) for _, one in known])
    return (
        tuple(_street(name, one, row) for (name, one), row in zip(known, numbers, strict=True)),
        [one for _, one in known],
    )


def _numbers(known: Known, usual: float) -> Numbers:
    number, x, y = _row(known)
    return Numbers.of(dict(zip(number, zip(x, y, strict=True), strict=True)), usual)


def _street(name: str, known: Known, numbers: Numbers) -> Street:
    houses = {number: tuple(spots(points)) for number, points in known.houses.items()}
    lanes = {number: tuple(spots(points)) for number, points in known.lanes.items()}
    stakes = sorted((stake, *spots(points)[0][:2]) for stake, points in known.stakes.items())
    line = shapely.line_merge(shapely.union_all(known.lines)) if known.lines else None
    points = np.array(known.points, dtype=np.float32).reshape(-1, 2)
    return Street(
        name,
        frozenset(known.counties),
        frozenset(known.towns),
        houses,
        lanes,
        {key: tuple(spots(points)) for key, points in known.doors.items()},
        {key: tuple(spots(points)) for key, points in known.buildings.items()},
        tuple(stakes),
        numbers,
        _centre(known.points, line),
        points,
        line,
    )


def _row(known: Known) -> tuple[list[int], list[float], list[float]]:
    """Numbers of houses and lanes in rising order with the places of most of their points."""
    points: dict[int, list[Point]] = defaultdict(list)
    for table in (known.houses, known.lanes):
        for text, those in table.items():
            number = whole(text)
            if number is not None:
                points[number] += those
    row = sorted((number, spots(those)[0]) for number, those in points.items())
    return [number for number, _ in row], [spot.x for _, spot in row], [spot.y for _, spot in row]


def _centre(points: list[Point], line: shapely.Geometry | None) -> Spot:
    if line is not None:
        middle = line.interpolate(0.5, normalized=True) if line.geom_type == "LineString" else line.centroid
        along = shapely.get_coordinates(shapely.segmentize(line, max(line.length / 50, 1.0)))
        away = np.hypot(along[:, 0] - middle.x, along[:, 1] - middle.y)
        return Spot(middle.x, middle.y, float(np.quantile(away, WITHIN)), len(points), 1.0)
    xy = np.array(points)
    x, y = np.median(xy, axis=0)
    return Spot(float(x), float(y), float(np.quantile(np.hypot(xy[:, 0] - x, xy[:, 1] - y), WITHIN)), len(points), 1.0)
