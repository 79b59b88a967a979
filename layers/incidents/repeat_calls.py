"""Places from which the police are called again within days: the same address, or as near as it is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from layers.errors import ParameterError
from layers.incidents.choice import DAY_S
from layers.incidents.repeats import SAME_PLACE_M, take

DAYS = 30
LEAST = 3
MOST_PLACES = 200
FARTHEST_M = 100.0  # however badly a place is known: further off it is another one


@dataclass(frozen=True)
class RepeatCalls:
    """One row a place, most calls first; `place` and `counted` have one value a call.

    xy (n, 2): metres, of the call in the middle, NaN where only the address is known. radius_m: how far from it its
    calls are sought, NaN without a place. calls: the most within the days asked for; first, last: the time of the
    first and the last of these, in seconds. place: to which each call belongs, −1 for none; counted: whether it is one of
    `calls`.
    """

    xy: np.ndarray
    radius_m: np.ndarray
    calls: np.ndarray
    first: np.ndarray
    last: np.ndarray
    place: np.ndarray
    counted: np.ndarray


def repeat_calls(
    xy: np.ndarray,
    radius_m: np.ndarray,
    address: np.ndarray,
    time: np.ndarray,
    *,
    days: int = DAYS,
    least: int = LEAST,
    most: int = MOST_PLACES,
) -> RepeatCalls:
    """Return the places with at least `least` calls on `days` days that follow one another, each call in one place.

    xy: (m, 2) projected metres, NaN without a place. radius_m: (m,) how well each place is known, NaN where it was
    given. address: (m,) integers, equal where the addresses are, negative without one. time: (m,) seconds on the
    county's clock, NaN where unknown: such a call is of no place, since nobody knows on which days it came. Leave out
    what names no single place, as a town or a whole road.

    Calls are of one place with the call in its middle when they lie within its radius (SAME_PLACE_M to FARTHEST_M), or
    when they have its address and lie within FARTHEST_M or nowhere. The place with most calls is taken, its calls set
    aside, and so on; of equals the southernmost, then the westernmost, and places without a point last. Of windows
    with equally many calls the latest counts.
    Raises ParameterError on numbers that cannot be.
    """
    if days < 1 or least < 1 or most < 0:
        raise ParameterError(f"days and least must be at least 1 and most not negative, got {days}, {least}, {most}")
    calls = _Calls(xy, radius_m, _numbered(np.asarray(address)), np.asarray(time, dtype=float))
    centres, place_of = take(
        calls.middle, calls.bound, calls.near, lambda rows: _densest(calls.day[rows], days)[0],
        least=least, most=most, rows=len(calls.row),
    )  # fmt: skip
    place, counted = np.full(len(address), -1), np.zeros(len(address), dtype=bool)
    place[calls.row] = place_of
    first, last, many = (np.zeros(len(centres)) for _ in range(3))
    for number in range(len(centres)):
        there = np.flatnonzero(place_of == number)
        many[number], since = _densest(calls.day[there], days)
        within = there[(calls.day[there] >= since) & (calls.day[there] < since + days)]
        counted[calls.row[within]] = True
        first[number], last[number] = calls.time[within[[0, -1]]]
    middle = calls.middle[centres]
    reach = np.where(calls.placed[middle], calls.radius[middle], np.nan)
    return RepeatCalls(calls.xy[middle], reach, many.astype(np.int64), first, last, place, counted)


class _Calls:
    """The calls that can be of a place, in the order of their times, and where they can be sought."""

    def __init__(self, xy: np.ndarray, radius_m: np.ndarray, address: np.ndarray, time: np.ndarray) -> None:
        xy = np.asarray(xy, dtype=float).reshape(-1, 2)
        placed = np.isfinite(xy).all(axis=1)
        xy = np.where(placed[:, None], xy, np.nan)  # half a place is none
        used = np.flatnonzero(np.isfinite(time) & (placed | (address >= 0)))
        self.row = used[np.argsort(time[used], kind="stable")]
        self.xy, self.address, self.time, self.placed = (every[self.row] for every in (xy, address, time, placed))
        self.day = np.floor(self.time / DAY_S)
        known = np.nan_to_num(np.asarray(radius_m, dtype=float)[self.row], nan=0.0)
        self.radius = np.clip(known, SAME_PLACE_M, FARTHEST_M)
        self.there = np.flatnonzero(self.placed)
        self.tree = cKDTree(self.xy[self.there]) if len(self.there) else None
        self.by_address = np.argsort(self.address, kind="stable")
        self.first_of = np.searchsorted(self.address[self.by_address], np.arange(self.address.max(initial=-1) + 2))
        self.middle = self._middles()
        self.bound = self._bound()

    def near(self, spot: int) -> np.ndarray:
        """The calls of the place with this spot in its middle, in the order of their times."""
        row = int(self.middle[spot])
        alike = self._of_address(row)
        if not self.placed[row]:
            return alike[~self.placed[alike]]
        assert self.tree is not None
        within = self.there[self.tree.query_ball_point(self.xy[row], self.radius[row])]
        far = np.hypot(*(self.xy[alike] - self.xy[row]).T) > FARTHEST_M  # false of those that are nowhere
        return np.union1d(within, alike[~far])

    def _of_address(self, row: int) -> np.ndarray:
        number = int(self.address[row])
        return self.by_address[:0] if number < 0 else self.by_address[self.first_of[number] : self.first_of[number + 1]]

    def _middles(self) -> np.ndarray:
        """One call of each place, radius and address, from south to north and those without a place last."""
        at = np.where(self.placed[:, None], self.xy[:, ::-1], np.inf)
        rows = np.column_stack([at, np.where(self.placed, self.radius, 0.0), self.address])
        return np.unique(rows, axis=0, return_index=True)[1]

    def _bound(self) -> np.ndarray:
        """At each spot: its calls on any days, those both near and of its address twice. Cheap to know of every spot."""
        number = self.address[self.middle]
        bound = np.where(number < 0, 0, self.first_of[number + 1] - self.first_of[number])
        spots = np.flatnonzero(self.placed[self.middle])
        if self.tree is not None:
            rows = self.middle[spots]
            bound[spots] += self.tree.query_ball_point(self.xy[rows], self.radius[rows], return_length=True)
        return bound


def _numbered(address: np.ndarray) -> np.ndarray:
    """Addresses as small numbers, −1 without one."""
    known = address >= 0
    number = np.full(len(address), -1)
    number[known] = np.unique(address[known], return_inverse=True)[1].reshape(-1)
    return number


def _densest(day: np.ndarray, days: int) -> tuple[int, float]:
    """The most calls on `days` days that follow one another, and the first of these days: of equals the latest.

    day: ascending.
    """
    if not len(day):
        return 0, np.nan
    within = np.searchsorted(day, day + days, side="left") - np.arange(len(day))
    best = len(within) - 1 - int(np.argmax(within[::-1]))
    return int(within[best]), float(day[best])
