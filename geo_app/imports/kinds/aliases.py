"""Aliases: what people call a standard address."""

from __future__ import annotations

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
from geo_app.imports.kinds.shapes import ON_THE_SPOT, stand_as_points
from geo_app.imports.problems import N_
from geo_app.imports.values import optional_text, text


def make(arrival: Arrival) -> Made:
    """Rows of ``address_alias``: known by their key or, without one, by the alias, which then means one address."""
    require_columns(arrival, ("alias",))
    require_shapes(arrival, ON_THE_SPOT, needed=False)
    arrival = arrival.without_bad()
    table = begin(arrival)
    columns, problems = arrival.columns, arrival.problems
    table["geom"] = stand_as_points(arrival.geometry)
    arrived_point(arrival, table)
    table["alias"] = text(arrival.column("alias"))
    problems.add(
        (table["alias"] == "").to_numpy(), "alias", N_("it says no alias"), N_("Write the name that people use.")
    )
    require_short(problems, table["alias"], "alias")
    means = ~pd.Series(shapely.is_missing(table["geom"].to_numpy()), index=table.index)
    for name in ("address_key", "address_text"):
        if name in columns:
            table[name] = optional_text(arrival.column(name))
            means |= table[name].notna()
    problems.add(
        (~means).to_numpy(),
        "alias",
        N_("nothing says which address the alias %(alias)s means"),
        N_("Give the standard address, its key, or a position."),
        alias=lambda row: repr(table["alias"].iloc[row]),
    )
    key = text(arrival.column("key")) if "key" in columns else table["alias"]
    table["source_key"] = key.where(key != "", table["alias"])
    unique_keys(arrival, table["source_key"], "key" if "key" in columns else "alias")
    return Made(table, problems)


ALIASES = Kind("aliases", "address_alias", ON_THE_SPOT, make, needs_geometry=False)
