"""Streets: county roads from town to town, the grid of each town's streets, lanes of hamlets and ways to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import Delaunay, KDTree

from geo_app.demo.county import names
from geo_app.demo.county.land import Land, chance, crooked, points_in, smooth

GRID_M = 0.01  # streets meet on the centimetre
BLOCK_M = (105.0, 165.0)
HAMLETS = (6, 9)  # of a village, the least and one more than the most
HAMLET_M = 320.0  # two hamlets keep as far apart
STUB_M = 8.0
WATER_COSTS = 8.0  # as much longer seems a way that needs a bridge


@dataclass(frozen=True)
class Drawn:
    """A street as somebody would draw it, before it is cut at its crossings."""

    line: np.ndarray
    name: str
    road_class: str
    town: int = -1
    hamlet: int = -1


def make_town_streets(seed: int, land: Land) -> tuple[list[Drawn], list[np.ndarray]]:
    """The streets of all towns, and of each town the crossings (n, 2) of its main streets."""
    drawn: list[Drawn] = []
    crossings = [np.array(list(_town(seed, land, town, drawn))).reshape(-1, 2) for town in range(len(land.towns))]
    return drawn, crossings


def make_streets(
    seed: int,
    land: Land,
    town_names: list[str],
    villages: gpd.GeoDataFrame,
    in_towns: tuple[list[Drawn], list[np.ndarray]],
) -> gpd.GeoDataFrame:
    """Streets cut at every crossing: name, road_class, bridge, town and hamlet (their numbers, or -1), geometry in metres.
    All of them hang together. ``villages``: rural communities; ``in_towns`` as ``make_town_streets`` made them."""
    drawn, crossings = in_towns
    roads = list(_county_roads(seed, land, [name.removesuffix("镇") for name in town_names], crossings))
    return _cut(land, [*roads, *drawn, *_lanes(seed, land, villages, roads)])


def _town(seed: int, land: Land, town: int, drawn: list[Drawn]) -> Iterator[np.ndarray]:
    """Adds the streets of a town; yields its crossings."""
    generator = chance(seed, f"streets of town {town}")
    middle, radius = land.towns[town], land.radius[town]
    size = int(2 * radius / np.mean(BLOCK_M)) + 1
    steps = generator.uniform(*BLOCK_M, (2, size))
    x, y = (np.cumsum(one) - np.cumsum(one)[size // 2] for one in steps)
    nodes = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1) + generator.normal(0, 9, (size, size, 2))
    turn = generator.uniform(-0.5, 0.5)
    nodes = nodes @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + middle
    # A town's edge is uneven.
    from_middle = nodes - middle
    angle = np.arctan2(from_middle[..., 1], from_middle[..., 0])
    edge = radius * (1 + 0.18 * np.sin(3 * angle + generator.uniform(0, 6)) + 0.1 * np.sin(5 * angle + 1))
    built = np.hypot(*np.moveaxis(from_middle, -1, 0)) < edge
    x, y = np.moveaxis(nodes, -1, 0)
    built &= shapely.contains_xy(land.outline, x, y) & ~shapely.contains_xy(land.water.buffer(25), x, y)
    named = iter(names.streets(chance(seed, f"names of streets {town}"), 2 * size))
    for across in (False, True):
        grid, there = (nodes.swapaxes(0, 1), built.T) if across else (nodes, built)
        for row in range(size):
            is_main = (row - size // 2) % 4 == 0
            name = next(named) + ("大道" if row == size // 2 and town == 0 else "街" if across else "路")
            kept = there[row, :-1] & there[row, 1:] & ((generator.random(size - 1) > 0.14) | is_main)
            road_class = "secondary" if row == size // 2 else "tertiary" if is_main else "residential"
            drawn += [Drawn(grid[row, at : at + 2], name, road_class, town) for at in np.flatnonzero(kept)]
    # Roads from outside end where a main street does.
    main = (np.arange(size) - size // 2) % 4 == 0
    yield from nodes[built & (main[:, None] | main)]


def _county_roads(seed: int, land: Land, town_names: list[str], crossings: list[np.ndarray]) -> Iterator[Drawn]:
    """Roads between neighbouring towns, and from the outer ones to the county's edge."""
    generator = chance(seed, "county roads")
    places = [nodes if len(nodes) else land.towns[[town]] for town, nodes in enumerate(crossings)]
    for number, (a, b) in enumerate(sorted(_neighbours(land.towns))):
        start, end = (_towards(places[one], land.towns[other]) for one, other in ((a, b), (b, a)))
        name = f"{town_names[a][0]}{town_names[b][0]}路" + (
            f"（S{201 + number}）" if a == 0 else f"（X{401 + number}）"
        )
        line = _way(generator, start, end, 5, 0.06)
        yield Drawn(line, name, "primary" if a == 0 else "secondary")
    edge = shapely.get_coordinates(shapely.segmentize(land.outline.exterior, 300))
    far = np.hypot(*(land.towns - land.towns[0]).T)
    for number, town in enumerate(np.argsort(-far)[:4].tolist()):
        out = edge[np.argmin(np.hypot(*(edge - land.towns[town]).T))]
        line = _way(generator, _towards(places[town], out), out, 4, 0.05)
        yield Drawn(line, f"{town_names[town]}出境路（S{231 + number}）", "primary")


