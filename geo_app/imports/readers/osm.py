"""OpenStreetMap, XML and PBF: by node identities, so that streets meet where they share a node and nowhere else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pandas as pd
import shapely
from pyproj import CRS

from geo_app.imports.problems import FileRejected
from geo_app.imports.rows import Rows

WGS84 = CRS.from_epsg(4326)
# What is planned, under construction, or no way at all.
NO_STREET = frozenset(
    [
        "construction",
        "proposed",
        "planned",
        "razed",
        "abandoned",
        "platform",
        "elevator",
        "corridor",
        "rest_area",
        "services",
        "bus_stop",
        "raceway",
        "trail",
        "escape",
        "no",
    ]
)
AMENITIES = frozenset(
    [
        "school",
        "kindergarten",
        "college",
        "university",
        "hospital",
        "clinic",
        "police",
        "bank",
        "fire_station",
        "bus_station",
        "marketplace",
        "townhall",
        "courthouse",
        "community_centre",
        "library",
        "place_of_worship",
        "fuel",
        "post_office",
        "nightclub",
        "bar",
        "cinema",
        "theatre",
    ]
)
ROAD_TAGS = ("name", "highway", "layer", "bridge", "tunnel")
CAMERA_TAGS = ("name", "camera:type", "camera:direction", "camera:angle", "height", "operator", "surveillance")


def read(path: Path, kind: str) -> Rows:
    """The roads, places, cameras or areas of an OpenStreetMap file. Coordinates are longitude, latitude (WGS84)."""
    if kind not in TAKEN:
        raise FileRejected.whole(
            path.name,
            "wrong_format",
            f"OpenStreetMap files hold no {kind}.",
            f"Take one of {', '.join(TAKEN)} from it.",
        )
    if not path.stat().st_size:
        raise FileRejected.whole(path.name, "empty", "The file is empty.", "Export it again from where it came.")
    try:
        return TAKEN[kind](path)
    except RuntimeError as error:  # all that osmium raises
        raise FileRejected.whole(
            path.name, "wrong_format", f"This is no OpenStreetMap file, or it is damaged: {error}", "Export it again."
        ) from error


def _roads(path: Path) -> Rows:
    """Ways cut at every node that two of them share; a bridge shares none with the street below."""
    ways: list[tuple[int, dict[str, str], list[int], list[tuple[float, float] | None]]] = []
    streets: Any = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    streets = streets.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    for way in streets.with_filter(osmium.filter.KeyFilter("highway")):
        if way.tags["highway"] in NO_STREET or way.tags.get("area") == "yes":
            continue
        tags = {tag: way.tags[tag] for tag in ROAD_TAGS if tag in way.tags}
        tags["oneway"] = _one_way(way.tags)
        nodes = list(way.nodes)
        places = [(node.lon, node.lat) if node.location.valid() else None for node in nodes]
        ways.append((way.id, tags, [node.ref for node in nodes], places))
    used = Counter(ref for _, _, refs, _ in ways for ref in refs)
    table: list[dict[str, str]] = []
    lines: list[Any] = []
    numbers: list[int] = []
    outside = 0
    for identity, tags, refs, places in ways:
        outside += any(place is None for place in places)
        for first, last in _sections(refs, places, used):
            table.append(tags | {"@id": f"way/{identity}/{refs[first]}-{refs[last]}"})
            lines.append(shapely.linestrings(places[first : last + 1]))
            numbers.append(identity)
    warnings = [f"{outside} ways leave the file's edge; their parts inside were taken."] if outside else []
    return _rows(table, lines, numbers, "way", warnings)


def _one_way(tags: Any) -> str:
    said = tags.get("oneway", "")
    if not said and (tags.get("junction") in ("roundabout", "circular") or tags["highway"].startswith("motorway")):
        return "yes"
    return str(said)


def _sections(
    refs: list[int], places: list[tuple[float, float] | None], used: Counter[int]
) -> Iterator[tuple[int, int]]:
    """First and last position of each part of a way between crossings; nodes outside the file break it."""
    first: int | None = None
    for at, place in enumerate(places):
        if place is None:
            if first is not None and at - 1 > first:
                yield first, at - 1
            first = None
        elif first is None:
            first = at
        elif used[refs[at]] > 1 or at == len(places) - 1:
            yield first, at
            first = at


def _places(path: Path) -> Rows:
    """Nodes, and areas as the polygons that they are, that have a name or a known purpose."""
    wanted = osmium.filter.KeyFilter("amenity", "shop", "railway", "tourism", "office")
    table, shapes, numbers = _things(path, wanted, _place)
    return _rows(table, shapes, numbers, "object")


def _place(tags: Any) -> dict[str, str] | None:
    amenity = tags.get("amenity")
    kind = amenity if amenity in AMENITIES else None
    if tags.get("shop") in ("mall", "supermarket", "department_store", "jewelry"):
        kind = tags["shop"]
    elif tags.get("railway") == "station":
        kind = "railway_station"
    elif tags.get("tourism") in ("hotel", "museum", "attraction"):
        kind = tags["tourism"]
    elif tags.get("office") == "government":
        kind = "government"
    if kind is None:
        return None
    street = " ".join(filter(None, (tags.get("addr:street"), tags.get("addr:housenumber"))))
    return {"kind": kind, "name": tags.get("name", ""), "address": tags.get("addr:full") or street}


def _cameras(path: Path) -> Rows:
    """Surveillance cameras that stand on a point."""

    def camera(tags: Any) -> dict[str, str] | None:
        if tags.get("man_made") != "surveillance" or tags.get("surveillance:type", "camera") not in ("camera", "ALPR"):
            return None
        found = {tag: tags[tag] for tag in CAMERA_TAGS if tag in tags}
        found.setdefault("camera:direction", tags.get("direction", ""))
        if tags.get("surveillance:type") == "ALPR":
            found["camera:type"] = "alpr"
        return found

    table, shapes, numbers = _things(path, osmium.filter.KeyFilter("man_made"), camera, areas=False)
    return _rows(table, shapes, numbers, "node")


def _areas(path: Path) -> Rows:
    """Administrative boundaries from the county down that are complete in the file."""
    levels = {"6": "county", "7": "town", "8": "town", "9": "community", "10": "community"}

    def boundary(tags: Any) -> dict[str, str] | None:
        level = levels.get(tags.get("admin_level", ""))
        if tags.get("boundary") != "administrative" or level in (None, "county"):
            return None
        return {"name": tags.get("name", ""), "level": str(level), "ref": tags.get("ref", "")}

    table, shapes, numbers = _things(path, osmium.filter.KeyFilter("boundary"), boundary, points=False)
    for row in table:
        row["ref"] = row["ref"] or row["@id"]
    return _rows(table, shapes, numbers, "object")


def _things(
    path: Path,
    wanted: Any,
    describe: Callable[[Any], dict[str, str] | None],
    *,
    points: bool = True,
    areas: bool = True,
) -> tuple[list[dict[str, str]], list[Any], list[int]]:
    """Nodes and areas that ``describe`` takes: their columns with ``@id``, shapes and identities."""
    processor: Any = osmium.FileProcessor(str(path))
    processor = processor.with_areas(wanted) if areas else processor
    as_wkb = osmium.geom.WKBFactory()
    table, shapes, numbers = [], [], []
    for thing in processor.with_filter(wanted):
        is_area = thing.is_area()
        if not (points and thing.is_node()) and not is_area:
            continue
        described = describe(thing.tags)
        if described is None:
            continue
        identity = thing.orig_id() if is_area else thing.id
        name = "node" if not is_area else "way" if thing.from_way() else "relation"
        shape = as_wkb.create_multipolygon(thing) if is_area else as_wkb.create_point(thing)
        table.append(described | {"@id": f"{name}/{identity}"})
        shapes.append(shapely.from_wkb(shape))
        numbers.append(identity)
    return table, shapes, numbers


def _rows(
    table: list[dict[str, str]], shapes: list[Any], numbers: list[int], unit: str, warnings: list[str] | None = None
) -> Rows:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    frame = pd.DataFrame(table, index=pd.RangeIndex(len(table)), dtype=object)
    return Rows(frame, geometry, WGS84, unit, np.array(numbers, dtype=np.int64), tuple(warnings or ()))


TAKEN: dict[str, Callable[[Path], Rows]] = {
    "roads": _roads,
    "places": _places,
    "cameras": _cameras,
    "areas": _areas,
}
