"""Which incidents are meant, against pandas on the same rows."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import CoordinateError, FrameError, ParameterError
from layers.incidents.choice import EPOCH, Choice, Incidents

HOUR = 3600.0


def incidents(begin, end=None, category=None, valid=None, crs: int = 26949, level=None, radius_m=None) -> Incidents:
    begin = np.asarray(begin, dtype=float)
    n = len(begin)
    zeros = np.zeros(n, dtype=np.int64)
    return Incidents(
        id=np.arange(n),
        xy=np.zeros((n, 2)),
        lonlat=np.zeros((n, 2)),
        begin=begin,
        end=np.full(n, np.nan) if end is None else np.asarray(end, dtype=float),
        category=zeros if category is None else np.asarray(category),
        categories=("纠纷", "交通"),
        valid=np.ones(n, dtype=bool) if valid is None else np.asarray(valid),
        simulated=np.zeros(n, dtype=bool),
        admin_area=zeros,
        police_area=zeros,
        grid=zeros - 1,
        level=zeros if level is None else np.asarray(level),
        radius_m=np.zeros(n) if radius_m is None else np.asarray(radius_m, dtype=float),
        crs=crs,
    )


def at(text: str) -> float:
    return (pd.Timestamp(text) - pd.Timestamp(0)).total_seconds()


def test_both_ends_of_a_period_belong_to_it() -> None:
    found = incidents([at("2026-03-01 00:00"), at("2026-03-31 23:59:59"), at("2026-04-01 00:00"), np.nan])
    month = Choice(since=date(2026, 3, 1), until=date(2026, 3, 31))
    assert found.chosen(month).tolist() == [True, True, False, False]
    assert found.chosen(Choice()).all()


def test_a_band_of_hours_may_run_over_midnight() -> None:
    found = incidents([at(f"2026-03-01 {hour}") for hour in ("21:59", "22:00", "05:59", "06:00")])
    assert found.chosen(Choice(hours=(22, 6))).tolist() == [False, True, True, False]
    assert found.chosen(Choice(hours=(6, 22))).tolist() == [True, False, False, True]


def test_a_range_counts_where_its_middle_lies_and_a_long_one_has_no_hour() -> None:
    found = incidents(
        [at("2026-03-01 22:00"), at("2026-03-01 00:00")], [at("2026-03-02 06:00"), at("2026-03-02 00:00")]
    )
    assert found.chosen(Choice(since=date(2026, 3, 2))).tolist() == [True, False]
    assert found.chosen(Choice(hours=(0, 24))).tolist() == [True, False]


def test_only_valid_incidents_and_chosen_categories_are_meant() -> None:
    found = incidents([np.nan] * 3, category=[0, 1, 1], valid=[True, True, False])
    assert found.chosen(Choice()).tolist() == [True, True, False]
    assert found.chosen(Choice(valid_only=False)).all()
    assert found.chosen(Choice(categories=frozenset({"交通", "不存在"}))).tolist() == [False, True, False]
    assert not found.chosen(Choice(categories=frozenset({"不存在"}))).any()


@given(
    st.lists(st.integers(0, 20_000 * 24), max_size=40), st.integers(0, 20_000), st.integers(0, 400), st.integers(0, 23)
)
def test_the_mask_is_what_pandas_says(hours: list[int], first: int, length: int, begin: int) -> None:
    since, until = EPOCH + timedelta(first), EPOCH + timedelta(first + length)
    end = (begin + 8) % 24 or 24
    found = incidents([hour * HOUR for hour in hours])
    times = pd.to_datetime(pd.Series(hours, dtype="int64"), unit="h")
    band = {(begin + step) % 24 for step in range(8)}
    said = (times >= pd.Timestamp(since)) & (times < pd.Timestamp(until + timedelta(1))) & times.dt.hour.isin(band)
    assert found.chosen(Choice(since, until, hours=(begin, end))).tolist() == said.tolist()


def test_what_cannot_be_meant_is_refused() -> None:
    with pytest.raises(ParameterError, match="before it begins"):
        Choice(since=date(2026, 3, 2), until=date(2026, 3, 1))
    for hours in ((6, 6), (24, 3), (3, 0), (-1, 5)):
        with pytest.raises(ParameterError, match="hours"):
            Choice(hours=hours)
    with pytest.raises(CoordinateError, match="metres"):
        incidents([0.0], crs=4326)
    with pytest.raises(FrameError, match="length"):
        incidents([0.0], end=[1.0, 2.0])
