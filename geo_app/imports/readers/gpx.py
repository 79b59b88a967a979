"""GPX of hand-held receivers and patrol cars. WGS84; times as they stand there, in UTC as the standard says."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import shapely

from geo_app.imports.problems import N_, FileRejected
from geo_app.imports.readers.features import Feature, portions
from geo_app.imports.readers.markup import child, events, refuse_declarations, words
from geo_app.imports.rows import Rows

FIXES = ("device", "time", "elevation", "speed_mps", "course")
LINES = ("name", "description", "type", "number")
PLACES = ("name", "description", "comment", "type", "symbol", "time", "elevation")
TAGS = {
    "speed_mps": "speed",
    "description": "desc",
    "comment": "cmt",
    "symbol": "sym",
    "elevation": "ele",
}  # where they differ
POINTS = frozenset(["wpt", "rtept", "trkpt"])


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The fixes of its tracks for tracks, its tracks and routes as lines for routes and roads, else its waypoints.

    A fix has the name of its track as its device, and that of the file where the track has none.
    """
    if kind in ("areas", "grids", "buildings", "waters"):
        raise FileRejected.whole(
            path.name, "wrong_format", N_("GPX files hold no %(kind)s."), N_("Export polygons."), kind=kind
        )
    refuse_declarations(path, "gpx", "GPX")
    if kind == "tracks":
        yield from portions(_fixes(path), FIXES)
    elif kind in ("routes", "roads"):
        yield from portions(_lines(path), LINES)
    else:
        yield from portions(_places(path), PLACES)


def _fixes(path: Path) -> Iterator[Feature]:
    device, number = path.stem, 0
    for event, element, name, parent in events(path, POINTS):
        if name == "trk":
            device = path.stem
        elif event == "end" and name == "name" and parent == "trk":
            device = words(element) or device
        elif event == "end" and name == "trkpt":
            number += 1
            yield _point(number, element, FIXES, {"device": device})


def _places(path: Path) -> Iterator[Feature]:
    number = 0
    for event, element, name, _ in events(path, POINTS):
        if event == "end" and name == "wpt":
            number += 1
            yield _point(number, element, PLACES, {})


def _lines(path: Path) -> Iterator[Feature]:
    """A line for each track and each route, in the order of the file; parts of a track stay parts."""
    number = 0
    said: dict[str, str] = {}
    parts: list[list[tuple[float, float]]] = [[]]
    malformed: list[str] = []
    for event, element, name, parent in events(path, POINTS):
        if event == "start":
            if name in ("trk", "rte"):
                said, parts, malformed = {}, [[]], []
            elif name == "trkseg":
                parts.append([])
        elif name in ("trkpt", "rtept"):
            place = _position(element)
            if place is None:
                malformed.append(_written(element))
            else:
                parts[-1].append(place)
        elif parent in ("trk", "rte"):
            said |= {heading: words(element) for heading in LINES if name == TAGS.get(heading, heading)}
        elif name in ("trk", "rte"):
            number += 1
            if malformed:
                yield Feature(number, said, malformed="; ".join(malformed[:20]))
            else:
                lines = [shapely.LineString(part) for part in parts if len(part) > 1]
                yield Feature(number, said, lines[0] if len(lines) == 1 else shapely.MultiLineString(lines))


def _point(number: int, element: ET.Element, wanted: tuple[str, ...], said: dict[str, str]) -> Feature:
    """A point with what it says under the headings ``wanted``, also in its extensions."""
    extensions = child(element, "extensions")
    for part in [*element, *(extensions.iter() if extensions is not None else ())]:
        tag = part.tag.rpartition("}")[2]
        for heading in wanted:
            if tag == TAGS.get(heading, heading):
                said.setdefault(heading, words(part))
    place = _position(element)
    if place is None:
        return Feature(number, said, malformed=_written(element))
    return Feature(number, said, shapely.Point(place))


def _position(element: ET.Element) -> tuple[float, float] | None:
    """Longitude and latitude; None for what is nowhere on Earth."""
    try:
        x, y = float(element.get("lon", "")), float(element.get("lat", ""))
    except ValueError:
        return None
    return (x, y) if abs(x) <= 180 and abs(y) <= 90 else None


def _written(element: ET.Element) -> str:
    return f"{element.get('lon')} {element.get('lat')}"
