"""Grid codes: what a well-formed one is, and new ones. The pattern is a local rule, so it is a parameter."""

import re
from collections.abc import Collection, Iterable

import numpy as np
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.errors import CodeError

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


def new_codes(
    grids: GeoDataFrame, prefix: str, *, digits: int = 3, taken: Collection[str] = (), pattern: str = PATTERN
) -> list[str]:
    """Return a code for each grid of a community: the prefix and a number of `digits` digits, from 1.

    grids: EPSG:4326. Numbers run from west to east in bands as high as the median grid, the northernmost band first.
    The code of a grid in `taken`, which was given out once, is left out for ever.
    Raises CodeError when there are more grids than numbers, or the codes do not match the pattern.
    The rule is that of the Beijing unit-grid standard, where bands stand for its rows.
    """
    free = (code for number in range(1, 10**digits) if (code := f"{prefix}{number:0{digits}d}") not in taken)
    codes = [code for code, _ in zip(free, range(len(grids)), strict=False)]
    if len(codes) < len(grids):
        raise CodeError(f"{digits} digits after {prefix} are not enough for {len(grids)} grids: numbers run out")
    if malformed(codes, pattern).any():
        raise CodeError(f"codes such as {codes[0]} do not follow the pattern {pattern}")
    given = np.empty(len(codes), dtype=object)
    given[reading_order(grids)] = codes
    return [str(code) for code in given]


def reading_order(grids: GeoDataFrame) -> np.ndarray:
    """Return the positions of grids in the order in which they are numbered: band by band, each from the west."""
    if not len(grids):
        return np.zeros(0, dtype=int)
    bounds = grids.geometry.bounds.to_numpy()
    middle = shapely.get_coordinates(shapely.centroid(grids.geometry.to_numpy()))
    height = float(np.median(bounds[:, 3] - bounds[:, 1]))
    band = np.floor((bounds[:, 3].max() - middle[:, 1]) / height)
    return np.lexsort((-middle[:, 1], middle[:, 0], band))
