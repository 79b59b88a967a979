import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import ParameterError
from layers.incidents.repeat_calls import FARTHEST_M, SAME_PLACE_M, repeat_calls

DAY = 86_400.0
NOWHERE = (np.nan, np.nan)


def found(*calls, **more):
    """Places of calls (x, y, radius, address, day)."""
    x, y, radius, address, day = (np.array(column, dtype=float) for column in zip(*calls, strict=True))
    return repeat_calls(np.column_stack([x, y]), radius, address.astype(int), day * DAY, **more)


def test_three_calls_from_one_house_within_thirty_days_are_a_place_and_on_more_days_none():
    def house(last):
        return [(0, 0, np.nan, -1, day) for day in (0, 10, last)]

    places = found(*house(29))
    assert (places.calls.tolist(), places.xy.tolist()) == ([3], [[0, 0]])
    assert (places.first.tolist(), places.last.tolist()) == ([0], [29 * DAY])
    assert found(*house(30)).calls.tolist() == []
    assert found(*house(30), days=31).calls.tolist() == [3]
    assert found(*house(29), least=4).calls.tolist() == []


def test_of_more_calls_at_a_place_those_of_its_densest_days_count_and_the_others_are_known_to_be_there():
    days = (0, 100, 101, 102, 300, 301, 302)
    places = found(*[(0, 0, np.nan, -1, day) for day in days], days=7)
    assert places.calls.tolist() == [3] and places.place.tolist() == [0] * 7
    assert places.counted.tolist() == [False] * 4 + [True] * 3  # the latest of equals


def test_a_place_reaches_as_far_as_its_address_is_known():
    def beside(radius, metres):
        return found((0, 0, radius, -1, 0), (0, 0, radius, -1, 1), (metres, 0, np.nan, -1, 2)).calls.tolist()

    assert beside(np.nan, SAME_PLACE_M) == [3] and beside(np.nan, SAME_PLACE_M + 1) == []
    assert beside(60, 60) == [3] and beside(60, 61) == []
    assert beside(500, FARTHEST_M) == [3] and beside(500, FARTHEST_M + 1) == []


def test_the_same_address_is_one_place_where_its_calls_lie_near_each_other_or_nowhere():
    same = [(0, 0, np.nan, 7, 0), (80, 0, np.nan, 7, 1)]
    assert found(*same, (0, 80, np.nan, 7, 2)).calls.tolist() == [3]
    assert found(*same, (*NOWHERE, np.nan, 7, 2)).calls.tolist() == [3]
    assert found(*same, (0, 80, np.nan, 8, 2)).calls.tolist() == []
    assert found(*same, (0, 5000, np.nan, 7, 2)).calls.tolist() == []


def test_calls_with_an_address_and_no_point_are_a_place_without_a_point():
    places = found(*[(*NOWHERE, np.nan, 3, day) for day in range(4)], *[(*NOWHERE, np.nan, -1, 0)] * 5)
    assert places.calls.tolist() == [4] and np.isnan(places.xy).all() and np.isnan(places.radius_m).all()
    assert places.place.tolist() == [0] * 4 + [-1] * 5


def test_a_call_at_an_unknown_time_is_of_no_place():
    assert found(*[(0, 0, np.nan, 1, day) for day in (0, 1, np.nan)]).calls.tolist() == []


def test_large_addresses_stay_apart():
    # Hashes of texts do not fit into a float.
    number = 2**62
    xy, nothing = np.full((4, 2), np.nan), np.full(4, np.nan)
    places = repeat_calls(xy, nothing, np.array([number, number + 1] * 2), np.zeros(4), least=2)
    assert places.place.tolist() in ([0, 1, 0, 1], [1, 0, 1, 0])


def test_numbers_that_cannot_be_are_refused_and_no_calls_make_no_place():
    nothing = np.empty(0)
    empty = repeat_calls(np.empty((0, 2)), nothing, nothing.astype(int), nothing)
    assert empty.xy.shape == (0, 2) and empty.calls.tolist() == []
    for wrong in ({"days": 0}, {"least": 0}, {"most": -1}):
        with pytest.raises(ParameterError):
            repeat_calls(np.empty((0, 2)), nothing, nothing.astype(int), nothing, **wrong)


calls = st.lists(
    st.tuples(
        st.sampled_from([*range(0, 200, 20), np.nan]), st.integers(0, 40), st.sampled_from([np.nan, 30.0, 90.0, 700.0]),
        st.integers(-1, 3), st.integers(0, 60),
    ),
    min_size=1, max_size=40,
)  # fmt: skip


@given(calls, st.integers(1, 4), st.integers(1, 40))
def test_every_place_has_as_many_calls_as_it_says_on_days_that_follow_and_each_call_is_of_one(given_calls, least, days):
    rows = [(x, y if x == x else np.nan, radius, address, day) for x, y, radius, address, day in given_calls]
    places = found(*rows, least=least, days=days, most=1000)
    assert (places.calls >= least).all() and (np.diff(places.calls) <= 0).all()
    day = np.array([row[4] for row in rows])
    free = np.ones(len(rows), dtype=bool)
    for number, (calls, first, last) in enumerate(zip(places.calls, places.first, places.last, strict=True)):
        there = places.place == number
        counted = there & places.counted
        assert counted.sum() == calls and np.ptp(day[counted]) < days
        assert (day[counted].min() * DAY, day[counted].max() * DAY) == (first, last)
        assert calls == max(((day[there] >= start) & (day[there] < start + days)).sum() for start in day[there])
        free &= ~there
    # Nothing that would be a place is left, as one who counts by hand finds it.
    for x, y, radius, address, _ in [row for row, is_free in zip(rows, free, strict=True) if is_free]:
        reach = min(max(radius if radius == radius else 0, SAME_PLACE_M), FARTHEST_M)
        near = [
            (np.hypot(a - x, b - y) <= reach or (other == address >= 0 and np.hypot(a - x, b - y) <= FARTHEST_M)
             or (other == address >= 0 and a != a))
            and (x == x or a != a)
            for a, b, _, other, _ in rows
        ]  # fmt: skip
        left = day[np.array(near, dtype=bool) & free]
        assert all(((left >= start) & (left < start + days)).sum() < least for start in left)


@given(calls, st.randoms(use_true_random=False))
def test_the_order_of_the_calls_does_not_matter(given_calls, random):
    order = random.sample(range(len(given_calls)), len(given_calls))
    here, there = found(*given_calls), found(*[given_calls[i] for i in order])
    assert np.array_equal(here.xy, there.xy, equal_nan=True) and np.array_equal(here.calls, there.calls)
    assert np.array_equal(here.place[order] >= 0, there.place >= 0)
