"""OpenStreetMap, XML and PBF: by node identities, so that streets meet where they share a node and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import osmium
import shapely

from geo_app.imports.problems import N_, FileRejected, Said
from geo_app.imports.readers import osm_roads, osm_tags
from geo_app.imports.readers.features import Feature, portions
from geo_app.imports.readers.markup import refuse_declarations
from geo_app.imports.readers.refusals import damaged, empty
from geo_app.imports.rows import Rows


@dataclass(frozen=True)
class _Wanted:
    """Which things of a map are a kind: those with a key of ``keys`` that ``describe`` takes; under which headings.
    ``lines`` describes ways that are lines and no areas."""

    keys: tuple[str, ...]
    describe: Callable[[Any], dict[str, str] | None]
    headings: tuple[str, ...]
    points: bool = True
    areas: bool = True
    lines: Callable[[Any], dict[str, str] | None] | None = None


WANTED = {
    "places": _Wanted(
        ("amenity", "shop", "railway", "tourism", "office"), osm_tags.place, ("kind", "name", "address", "@id")
    ),
    "cameras": _Wanted(("man_made",), osm_tags.camera, (*osm_tags.CAMERA, "@id"), areas=False),
    "areas": _Wanted(("boundary",), osm_tags.boundary, ("name", "level", "ref", "@id"), points=False),
    "addresses": _Wanted(("addr:housenumber",), osm_tags.address, (*osm_tags.ADDRESS, "@id")),
    "buildings": _Wanted(
        ("building",),
        osm_tags.building,
        ("kind", "name", "levels", "height_m", "address", "road", "number", "@id"),
        points=False,
    ),
    "waters": _Wanted(
        ("natural", "waterway", "landuse", "water"),
        osm_tags.water,
        ("kind", "name", "@id"),
        points=False,
        lines=osm_tags.waterway,
    ),
}


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """What an OpenStreetMap file holds of a kind. Coordinates are longitude, latitude (WGS84)."""
    if kind != "roads" and kind not in WANTED:
        raise FileRejected.whole(
            path.name,
            "wrong_format",
            N_("OpenStreetMap files hold no %(kind)s."),
            N_("Take one of %(kinds)s from it."),
            kind=kind,
            kinds=", ".join(("roads", *WANTED)),
        )
    if not path.stat().st_size:
        raise empty(path)
    if path.suffix.casefold() == ".osm":
        refuse_declarations(path, "osm", "OpenStreetMap")
    try:
        if kind == "roads":
            streets, outside = osm_roads.streets(path)
            left = (
                (
                    Said(
                        N_("%(count)s ways leave the file's edge; their parts inside were taken."),
                        {"count": str(outside)},
                    ),
                )
                if outside
                else ()
            )
            yield from portions(streets, osm_roads.HEADINGS, unit="way", warnings=left)
        else:
            unit = "node" if kind == "cameras" else "object"
            yield from portions(_things(path, WANTED[kind]), WANTED[kind].headings, unit=unit)
    except (RuntimeError, osmium.InvalidLocationError) as error:  # all that osmium raises
        raise damaged(path, error) from error


def _things(path: Path, wanted: _Wanted) -> Iterator[Feature]:
    """Nodes, lines, and areas as the polygons that they are, with what they say of themselves and ``@id``."""
    keys = osmium.filter.KeyFilter(*wanted.keys)
    processor: Any = osmium.FileProcessor(str(path))
    processor = processor.with_areas(keys) if wanted.areas else processor
    as_wkb = osmium.geom.WKBFactory()
    for thing in processor.with_filter(keys):
        is_area, is_line = thing.is_area(), wanted.lines is not None and thing.is_way()
        if not (wanted.points and thing.is_node()) and not is_area and not is_line:
            continue
        said = wanted.lines(thing.tags) if wanted.lines and is_line else wanted.describe(thing.tags)
        if said is None:
            continue
        identity = thing.orig_id() if is_area else thing.id
        name = "way" if is_line or (is_area and thing.from_way()) else "relation" if is_area else "node"
        said["@id"] = f"{name}/{identity}"
        if "ref" in said:
            said["ref"] = said["ref"] or said["@id"]
        try:
            shape = (
                as_wkb.create_multipolygon(thing) if is_area
                else as_wkb.create_linestring(thing) if is_line
                else as_wkb.create_point(thing)
            )  # fmt: skip
        except (RuntimeError, osmium.InvalidLocationError):  # its lines cross, or do not close
            yield Feature(identity, said, malformed="")
        else:
            yield Feature(identity, said, shapely.from_wkb(shape))
