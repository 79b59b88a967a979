"""When incidents happen: over the days that there are, over the hours of a day, over the days of a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy import stats

from layers.errors import ParameterError
from layers.incidents.choice import DAY_S, EPOCH, Incidents
from layers.incidents.choice import days as days_since_1970

MOST_DAYS, MOST_WEEKS = 120, 160  # bars that a line of the page has room for
LEAST_EXPECTED = 5.0  # below, the curve of chi-square is no measure
EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday


@dataclass(frozen=True)
class Histogram:
    """`counts` of incidents from each day of `starts` to the next; `step` is "day", "week" (from Monday) or "month"."""

    step: str
    starts: tuple[date, ...]
    counts: np.ndarray


def by_hour(incidents: Incidents) -> np.ndarray:
    """Return 24 counts; what has no time, or a range of more than twelve hours, is in none."""
    hour = incidents.hour
    return np.bincount(np.floor(hour[~np.isnan(hour)]).astype(np.int64) % 24, minlength=24)


def by_weekday(incidents: Incidents) -> np.ndarray:
    """Return seven counts, Monday first; what has no time, or a range of more than a day, is in none."""
    length = np.where(np.isnan(incidents.end), 0.0, incidents.end - incidents.begin)
    day = incidents.day[~np.isnan(incidents.day) & (length <= DAY_S)]
    return np.bincount((day.astype(np.int64) + EPOCH_WEEKDAY) % 7, minlength=7)


def weekdays_of(first: date, last: date) -> np.ndarray:
    """Return how many of the days from the first to the last, both included, are Mondays, Tuesdays, … Sundays."""
    begin, end = days_since_1970(first), days_since_1970(last)
    # Of each weekday: how many there are up to a day, at the end less those before the beginning.
    upto = [(day - np.arange(7) + EPOCH_WEEKDAY) // 7 for day in (end, begin - 1)]
    return upto[0] - upto[1]


def evenness(counts: np.ndarray, room: np.ndarray | None = None) -> float | None:
    """Return how often chance alone makes counts as uneven, 0..1, when incidents come at any time alike.

    counts: one number a class. room: how much time each class has, all the same when left out. Pearson's chi-square
    test of fit; None where a class would expect fewer than five, which is too few to tell.
    Raises ParameterError when a class has no room or they differ in number.
    """
    observed = np.asarray(counts, dtype=float)
    share = np.ones(len(observed)) if room is None else np.asarray(room, dtype=float)
    if len(share) != len(observed) or not (share > 0).all():
        raise ParameterError("every class needs room")
    expected = observed.sum() * share / share.sum()
    if not len(expected) or expected.min() < LEAST_EXPECTED:
        return None
    return float(stats.chisquare(observed, expected).pvalue)


def histogram(day: np.ndarray, first: date, last: date) -> Histogram:
    """Return counts over all days from the first to the last, both included, in steps that suit their number.

    day: days since 1970, NaN where unknown; what lies outside is not counted. Weeks begin on Monday and months on
    the first: the first and the last step may reach out of the days asked for.
    Raises ParameterError when the last day comes before the first.
    """
    if last < first:
        raise ParameterError(f"the last day must not come before the first, got {first} to {last}")
    begin, end = days_since_1970(first), days_since_1970(last)
    inside = day[(day >= begin) & (day <= end)].astype(np.int64)
    span = end - begin + 1
    if span <= MOST_DAYS:
        starts = [first + timedelta(n) for n in range(span)]
        return Histogram("day", tuple(starts), np.bincount(inside - begin, minlength=span))
    if span <= 7 * MOST_WEEKS:
        monday = begin - (begin + EPOCH_WEEKDAY) % 7
        weeks = (end - monday) // 7 + 1
        starts = [EPOCH + timedelta(monday + 7 * n) for n in range(weeks)]
        return Histogram("week", tuple(starts), np.bincount((inside - monday) // 7, minlength=weeks))
    month = inside.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    since, until = (np.datetime64(edge, "M").astype(np.int64) for edge in (first, last))
    starts = [date(1970 + n // 12, n % 12 + 1, 1) for n in range(int(since), int(until) + 1)]
    return Histogram("month", tuple(starts), np.bincount(month - since, minlength=len(starts)))
