"""Grid codes: what a well-formed one is. The pattern is a local rule, so it is a parameter."""

import re
from collections.abc import Iterable

import numpy as np

PATTERN = r"^\d{15}$"  # 6 county, 3 town, 3 community, 3 for the grid within the community


def malformed(codes: Iterable[str | None], pattern: str = PATTERN) -> np.ndarray:
    """Return a mask of the codes that do not match the whole pattern; digits are the ASCII ones."""
    rule = re.compile(pattern, re.ASCII)
    return np.array([code is None or rule.fullmatch(str(code)) is None for code in codes], dtype=bool)


def duplicated(codes: Iterable[str | None]) -> np.ndarray:
    """Return a mask of the codes that occur more than once; missing ones are not duplicates."""
    given = np.array(["" if code is None else str(code) for code in codes], dtype=str)
    _, of_code, times = np.unique(given, return_inverse=True, return_counts=True)
    return np.asarray((times[of_code.reshape(-1)] > 1) & (given != ""))
