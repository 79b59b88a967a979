"""A line that was drawn elsewhere becomes places through which the way leads again."""

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import assume, given
from hypothesis import strategies as st

from layers.errors import NoPathError
from layers.roads.network import Network
from layers.roads.routing import snap, way_through
from layers.roads.waypoints import gives_again, waypoints
from tests.benchmarks.test_coverage_speed import BLOCK_M, town
from tests.layers.shapes import METRIC

STREETS = Network.from_pieces(town(800))
WEST, SOUTH, EAST, NORTH = shapely.total_bounds(STREETS.geometry)
place = st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH))


@given(st.lists(place, min_size=2, max_size=6))
def test_the_places_found_in_a_way_give_the_way_again(places):
    # A turn after a step or two is no way of a patrol, and is not kept.
    assume((np.hypot(*np.diff(places, axis=0).T) > 2 * BLOCK_M).all())
    way = way_through(STREETS, snap(STREETS, np.array(places)))
    line = way.line
    if line is None or line.length < 1:
        return
    found = waypoints(STREETS, line)
    assert gives_again(STREETS, found, line)
    assert len(found) <= 2 + line.length / BLOCK_M


def test_a_straight_way_needs_its_two_ends():
    line = way_through(STREETS, snap(STREETS, np.array([(WEST + 5, SOUTH), (WEST + 5 * BLOCK_M, SOUTH)]))).line
    assert len(waypoints(STREETS, line)) == 2


def test_a_way_there_and_back_keeps_its_turn():
    there = way_through(STREETS, snap(STREETS, np.array([(WEST, SOUTH), (WEST + 4 * BLOCK_M, SOUTH)]))).line
    xy = shapely.get_coordinates(there)
    line = shapely.LineString(np.vstack([xy, xy[-2::-1]]))
    found = waypoints(STREETS, line)
    assert len(found) >= 3 and gives_again(STREETS, found, line)


def test_a_line_across_the_blocks_is_not_given_again_by_any_way():
    line = shapely.LineString([(WEST + 30, SOUTH + 30), (WEST + 330, SOUTH + 300)])
    assert not gives_again(STREETS, waypoints(STREETS, line), line)


def test_a_network_without_streets_has_no_places():
    with pytest.raises(NoPathError):
        waypoints(Network.from_pieces(GeoSeries([], crs=METRIC)), shapely.LineString([(0, 0), (1, 1)]))
