"""Which addresses and drawings of one road name are of one street: one name in several places is several streets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

import shapely

from layers.incidents.gazetteer.entries import whole
from layers.incidents.gazetteer.spots import Point

GAP_M = 2000.0  # streets of one name with no address for so long are two, if they number the same houses
BESIDE_M = 500.0  # an address so near to a drawn street of its name belongs to it


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


def apart(rows: list[Addressed], lines: list[shapely.LineString]) -> list[Known]:
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
