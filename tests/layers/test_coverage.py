import numpy as np
import pytest
import shapely
import shapely.ops
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import CoordinateError, FrameError, ParameterError
from layers.patrols.coverage import is_seen, share_seen
from layers.patrols.sight import Pieces
from tests.layers.shapes import METRIC, lines, runs


def test_a_street_half_inside_the_sight_distance_is_half_seen():
    # The path ends 50 m before the middle of the street, so sight ends exactly there.
    street, path = lines([(0, 0), (200, 0)]), lines([(-300, 0), (50, 0)])
    assert share_seen(street, path, 50) == pytest.approx([0.5])


def test_a_street_across_the_end_of_a_path_is_seen_along_the_chord_of_the_circle():
    street, path = lines([(30, -100), (30, 100)]), lines([(-300, 0), (0, 0)])
    assert share_seen(street, path, 50) == pytest.approx([2 * 40 / 200])  # 30² + 40² = 50²


def test_a_parallel_street_is_seen_to_the_distance_and_not_beyond():
    streets, path = lines([(0, 50), (100, 50)], [(0, 50.001), (100, 50.001)]), lines([(-100, 0), (200, 0)])
    assert share_seen(streets, path, 50).tolist() == [1.0, 0.0]


# Coordinates are whole millimetres and the distance is not: no street touches the edge of sight lengthwise.
between_millimetres = st.integers(1000, 200_000).map(lambda mm: mm / 1000 + 0.00037)


@given(runs, runs, between_millimetres)
def test_shares_agree_with_a_buffer(street_runs, path_runs, sight):
    streets, paths = lines(*street_runs), lines(*path_runs)
    view = shapely.union_all([path.buffer(sight, quad_segs=256) for path in paths])
    share = share_seen(streets, paths, sight)
    for street, found in zip(streets, share, strict=True):
        # Segment by segment: where a street runs over itself, an intersection would count it once.
        xy = shapely.get_coordinates(street)
        steps = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
        seen = shapely.length(shapely.intersection(steps, view)).sum()
        # The buffer is a polygon inside the true circle; a grazing street shows that most.
        assert found * street.length == pytest.approx(seen, abs=0.02 * sight * len(steps))


@given(runs, runs, st.floats(0, 150), st.floats(0, 150))
def test_who_sees_further_sees_no_less(street_runs, path_runs, sight, more):
    streets, paths = lines(*street_runs), lines(*path_runs)
    assert (share_seen(streets, paths, sight + more) >= share_seen(streets, paths, sight) - 1e-9).all()


@given(runs, runs, runs)
def test_two_routes_together_see_no_less_than_each_and_no_more_than_both(street_runs, first_runs, second_runs):
    streets, first, second = lines(*street_runs), lines(*first_runs), lines(*second_runs)
    both = GeoSeries([*first, *second], crs=METRIC)
    alone = share_seen(streets, first), share_seen(streets, second)
    together = share_seen(streets, both)
    assert (together >= np.maximum(*alone) - 1e-9).all()
    assert (together <= np.minimum(1, alone[0] + alone[1]) + 1e-9).all()


@given(runs, runs)
def test_cutting_a_street_does_not_change_what_is_seen_of_it(street_runs, path_runs):
    streets, paths = lines(*street_runs), lines(*path_runs)
    halves = [shapely.ops.substring(s, f / 2, f / 2 + 0.5, normalized=True) for s in streets for f in (0, 1)]
    share = share_seen(GeoSeries(halves, crs=METRIC), paths)
    length = np.array([half.length for half in halves])
    seen = (share * length).reshape(-1, 2).sum(axis=1)
    assert np.allclose(seen, share_seen(streets, paths) * streets.length, atol=1e-5)


def test_a_street_without_length_is_seen_or_not():
    streets = lines([(0, 0), (0, 0)], [(0, 80), (0, 80)])
    assert share_seen(streets, lines([(-10, 0), (10, 0)])).tolist() == [1.0, 0.0]


def test_a_path_that_stands_still_sees_round_itself():
    assert share_seen(lines([(0, 0), (200, 0)]), lines([(100, 0), (100, 0)]), 50) == pytest.approx([0.5])


def test_without_paths_nothing_is_seen_and_without_streets_there_is_no_answer():
    none = GeoSeries([], crs=METRIC)
    assert share_seen(lines([(0, 0), (9, 9)]), none).tolist() == [0.0]
    assert share_seen(none, lines([(0, 0), (9, 9)])).tolist() == []


def test_pieces_made_ready_give_the_same_answer_and_stay_as_they_were():
    streets, paths = lines([(0, 0), (200, 0)], [(0, 30), (90, 90)]), lines([(0, 10), (60, 10)])
    before = streets.copy()
    assert share_seen(Pieces.of(streets), paths).tolist() == share_seen(streets, paths).tolist()
    assert streets.geom_equals_exact(before, 0).all()


def test_nine_tenths_count_as_seen():
    assert is_seen(np.array([0.0, 0.8999, 0.9, 1.0])).tolist() == [False, False, True, True]


def test_degrees_feet_two_systems_points_and_bad_distances_are_refused():
    streets, paths = lines([(0, 0), (100, 0)]), lines([(0, 0), (50, 0)])
    with pytest.raises(CoordinateError, match="degrees"):
        share_seen(streets.to_crs(4326), paths.to_crs(4326))
    with pytest.raises(CoordinateError, match="foot"):
        share_seen(streets.set_crs(2223, allow_override=True), paths)
    with pytest.raises(CoordinateError, match="differ"):
        share_seen(streets, paths.to_crs(4549))
    with pytest.raises(CoordinateError, match="no coordinate system"):
        share_seen(GeoSeries(streets.to_numpy()), paths)
    with pytest.raises(FrameError):
        share_seen(streets, streets.centroid)
    for distance in (-1, float("nan"), float("inf")):
        with pytest.raises(ParameterError):
            share_seen(streets, paths, distance)
