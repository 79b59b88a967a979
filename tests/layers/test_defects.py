"""What a noded network reports of itself; pieces against networkx."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import ParameterError
from layers.roads.defects import Defects, defects
from layers.roads.noding import node
from tests.layers.shapes import lines

corner = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda xy: (xy[0] * 100.0, xy[1] * 100.0))
street = st.lists(corner, min_size=2, max_size=4).filter(lambda run: len(set(run)) > 1)
town = st.lists(street, min_size=1, max_size=8)


def found(*runs: list[tuple[float, float]], layer: list[int] | None = None, **options: float) -> Defects:
    return defects(node(lines(*runs).to_numpy(), np.array(layer or [0] * len(runs))), **options)


@given(town)
def test_pieces_agree_with_networkx_and_the_longest_is_the_first(runs):
    noded = node(lines(*runs).to_numpy(), np.zeros(len(runs)))
    result = defects(noded)
    graph = nx.Graph(zip(noded.start_node.tolist(), noded.end_node.tolist(), strict=True))
    expected = sorted(sorted(piece) for piece in nx.connected_components(graph))
    pieces = [np.flatnonzero(result.component == k) for k in range(result.components)]
    own = [np.unique(np.concatenate([noded.start_node[p], noded.end_node[p]])).tolist() for p in pieces]
    assert sorted(own) == expected
    assert (np.diff(result.length_m) <= 1e-9).all()
    assert result.length_m.sum() == pytest.approx(sum(part.length for part in noded.geometry))
    assert result.parts.tolist() == [len(p) for p in pieces]
    assert result.unconnected.tolist() == sorted(np.concatenate(pieces[1:]).tolist() if pieces[1:] else [])


def test_streets_that_nothing_connects_are_listed():
    result = found([(500, 500), (530, 500)], [(0, 0), (100, 0)], [(100, 0), (100, 80)])
    assert result.components == 2
    assert result.component.tolist() == [1, 0, 0]
    assert result.unconnected.tolist() == [0]
    assert result.length_m.tolist() == pytest.approx([180, 30])
    assert result.parts.tolist() == [2, 1]


def test_a_bridge_connects_what_ends_at_its_feet_and_not_what_it_crosses():
    bridge, ramp, below = [(0, 0), (100, 0)], [(-60, 0), (0, 0)], [(50, -20), (50, 20)]
    assert found(bridge, ramp, below, layer=[1, 0, 0]).component.tolist() == [0, 0, 1]


def test_a_street_drawn_again_in_either_direction_is_a_duplicate_of_the_first():
    bends = [(0, 0), (30, 5), (60, -5), (100, 0)]
    nearly = [(0, 0.003), (30, 5.004), (60, -5), (100, 0)]
    assert found(bends, bends[::-1], nearly).duplicates.tolist() == [[0, 1], [0, 2]]


def test_streets_between_the_same_crossings_by_other_ways_are_no_duplicates():
    direct, detour, other_way = [(0, 0), (100, 0)], [(0, 0), (50, 40), (100, 0)], [(0, 0), (50, -40), (100, 0)]
    assert found(direct, detour, other_way).duplicates.shape == (0, 2)
    # Two pairs between the same two nodes.
    assert found(direct, detour, detour[::-1], direct).duplicates.tolist() == [[0, 3], [1, 2]]


def test_a_bridge_above_a_street_is_no_duplicate_of_it():
    assert found([(0, 0), (100, 0)], [(0, 0), (100, 0)], layer=[0, 1]).duplicates.shape == (0, 2)


def test_the_shared_stretch_of_two_streets_is_the_duplicate():
    result = found([(0, 0), (60, 0)], [(20, 0), (100, 0)])
    assert result.duplicates.tolist() == [[1, 2]]


@pytest.mark.parametrize("beyond, stubs", [(0.3, [3]), (4.9, [3]), (5.1, [])])
def test_an_overshoot_is_a_stub_up_to_the_length_asked_for(beyond, stubs):
    assert found([(0, 0), (100, 0)], [(40, 60), (40, -beyond)]).stubs.tolist() == stubs


def test_a_short_street_at_the_end_of_another_or_alone_is_no_stub():
    assert found([(0, 0), (100, 0)], [(100, 0), (103, 0)]).stubs.tolist() == []
    assert found([(0, 0), (3, 0)]).stubs.tolist() == []
    assert found([(0, 0), (100, 0)], [(40, 60), (40, -8)], stub_m=10).stubs.tolist() == [3]


def test_no_streets_have_no_defects():
    result = defects(node(np.zeros(0, dtype=object), np.zeros(0, dtype=int)))
    assert result.components == 0
    assert len(result.duplicates) == len(result.stubs) == len(result.unconnected) == 0


def test_negative_lengths_are_refused():
    for wrong in ({"stub_m": -1.0}, {"tolerance": -0.1}):
        with pytest.raises(ParameterError):
            found([(0, 0), (100, 0)], **wrong)
