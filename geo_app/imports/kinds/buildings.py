"""Buildings: their outlines and how high they are."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_shapes
from geo_app.imports.kinds.keys import filled, keys_of
from geo_app.imports.kinds.measures import measure
from geo_app.imports.kinds.shapes import OUTLINES, in_parts
from geo_app.imports.problems import N_, Problems
from geo_app.imports.values import quoted, text

STOREYS = r"\d\s*(?:层楼?|[Ff])$"  # 18层, 6F: no metres


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
    _heights(arrival, table)
    address = _address(arrival)
    if address is not None:
        table["address"] = address
    table["source_key"] = _keys_of_parts(arrival) if "key" in columns else keys_of(arrival)
    return Made(table, arrival.problems)


def _heights(arrival: Arrival, table: pd.DataFrame) -> None:
    """Metres and storeys. Storeys in the column of heights count as such, in every portion of a file alike."""
    columns, problems = arrival.columns, arrival.problems
    levels = _above_ground(arrival, arrival.column("levels"), "levels") if "levels" in columns else None
    if "height_m" in columns:
        heights = arrival.column("height_m")
        if pd.api.types.is_numeric_dtype(heights.dtype):
            counted = pd.Series(np.nan, index=table.index)
        else:
            words = text(heights)
            storeys = words.str.contains(STOREYS, regex=True).to_numpy(dtype=bool)
            counted = _above_ground(arrival, words.where(storeys, "").str.removesuffix("楼"), "levels")
            heights = words.where(~storeys, "")
        table["height_m"] = _above_ground(arrival, heights, "height_m")
        levels = counted if levels is None else _agreeing(levels, counted, problems)
    if levels is not None:
        table["levels"] = levels


def _above_ground(arrival: Arrival, column: pd.Series, name: str) -> pd.Series:
    """Metres or storeys. Zero is how many files say that they do not know."""
    values = measure(column, name, arrival.problems)
    return values.where(values != 0, np.nan)


def _agreeing(levels: pd.Series, counted: pd.Series, problems: Problems) -> pd.Series:
    """The storeys of a row that may say them twice; notes where it says two things."""
    problems.add(
        (levels.notna() & counted.notna() & (levels != counted)).to_numpy(),
        "range",
        N_("the height says %(counted)s storeys, and the column of storeys %(levels)s"),
        N_("Write the height in metres, and one number of storeys."),
        counted=lambda row: f"{counted.iloc[row]:g}",
        levels=lambda row: f"{levels.iloc[row]:g}",
    )
    return levels.where(levels.notna(), counted)


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
    keys, lines, problems = filled(arrival, text(arrival.column("key"))), arrival.rows.numbers, arrival.problems
    outlines = pd.Series([hashlib.sha256(shape.wkb).hexdigest()[:16] for shape in arrival.geometry], index=keys.index)
    nth, _ = arrival.seen.add(keys, lines)
    nth_outline, firsts = arrival.seen.add("#" + keys + "#" + outlines, lines)
    problems.add(
        nth_outline > 1,
        "key",
        N_("the same outline with the key %(value)s is already on %(unit)s %(first)s"),
        N_("Leave it here if it is the same building, else correct its key or its outline."),
        value=quoted(keys),
        unit=arrival.rows.unit,
        first=lambda row: firsts[row],
    )
    return keys.where(nth == 1, keys + "#" + outlines)


BUILDINGS = Kind("buildings", "building", OUTLINES, make)
