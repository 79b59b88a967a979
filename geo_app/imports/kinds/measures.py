"""Numbers that can be impossible."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_app.imports.problems import N_, Problems
from geo_app.imports.values import number, quoted

MOST = 2**31 - 1  # that a column of whole numbers holds


def measure(
    column: pd.Series, what: str, problems: Problems, *, least: float = 0, most: float = np.inf, counts: bool = False
) -> pd.Series:
    """Floats between ``least`` and ``most``, both allowed; NaN where nothing is given. Notes all others in ``problems``."""
    values = number(column, what, problems, counts=counts)
    problems.add(
        ((values < least) | (values > most)).to_numpy(),
        "range",
        N_("%(what)s %(value)s is impossible"),
        N_("Correct it, or leave it empty if nobody knows."),
        what=what,
        value=lambda row: f"{values.iloc[row]:g}",
    )
    return values


def whole(column: pd.Series, what: str, problems: Problems) -> pd.Series:
    """Whole numbers from 0 on, missing where nothing is given. Notes all others in ``problems``."""
    values = measure(column, what, problems, most=MOST, counts=True)
    parted = (values % 1 != 0) & values.notna()
    problems.add(
        parted.to_numpy(),
        "number",
        N_("%(what)s %(value)s is no count"),
        N_("Write a whole number, without a fraction."),
        what=what,
        value=quoted(column),
    )
    return values.where(~parted & values.between(0, MOST)).astype("Int64")
