"""The computations on real streets and crimes."""

import json

import networkx as nx
import numpy as np
import pytest
import shapely

from layers.catalogue import LAYERS
from layers.gaps.index import patrol_gaps
from layers.incidents.hotspots import hot_streets, nearest_piece
from layers.patrols.coverage import share_seen
from tests.layers.mesa import mesa


def test_293_streets_become_512_pieces_of_the_same_length():
    town = mesa()
    assert (len(town.streets), len(town.crimes), len(town.schools)) == (293, 287, 8)
    assert len(town.pieces) == 512
    assert town.pieces.length.max() <= 100
    assert town.pieces.length.sum() == pytest.approx(town.streets.length.sum())


def test_all_streets_hang_together_and_cutting_makes_no_way_longer():
    town = mesa()
    assert not town.network.components().any()
    graph = nx.MultiGraph()
    for line in town.streets:
        first, last = (tuple(xy) for xy in np.round(shapely.get_coordinates(line)[[0, -1]], 3))
        graph.add_edge(first, last, weight=line.length)
    lengths = nx.single_source_dijkstra_path_length(graph, first)
    distances = town.network.distances(town.network.nearest_node(*first))
    for place, length in lengths.items():
        assert distances[town.network.nearest_node(*place)] == pytest.approx(length, abs=1e-3)


def test_coverage_of_the_routes_agrees_with_a_buffer():
    town = mesa()
    view = shapely.union_all(shapely.buffer(town.routes.geometry.to_numpy(), 50, quad_segs=128))
    seen = shapely.length(shapely.intersection(town.pieces.geometry.to_numpy(), view))
    share = share_seen(town.pieces.geometry, town.routes.geometry)
    assert np.abs(share * town.pieces.length - seen).max() < 0.2


def test_half_of_the_crimes_lie_on_a_small_part_of_the_streets():
    town = mesa()
    place = nearest_piece(town.crimes, town.pieces.geometry)
    number = np.bincount(place[place >= 0], minlength=len(town.pieces))
    hot = hot_streets(town.pieces.length.to_numpy(), number)
    assert number[hot].sum() >= number.sum() / 2
    assert town.pieces.length[hot].sum() < 0.1 * town.pieces.length.sum()


def test_gaps_are_hot_or_near_schools_and_not_visited_often_enough():
    town = mesa()
    before = town.pieces.copy()
    gaps = patrol_gaps(town.pieces, town.routes, town.crimes, town.schools)
    shown = gaps[gaps["is_gap"]]
    assert set(shown["requirement"]) == {"A", "B"}
    assert (shown["hours_without"] > shown["every_hours"]).all()
    ranked = shown.sort_values("rank")
    assert ranked["rank"].tolist() == list(range(1, len(shown) + 1))
    assert ranked["incidents_near"].is_monotonic_decreasing
    assert town.pieces.equals(before)
    # What is nowhere near a route is never visited.
    assert np.isinf(gaps.loc[gaps["share_seen"] == 0, "hours_without"]).all()


def test_a_closer_look_sees_no_more_and_more_patrols_close_gaps():
    town = mesa()
    arguments = (town.crimes, town.schools)
    gaps = patrol_gaps(town.pieces, town.routes, *arguments)["is_gap"]
    often = town.routes.assign(departures=[[i / 2 for i in range(48)]] * 3)
    fewer = patrol_gaps(town.pieces, often, *arguments)["is_gap"]
    assert fewer.sum() < gaps.sum()
    assert not (fewer & ~gaps).any()


def test_real_frames_are_drawn():
    town = mesa()
    gaps = patrol_gaps(town.pieces, town.routes, town.crimes, town.schools).to_crs(4326)
    for name in ("streets", "patrol_coverage", "patrol_gaps", "unseen_streets"):
        drawing = LAYERS[name].draw(gaps)
        json.dumps(drawing.features, allow_nan=False)
        west, south, east, north = drawing.bounds
        assert -111.9 < west < east < -111.7
        assert 33.3 < south < north < 33.5
