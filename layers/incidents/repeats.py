"""Places to which the police are called again and again."""

from __future__ import annotations

import heapq
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
    """The spots that are centres, in the order in which they were taken, and the place of each spot, −1 for none."""
    place = np.full(len(spots), -1)
    if not len(spots):
        return np.empty(0, dtype=np.int64), place
    tree = cKDTree(spots)
    near = tree.query_ball_point(spots, reach_m, return_sorted=True)
    total = np.array([weight[others].sum() for others in near])
    waiting = [(-int(total[spot]), int(spot)) for spot in np.flatnonzero(total >= least)]
    heapq.heapify(waiting)
    centres: list[int] = []
    while waiting and len(centres) < most:
        believed, spot = heapq.heappop(waiting)
        if place[spot] >= 0:
            continue
        others = np.array([other for other in near[spot] if place[other] < 0])
        there = int(weight[others].sum())
        # Others have taken some of them since: it waits for its turn with what is left.
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
