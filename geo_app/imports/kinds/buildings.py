"""Buildings: their outlines and how high they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_app.imports.kinds.base import Arrival, Kind, Made, begin, require_shapes
from geo_app.imports.kinds.keys import keys_of_parts
from geo_app.imports.kinds.measures import measure
from geo_app.imports.kinds.shapes import OUTLINES, in_parts
from geo_app.imports.problems import N_, Problems
from geo_app.imports.values import text

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
    table["source_key"] = keys_of_parts(arrival)
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


BUILDINGS = Kind("buildings", "building", OUTLINES, make)
