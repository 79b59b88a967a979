"""Buildings: their outlines and how high they are."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_shapes
from geo_app.imports.kinds.keys import keys_of
from geo_app.imports.kinds.measures import measure
from geo_app.imports.kinds.shapes import OUTLINES, in_parts
from geo_app.imports.problems import N_
from geo_app.imports.values import quoted, text

UNIT = r"\s*(?:m|米|层)$"  # 12 m, 18层


def make(arrival: Arrival) -> Made:
    """Rows of ``building``; heights are metres above the ground. A point is no building."""
    require_shapes(arrival, OUTLINES, needed=True)
    arrival = arrival.without_bad()
    table = begin(arrival)
    columns = arrival.columns
    table["geom"] = in_parts(arrival.geometry)
    if "name" in columns:
        table["name"] = text(arrival.column("name"))
    if "kind" in columns:
        kind = text(arrival.column("kind"))
        table["kind"] = kind.where(~kind.str.casefold().isin({"", "yes"}), "building")
    for name in ("height_m", "levels"):
        if name in columns:
            table[name] = _above_ground(arrival, name)
    address = _address(arrival)
    if address is not None:
        table["address"] = address
    table["source_key"] = _keys_of_parts(arrival) if "key" in columns else keys_of(arrival)
    return Made(table, arrival.problems)


def _above_ground(arrival: Arrival, name: str) -> pd.Series:
    """Metres or storeys. Zero is how many files say that they do not know."""
    column = arrival.column(name)
    if not pd.api.types.is_numeric_dtype(column.dtype):
        column = text(column).str.replace(UNIT, "", regex=True)
    values = measure(column, name, arrival.problems)
    return values.where(values != 0, np.nan)


def _address(arrival: Arrival) -> pd.Series | None:
    columns = arrival.columns
    if "address" in columns:
        return text(arrival.column("address"))
    if "road" not in columns or "number" not in columns:
        return None
    road, house = text(arrival.column("road")), text(arrival.column("number"))
    return (road + " " + house).where(road != "", "").str.strip()


def _keys_of_parts(arrival: Arrival) -> pd.Series:
    """The file's keys. A building that was cut, at the edge of a map sheet for example, comes with one key for its
    parts: the later ones get a hash of their outline. The same outline again is a problem."""
    keys, lines, problems = text(arrival.column("key")), arrival.rows.numbers, arrival.problems
    outlines = pd.Series([hashlib.sha256(shape.wkb).hexdigest()[:16] for shape in arrival.geometry], index=keys.index)
    nth, _ = arrival.seen.add(keys, lines)
    nth_outline, firsts = arrival.seen.add("#" + keys + "#" + outlines, lines)
    problems.add((keys == "").to_numpy(), "key", N_("%(what)s is empty"), what="key")
    problems.add(
        nth_outline > 1,
        "key",
        N_("the same outline with the key %(value)s is already on %(unit)s %(first)s"),
        value=quoted(keys),
        unit=arrival.rows.unit,
        first=lambda row: firsts[row],
    )
    return keys.where(nth == 1, keys + "#" + outlines)


BUILDINGS = Kind("buildings", "building", OUTLINES, make)
