"""Standard addresses: their whole text, their parts, and a point, if they have one."""

from __future__ import annotations

import re

import pandas as pd

from geo_app.imports.kinds.base import Arrival, Kind, Made, arrived_point, begin, require_columns, require_shapes
from geo_app.imports.kinds.keys import keys_of
from geo_app.imports.kinds.shapes import ON_THE_SPOT, stand_as_points
from geo_app.imports.problems import N_
from geo_app.imports.values import optional_text, text

# From the large to the small, as an address is said.
PARTS = ("town", "community", "villager_group", "road", "number", "estate", "building", "unit")
CHINESE = re.compile(r"[\u3400-\u9fff]")


def make(arrival: Arrival) -> Made:
    """Rows of ``address``. One without a point is kept; one that says no address at all is a problem."""
    columns = arrival.columns
    if not any(part in columns for part in PARTS):
        require_columns(arrival, ("full_text",))
    require_shapes(arrival, ON_THE_SPOT, needed=False)
    arrival = arrival.without_bad()
    table = begin(arrival)
    table["geom"] = stand_as_points(arrival.geometry)
    arrived_point(arrival, table)
    for part in PARTS:
        if part in columns:
            table[part] = optional_text(arrival.column(part))
    table["full_text"] = _full_text(arrival, table)
    arrival.problems.add(
        (table["full_text"] == "").to_numpy(),
        "address",
        N_("it says no address"),
        N_("Write the address as one text, or its road and number."),
    )
    table["source_key"] = keys_of(arrival)
    return Made(table, arrival.problems)


def _full_text(arrival: Arrival, table: pd.DataFrame) -> pd.Series:
    """The whole text as it arrived; where there is none, put together from its parts."""
    columns = arrival.columns
    said = text(arrival.column("full_text")) if "full_text" in columns else pd.Series("", index=table.index)
    left = said == ""
    if left.any():
        parts = table.loc[left, [part for part in PARTS if part in table]]
        said = said.where(~left, pd.Series([_joined(row) for row in parts.to_numpy()], index=parts.index, dtype=object))
    return said


def _joined(parts: list[str | None]) -> str:
    """Chinese parts follow each other; others stand apart."""
    words = [part for part in parts if isinstance(part, str)]
    return ("" if any(CHINESE.search(word) for word in words) else " ").join(words)


ADDRESSES = Kind("addresses", "address", ON_THE_SPOT, make, needs_geometry=False, by_address=True)
