"""What cameras see of street pieces, alone and together with patrols."""

import math

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.cameras.coverage import camera_intervals, seen_by
from layers.cameras.sight import field_of_view
from layers.errors import CoordinateError, FrameError
from layers.patrols.coverage import covered_length, share_seen
from layers.patrols.sight import Pieces
from tests.layers.shapes import EAST, METRIC, NORTH, lines, place, runs

NOBODY = GeoSeries([], crs=METRIC)


def fields(*rings):
    shapes = [shapely.Polygon([(EAST + x, NORTH + y) for x, y in ring]) for ring in rings]
    return GeoSeries(shapes, crs=METRIC)


def square(x, y, half):
    return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]


def test_a_street_through_a_square_field_is_seen_inside_it():
    seen = seen_by(lines([(-100, 0), (100, 0)]), NOBODY, fields(square(0, 0, 30)))
    assert seen.camera == pytest.approx([60 / 200])
    assert seen.patrol.tolist() == [0.0]
    assert seen.neither == pytest.approx([1 - 60 / 200])


def test_a_street_past_the_tip_of_a_wedge_is_seen_as_wide_as_the_wedge_is_there():
    wedge = fields([(0, 0), (100, -50), (100, 50)])
    assert seen_by(lines([(40, -100), (40, 100)]), NOBODY, wedge).camera == pytest.approx([40 / 200])


def test_a_wedge_wider_than_a_half_circle_leaves_its_dark_corner_out():
    bent = fields([(0, 0), (-50, 50), (50, 50), (50, -50), (-50, -50)])
    assert seen_by(lines([(-50, 0.5), (-1, 0.5)]), NOBODY, bent).camera == pytest.approx([0.5 / 49], abs=0.02)
    assert seen_by(lines([(-40, -100), (-40, 100)]), NOBODY, bent).camera == pytest.approx([20 / 200])


def test_what_a_patrol_and_a_camera_both_see_counts_once():
    street = lines([(0, 0), (200, 0)])
    walk = lines([(0, 0), (50, 0)])  # sees to 100
    both = seen_by(street, walk, fields([(80, -10), (150, -10), (150, 10), (80, 10)]), 50)
    assert (both.patrol[0], both.camera[0]) == pytest.approx((0.5, 0.35))
    assert both.neither == pytest.approx([0.25])


def test_two_cameras_that_look_at_the_same_place_see_it_once():
    street = lines([(-100, 0), (100, 0)])
    assert seen_by(street, NOBODY, fields(square(0, 0, 30), square(20, 0, 30))).camera == pytest.approx([80 / 200])


def test_a_dome_sees_a_street_through_its_middle_over_its_whole_width():
    middle = GeoSeries([shapely.Point(EAST, NORTH)], crs=METRIC).to_crs(4326)
    lonlat = np.array([[middle.x.iloc[0], middle.y.iloc[0]]])
    circle = field_of_view(lonlat, np.zeros(1), np.array([360.0]), np.array([60.0]))
    seen = seen_by(lines([(-100, 0), (100, 0)]), NOBODY, GeoSeries(circle, crs=4326).to_crs(METRIC))
    assert seen.camera == pytest.approx([0.6], rel=2e-3)


@settings(deadline=None)
@given(runs, runs, st.floats(1, 150))
def test_what_patrols_see_is_the_same_to_the_bit_with_cameras_or_without(street_runs, path_runs, sight):
    streets, paths = lines(*street_runs), lines(*path_runs)
    assert (seen_by(streets, paths, fields(square(0, 0, 99)), sight).patrol == share_seen(streets, paths, sight)).all()
    alone = seen_by(streets, paths, NOBODY, sight)
    assert alone.neither == pytest.approx(1 - alone.patrol)
    assert not alone.camera.any()


def wedge(centre, bearing, angle, reach):
    arc = [
        (centre[0] + reach * math.sin(math.radians(turn)), centre[1] + reach * math.cos(math.radians(turn)))
        for turn in np.linspace(bearing - angle / 2, bearing + angle / 2, 12)
    ]
    return [centre, *arc]


wedges = st.lists(
    st.builds(wedge, place, st.floats(0, 360), st.sampled_from([65.0, 120.0, 200.0, 300.0]), st.floats(20, 200)),
    min_size=1,
    max_size=5,
)


@settings(deadline=None)
@given(runs, runs, wedges)
def test_shares_agree_with_intersections_of_polygons(street_runs, path_runs, rings):
    streets, paths, views = lines(*street_runs), lines(*path_runs), fields(*rings)
    seen = seen_by(streets, paths, views, 50)
    watched = shapely.union_all(views.to_numpy())
    either = shapely.union(watched, shapely.union_all(shapely.buffer(paths.to_numpy(), 50, quad_segs=256)))
    for row, street in enumerate(streets):
        xy = shapely.get_coordinates(street)
        steps = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
        by_camera = shapely.length(shapely.intersection(steps, watched)).sum()
        by_any = shapely.length(shapely.intersection(steps, either)).sum()
        assert seen.camera[row] * street.length == pytest.approx(by_camera, abs=1e-3 * len(steps))
        assert (1 - seen.neither[row]) * street.length == pytest.approx(by_any, abs=1.0 * len(steps))


@settings(deadline=None)
@given(runs, runs, wedges)
def test_together_they_see_at_least_what_each_sees_and_at_most_the_sum(street_runs, path_runs, rings):
    seen = seen_by(lines(*street_runs), lines(*path_runs), fields(*rings))
    either = 1 - seen.neither
    assert (either >= np.maximum(seen.patrol, seen.camera) - 1e-9).all()
    assert (either <= seen.patrol + seen.camera + 1e-9).all()


def test_intervals_lie_on_their_piece_and_cover_what_the_share_says():
    pieces = Pieces.of(lines([(-100, 0), (0, 0), (0, 100)], [(300, 300), (400, 400)]))
    found = camera_intervals(pieces, fields(square(0, 0, 30)))
    assert set(found.piece) == {0}
    assert (found.low >= 0).all() and (found.high <= 200).all()
    assert covered_length(found.piece, found.low, found.high, 2) == pytest.approx([60, 0])


def test_nothing_to_see_or_nobody_looking_are_no_errors():
    none = GeoSeries([], crs=METRIC)
    assert len(seen_by(none, none, none).neither) == 0
    assert seen_by(lines([(0, 0), (1, 0)]), none, GeoSeries([shapely.Polygon(), None], crs=METRIC)).neither == [1.0]


def test_degrees_two_systems_and_fields_that_are_no_polygons_are_refused():
    street = lines([(0, 0), (100, 0)])
    with pytest.raises(CoordinateError):
        seen_by(street, NOBODY, fields(square(0, 0, 1)).to_crs(4326))
    with pytest.raises(CoordinateError):
        seen_by(street, NOBODY, fields(square(0, 0, 1)).to_crs(4549))
    with pytest.raises(FrameError):
        seen_by(street, NOBODY, street)