def _neighbours(places: np.ndarray) -> set[tuple[int, int]]:
    """Pairs with no third place in the circle over them (Gabriel's graph, which holds a spanning tree)."""
    tree = KDTree(places)
    pairs = set()
    for a in range(len(places)):
        for b in range(a + 1, len(places)):
            middle, half = (places[a] + places[b]) / 2, np.hypot(*(places[a] - places[b])) / 2
            if not set(tree.query_ball_point(middle, half * 0.999)) - {a, b}:
                pairs.add((a, b))
    return pairs


def _towards(nodes: np.ndarray, target: np.ndarray) -> np.ndarray:
    return nodes[np.argmin(np.hypot(*(nodes - target).T))]


def _way(generator: np.random.Generator, start: np.ndarray, end: np.ndarray, times: int, how: float) -> np.ndarray:
    return smooth(crooked(generator, np.array([start, end]), times, how), 1)


def _lanes(seed: int, land: Land, villages: gpd.GeoDataFrame, roads: list[Drawn]) -> Iterator[Drawn]:
    """Lanes of hamlets, and the ways that join each of them to the roads."""
    generator = chance(seed, "lanes")
    clear = land.outline.buffer(-150).difference(land.water.buffer(60))
    towns = shapely.union_all(shapely.buffer(shapely.points(land.towns), land.radius * 1.3))
    clear = clear.difference(towns)
    places: list[np.ndarray] = []
    owners: list[np.ndarray] = []
    for row, outline in enumerate(villages.geometry):
        inside = outline.buffer(-60).intersection(clear)
        if not inside.is_empty:
            places.append(points_in(generator, inside, int(generator.integers(*HAMLETS))))
            owners.append(np.full(len(places[-1]), row))
    if not places:
        return
    middles, of_village = _apart(np.vstack(places), np.concatenate(owners))
    entries = np.empty_like(middles)
    for number, (middle, village) in enumerate(zip(middles, of_village, strict=True)):
        name = str(villages["name"].iloc[village])
        main, sides = _hamlet(generator, middle)
        entries[number] = main[0]
        yield Drawn(main, f"{name}路", "residential", hamlet=number)
        for side in sides:
            yield Drawn(side, f"{name}路", "service", hamlet=number)
    on_roads = np.vstack([road.line[2:-2:3] if len(road.line) > 6 else road.line for road in roads])
    for a, b in _tree(entries, on_roads, land.water):
        start, end = (entries[one] if one < len(entries) else on_roads[one - len(entries)] for one in (a, b))
        name = villages["name"].iloc[of_village[min(a, b)]]
        yield Drawn(_way(generator, start, end, 3, 0.07), f"{name}路", "unclassified")


