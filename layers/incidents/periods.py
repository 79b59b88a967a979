"""Periods of the calendar, first and last day inclusive, and those that they are compared with."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from layers.errors import ParameterError

Period = tuple[date, date]
DAY = timedelta(days=1)
HALF = 15  # the first half of a month ends with this day


def length(since: date, until: date) -> int:
    """Return the number of days. Raises ParameterError when the last day comes before the first."""
    if until < since:
        raise ParameterError(f"a period must not end before it begins, got {since} to {until}")
    return (until - since).days + 1


def before(since: date, until: date) -> Period | None:
    """Return the period just before: of its own kind where it is one of the calendar, else as long.

    Whole months (a quarter, a year) compare with as many months before, half a month (1st to 15th, 16th to the
    end) with the half before. None where the calendar begins. Raises ParameterError as `length`.
    """
    days = length(since, until)
    try:
        if _is_whole_months(since, until):
            return _first_of_month(since, -_months(since, until)), since - DAY
        if _is_half(since, until):
            last = since - DAY
            return last.replace(day=1 if last.day == HALF else HALF + 1), last
        return since - days * DAY, since - DAY
    except (OverflowError, ValueError):
        return None


def year_before(since: date, until: date) -> Period | None:
    """Return the same period of the year before; 29 February becomes the 28th.

    A period that ends with its month, being whole months or the second half of one, does so in the year before
    too. None where the calendar begins. Raises ParameterError as `length`.
    """
    length(since, until)
    if since.year == date.min.year:
        return None
    first, last = _same_day(since, since.year - 1), _same_day(until, until.year - 1)
    if _is_whole_months(since, until) or (_is_half(since, until) and until.day > HALF):
        last = last.replace(day=monthrange(last.year, last.month)[1])
    return first, last


def so_far(period: Period, days: int) -> Period:
    """Return the first `days` days of a period, all of it when it has no more: to compare with one that still runs."""
    since, until = period
    return since, min(until, since + (max(days, 1) - 1) * DAY)


def _is_whole_months(since: date, until: date) -> bool:
    return since.day == 1 and _ends_month(until)


def _is_half(since: date, until: date) -> bool:
    if (since.year, since.month) != (until.year, until.month):
        return False
    return (since.day, until.day) == (1, HALF) or (since.day == HALF + 1 and _ends_month(until))


def _ends_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month + 1


def _first_of_month(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _same_day(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))
