"""The numbers above the incidents that are chosen: how many, against which period, when, of what, and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import incident_columns
from geo_app.queries.area_counts import AreaCount, area_counts
from geo_app.queries.areas import with_retired
from geo_app.queries.terms import Terms
from layers.base import Placing
from layers.incidents.choice import EPOCH, Choice, Incidents
from layers.incidents.compare import Change, change
from layers.incidents.periods import Period, before, length, so_far, year_before
from layers.incidents.placed import placings
from layers.incidents.rhythm import Histogram, by_hour, by_weekday, evenness, histogram, weekdays_of

KINDS = ("incidents", "areas")
TERMS = ("area_ids", "choice")
BAND_HOURS = 2
Earlier = Callable[[date, date], Period | None]


@dataclass(frozen=True)
class Comparison:
    """The chosen period against an earlier one: its days, its count, and the change from it."""

    period: Period
    count: int
    change: Change


@dataclass(frozen=True)
class Summary:
    """``total``: valid or all, of the area; ``n`` of them are chosen, ``unplaced`` and ``hour_unknown`` of these.

    ``hours_p``, ``weekdays_p``: how often chance alone makes bands of two hours, or weekdays, as uneven; None where there
    are too few to tell. ``untimed``: meant but for their time, which nobody knows: in no period. ``first``, ``last``: of all with a time.
    ``known_until``: the day up to which a period can be compared. ``elsewhere``: chosen, and in none of ``areas``.
    ``placing``: how those that are chosen were placed.
    """

    n: int
    unplaced: int
    placing: Sequence[Placing]
    untimed: int
    total: int
    first: date | None
    last: date | None
    known_until: date | None
    histogram: Histogram | None
    hours: np.ndarray
    hours_p: float | None
    weekdays: np.ndarray
    weekdays_p: float | None
    hour_unknown: int
    categories: Sequence[tuple[str, int]]
    previous: Comparison | None
    year_before: Comparison | None
    areas: Sequence[AreaCount]
    elsewhere: int
    simulated: int


def incident_summary(session: Session, county: County, terms: Terms) -> Summary:
    """The numbers of what the scope sees in the area of the terms."""
    of_area = incident_columns.of_area(session, county, terms)
    days = of_area.day[~np.isnan(of_area.day)]
    first, last = (_date(days.min()), _date(days.max())) if len(days) else (None, None)
    # A month of which only some days are known is compared with as many days of the one before.
    known_until = None if last is None else min(last, terms.today)
    found = of_area.take(of_area.valid) if terms.choice.valid_only else of_area
    meant = found.take(found.chosen(_during(terms.choice, None, None)))
    chosen = meant.take(meant.chosen(terms.choice))
    earlier = [_comparison(meant, terms.choice, period, first, known_until) for period in (before, year_before)]
    of_earlier = None if earlier[0] is None else meant.take(meant.chosen(_during(terms.choice, *earlier[0].period)))
    areas, elsewhere = area_counts(with_retired(session, county, terms.day), terms.area_ids, chosen, of_earlier)
    hours, weekdays = by_hour(chosen), by_weekday(chosen)
    return Summary(
        n=len(chosen),
        unplaced=int((~chosen.placed).sum()),
        placing=placings(chosen.level),
        untimed=int(
            np.isnan(found.begin[found.chosen(replace(terms.choice, since=None, until=None, hours=None))]).sum()
        ),
        total=len(found),
        first=first,
        last=last,
        known_until=known_until,
        histogram=None if first is None or last is None else histogram(meant.day, first, last),
        hours=hours,
        hours_p=evenness(hours.reshape(-1, BAND_HOURS).sum(axis=1)) if terms.choice.hours is None else None,
        weekdays=weekdays,
        weekdays_p=_weekdays_p(weekdays, terms.choice, first, known_until),
        hour_unknown=int(np.isnan(chosen.hour).sum()),
        categories=_categories(found, terms.choice),
        previous=earlier[0],
        year_before=earlier[1],
        areas=areas,
        elsewhere=elsewhere,
        simulated=int(chosen.simulated.sum()),
    )


def _date(day: float) -> date:
    return EPOCH + timedelta(int(day))


def _during(choice: Choice, since: date | None, until: date | None) -> Choice:
    return replace(choice, since=since, until=until)


def _comparison(
    meant: Incidents, choice: Choice, earlier: Earlier, first: date | None, known_until: date | None
) -> Comparison | None:
    """None without both ends of a period, and where the days to compare are not in the data."""
    since, until = choice.since, choice.until
    if since is None or until is None or first is None or known_until is None or since > known_until:
        return None
    known = (since, min(until, known_until))
    period = earlier(since, until)
    if period is None:
        return None
    if known[1] < until:
        period = so_far(period, length(*known))
    # Data that begin in the middle of it make any period after look worse; a tenth may be missing.
    if first > period[0] + timedelta((length(*period) - 1) // 10):
        return None
    now, then = (int(meant.chosen(_during(choice, *days)).sum()) for days in (known, period))
    return Comparison(period, then, change(now, then, length(*known), length(*period)))


def _weekdays_p(weekdays: np.ndarray, choice: Choice, first: date | None, last: date | None) -> float | None:
    """Against the Mondays, Tuesdays, … that the period and the data have in common."""
    if first is None or last is None:
        return None
    begin, end = max(first, choice.since or first), min(last, choice.until or last)
    room = weekdays_of(begin, end) if begin <= end else np.zeros(7)
    return evenness(weekdays, room) if room.all() else None


def _categories(found: Incidents, choice: Choice) -> list[tuple[str, int]]:
    """Names with counts for the other filters, most first, then by name."""
    meant = found.chosen(replace(choice, categories=frozenset()))
    counts = np.bincount(found.category[meant], minlength=len(found.categories)).tolist()
    named = [(name, count) for name, count in zip(found.categories, counts, strict=True) if count]
    return sorted(named, key=lambda one: (-one[1], one[0]))
