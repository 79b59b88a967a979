from itertools import combinations

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import CoordinateError, ParameterError
from layers.incidents.hotspots import hot_levels, hot_streets, nearest_piece, number_within
from tests.layers.shapes import METRIC, lines, points

town = st.lists(st.tuples(st.integers(1, 100), st.integers(0, 9)), min_size=1, max_size=9)


@given(town, st.floats(0.1, 1))
def test_hot_streets_hold_the_share_and_are_at_most_one_piece_longer_than_the_smallest(streets, share):
    length, count = np.array(streets, dtype=float).T
    hot = hot_streets(length, count, share)
    wanted = share * count.sum()
    assert count[hot].sum() >= wanted - 1e-9
    sets = [list(s) for n in range(len(length) + 1) for s in combinations(range(len(length)), n)]
    smallest = min(length[s].sum() for s in sets if count[s].sum() >= wanted - 1e-9)
    assert length[hot].sum() <= smallest + length.max() + 1e-9


@given(town)
def test_levels_are_the_hot_streets_the_densest_first(streets):
    length, count = np.array(streets, dtype=float).T
    level = hot_levels(length, count)
    assert np.array_equal(level != "", hot_streets(length, count))
    assert (level[hot_streets(length, count, 0.1) & hot_streets(length, count)] == "tenth").all()
    assert set(level) <= {"", "tenth", "quarter", "half"}


def test_half_of_the_incidents_on_one_short_street_make_it_alone_hot():
    assert hot_streets(np.array([50, 100, 100]), np.array([5, 3, 2])).tolist() == [True, False, False]


def test_a_dense_crumb_that_is_not_needed_is_given_back():
    assert hot_streets(np.array([1, 200]), np.array([1, 100])).tolist() == [False, True]


def test_no_incidents_make_no_hot_street_and_nonsense_is_refused():
    assert not hot_streets(np.array([10, 20]), np.array([0, 0])).any()
    assert hot_streets(np.array([]), np.array([])).tolist() == []
    with pytest.raises(ParameterError):
        hot_streets(np.array([1]), np.array([1]), 0)
    with pytest.raises(ParameterError):
        hot_streets(np.array([1]), np.array([-1]))


def test_an_incident_belongs_to_its_nearest_street_within_reach():
    streets = lines([(0, 0), (100, 0)], [(0, 60), (100, 60)])
    places = points((50, 20), (50, 40), (50, 200), (100, 30))
    # The last is as near to one as to the other: the first in the frame has it.
    assert nearest_piece(places, streets).tolist() == [0, 1, -1, 0]


def test_an_incident_without_a_place_belongs_nowhere():
    streets = lines([(0, 0), (100, 0)])
    places = GeoSeries([None, shapely.Point(), points((5, 5)).iloc[0]], crs=METRIC)
    assert nearest_piece(places, streets).tolist() == [-1, -1, 0]
    assert number_within(streets, places).tolist() == [1]


def test_an_incident_near_two_streets_is_near_both():
    streets = lines([(0, 0), (100, 0)], [(0, 60), (100, 60)])
    assert number_within(streets, points((50, 30), (50, -40))).tolist() == [2, 1]


def test_empty_frames_have_empty_answers_and_degrees_are_refused():
    streets, none = lines([(0, 0), (100, 0)]), GeoSeries([], crs=METRIC)
    assert nearest_piece(none, streets).tolist() == []
    assert nearest_piece(points((0, 0)), none).tolist() == [-1]
    assert number_within(streets, none).tolist() == [0]
    with pytest.raises(CoordinateError):
        nearest_piece(points((0, 0)).to_crs(4326), streets)
