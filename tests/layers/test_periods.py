from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import ParameterError
from layers.incidents.periods import before, length, so_far, year_before

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
spans = st.tuples(days, st.integers(0, 800)).map(lambda span: (span[0], span[0] + timedelta(days=span[1])))


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2026-03-01 2026-03-31", "2026-02-01 2026-02-28"),
        ("2024-03-01 2024-03-31", "2024-02-01 2024-02-29"),
        ("2026-01-01 2026-01-31", "2025-12-01 2025-12-31"),
        ("2026-04-01 2026-06-30", "2026-01-01 2026-03-31"),
        ("2026-01-01 2026-12-31", "2025-01-01 2025-12-31"),
        ("2026-03-01 2026-03-15", "2026-02-16 2026-02-28"),
        ("2026-03-16 2026-03-31", "2026-03-01 2026-03-15"),
        ("2026-01-01 2026-01-15", "2025-12-16 2025-12-31"),
        ("2026-11-16 2026-11-22", "2026-11-09 2026-11-15"),
        ("2026-11-22 2026-11-22", "2026-11-21 2026-11-21"),
        ("2026-03-01 2026-03-30", "2026-01-30 2026-02-28"),
        ("2026-03-16 2026-04-15", "2026-02-13 2026-03-15"),
    ],
)
def test_the_period_before_is_of_its_own_kind_or_as_long(period, expected):
    assert " ".join(str(day) for day in before(*map(date.fromisoformat, period.split()))) == expected


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2026-03-01 2026-03-31", "2025-03-01 2025-03-31"),
        ("2024-02-29 2024-02-29", "2023-02-28 2023-02-28"),
        ("2025-02-01 2025-02-28", "2024-02-01 2024-02-29"),
        ("2024-02-01 2024-02-29", "2023-02-01 2023-02-28"),
        ("2025-02-16 2025-02-28", "2024-02-16 2024-02-29"),
        ("2025-02-01 2025-02-15", "2024-02-01 2024-02-15"),
        ("2025-02-28 2025-02-28", "2024-02-28 2024-02-28"),
        ("2025-12-20 2026-01-10", "2024-12-20 2025-01-10"),
    ],
)
def test_the_year_before_has_the_same_days_and_whole_months_stay_whole(period, expected):
    assert " ".join(str(day) for day in year_before(*map(date.fromisoformat, period.split()))) == expected


@given(spans)
def test_the_period_before_ends_the_day_before(span):
    since, until = span
    earlier = before(since, until)
    assert earlier[1] == since - timedelta(days=1)
    # At most as much longer or shorter as months and halves differ.
    assert abs(length(*earlier) - length(since, until)) <= 3 * max(1, length(since, until) // 28)


@given(days.map(lambda day: day.replace(day=1)), st.integers(1, 24))
def test_whole_months_compare_with_as_many_months_as_pandas_says(since, months):
    start = pd.Timestamp(since)
    until = (start + pd.DateOffset(months=months) - pd.Timedelta(days=1)).date()
    assert before(since, until) == ((start - pd.DateOffset(months=months)).date(), since - timedelta(days=1))


@given(spans)
def test_the_year_before_is_what_pandas_says_but_for_the_ends_of_months(span):
    earlier = year_before(*span)
    expected = [(pd.Timestamp(day) - pd.DateOffset(years=1)).date() for day in span]
    assert earlier[0] == expected[0]
    assert earlier[1] in {expected[1], expected[1] + timedelta(days=1)}


def test_a_period_that_still_runs_compares_with_as_many_days():
    october = (date(2026, 10, 1), date(2026, 10, 31))
    assert so_far(october, 22) == (date(2026, 10, 1), date(2026, 10, 22))
    assert so_far(october, 99) == october
    assert so_far(october, 0) == (date(2026, 10, 1), date(2026, 10, 1))


def test_the_beginning_of_the_calendar_has_nothing_before_it():
    assert before(date.min, date(1, 12, 31)) is None
    assert before(date.min, date(1, 1, 2)) is None
    assert year_before(date.min, date(1, 12, 31)) is None


def test_a_period_that_ends_before_it_begins_is_refused():
    for ask in (before, year_before, length):
        with pytest.raises(ParameterError):
            ask(date(2026, 1, 2), date(2026, 1, 1))
