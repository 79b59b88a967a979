"""A gazetteer out of entries, roads and areas."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame
from scipy.spatial import cKDTree

from layers.coordinates import require_metric
from layers.errors import FrameError
from layers.incidents.address import Address, normalise
from layers.incidents.address.western import street as western
from layers.incidents.gazetteer.calibration import Calibration
from layers.incidents.gazetteer.entries import Entry, read
from layers.incidents.gazetteer.learning import calibrations
from layers.incidents.gazetteer.names import Names
from layers.incidents.gazetteer.parting import Addressed
from layers.incidents.gazetteer.places import Places, places
from layers.incidents.gazetteer.regions import Regions, regions
from layers.incidents.gazetteer.spots import Point, Spot, spots
from layers.incidents.gazetteer.streets import Street, streets
from layers.incidents.gazetteer.western import stems

_BRACKETS = re.compile(r"[()]")


@dataclass(frozen=True)
class Gazetteer:
    """An index that nothing changes; make it with `build`. It can be pickled.

    streets: all of them; by_road: positions in streets by name; road_names: to find a name in spite of its writing;
    stems: western names by what is left without type. aliases: places by text as people write it. learned: radius and share right
    by the kind of match. labels, tree: addresses and their points, for what is near; areas: polygons by kind.
    """

    streets: tuple[Street, ...]
    by_road: dict[str, tuple[int, ...]]
    road_names: Names
    stems: dict[str, tuple[str, ...]]
    places: Places
    regions: Regions
    aliases: dict[str, tuple[Spot, ...]]
    learned: dict[str, Calibration]
    labels: tuple[str, ...]
    roads_of: tuple[str, ...]
    tree: cKDTree | None
    roads: tuple[tuple[str, ...], shapely.STRtree] | None
    areas: tuple[tuple[tuple[str, str], ...], shapely.STRtree] | None


def build(entries: DataFrame, roads: GeoDataFrame | None = None, areas: GeoDataFrame | None = None) -> Gazetteer:
    """Return the gazetteer of a county.

    entries: columns kind ("address", "place", "building", "alias"), name, address (its text or ""), x, y (easting,
    northing in projected metres, NaN without a place); town, community, road, number, estate, building, if there, win
    over what the text says. An alias is a name as people write it, with where it is. roads: columns name, geometry
    (LineStrings; pieces of one road share a name). areas: columns kind ("county", "town", "community", "grid"), name,
    parent (the name above it; of a county, its city), geometry (polygons).
    Raises FrameError when a column is missing or a kind unknown, CoordinateError on degrees.
    """
    for frame, what, columns in ((roads, "roads", {"name"}), (areas, "areas", {"kind", "name", "parent"})):
        if frame is not None:
            require_metric(frame, what)
            if columns - set(frame.columns):
                raise FrameError(f"{what} lack the columns {', '.join(sorted(columns - set(frame.columns)))}")
    drawn = _areas(areas)
    rows = list(read(entries))
    labels = _labels(rows, drawn)
    addressed = list(_addressed(rows, labels))
    known, collected = streets(addressed, _lines(roads))
    by_road: dict[str, list[int]] = defaultdict(list)
    for at, street in enumerate(known):
        by_road[street.name].append(at)
    aliases: dict[str, list[Point]] = defaultdict(list)
    for row in rows:
        if row.kind == "alias" and row.name:
            aliases[row.name].append((row.x, row.y))
    places_of_people = [row for row in rows if row.kind != "alias"]
    xy = np.array([(row.x, row.y) for row in places_of_people]).reshape(-1, 2)
    return Gazetteer(
        known,
        {name: tuple(those) for name, those in by_road.items()},
        Names.of(by_road),
        stems(by_road),
        places(_named(places_of_people)),
        regions(_labelled(rows, labels), areas, {county for county, _, _ in labels if county}),
        {text: tuple(spots(those)) for text, those in aliases.items()},
        calibrations(known, collected),
        tuple(normalise(row.text) or row.name for row in places_of_people),
        tuple(road_name(row.road) if row.road else "" for row in places_of_people),
        cKDTree(xy) if len(xy) else None,
        _road_tree(roads),
        drawn,
    )


def _lines(roads: GeoDataFrame | None) -> list[tuple[str, shapely.LineString]]:
    if roads is None:
        return []
    pieces = roads.explode(index_parts=False)
    return [
        (one, shapely.force_2d(line))
        for name, line in zip(pieces["name"], pieces.geometry, strict=True)
        if isinstance(name, str) and name and line is not None and line.geom_type == "LineString" and not line.is_empty
        for one in road_names(name)
    ]


def road_name(name: str) -> str:
    """Return a road's name as addresses write it once they are made alike."""
    name = normalise(name)
    return western(name) if name.isascii() else name


