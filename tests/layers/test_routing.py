"""Ways through places in the middle of streets: as short as networkx finds them, and walkable."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import NoPathError
from layers.roads.network import Network
from layers.roads.routing import AT_CROSSING_M, Spot, leg, length_of, snap, way_through
from tests.benchmarks.test_coverage_speed import town as large_town
from tests.layers.shapes import EAST, METRIC, NORTH, lines
from tests.layers.test_network import town

share = st.floats(0, 1, allow_nan=False)


def spot(network: Network, piece: int, part: float) -> Spot:
    along = part * network.length_m[piece]
    [(x, y)] = shapely.get_coordinates(shapely.line_interpolate_point(network.geometry[piece], along))
    return Spot(piece, float(along), float(x), float(y), 0.0)


def away_from(network: Network, xy: np.ndarray) -> np.ndarray:
    """Metres from each place to the nearest street, one street after the other."""
    return np.min([shapely.distance(shapely.points(xy), piece) for piece in network.geometry], axis=0)


def oracle(network: Network, spots: list[Spot]) -> nx.Graph:
    """The pieces cut at the spots for real."""
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(len(network.nodes)))
    for piece, length in enumerate(network.length_m.tolist()):
        stops = sorted((s.along_m, ("spot", at)) for at, s in enumerate(spots) if s.piece == piece)
        chain = [(0.0, int(network.start[piece])), *stops, (length, int(network.end[piece]))]
        for (low, a), (high, b) in pairwise(chain):
            graph.add_edge(a, b, weight=max(high - low, 0.0))
    return graph


@given(town, st.data())
def test_a_leg_between_two_places_in_streets_is_as_short_as_networkx_finds(streets, data):
    network = Network.from_pieces(lines(*streets))
    number = st.integers(0, len(network.geometry) - 1)
    a, b = (spot(network, data.draw(number), data.draw(share)) for _ in range(2))
    graph = oracle(network, [a, b])
    if nx.has_path(graph, ("spot", 0), ("spot", 1)):
        run = leg(network, a, b)
        expected = nx.dijkstra_path_length(graph, ("spot", 0), ("spot", 1))
        assert length_of(run) == pytest.approx(expected, abs=0.01)
        assert np.allclose(run[[0, -1]], [(a.x, a.y), (b.x, b.y)], atol=1e-3)
        # Nowhere off the streets: a way is made of what is there.
        assert away_from(network, run).max() < 1e-3
    else:
        with pytest.raises(NoPathError):
            leg(network, a, b)


@given(town, st.lists(st.tuples(st.integers(-100, 400), st.integers(-100, 400)), min_size=1, max_size=5))
def test_a_place_is_taken_onto_the_nearest_street_or_its_near_end(streets, places):
    network = Network.from_pieces(lines(*streets))
    xy = np.array([(EAST + x, NORTH + y) for x, y in places])
    nearest = away_from(network, xy)
    for (x, y), away, found in zip(xy, nearest, snap(network, xy), strict=True):
        assert away - 1e-6 <= found.distance_m <= away + AT_CROSSING_M + 1e-6
        assert np.hypot(found.x - x, found.y - y) == pytest.approx(found.distance_m)
        assert shapely.distance(shapely.Point(found.x, found.y), network.geometry[found.piece]) < 1e-6


def test_a_click_in_the_middle_of_a_street_starts_there_and_one_beside_a_crossing_at_the_crossing():
    network = Network.from_pieces(lines([(0, 0), (100, 0)], [(100, 0), (100, 100)]))
    middle, corner = snap(network, np.array([(EAST + 40, NORTH + 12), (EAST + 97, NORTH + 9)]))
    assert (middle.along_m, middle.distance_m) == (pytest.approx(40), pytest.approx(12))
    assert (corner.x - EAST, corner.y - NORTH) in {(100, 0), (100, 9)}
    run = leg(network, middle, snap(network, np.array([(EAST + 130, NORTH + 50)]))[0])
    assert (run - (EAST, NORTH)).tolist() == [[40, 0], [100, 0], [100, 50]]


def test_both_places_on_one_street_are_joined_along_it_unless_the_way_round_is_shorter():
    horseshoe = [(0, 0), (0, 300), (20, 300), (20, 0)]
    network = Network.from_pieces(lines(horseshoe, [(0, 0), (20, 0)]))
    near = leg(network, spot(network, 0, 0.4), spot(network, 0, 0.5))
    assert length_of(near) == pytest.approx(62)
    across = leg(network, spot(network, 0, 0.1), spot(network, 0, 0.9))
    assert length_of(across) == pytest.approx(62 + 20 + 62)


def test_a_way_names_the_legs_that_no_street_leads_along_and_keeps_the_rest():
    network = Network.from_pieces(lines([(0, 0), (100, 0)], [(0, 500), (100, 500)]))
    spots = snap(network, np.array([(EAST + x, NORTH + y) for x, y in [(0, 0), (60, 0), (50, 500), (90, 500)]]))
    way = way_through(network, spots)
    assert way.broken == (1,)
    assert way.length_m == pytest.approx(60 + 50)  # 90 m is the end of the street
    assert shapely.get_num_geometries(way.line) == 2 and way.line.length == pytest.approx(110)
    assert way_through(network, spots[1:3]).line is None


def test_the_same_spot_twice_and_a_single_spot_go_nowhere():
    network = Network.from_pieces(lines([(0, 0), (100, 0)]))
    there = spot(network, 0, 0.5)
    assert way_through(network, [there, there]).line is None
    assert way_through(network, [there]).legs == ()
    back = way_through(network, [there, spot(network, 0, 1), there])
    assert back.length_m == pytest.approx(100) and back.line is not None


def test_a_network_without_streets_takes_no_place():
    with pytest.raises(NoPathError, match="no streets"):
        snap(Network.from_pieces(GeoSeries([], crs=METRIC)), np.zeros((1, 2)))


def test_a_way_through_a_large_town_is_the_same_however_far_the_search_looks():
    network = Network.from_pieces(large_town(2_000))
    rng = np.random.default_rng(4)
    west, south, east, north = shapely.total_bounds(network.geometry)
    spots = snap(network, rng.uniform((west, south), (east, north), (40, 2)))
    way = way_through(network, spots)
    for a, b, run in zip(spots, spots[1:], way.legs, strict=False):
        whole = [network.distances(int(node)) for node in (network.start[a.piece], network.end[a.piece])]
        ends = (network.start[b.piece], network.end[b.piece])
        exits = (a.along_m, network.length_m[a.piece] - a.along_m)
        entries = (b.along_m, network.length_m[b.piece] - b.along_m)
        best = min(exits[i] + whole[i][ends[j]] + entries[j] for i in (0, 1) for j in (0, 1))
        assert length_of(run) == pytest.approx(best)
