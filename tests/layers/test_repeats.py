import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import ParameterError
from layers.incidents.repeats import repeat_places

unknown = np.full(200, np.nan)
places = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=60).map(
    lambda found: np.array(found, dtype=float).reshape(-1, 2)
)


def test_the_same_house_three_times_is_a_place_and_twice_is_none():
    xy = np.array([[0, 0]] * 3 + [[100, 0]] * 2 + [[200, 0]] * 5, dtype=float)
    found = repeat_places(xy, np.arange(10.0))
    assert found.xy.tolist() == [[200, 0], [0, 0]]
    assert found.count.tolist() == [5, 3]
    assert (found.first.tolist(), found.last.tolist()) == ([5, 0], [9, 2])


def test_neighbours_within_reach_count_together_and_chains_do_not_grow():
    row = np.column_stack([np.arange(0, 100, 10), np.zeros(10)]).astype(float)
    found = repeat_places(row, unknown[:10], reach_m=10)
    assert found.count.tolist() == [3, 3, 3]
    assert np.isnan(found.first).all() and np.isnan(found.last).all()


@given(places, st.integers(1, 5), st.sampled_from([0.0, 3.0, 15.0]))
def test_places_hold_as_many_as_they_say_each_incident_once_and_most_come_first(xy, least, reach_m):
    found = repeat_places(xy, unknown[: len(xy)], reach_m=reach_m, least=least, most=1000)
    assert (np.diff(found.count) <= 0).all() and (found.count >= least).all()
    assert found.count.sum() <= len(xy)
    free = np.ones(len(xy), dtype=bool)
    for centre, count in zip(found.xy, found.count, strict=True):
        near = np.hypot(*(xy - centre).T) <= reach_m
        assert (near & free).sum() == count
        free &= ~near
    # Nothing that would be a place is left.
    for centre in xy[free]:
        assert ((np.hypot(*(xy - centre).T) <= reach_m) & free).sum() < least


@given(places, st.randoms(use_true_random=False))
def test_the_order_of_the_incidents_does_not_matter(xy, random):
    order = np.array(random.sample(range(len(xy)), len(xy)), dtype=int)
    here, there = repeat_places(xy, unknown[: len(xy)]), repeat_places(xy[order], unknown[: len(xy)])
    assert np.array_equal(here.xy, there.xy) and np.array_equal(here.count, there.count)


def test_only_the_first_are_given_and_none_make_none():
    xy = np.repeat(np.column_stack([np.arange(9) * 100.0, np.zeros(9)]), 4, axis=0)
    assert len(repeat_places(xy, unknown[:36], most=2).count) == 2
    assert repeat_places(np.empty((0, 2)), unknown[:0]).xy.shape == (0, 2)
    for wrong in ({"reach_m": -1.0}, {"least": 0}, {"most": -1}):
        with pytest.raises(ParameterError):
            repeat_places(xy, unknown[:36], **wrong)
