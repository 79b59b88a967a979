"""KML and KMZ: placemarks in whatever folders, with all that they say of themselves. WGS84, longitude first, as KML is."""

from __future__ import annotations

import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import shapely

from geo_app.imports.readers.features import Feature, portions
from geo_app.imports.readers.markup import child, events, refuse_declarations, words
from geo_app.imports.readers.refusals import several
from geo_app.imports.readers.unpacking import opened, unpack
from geo_app.imports.rows import Rows

SAID = {"name": "name", "description": "description", "address": "address", "phoneNumber": "phone", "when": "when",
        "begin": "begin", "end": "end"}  # fmt: skip


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The placemarks of a .kml, or of the one .kml in a .kmz. A column ``folder`` names where those in folders lie."""
    if path.suffix.casefold() != ".kmz":
        yield from _document(path)
        return
    with tempfile.TemporaryDirectory(prefix="geo-import-") as folder:
        target = Path(folder) / f"{path.stem[:60]}.kml"
        with opened(path) as archive:
            members = {member.filename: member for member in archive.infolist()}
            names = [name for name in members if PurePosixPath(name).suffix.casefold() == ".kml"]
            name = "doc.kml" if "doc.kml" in names else names[0] if len(names) == 1 else None
            if name is None:
                raise several(path, names, kind)
            with archive.open(members[name]) as packed:
                unpack(path, packed, target, members[name].file_size)
        yield from _document(target)


def _document(path: Path) -> Iterator[Rows]:
    refuse_declarations(path, "kml", "KML")
    # Twice: which columns there are is known only at the end.
    headings = list(dict.fromkeys(heading for placemark in _placemarks(path) for heading in placemark.said))
    yield from portions(_placemarks(path), headings)


def _placemarks(path: Path) -> Iterator[Feature]:
    folders: list[str] = []
    number = 0
    for event, element, name, parent in events(path, frozenset(["Placemark"])):
        if event == "start":
            if name == "Folder":
                folders.append("")
        elif name == "Folder":
            folders.pop()
        elif name == "name" and parent == "Folder":
            folders[-1] = words(element)
        elif name == "Placemark":
            number += 1
            yield _placemark(element, number, "/".join(filter(None, folders)))


def _placemark(element: ET.Element, number: int, folder: str) -> Feature:
    said: dict[str, str] = {"folder": folder} if folder else {}
    geometries = []
    for part in element:
        tag = part.tag.rpartition("}")[2]
        if tag in SAID:
            said[SAID[tag]] = words(part)
        elif tag in ("TimeStamp", "TimeSpan"):
            said |= {one.tag.rpartition("}")[2]: words(one) for one in part}
        elif tag == "ExtendedData":
            said |= _extended(part)
        elif tag in SHAPES:
            geometries.append(part)
    if not geometries:
        return Feature(number, said)
    try:
        return Feature(number, said, _shape(geometries[0]))
    except (ValueError, IndexError, shapely.GEOSException):
        return Feature(number, said, malformed="".join(geometries[0].itertext()))


def _extended(data: ET.Element) -> dict[str, str]:
    """What Data and SimpleData say, whatever schema they name."""
    said = {}
    for element in data.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "Data":
            said[element.get("name", "")] = words(child(element, "value"))
        elif tag == "SimpleData":
            said[element.get("name", "")] = words(element)
    return {name.strip(): text for name, text in said.items() if name.strip()}


def _positions(element: ET.Element) -> np.ndarray:
    """Pairs of longitude and latitude; heights are left out."""
    text = words(child(element, "coordinates"))
    pairs = np.array([position.split(",")[:2] for position in text.split()], dtype=float)
    if pairs.ndim != 2 or not np.isfinite(pairs).all():
        raise ValueError(text[:80])
    return pairs


def _shape(element: ET.Element) -> Any:
    return SHAPES[element.tag.rpartition("}")[2]](element)


def _polygon(element: ET.Element) -> Any:
    rings: dict[str, list[np.ndarray]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
    for boundary in element:
        side = boundary.tag.rpartition("}")[2]
        for ring in boundary:
            if side in rings:
                rings[side].append(_positions(ring))
    return shapely.Polygon(rings["outerBoundaryIs"][0], rings["innerBoundaryIs"])


def _several(element: ET.Element) -> Any:
    """The parts of a MultiGeometry as one geometry, of one type where they are."""
    shapes = [_shape(part) for part in element if part.tag.rpartition("}")[2] in SHAPES]
    parts = [one for shape in shapes for one in shapely.get_parts(shape)]
    types = {part.geom_type for part in parts}
    if len(parts) == 1:
        return parts[0]
    if types == {"Polygon"}:
        return shapely.MultiPolygon(parts)
    if types == {"LineString"}:
        return shapely.MultiLineString(parts)
    return shapely.MultiPoint(parts) if types == {"Point"} else shapely.GeometryCollection(parts)


def _track(element: ET.Element) -> Any:
    places = [words(one).split()[:2] for one in element if one.tag.endswith("}coord")]
    return shapely.LineString(np.array(places, dtype=float))


SHAPES: dict[str, Any] = {
    "Point": lambda element: shapely.Point(_positions(element)[0]),
    "LineString": lambda element: shapely.LineString(_positions(element)),
    "LinearRing": lambda element: shapely.LineString(_positions(element)),
    "Polygon": _polygon,
    "MultiGeometry": _several,
    "Track": _track,
    "MultiTrack": _several,
}