def _apart(places: np.ndarray, of_village: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of places that lie too near to each other the first one."""
    kept = np.ones(len(places), dtype=bool)
    for a, b in sorted(KDTree(places).query_pairs(HAMLET_M)):
        kept[b] &= not kept[a]
    return places[kept], of_village[kept]


def _hamlet(generator: np.random.Generator, middle: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """A main lane with side lanes to the left and to the right."""
    angle = generator.uniform(0, 2 * np.pi)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    number = int(generator.integers(4, 11))
    steps = np.cumsum(generator.uniform(26, 52, number + 1))
    main = middle + np.outer(steps - steps[-1] / 2, along) + np.outer(generator.normal(0, 5, number + 1), across)
    sides = []
    for at in range(1, number):
        for way in (-1, 1) if generator.random() < 0.15 else (generator.choice([-1, 1]),):
            reach = way * generator.uniform(45, 190)
            sides.append(np.array([main[at], main[at] + across * reach + along * generator.normal(0, 8)]))
    return main, sides


def _tree(entries: np.ndarray, on_roads: np.ndarray, water: shapely.Geometry) -> list[tuple[int, int]]:
    """The shortest ways that join every entry to a road, and a few more that close rings."""
    places = np.vstack([entries, on_roads])
    corners = Delaunay(places).simplices
    pairs = np.unique(np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] < len(entries)]
    length = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    shapely.prepare(water)
    length[shapely.intersects(water, shapely.linestrings(places[pairs]))] *= WATER_COSTS
    # Points on roads hang together already: they count as one place.
    one = np.minimum(pairs, len(entries))
    best = np.lexsort((length, one[:, 1], one[:, 0]))
    first = np.ones(len(best), dtype=bool)
    first[1:] = (one[best][1:] != one[best][:-1]).any(axis=1)
    pairs, one, length = pairs[best][first], one[best][first], length[best][first]
    size = len(entries) + 1
    chosen = minimum_spanning_tree(coo_array((length, (one[:, 0], one[:, 1])), shape=(size, size))).tocoo()
    wanted = set(zip(chosen.row.tolist(), chosen.col.tolist(), strict=True))
    ring = np.quantile(length, 0.3)
    return [
        (int(a), int(b))
        for (a, b), (c, d), far in zip(pairs, one.tolist(), length, strict=True)
        if (c, d) in wanted or far < ring
    ]


def _cut(land: Land, drawn: list[Drawn]) -> gpd.GeoDataFrame:
    """Everything drawn, cut where it crosses, without stubs and without what does not hang together with the most."""
    lines = np.array([shapely.LineString(one.line) for one in drawn], dtype=object)
    lines = shapely.intersection(lines, land.outline)
    noded = shapely.get_parts(shapely.union_all(lines, grid_size=GRID_M))
    nearest = shapely.STRtree(lines)
    middles = shapely.line_interpolate_point(noded, 0.5, normalized=True)
    at, of = nearest.query_nearest(middles, all_matches=True)
    first = np.full(len(noded), len(lines))
    np.minimum.at(first, at, of)  # roads come before streets, and streets before lanes
    found = gpd.GeoDataFrame(
        {
            "name": [drawn[row].name for row in first],
            "road_class": [drawn[row].road_class for row in first],
            "town": [drawn[row].town for row in first],
            "hamlet": [drawn[row].hamlet for row in first],
        },
        geometry=noded,
        crs=land.srid,
    )
    found["bridge"] = shapely.intersects(land.water, noded)
    found = found[~(found["bridge"] & found["road_class"].isin(["service", "residential"]))].reset_index(drop=True)
    return _joined(found)


def _joined(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    while True:
        start, end, count = ends_of(found)
        apart = connected_components(
            coo_array((np.ones(len(found)), (start, end)), shape=(count, count)), directed=False
        )[1]
        main = np.bincount(apart[start]).argmax()
        degree = np.bincount(np.concatenate([start, end]), minlength=count)
        stub = (np.minimum(degree[start], degree[end]) == 1) & (found.length < STUB_M).to_numpy()
        kept = (apart[start] == main) & ~stub & (start != end)
        if kept.all():
            return found
        found = found[kept].reset_index(drop=True)


def ends_of(streets: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray, int]:
    """The number of each street's first and last node, and how many nodes there are."""
    shapes = streets.geometry.to_numpy()
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(shapes, place)) for place in (0, -1)])
    nodes, of_end = np.unique(ends.round(2), axis=0, return_inverse=True)
    start, end = np.split(of_end.reshape(-1), 2)
    return start, end, len(nodes)
