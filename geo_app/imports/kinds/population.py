"""Households and people, counted by grid or around a point."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geo_app.imports.kinds.base import (
    Arrival,
    Kind,
    Made,
    arrived_point,
    begin,
    require_columns,
    require_shapes,
    require_short,
    unique_keys,
)
from geo_app.imports.kinds.keys import filled
from geo_app.imports.kinds.measures import whole
from geo_app.imports.kinds.shapes import ON_THE_SPOT, stand_as_points
from geo_app.imports.kinds.totals import refuse_totals
from geo_app.imports.problems import N_
from geo_app.imports.values import instants, optional_text, text


def make(arrival: Arrival) -> Made:
    """Rows of ``population``. Each needs a grid's code or a position, and a number of households or people.

    Without a key of its own a row is known by its grid and the day of the count, else by all that it says.
    """
    if "households" not in arrival.columns:
        require_columns(arrival, ("people",))
    refuse_totals(arrival, ("key", "grid_code"))
    require_shapes(arrival, ON_THE_SPOT, needed=False)
    arrival = arrival.without_bad()
    table = begin(arrival)
    columns, problems = arrival.columns, arrival.problems
    table["geom"] = stand_as_points(arrival.geometry)
    arrived_point(arrival, table)
    nowhere = shapely.is_missing(table["geom"].to_numpy())
    # Where people were counted is said by every file, in one way or the other.
    table["grid_code"] = optional_text(arrival.column("grid_code")) if "grid_code" in columns else None
    require_short(problems, table["grid_code"].fillna("").astype(str), "grid_code")
    nowhere &= table["grid_code"].isna().to_numpy()
    problems.add(
        nowhere,
        "geometry",
        N_("it has neither a grid's code nor a position"),
        N_("Write the code of its grid, or a longitude and a latitude."),
    )
    _counts(arrival, table)
    if "counted_on" in columns:
        first, _ = instants(arrival.column("counted_on"), arrival.county.time_zone, "counted_on", problems)
        days = first.dt.tz_convert(arrival.county.time_zone).dt.strftime("%Y-%m-%d")
        table["counted_on"] = days.astype(object).where(first.notna(), None)
    table["source_key"] = _keys(arrival, table)
    return Made(table, problems)


def _counts(arrival: Arrival, table: pd.DataFrame) -> None:
    problems, unknown = arrival.problems, np.ones(len(table), dtype=bool)
    for name in ("households", "people"):
        if name not in arrival.columns:
            continue
        table[name] = whole(arrival.column(name), name, problems)
        unknown &= table[name].isna().to_numpy()
    problems.add(
        unknown,
        "number",
        N_("it counts neither households nor people"),
        N_("Write how many there are; leave the row here if nobody knows."),
    )


def _keys(arrival: Arrival, table: pd.DataFrame) -> pd.Series:
    keys = text(arrival.column("key")) if "key" in arrival.columns else pd.Series("", index=table.index)
    day = table["counted_on"].fillna("") if "counted_on" in table else ""
    by_grid = table["grid_code"].fillna("").astype(str) + "/" + day
    keys = keys.astype(object).where((keys != "") | table["grid_code"].isna(), by_grid)
    keys = filled(arrival, keys)
    unique_keys(arrival, keys, "key" if "key" in arrival.columns else "grid_code")
    return keys


POPULATION = Kind("population", "population", ON_THE_SPOT, make, needs_geometry=False)
