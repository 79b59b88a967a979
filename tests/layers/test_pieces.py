from itertools import pairwise

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import CoordinateError, FrameError, ParameterError
from layers.roads.pieces import cut
from tests.layers.shapes import METRIC, lines, runs


@given(runs, st.floats(5, 300))
def test_pieces_are_equal_within_a_street_and_none_is_longer_than_asked(given_runs, longest):
    streets = lines(*given_runs)
    pieces = cut(streets, longest)
    by_street = pieces.geometry.length.groupby(pieces["parent"])
    assert (pieces.geometry.length <= longest + 1e-6).all()
    assert np.allclose(by_street.max(), by_street.min(), atol=1e-5)
    assert np.allclose(by_street.sum(), streets.length, rtol=1e-9, atol=1e-6)


@given(runs)
def test_pieces_put_together_again_are_their_street(given_runs):
    streets = lines(*given_runs)
    pieces = cut(streets, 50)
    for label, street in streets.items():
        own = pieces[pieces["parent"] == label]
        assert own["ordinal"].tolist() == list(range(len(own)))
        runs_of = [shapely.get_coordinates(piece) for piece in own.geometry]
        for before, after in pairwise(runs_of):
            assert (before[-1] == after[0]).all()  # to the bit, so that the network joins them
        whole = shapely.LineString(np.vstack([runs_of[0], *(run[1:] for run in runs_of[1:])]))
        assert shapely.hausdorff_distance(whole, street) < 1e-6
        assert abs(whole.length - street.length) < 1e-6


def test_a_street_of_250_m_becomes_three_pieces_that_keep_its_corner():
    pieces = cut(lines([(0, 0), (150, 0), (150, 100)]))
    assert np.allclose(pieces.geometry.length, 250 / 3)
    assert shapely.get_num_points(pieces.geometry.to_numpy()).tolist() == [2, 3, 2]


def test_a_street_of_exactly_100_m_and_one_without_length_stay_as_they_are():
    streets = lines([(0, 0), (100, 0)], [(5, 5), (5, 5)])
    pieces = cut(streets)
    assert pieces["ordinal"].tolist() == [0, 0]
    assert pieces.geometry.geom_equals_exact(streets, 0).all()


def test_a_corner_that_is_nearly_at_a_cut_makes_no_crumb():
    pieces = cut(lines([(0, 0), (100 + 1e-8, 0), (200, 0)]))
    assert shapely.get_num_points(pieces.geometry.to_numpy()).tolist() == [2, 2]


def test_the_parts_of_a_street_in_parts_are_counted_through():
    street = shapely.MultiLineString([[(0, 0), (150, 0)], [(200, 0), (250, 0)]])
    pieces = cut(GeoSeries([street], index=["a"], crs=METRIC))
    assert pieces["parent"].tolist() == ["a"] * 3
    assert pieces["ordinal"].tolist() == [0, 1, 2]


def test_degrees_points_and_a_length_of_zero_are_refused():
    with pytest.raises(CoordinateError, match="degrees"):
        cut(lines([(0, 0), (1, 1)]).to_crs(4326))
    with pytest.raises(FrameError, match="first: 0"):
        cut(GeoSeries([shapely.Point(0, 0)], crs=METRIC))
    with pytest.raises(FrameError):
        cut(GeoSeries([None], crs=METRIC))
    with pytest.raises(ParameterError):
        cut(lines([(0, 0), (1, 1)]), 0)


def test_no_streets_make_no_pieces():
    pieces = cut(GeoSeries([], crs=METRIC))
    assert len(pieces) == 0
    assert pieces.crs == METRIC
