"""Grid codes: what a well-formed one is, and new ones. The pattern is a local rule, so it is a parameter."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.errors import CodeError

NUMBERED = re.compile(r"(.*)第([^第]+)网格")
NUMERALS = "一二三四五六七八九十"  # larger numbers are written in digits everywhere
TOWN = re.compile(r"(\d{9})(000)?", re.ASCII)  # 6 county, 3 town; in 12 digits noughts for the community
PATTERN = r"^\d{15}$"  # 6 county, 3 town, 3 community, 3 for the grid within the community


@dataclass(frozen=True)
class Numbering:
    """The local rule by which new grids of a community are coded and named.

    pattern: what each code matches whole. digits: how many at the end number the grid within its community; what
    stands before them is the community's. taken: every code that was ever given out. name: with the field `number`.
    above: the name of areas of the level above, if they are drawn too: in their codes the number stands before noughts in
    the place of the one below (police stations 340523001000 with zones 340523001001); "" where there are none.
    """

    pattern: str = PATTERN
    digits: int = 3
    taken: Collection[str] = frozenset()
    name: str = "第{number:02d}网格"
    above: str = ""

    def prefix(self, code: str) -> str:
        """Return what the codes of a community begin with, given one of them."""
        return self._cut(code)[0]

    def is_above(self, code: str) -> bool:
        """Return whether a code is one of the level above."""
        return bool(self._cut(code)[2])

    def give(
        self, shapes: np.ndarray, like: str, community: np.ndarray, present: Collection[str], prefix: str | None = None
    ) -> list[str]:
        """Return a code for each new grid; bands are as high as the median grid of the whole community.

        shapes, community: polygons in EPSG:4326. like: a code of the same level. present: codes in use. prefix: of the
        community, that of `like` if it is not given. Raises CodeError as `new_codes` does.
        """
        before, _, after = self._cut(like)
        return _in_order(
            reading_order(shapes, community),
            before if prefix is None else prefix,
            after,
            digits=self.digits,
            taken=lambda code: code in self.taken or code in present,
            pattern=self.pattern,
        )

    def named(self, code: str, like: str = "") -> str:
        """Return the name of a grid that has none of its own; what stands before the number in the name of the grid that
        it came from (``like``: 翠竹社区第一网格) stands before its own, which is written in words where that one is."""
        _, number, noughts = self._cut(code)
        if not number.isdecimal():
            return code
        own = (self.above if noughts else self.name).format(number=int(number))
        before = NUMBERED.fullmatch(str(like or ""))
        if before is None or not NUMBERED.fullmatch(own):
            return own
        if before[2][0] in NUMERALS and 1 <= int(number) <= len(NUMERALS):
            own = f"第{NUMERALS[int(number) - 1]}网格"
        return before[1] + own

    def _cut(self, code: str) -> tuple[str, str, str]:
        """What stands before the number of a code, the number, and the noughts behind it."""
        end = len(code) - self.digits
        if self.above and end > self.digits and not code[end:].strip("0"):
            return code[: end - self.digits], code[end - self.digits : end], code[end:]
        return code[:end], code[end:], ""


def is_of_town(code: str, town: str) -> bool:
    """Return whether the code of a community begins with that of its town, as statistical codes do; a town with a local
    code of another form binds none."""
    own = TOWN.fullmatch(town)
    return own is None or code.startswith(own[1])


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
    order = reading_order(grids.geometry.to_numpy())
    return _in_order(order, prefix, "", digits=digits, taken=lambda code: code in taken, pattern=pattern)


def _in_order(
    order: np.ndarray, prefix: str, suffix: str, *, digits: int, taken: Callable[[str], bool], pattern: str
) -> list[str]:
    """The next codes that are free, in the order in which grids are numbered."""
    free = (code for number in range(1, 10**digits) if not taken(code := f"{prefix}{number:0{digits}d}{suffix}"))
    codes = [code for code, _ in zip(free, order, strict=False)]
    if len(codes) < len(order):
        raise CodeError(f"{digits} digits after {prefix} are not enough for {len(order)} grids: numbers run out")
    if malformed(codes, pattern).any():
        raise CodeError(f"codes such as {codes[0]} do not follow the pattern {pattern}")
    given = np.empty(len(codes), dtype=object)
    given[order] = codes
    return [str(code) for code in given]


def reading_order(grids: GeoDataFrame | np.ndarray, community: np.ndarray | None = None) -> np.ndarray:
    """Return the positions of grids in the order in which they are numbered: band by band, each from the west.

    community: polygons of all grids that are numbered together, which make the bands; None for the grids themselves.
    """
    shapes = grids.geometry.to_numpy() if isinstance(grids, GeoDataFrame) else grids
    if not len(shapes):
        return np.zeros(0, dtype=int)
    bounds = shapely.bounds(shapes if community is None else community)
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    height = float(np.median(bounds[:, 3] - bounds[:, 1]))
    band = np.floor((bounds[:, 3].max() - middle[:, 1]) / height)
    return np.lexsort((-middle[:, 1], middle[:, 0], band))