def road_names(name: str) -> list[str]:
    """Return the names of a road: 玉苇路（S201） has two, its own and the code in brackets."""
    parts = [road_name(part) for part in _BRACKETS.split(normalise(name))]
    return [part for part in parts if part] or [road_name(name)]


def numbered_by(address: Address) -> str:
    """Return what a house number belongs to: the road, else the group, hamlet or community in which houses are numbered."""
    return road_name(address.road) if address.road else address.group or address.place or address.community


def _road_tree(roads: GeoDataFrame | None) -> tuple[tuple[str, ...], shapely.STRtree] | None:
    lines = _lines(roads)
    return (tuple(name for name, _ in lines), shapely.STRtree([line for _, line in lines])) if lines else None


def _areas(areas: GeoDataFrame | None) -> tuple[tuple[tuple[str, str], ...], shapely.STRtree] | None:
    if areas is None or not len(areas):
        return None
    names = tuple((str(kind), normalise(str(name))) for kind, name in zip(areas["kind"], areas["name"], strict=True))
    return names, shapely.STRtree(areas.geometry.to_numpy())


def _labels(
    rows: list[Entry], areas: tuple[tuple[tuple[str, str], ...], shapely.STRtree] | None
) -> list[tuple[str, str, str]]:
    """County, town and community of each entry: as it says, else by the polygons in which it lies."""
    inside: list[dict[str, str]] = [{} for _ in rows]
    if areas is not None and rows:
        names, tree = areas
        points = shapely.points([(row.x, row.y) for row in rows])
        for at, area in zip(*tree.query(points, predicate="intersects").tolist(), strict=True):
            kind, name = names[area]
            inside[at].setdefault(kind, name)
    return [
        (
            own.get("county") or row.address.county,
            row.town or own.get("town", ""),
            row.community or own.get("community", ""),
        )
        for row, own in zip(rows, inside, strict=True)
    ]


def _addressed(rows: list[Entry], labels: list[tuple[str, str, str]]) -> Iterable[Addressed]:
    for row, (county, town, _) in zip(rows, labels, strict=True):
        address = row.address
        road = road_name(row.road) if row.road else numbered_by(address) if row.number else ""
        if not road or row.kind == "alias" or (address.relation is not None and address.relation.metres):
            continue
        lane = "" if row.number else address.lane
        number = row.number + (f"-{address.sub_number}" if address.sub_number and row.number else "")
        yield Addressed(
            road, county, town, number, lane, address.lane_number, row.building, address.stake_m, row.x, row.y
        )  # fmt: skip


def _named(rows: list[Entry]) -> Iterable[tuple[str, bool, Point]]:
    for row in rows:
        point = (row.x, row.y)
        if row.name and row.kind in ("place", "building"):
            yield row.name, False, point
        if row.estate:
            yield row.estate, True, point
            if row.building:
                yield f"{row.estate}{row.building}幢", True, point
        if row.address.place and row.address.place != row.name:
            yield row.address.place, False, point


def _labelled(
    rows: list[Entry], labels: list[tuple[str, str, str]]
) -> dict[tuple[str, str, str], list[tuple[float, float]]]:
    found: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    for row, (county, town, community) in zip(rows, labels, strict=True):
        if row.kind == "alias":
            continue
        for kind, name, parent in (
            ("county", county, ""),
            ("town", town, county),
            ("community", community, town),
            ("group", row.address.group, community),
        ):
            if name:
                found[kind, name, parent].append((row.x, row.y))
    return found
