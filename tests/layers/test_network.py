import networkx as nx
import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import CoordinateError, FrameError, NoPathError
from layers.roads.network import Network
from tests.layers.shapes import METRIC, lines

# Few places, so that loops, parallel pieces, isolated pieces and pieces without length all occur.
corner = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda xy: (xy[0] * 70.0, xy[1] * 90.0))
bend = st.tuples(st.floats(0, 200).map(lambda x: round(x, 2)), st.floats(0, 200).map(lambda y: round(y, 2)))
street = st.tuples(corner, st.lists(bend, max_size=2), corner).map(lambda t: [t[0], *t[1], t[2]])
town = st.lists(street, min_size=1, max_size=25)


def oracle(network: Network) -> nx.MultiGraph:
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(len(network.nodes)))
    ends = zip(network.start.tolist(), network.end.tolist(), network.length_m.tolist(), strict=True)
    graph.add_weighted_edges_from(ends)
    return graph


@given(town)
def test_shortest_paths_agree_with_networkx(streets):
    network = Network.from_pieces(lines(*streets))
    lengths = dict(nx.all_pairs_dijkstra_path_length(oracle(network)))
    for source in range(len(network.nodes)):
        expected = [lengths[source].get(node, np.inf) for node in range(len(network.nodes))]
        assert np.allclose(network.distances(source), expected)
    source, target = 0, len(network.nodes) - 1
    if target in lengths[source]:
        path = network.shortest_path(source, target)
        assert path.length_m == pytest.approx(lengths[source][target])
    else:
        with pytest.raises(NoPathError):
            network.shortest_path(source, target)


@given(town)
def test_a_path_is_walkable_piece_by_piece(streets):
    network = Network.from_pieces(lines(*streets))
    reached = np.flatnonzero(np.isfinite(network.distances(0)))
    path = network.shortest_path(0, int(reached[-1]))
    begins = np.where(path.forward, network.start[path.pieces], network.end[path.pieces])
    finishes = np.where(path.forward, network.end[path.pieces], network.start[path.pieces])
    assert begins.tolist() == path.nodes[:-1].tolist()
    assert finishes.tolist() == path.nodes[1:].tolist()
    if len(path.pieces):
        line = network.line(path)
        assert line.length == pytest.approx(path.length_m, abs=1e-6)
        assert np.allclose(shapely.get_coordinates(line)[[0, -1]], network.nodes[path.nodes[[0, -1]]], atol=1e-3)


@given(town)
def test_components_agree_with_networkx_and_the_longest_is_the_first(streets):
    network = Network.from_pieces(lines(*streets))
    components = network.components()
    graph = oracle(network)
    together = [{int(network.start[p]) for p in np.flatnonzero(components == c)} for c in np.unique(components)]
    assert len(together) == nx.number_connected_components(graph)
    for nodes in together:
        assert nodes <= nx.node_connected_component(graph, min(nodes))
    lengths = np.bincount(components, weights=network.length_m)
    assert (np.diff(lengths) <= 1e-9).all()


def test_streets_that_cross_without_a_shared_endpoint_do_not_meet():
    network = Network.from_pieces(lines([(0, 50), (100, 50)], [(50, 0), (50, 100)]))
    assert len(network.nodes) == 4
    assert network.components().tolist() == [0, 1]


def test_endpoints_that_differ_by_less_than_a_millimetre_are_one_place():
    network = Network.from_pieces(lines([(0, 0), (100, 0)], [(100.0001, 0), (200, 0)]))
    assert len(network.nodes) == 3


def test_of_two_parallel_streets_the_shorter_is_taken_whichever_comes_first():
    detour, straight = [(0, 0), (50, 80), (100, 0)], [(100, 0), (0, 0)]
    for order in ([detour, straight], [straight, detour]):
        network = Network.from_pieces(lines(*order))
        start, end = network.nearest_node(628000, 3514000), network.nearest_node(628100, 3514000)
        path = network.shortest_path(start, end)
        assert path.length_m == pytest.approx(100)
        assert path.forward.tolist() == [False]


def test_a_street_without_length_is_kept_and_a_loop_leads_nowhere():
    network = Network.from_pieces(lines([(0, 0), (0, 0)], [(0, 0), (50, 50), (0, 50), (0, 0)], [(0, 0), (10, 0)]))
    assert len(network.geometry) == 3
    assert network.components().tolist() == [0, 0, 0]
    assert network.shortest_path(0, 1).pieces.tolist() == [2]


def test_a_path_through_places_visits_them_in_order_and_may_turn_back():
    network = Network.from_pieces(lines([(0, 0), (100, 0)], [(100, 0), (200, 0)], [(100, 0), (100, 60)]))
    a, side, b = (network.nearest_node(628000 + x, 3514000 + y) for x, y in [(0, 0), (100, 60), (200, 0)])
    path = network.path_through([a, side, b])
    assert path.pieces.tolist() == [0, 2, 2, 1]
    assert path.forward.tolist() == [True, True, False, True]
    assert network.line(path).length == pytest.approx(320)


def test_unknown_places_empty_networks_and_wrong_input_are_refused():
    network = Network.from_pieces(lines([(0, 0), (100, 0)]))
    with pytest.raises(NoPathError, match="no node 7"):
        network.shortest_path(0, 7)
    with pytest.raises(NoPathError):
        network.path_through([0])
    with pytest.raises(NoPathError):
        network.line(network.shortest_path(1, 1))
    with pytest.raises(CoordinateError):
        Network.from_pieces(lines([(0, 0), (100, 0)]).to_crs(4326))
    with pytest.raises(FrameError):
        Network.from_pieces(GeoSeries([shapely.Point(0, 0)], crs=METRIC))
    empty = Network.from_pieces(GeoSeries([], crs=METRIC))
    assert empty.components().tolist() == []
    with pytest.raises(NoPathError, match="no streets"):
        empty.nearest_node(0, 0)
