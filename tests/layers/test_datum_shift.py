import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from layers.coordinates import (
    bd09_to_gcj02,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from layers.datum_shift import BLOCK

MILLIMETRE = 0.001
WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271
PAIRS = [(wgs84_to_gcj02, gcj02_to_wgs84), (gcj02_to_bd09, bd09_to_gcj02), (wgs84_to_bd09, bd09_to_wgs84)]
ALL = [function for pair in PAIRS for function in pair]

in_box = st.lists(st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH)), min_size=1, max_size=20)


def metres_apart(first, second):
    return Geod(ellps="WGS84").inv(*first, *second)[2]


def as_arrays(places):
    return tuple(np.array(places).T)


def gcj02_by_the_book(lon, lat):
    """The formula as it is copied everywhere, one place at a time, nothing shared."""
    x, y, sin, pi = lon - 105, lat - 35, math.sin, math.pi
    short = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + short
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + short
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    a, ee = 6378245.0, 0.00669342162296594323
    magic = 1 - ee * sin(lat / 180 * pi) ** 2
    root = math.sqrt(magic)
    return (
        lon + east * 180 / (a / root * math.cos(lat / 180 * pi) * pi),
        lat + north * 180 / ((a * (1 - ee)) / (magic * root) * pi),
    )


def bd09_by_the_book(lon, lat):
    wave = 3000 * math.pi / 180
    z = math.hypot(lon, lat) + 0.00002 * math.sin(lat * wave)
    theta = math.atan2(lat, lon) + 0.000003 * math.cos(lon * wave)
    return z * math.cos(theta) + 0.0065, z * math.sin(theta) + 0.006


@pytest.mark.parametrize(
    "wgs84, gcj02, bd09",
    [
        ((121.5272106, 31.1774276), (121.53154186, 31.17530398), None),
        ((118.351, 31.742), (118.35640959, 31.74015649), (118.36294080, 31.74603950)),
        ((116.403988, 39.914266), (116.41023241, 39.91567025), (116.41661560, 39.92196580)),
    ],
)
def test_published_places_come_out_as_published(wgs84, gcj02, bd09):
    assert wgs84_to_gcj02(*wgs84) == pytest.approx(gcj02, abs=1e-8)
    if bd09:
        assert gcj02_to_bd09(*gcj02) == pytest.approx(bd09, abs=2e-8)
        assert wgs84_to_bd09(*wgs84) == pytest.approx(bd09, abs=1e-8)


@given(in_box)
def test_forwards_is_the_formula_by_the_book(places):
    lon, lat = as_arrays(places)
    gcj = np.array([gcj02_by_the_book(*place) for place in places]).T
    assert np.allclose(wgs84_to_gcj02(lon, lat), gcj, rtol=0, atol=1e-12)
    bd = np.array([bd09_by_the_book(*place) for place in places]).T
    assert np.allclose(gcj02_to_bd09(lon, lat), bd, rtol=0, atol=1e-11)


@pytest.mark.parametrize("forth, back", PAIRS)
@given(places=in_box)
def test_what_went_forth_comes_back_to_within_a_millimetre(forth, back, places):
    lon, lat = as_arrays(places)
    assert (metres_apart(back(*forth(lon, lat)), (lon, lat)) < MILLIMETRE).all()


@pytest.mark.parametrize("forth, back", PAIRS)
@given(places=in_box)
def test_what_went_back_comes_forth_to_within_a_millimetre(forth, back, places):
    there = forth(*as_arrays(places))
    assert (metres_apart(forth(*back(*there)), there) < MILLIMETRE).all()


@pytest.mark.parametrize("forth, back", PAIRS)
def test_a_million_places_all_over_the_box_come_back_to_within_a_millimetre(forth, back):
    """Far more than chosen ones: the waves have their steepest places where nobody looks."""
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(WEST, EAST, 1_000_000), rng.uniform(SOUTH, NORTH, 1_000_000)
    lon[:1000] = 105 + rng.uniform(-1e-4, 1e-4, 1000)  # where the formula has a root with infinite slope
    back_lon, back_lat = back(*forth(lon, lat))
    off = np.hypot((back_lon - lon) * np.cos(np.radians(lat)), back_lat - lat) * 111_320
    assert off.max() < MILLIMETRE / 5


@pytest.mark.parametrize("forth, back", PAIRS)
def test_the_corners_of_the_box_come_back(forth, back):
    lon, lat = np.array([WEST, WEST, EAST, EAST]), np.array([SOUTH, NORTH, SOUTH, NORTH])
    assert (metres_apart(back(*forth(lon, lat)), (lon, lat)) < MILLIMETRE).all()


@pytest.mark.parametrize("function", ALL)
@given(
    lon=st.floats(-180, 180).filter(lambda lon: not WEST - 0.05 < lon < EAST + 0.05),
    lat=st.floats(-90, 90),
)
def test_outside_the_box_nothing_moves(function, lon, lat):
    assert function(lon, lat) == (lon, lat)


@pytest.mark.parametrize("function", ALL)
def test_what_is_no_number_or_no_place_stays(function):
    lon = np.array([np.nan, 118.3, np.inf, 1e300, 118.3])
    lat = np.array([31.7, np.nan, 31.7, -1e300, 31.7])
    found_lon, found_lat = function(lon, lat)
    assert np.array_equal(found_lon[:4], lon[:4], equal_nan=True)
    assert np.array_equal(found_lat[:4], lat[:4], equal_nan=True)
    assert 0.001 < abs(found_lon[4] - 118.3) < 0.02


@pytest.mark.parametrize("function", ALL)
def test_many_places_in_and_out_of_the_box_are_moved_each_as_if_alone(function):
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(60, 150, (2, 2 * BLOCK)), rng.uniform(-5, 60, (2, 2 * BLOCK))
    before = lon.copy(), lat.copy()
    found_lon, found_lat = function(lon, lat)
    assert found_lon.shape == found_lat.shape == lon.shape
    assert np.array_equal(lon, before[0]) and np.array_equal(lat, before[1])
    for at in [(0, 0), (0, BLOCK), (1, BLOCK - 1), (1, 2 * BLOCK - 1)]:
        assert function(lon[at], lat[at]) == pytest.approx((found_lon[at], found_lat[at]), rel=1e-15)


@pytest.mark.parametrize("function", ALL)
def test_lists_and_no_places_at_all_are_taken(function):
    assert [len(axis) for axis in function([], [])] == [0, 0]
    (lon,), (lat,) = function([118], [32])
    assert (lon, lat) == function(118.0, 32.0)
