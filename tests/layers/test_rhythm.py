from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from layers.errors import ParameterError
from layers.incidents.choice import Incidents, days
from layers.incidents.placed import NONE
from layers.incidents.rhythm import by_hour, by_weekday, evenness, histogram, weekdays_of


def incidents(*ranges: tuple[str | None, float]) -> Incidents:
    """From (local begin, length in hours) each; placed nowhere."""
    begin = np.array(
        [np.nan if at is None else datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() for at, _ in ranges]
    )
    n = len(ranges)
    number = np.zeros(n, dtype=np.int64)
    return Incidents(
        id=number, xy=np.full((n, 2), np.nan), lonlat=np.full((n, 2), np.nan), begin=begin,
        end=begin + 3600 * np.array([length for _, length in ranges], dtype=float), category=number, categories=("",),
        valid=number == 0, simulated=number > 0, admin_area=number, police_area=number, grid=number, crs=4548,
        level=number + NONE, radius_m=number * 0.0,
    )  # fmt: skip


def test_an_incident_counts_at_the_middle_of_its_range_and_not_at_all_where_that_says_nothing():
    found = incidents(
        ("2026-03-01 08:30", 0), ("2026-03-01 23:00", 4), ("2026-03-02 00:00", 13), ("2026-03-02 00:00", 25), (None, 0)
    )  # fmt: skip
    hours, weekdays = by_hour(found), by_weekday(found)
    assert {hour: int(n) for hour, n in enumerate(hours) if n} == {1: 1, 8: 1}
    # Sunday morning; Monday at one; Monday. More than a day long is no weekday.
    assert weekdays.tolist() == [2, 0, 0, 0, 0, 0, 1]


def test_nothing_and_what_has_no_time_are_in_no_hour():
    for found in (incidents(), incidents((None, 0), (None, 0))):
        assert by_hour(found).tolist() == [0] * 24 and by_weekday(found).tolist() == [0] * 7


@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.integers(0, 400))
def test_weekdays_of_a_period_are_counted(first, more):
    days_of = [(first + timedelta(n)).weekday() for n in range(more + 1)]
    assert weekdays_of(first, first + timedelta(more)).tolist() == [days_of.count(day) for day in range(7)]


def test_uneven_counts_are_told_from_chance_and_few_are_not_judged():
    # Twelve throws of a hundred and twenty: chi-square by hand is 2 · 25 / 10 = 5 with eleven degrees of freedom.
    counts = np.array([15, 5] + [10] * 10)
    assert evenness(counts) == pytest.approx(stats.chi2.sf(5, 11))
    assert evenness(np.array([100, 20])) < 1e-9
    assert evenness(np.array([100, 20]), np.array([5, 1])) == pytest.approx(1)
    assert evenness(np.array([3, 4])) is None and evenness(np.array([])) is None
    for room in ([1, 0], [1]):
        with pytest.raises(ParameterError):
            evenness(counts[:2], np.array(room))


spans = st.tuples(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.integers(0, 3000))


@given(spans, st.lists(st.integers(-50, 3050), max_size=40))
def test_each_day_is_in_one_bar_and_bars_are_whole_days_weeks_or_months_as_pandas_has_them(span, offsets):
    first, last = span[0], span[0] + timedelta(span[1])
    day = np.array([days(first) + offset for offset in offsets], dtype=float)
    found = histogram(np.append(day, np.nan), first, last)
    frequency = {"day": "D", "week": "W-SUN", "month": "M"}[found.step]
    periods = pd.period_range(pd.Timestamp(first), pd.Timestamp(last), freq=frequency)
    assert found.starts == tuple(period.start_time.date() for period in periods)
    expected = dict.fromkeys(periods, 0)
    for offset in offsets:
        if 0 <= offset <= span[1]:
            expected[pd.Timestamp(first + timedelta(offset)).to_period(frequency)] += 1
    assert found.counts.tolist() == list(expected.values())


def test_the_step_suits_the_number_of_days():
    day = np.array([], dtype=float)
    begin = date(2026, 1, 1)
    steps = [histogram(day, begin, begin + timedelta(n)).step for n in (0, 119, 120, 1119, 1120)]
    assert steps == ["day", "day", "week", "week", "month"]
    with pytest.raises(ParameterError):
        histogram(day, begin, begin - timedelta(1))
