"""Regions parted anew, two at a time: always whole, never worse, the same each time."""

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_boundaries.recombine import Aim, Aimed, halved, recombined
from grid_boundaries.regions import regions, walk
from tests.grid_boundaries.test_regions import squares


def graph_of(parts):
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(parts.weight)))
    graph.add_edges_from(parts.links.tolist())
    return graph


def board(width, height, seed):
    return squares(width, height, np.random.default_rng(seed).gamma(1.0, 10.0, width * height))


def plain(parts, count, tolerance=0.05):
    size = len(parts.weight)
    return Aim(float(parts.weight.sum()) / count, tolerance, np.full(size, -1), np.zeros(size))


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 8), st.integers(1, 8), st.integers(1, 12), st.integers(0, 10**6), st.booleans(),
)  # fmt: skip
def test_regions_stay_whole_and_are_never_worse_than_the_start(width, height, count, seed, homes):
    count = min(count, width * height)
    parts = board(width, height, seed)
    aim = plain(parts, count)
    if homes:
        home = np.random.default_rng(seed).integers(-1, count, width * height)
        aim = Aim(aim.target, 0.05, home, 5 * parts.weight / aim.target, 0.1)
    start = regions(parts, count, 1)
    found = recombined(parts, start, aim, 5e5, seed)
    graph = graph_of(parts)
    assert sorted(set(found.of_part.tolist())) == list(range(count))
    assert all(networkx.is_connected(graph.subgraph(np.flatnonzero(found.of_part == one))) for one in range(count))
    assert found.cost <= Aimed(parts, start, count, aim).cost() + 1e-9
    assert found.cost == pytest.approx(Aimed(parts, found.of_part, count, aim).cost())


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 7), st.integers(1, 7), st.integers(0, 10**6))
def test_both_halves_are_whole(width, height, seed):
    parts = board(width, height, seed)
    members = np.arange(width * height)
    half = halved(parts, members, np.random.default_rng(seed))
    graph = graph_of(parts)
    assert 0 < half.sum() < len(members)
    assert networkx.is_connected(graph.subgraph(members[half].tolist()))
    assert networkx.is_connected(graph.subgraph(members[~half].tolist()))


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 7), st.integers(2, 7), st.integers(0, 10**6))
def test_what_a_move_is_said_to_change_is_what_it_changes(width, height, seed):
    parts, count = board(width, height, seed), 3
    home = np.random.default_rng(seed).integers(-1, count, width * height)
    aim = Aim(float(parts.weight.sum()) / count, 0.05, home, parts.weight / 10.0, 0.3)
    state = Aimed(parts, regions(parts, count, 1), count, aim)
    move = state.best_move(np.ones((width * height, count), dtype=bool), 0.0)
    if move is None:
        return
    before, said = state.cost(), state.change(np.array([move[0]]), np.array([move[1]]))[0]
    state.take(*move)
    assert state.cost() - before == pytest.approx(said, abs=1e-6)


def test_kicks_find_what_moves_alone_do_not():
    parts = squares(50, 40, np.round(np.random.default_rng(1).gamma(2, 20, 2000)))
    aim, start = plain(parts, 60), regions(parts, 60, 1)
    alone = walk(Aimed(parts, start, 60, aim), 200)[0]
    assert recombined(parts, start, aim, 2e7, 0).cost < 0.8 * alone


def test_a_load_within_the_tolerance_costs_nothing_and_more_beyond_costs_more():
    aim = Aim(100.0, 0.05, np.zeros(0), np.zeros(0))
    assert aim.strain(np.array([95.0, 100.0, 105.0])).tolist() == [0, 0, 0]
    beyond = aim.strain(np.array([105.1, 106, 110, 120, 130, 200, 500]))
    assert (np.diff(beyond) > 0).all() and beyond[0] > 10
    assert aim.strain(np.array([90.0]))[0] == pytest.approx(aim.strain(np.array([110.0]))[0])
