"""By what a row is known again: its key in the file, or all that it says."""

from __future__ import annotations

import pandas as pd

from geo_app.imports.kinds.base import Arrival, unique_keys
from geo_app.imports.values import keys_by_content, text


def keys_of(arrival: Arrival) -> pd.Series:
    """The file's own key of each row, noted where it is empty or doubled; without such a column a key by content."""
    if "key" not in arrival.columns:
        return keys_by_content(arrival.rows.table, arrival.geometry, arrival.seen, arrival.rows.numbers)
    keys = text(arrival.column("key"))
    unique_keys(arrival, keys, "key")
    return keys
