"""Rivers, canals and lakes: middle lines, or outlines of what they cover."""

from __future__ import annotations

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_length, require_shapes
from geo_app.imports.kinds.keys import keys_of_parts
from geo_app.imports.values import text

SHAPES = ("LineString", "MultiLineString", "LinearRing", "Polygon", "MultiPolygon")
KINDS = {
    "河流": "river", "河": "river", "江": "river", "溪": "stream", "溪流": "stream", "小溪": "stream", "运河": "canal",
    "渠": "canal", "水渠": "canal", "干渠": "canal", "沟": "ditch", "沟渠": "ditch", "drain": "ditch", "湖泊": "lake",
    "湖": "lake", "水库": "reservoir", "池塘": "pond", "坑塘": "pond", "塘": "pond", "basin": "reservoir", "水面": "water", "水域": "water",
}  # fmt: skip


def make(arrival: Arrival) -> Made:
    """Rows of ``water``. A point is no water, nor a line without length; words for kinds that nobody foresaw stay as they are."""
    require_shapes(arrival, SHAPES, needed=True)
    require_length(arrival)
    arrival = arrival.without_bad()
    table = begin(arrival)
    if "name" in arrival.columns:
        table["name"] = text(arrival.column("name"))
    if "kind" in arrival.columns:
        kind = text(arrival.column("kind"))
        known = KINDS | {word: word for word in KINDS.values()}  # Lake, RIVER
        table["kind"] = kind.str.casefold().map(known).fillna(kind).replace("", "water")
    table["source_key"] = keys_of_parts(arrival)
    return Made(table, arrival.problems)


WATERS = Kind("waters", "water", SHAPES, make)
