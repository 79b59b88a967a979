"""Rows that sum up others: they stand below many tables, and are no data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from geo_app.imports.kinds.base import Arrival
from geo_app.imports.problems import N_
from geo_app.imports.texts import as_column, quoted, trimmed

SUM = r"(?i)^(?:合[\s　]*计|总[\s　]*计|小[\s　]*计|共[\s　]*计|total)[\s　]*[:：]?$"


def refuse_totals(arrival: Arrival, names: tuple[str, ...]) -> None:
    """Notes rows of which the first filled cell, or that of a column of ours in ``names``, says no more than total."""
    table = arrival.rows.table
    left = np.ones(len(table), dtype=bool)  # of which no cell is filled so far
    for heading in table.columns:
        if not left.any():
            break
        filled = _note(arrival, table[heading], left)
        left &= ~filled
    for name in names:
        if name in arrival.columns:
            _note(arrival, table[arrival.columns[name]], np.ones(len(table), dtype=bool))


def _note(arrival: Arrival, column: pd.Series, asked: np.ndarray) -> np.ndarray:
    """Notes those of the rows asked for that say total in a column; a mask of the rows that are filled there."""
    words = trimmed(column)
    is_sum = pc.match_substring_regex(words, SUM).to_numpy(zero_copy_only=False)
    arrival.problems.add(
        is_sum & asked,
        "total",
        N_("a row of totals: its first cell or its name is %(value)s"),
        N_("Leave it here: what it sums up stands in other rows. If it is none, correct that cell."),
        value=quoted(as_column(words, column)),
    )
    return pc.not_equal(words, "").to_numpy(zero_copy_only=False)
