"""Places to which the police are called again and again."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from layers.errors import ParameterError

SAME_PLACE_M = 15.0  # one house, as well as addresses are usually placed
LEAST = 3
MOST_PLACES = 50


@dataclass(frozen=True)
class RepeatPlaces:
    """One row a place, most incidents first. `xy` (n, 2) metres; `first`, `last` in seconds, NaN without a time."""

    xy: np.ndarray
    count: np.ndarray
    first: np.ndarray
    last: np.ndarray


def repeat_places(
    xy: np.ndarray,
    begin: np.ndarray,
    *,
    reach_m: float = SAME_PLACE_M,
    least: int = LEAST,
    most: int = MOST_PLACES,
) -> RepeatPlaces:
    """Return the places with at least `least` incidents within `reach_m` of an incident, each counted once.

    xy: places (n, 2) in projected metres, finite. begin: seconds on one clock, NaN where unknown.
    The place with most incidents is taken, its incidents set aside, and so on; among equals the southernmost,
    then the westernmost. Chains of neighbours do not grow into one place. Raises ParameterError on numbers that
    cannot be.
    """
    if reach_m < 0 or least < 1 or most < 0:
        raise ParameterError(f"reach_m, least and most must not be negative, got {reach_m}, {least}, {most}")
    # By northing, then easting: among equals the lowest number is taken.
    spots, member = np.unique(np.asarray(xy, dtype=float).reshape(-1, 2)[:, ::-1], axis=0, return_inverse=True)
    member = member.reshape(-1)
    weight = np.bincount(member, minlength=len(spots))
    centres, place = _take(spots, weight, reach_m, least, most)
    of_incident = place[member]
    inside = of_incident >= 0
    count = np.bincount(of_incident[inside], minlength=len(centres))
    first, last = _times(of_incident[inside], np.asarray(begin, dtype=float)[inside], len(centres))
    return RepeatPlaces(spots[centres][:, ::-1], count, first, last)


def _take(
    spots: np.ndarray, weight: np.ndarray, reach_m: float, least: int, most: int
) -> tuple[np.ndarray, np.ndarray]:
    found = cKDTree(spots).query_ball_point(spots, reach_m, return_sorted=True) if len(spots) else []
    near = [np.array(others) for others in found]
    total = np.array([weight[others].sum() for others in near], dtype=np.int64)
    rows = np.arange(len(spots))
    return take(rows, total, near.__getitem__, lambda others: int(weight[others].sum()), least=least, most=most)


def take(
    middle: np.ndarray,
    bound: np.ndarray,
    near: Callable[[int], np.ndarray],
    count: Callable[[np.ndarray], int],
    *,
    least: int,
    most: int,
    rows: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the spots that are middles of places, in the order in which they were taken, and the place of each row,
    −1 for none.

    middle: a row at each spot. near: of a spot, the rows that would be of its place, `middle` among them. count: of
    rows, how many cases make them a place; it must not grow when rows are taken away. bound: of each spot, what the
    count is at most. rows: how many there are, as many as spots by default. A place has at least `least`; the one
    with most is taken, its rows set aside, and so on up to `most` places; among equals the spot with the lowest number.
    """
    place = np.full(len(middle) if rows is None else rows, -1)
    waiting = [(-int(bound[spot]), int(spot)) for spot in np.flatnonzero(bound >= least)]
    heapq.heapify(waiting)
    centres: list[int] = []
    while waiting and len(centres) < most:
        believed, spot = heapq.heappop(waiting)
        if place[middle[spot]] >= 0:
            continue
        others = near(spot)
        others = others[place[others] < 0]
        there = count(others)
        # Fewer than believed, or others have taken some since: it waits for its turn with what is left.
        if there < -believed:
            if there >= least:
                heapq.heappush(waiting, (-there, spot))
            continue
        place[others] = len(centres)
        centres.append(spot)
    return np.array(centres, dtype=np.int64), place


def _times(place: np.ndarray, begin: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    first, last = np.full(n, np.inf), np.full(n, -np.inf)
    known = np.isfinite(begin)
    np.minimum.at(first, place[known], begin[known])
    np.maximum.at(last, place[known], begin[known])
    return np.where(np.isfinite(first), first, np.nan), np.where(np.isfinite(last), last, np.nan)
