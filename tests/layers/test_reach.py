"""Seconds from the nearest post along the streets: by hand on three streets, and as networkx has it."""

import networkx as nx
import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import FrameError, NoPathError
from layers.roads.network import Network
from layers.roads.reach import seconds_to

METRIC = 4548
ORIGIN = np.array([628000.0, 3514000.0])


def network(*lines):
    shapes = [shapely.LineString(np.array(line, dtype=float) + ORIGIN) for line in lines]
    return Network.from_pieces(GeoSeries(shapes, crs=METRIC))


def at(*places):
    return np.array(places, dtype=float).reshape(-1, 2) + ORIGIN


CROSS = [[(0, 0), (100, 0)], [(100, 0), (200, 0)], [(100, 0), (100, 100)]]


def test_the_way_goes_along_the_streets_at_each_ones_speed():
    found = seconds_to(
        network(*CROSS), np.array([10.0, 20, 30]), at((0, 0)), at((50, 3), (200, 0), (100, 100), (100, 40))
    )
    assert found.tolist() == pytest.approx([5, 30, 40, 22])


def test_the_nearest_in_time_of_several_posts_counts_not_the_nearest_in_metres():
    found = seconds_to(network(*CROSS), np.array([10.0, 200, 30]), at((0, 0), (200, 0)), at((130, 0)))
    assert found.tolist() == pytest.approx([10 + 60])


def test_somebody_on_the_posts_own_street_is_reached_without_a_crossing():
    found = seconds_to(network(*CROSS), np.array([10.0, 20, 30]), at((20, 0)), at((60, 0), (20, 5), (11, 0)))
    assert found.tolist() == pytest.approx([4, 0, 0.9], abs=1e-9)


def test_the_faster_of_two_parallel_streets_is_taken():
    roads = network([(0, 0), (100, 0)], [(0, 0), (50, 30), (100, 0)], [(100, 0), (200, 0)])
    assert seconds_to(roads, np.array([60.0, 10, 5]), at((0, 0)), at((200, 0))).tolist() == pytest.approx([15])


def test_where_no_street_leads_and_without_posts_nobody_comes():
    roads = network([(0, 0), (100, 0)], [(0, 500), (100, 500)])
    found = seconds_to(roads, np.array([10.0, 10]), at((0, 0)), at((100, 0), (100, 500)))
    assert found.tolist() == [10, np.inf]
    assert seconds_to(roads, np.array([10.0, 10]), at(), at((100, 0))).tolist() == [np.inf]
    assert len(seconds_to(roads, np.array([10.0, 10]), at((0, 0)), at())) == 0


def test_other_than_one_time_for_each_piece_is_refused_and_so_is_a_town_without_streets():
    with pytest.raises(FrameError, match="2 times for 3 pieces"):
        seconds_to(network(*CROSS), np.array([1.0, 2]), at((0, 0)), at((0, 0)))
    with pytest.raises(NoPathError):
        seconds_to(Network.from_pieces(GeoSeries([], crs=METRIC)), np.zeros(0), at((0, 0)), at((0, 0)))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_crossings_are_reached_when_networkx_says_so(seed, posts):
    rng = np.random.default_rng(seed)
    side = 5
    nodes = [(x * 100.0, y * 100.0) for x in range(side) for y in range(side)]
    pairs = [(a, b) for a in nodes for b in nodes if a < b and np.hypot(a[0] - b[0], a[1] - b[1]) == 100]
    pairs = [pairs[place] for place in np.flatnonzero(rng.random(len(pairs)) < 0.7)] or pairs[:1]
    seconds = rng.uniform(5, 60, len(pairs))
    graph = nx.Graph()
    for (a, b), time in zip(pairs, seconds, strict=True):
        graph.add_edge(a, b, time=time)
    known = list(graph)
    sources = [known[place] for place in rng.integers(0, len(known), posts)]
    plain = nx.multi_source_dijkstra_path_length(graph, set(sources), weight="time")
    found = seconds_to(network(*pairs), seconds, at(*sources), at(*known))
    assert found.tolist() == pytest.approx([plain.get(node, np.inf) for node in known])
