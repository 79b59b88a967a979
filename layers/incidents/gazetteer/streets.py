"""Streets with the addresses along them; one name in several places is several streets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely

from layers.incidents.gazetteer.calibration import WITHIN
from layers.incidents.gazetteer.entries import whole
from layers.incidents.gazetteer.numbering import Numbers, judged_by_side, metres_each
from layers.incidents.gazetteer.spots import Point, Spot, spots

GAP_M = 2000.0  # streets of one name with no address for so long are two, if they number the same houses
BESIDE_M = 500.0  # an address so near to a drawn street of its name belongs to it
USUAL_EACH_M = 3.0  # metres a house number, where no street of the gazetteer tells

Spots = tuple[Spot, ...]


@dataclass(slots=True)
class Known:
    """What is known of a street while it is collected: points by what they are called."""

    houses: dict[str, list[Point]] = field(default_factory=lambda: defaultdict(list))
    lanes: dict[str, list[Point]] = field(default_factory=lambda: defaultdict(list))
    doors: dict[tuple[str, str], list[Point]] = field(default_factory=lambda: defaultdict(list))
    buildings: dict[tuple[str, str], list[Point]] = field(default_factory=lambda: defaultdict(list))
    stakes: dict[float, list[Point]] = field(default_factory=lambda: defaultdict(list))
    points: list[Point] = field(default_factory=list)
    counties: set[str] = field(default_factory=set)
    towns: set[str] = field(default_factory=set)
    lines: list[shapely.LineString] = field(default_factory=list)


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


@dataclass(frozen=True, slots=True)
class Addressed:
    """An entry with a road, as a street takes it in."""

    road: str
    county: str
    town: str
    number: str
    lane: str
    door: str
    building: str
    stake_m: float | None
    x: float
    y: float


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
        for one in _apart(by_name.get(name, []), drawn.get(name, []))
    ]
    each = [metres_each(*_row(one)) for _, one in known]
    told = [one for one in each if one]
    usual = float(np.median(told)) if told else USUAL_EACH_M
    numbers = judged_by_side([_numbers(one, usual) for _, one in known])
    return (
        tuple(_street(name, one, row) for (name, one), row in zip(known, numbers, strict=True)),
        [one for _, one in known],
    )


def _apart(rows: list[Addressed], lines: list[shapely.LineString]) -> list[Known]:
    """The streets of one name: by connected drawing, then by county, then by long gaps."""
    found: list[Known] = []
    rest = rows
    for component in _connected(lines):
        street = Known(lines=component)
        whole_line = shapely.union_all(component)
        shapely.prepare(whole_line)
        near = shapely.dwithin(whole_line, shapely.points([(row.x, row.y) for row in rest]), BESIDE_M) if rest else []
        for row in [row for row, is_near in zip(rest, near, strict=True) if is_near]:
            _add(street, row)
        rest = [row for row, is_near in zip(rest, near, strict=True) if not is_near]
        found.append(street)
    by_county: dict[str, list[Addressed]] = defaultdict(list)
    for row in rest:
        by_county[row.county].append(row)
    for inside in by_county.values():
        for group in _by_gaps(inside):
            street = Known()
            for row in group:
                _add(street, row)
            found.append(street)
    return found


def _connected(lines: list[shapely.LineString], reach_m: float = BESIDE_M) -> list[list[shapely.LineString]]:
    """Lines in groups that hang together, but for gaps that are drawn under another name, or not at all."""
    groups: list[list[shapely.LineString]] = []
    tree = shapely.STRtree(lines)
    waiting = set(range(len(lines)))
    while waiting:
        front = [waiting.pop()]
        group: list[int] = []
        while front:
            at = front.pop()
            group.append(at)
            beside = set(tree.query(lines[at], predicate="dwithin", distance=reach_m).tolist()) & waiting
            waiting -= beside
            front += beside
        groups.append([lines[at] for at in sorted(group)])
    return groups


def _by_gaps(rows: list[Addressed]) -> list[list[Addressed]]:
    """Rows of one name and county, parted where a gap is long and both sides number the same houses."""
    cells: dict[tuple[int, int], list[Addressed]] = defaultdict(list)
    for row in rows:
        cells[(int(row.x // GAP_M), int(row.y // GAP_M))].append(row)
    groups: list[list[Addressed]] = []
    while cells:
        first, group = cells.popitem()
        waiting = [first]
        while waiting:
            column, line = waiting.pop()
            for beside in ((column + i, line + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
                if beside in cells:
                    group += cells.pop(beside)
                    waiting.append(beside)
        groups.append(group)
    if len(groups) < 2:
        return groups
    ranges = sorted(_range(group) for group in groups)
    overlap = any(low <= before for (_, before), (low, _) in pairwise(ranges))
    return groups if overlap else [rows]


def _range(rows: list[Addressed]) -> tuple[int, int]:
    numbers = [number for row in rows if (number := whole(row.number or row.lane)) is not None]
    return (min(numbers), max(numbers)) if numbers else (0, 10**6)


def _add(street: Known, row: Addressed) -> None:
    point = (row.x, row.y)
    street.points.append(point)
    if row.county:
        street.counties.add(row.county)
    if row.town:
        street.towns.add(row.town)
    if row.stake_m is not None:
        street.stakes[row.stake_m].append(point)
    if row.lane:
        street.lanes[row.lane].append(point)
        if row.door:
            street.doors[row.lane, row.door].append(point)
    elif row.number:
        street.houses[row.number].append(point)
    if row.building:
        street.buildings[row.number or f"{row.lane}弄{row.door}", row.building].append(point)


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
