"""The streets of OpenStreetMap, cut where they meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import osmium
import shapely

from geo_app.imports.readers.features import Feature

# What is planned, under construction, or no way at all.
NO_STREET = frozenset([
    "construction", "proposed", "planned", "razed", "abandoned", "platform", "elevator", "corridor", "rest_area",
    "services", "bus_stop", "raceway", "trail", "escape", "no",
])  # fmt: skip
TAGS = ("name", "highway", "layer", "bridge", "tunnel")
HEADINGS = (*TAGS, "oneway", "@id")


@dataclass(frozen=True)
class _Way:
    """A street as it stands in the file; places are longitude and latitude, None for a node that the file lacks."""

    identity: int
    tags: dict[str, str]
    nodes: list[int]
    places: list[tuple[float, float] | None]


def streets(path: Path) -> tuple[Iterator[Feature], int]:
    """Ways cut at every node that two of them share; a bridge shares none with the street below. And how many of the
    ways leave the file's edge."""
    ways = list(_ways(path))
    outside = sum(None in way.places for way in ways)
    return _cut(ways), outside


def _ways(path: Path) -> Iterator[_Way]:
    found: Any = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    found = found.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    for way in found.with_filter(osmium.filter.KeyFilter("highway")):
        if way.tags["highway"] in NO_STREET or way.tags.get("area") == "yes":
            continue
        tags = {tag: way.tags[tag] for tag in TAGS if tag in way.tags}
        tags["oneway"] = _one_way(way.tags)
        nodes = list(way.nodes)
        places = [(node.lon, node.lat) if node.location.valid() else None for node in nodes]
        yield _Way(way.id, tags, [node.ref for node in nodes], places)


def _cut(ways: list[_Way]) -> Iterator[Feature]:
    used = Counter(node for way in ways for node in way.nodes)
    for way in ways:
        for first, last in _sections(way, used):
            said = way.tags | {"@id": f"way/{way.identity}/{way.nodes[first]}-{way.nodes[last]}"}
            yield Feature(way.identity, said, shapely.linestrings(way.places[first : last + 1]))


def _one_way(tags: Any) -> str:
    said = tags.get("oneway", "")
    if not said and (tags.get("junction") in ("roundabout", "circular") or tags["highway"].startswith("motorway")):
        return "yes"
    return str(said)


def _sections(way: _Way, used: Counter[int]) -> Iterator[tuple[int, int]]:
    """First and last position of each part of a way between crossings; nodes outside the file break it."""
    first: int | None = None
    for at, place in enumerate(way.places):
        if place is None:
            if first is not None and at - 1 > first:
                yield first, at - 1
            first = None
        elif first is None:
            first = at
        elif used[way.nodes[at]] > 1 or at == len(way.places) - 1:
            yield first, at
            first = at
