"""Noding against `unary_union` and networkx, in small examples made here, and on real streets."""

import json
from collections import Counter
from itertools import pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from shapely.geometry import shape

from geo_app.imports.readers import osm
from geo_app.imports.rows import joined
from layers.errors import FrameError, ParameterError
from layers.roads.noding import Noded, node
from tests.layers.shapes import EAST, NORTH, lines

# Places 100 m apart, so that lines cross, touch, double back and lie on each other all the time, and still no two
# crossings come closer than a centimetre without being one.
corner = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda xy: (xy[0] * 100.0, xy[1] * 100.0))
street = st.lists(corner, min_size=2, max_size=5).filter(lambda run: len(set(run)) > 1)
town = st.lists(street, min_size=1, max_size=8)
# Strokes of a shaky hand: all within reach of tolerance and snapping.
spot = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(lambda xy: (xy[0] / 200, xy[1] / 200))
scrawl = st.lists(st.tuples(st.lists(spot, min_size=2, max_size=4), st.integers(-1, 1)), min_size=1, max_size=8)


def drawn(*runs: list[tuple[float, float]]) -> np.ndarray:
    return lines(*runs).to_numpy()


def noded(*runs: list[tuple[float, float]], layer: list[int] | None = None, **options: float) -> Noded:
    return node(drawn(*runs), np.array(layer or [0] * len(runs)), **options)


def local(part: shapely.LineString) -> list[tuple[float, float]]:
    return [(round(x - EAST, 6), round(y - NORTH, 6)) for x, y in part.coords]


def parts_of(result: Noded, line: int) -> list[list[tuple[float, float]]]:
    return [local(part) for part in result.geometry[result.parent == line]]


def node_at(result: Noded, x: float, y: float) -> int:
    """The one node at a place, in metres from the corner of the made town."""
    (found,) = np.flatnonzero(np.hypot(*(result.nodes - [EAST + x, NORTH + y]).T) < 1e-6)
    return int(found)


def shape_set(result: Noded) -> Counter:
    """The parts whatever their order and direction: normalised, with their layer."""
    return Counter((part.normalize().wkb, level) for part, level in zip(result.geometry, result.layer, strict=True))


def same_places(a: np.ndarray, b: np.ndarray, within: float) -> bool:
    gaps = np.hypot(*(a[:, None, :] - b[None, :, :]).transpose(2, 0, 1))
    return bool((gaps.min(axis=0) < within).all() and (gaps.min(axis=1) < within).all())


def expected_nodes(streets: np.ndarray) -> np.ndarray:
    """By `unary_union` and networkx: where not just two ways meet; where lines end; where one doubles back."""
    graph = nx.Graph()
    for piece in shapely.get_parts(shapely.union_all(streets)):
        # Rounded, because the oracle computes a crossing of three lines more than once.
        graph.add_edges_from(pairwise([(round(x, 4), round(y, 4)) for x, y in piece.coords]))
    found = [place for place, degree in graph.degree() if degree != 2]
    for line in streets:
        xy = shapely.get_coordinates(line)
        xy = xy[np.append(True, (np.diff(xy, axis=0) != 0).any(axis=1))]
        found += [tuple(xy[0]), tuple(xy[-1])]
        before, after = np.diff(xy, axis=0)[:-1], np.diff(xy, axis=0)[1:]
        straight = before[:, 0] * after[:, 1] == before[:, 1] * after[:, 0]
        found += [tuple(place) for place in xy[1:-1][straight & ((before * after).sum(axis=1) < 0)]]
    return np.array(found)


@given(town)
def test_nodes_and_lines_agree_with_unary_union(runs):
    streets = drawn(*runs)
    result = node(streets, np.zeros(len(streets)))
    assert same_places(result.nodes, expected_nodes(streets), 1e-3)
    union, own = shapely.union_all(streets), shapely.union_all(result.geometry)
    assert shapely.hausdorff_distance(union, own) < 1e-6
    assert shapely.length(result.geometry).sum() == pytest.approx(shapely.length(streets).sum(), abs=1e-3)


@given(town)
def test_parts_are_simple_and_meet_only_at_their_nodes(runs):
    result = node(drawn(*runs), np.zeros(len(runs)))
    assert shapely.is_simple(result.geometry).all()
    a, b = np.triu_indices(len(result.geometry), k=1)
    one, other = result.geometry[a], result.geometry[b]
    twice = shapely.hausdorff_distance(one, other) < 1e-6
    where, pair = shapely.get_coordinates(shapely.intersection(one, other)[~twice], return_index=True)
    for k in (a, b):
        ends = result.nodes[np.column_stack([result.start_node[k], result.end_node[k]])][~twice][pair]
        assert (np.hypot(*(ends - where[:, None]).transpose(2, 0, 1)).min(axis=1) < 1e-3).all()


@given(town)
def test_the_parts_of_a_line_put_together_are_that_line(runs):
    streets = drawn(*runs)
    result = node(streets, np.zeros(len(streets)))
    assert np.unique(result.parent).tolist() == list(range(len(streets)))
    assert (np.diff(result.parent) >= 0).all()
    for k, line in enumerate(streets):
        own = result.parent == k
        assert result.ordinal[own].tolist() == list(range(1, own.sum() + 1))
        assert (result.end_node[own][:-1] == result.start_node[own][1:]).all()
        runs_of = [shapely.get_coordinates(part) for part in result.geometry[own]]
        whole = shapely.LineString(np.vstack([runs_of[0], *(run[1:] for run in runs_of[1:])]))
        assert shapely.hausdorff_distance(whole, line) < 1e-6
        assert whole.length == pytest.approx(line.length, abs=1e-6)
        if own.sum() == 1:
            assert result.geometry[own][0] is line


@given(scrawl, st.sampled_from([0.0, 0.5]))
def test_noding_the_result_again_changes_nothing(strokes, snap):
    runs, layer = zip(*strokes, strict=True)
    once = noded(*runs, layer=list(layer), snap=snap)
    again = node(once.geometry, once.layer, snap=snap)
    assert len(again.geometry) == len(once.geometry)
    assert all(a is b for a, b in zip(again.geometry, once.geometry, strict=True))
    assert again.start_node.tolist() == once.start_node.tolist()
    assert again.end_node.tolist() == once.end_node.tolist()
    assert again.joined == 0


@given(scrawl, st.sampled_from([0.0, 0.5]), st.randoms(use_true_random=False))
def test_the_order_of_lines_and_their_directions_change_only_labels(strokes, snap, random):
    runs, layer = zip(*strokes, strict=True)
    once = noded(*runs, layer=list(layer), snap=snap)
    order = random.sample(range(len(runs)), len(runs))
    turned = [runs[k][::-1] if random.random() < 0.5 else runs[k] for k in order]
    other = noded(*turned, layer=[layer[k] for k in order], snap=snap)
    assert shape_set(other) == shape_set(once)
    assert (other.nodes == once.nodes).all()


@given(scrawl)
def test_even_a_scrawl_stays_where_it_was_drawn(strokes):
    runs, layer = zip(*strokes, strict=True)
    streets = drawn(*runs)
    result = node(streets, np.array(layer), snap=0)
    ends = shapely.get_coordinates(shapely.get_point(result.geometry, 0))
    assert (ends == result.nodes[result.start_node]).all()
    for k, line in enumerate(streets):
        parts = shapely.multilinestrings(result.geometry[result.parent == k])
        assert shapely.hausdorff_distance(parts, line) < 0.05
    moved = 2 * 0.0116 * len(result.geometry)
    assert abs(shapely.length(result.geometry).sum() - shapely.length(streets).sum()) <= moved


@given(town, st.lists(st.integers(-1, 1), min_size=8, max_size=8))
def test_each_layer_is_cut_as_if_it_were_alone(runs, levels):
    layer = np.array(levels[: len(runs)])
    streets = drawn(*runs)
    together = node(streets, layer, snap=0)
    for level in np.unique(layer):
        alone = node(streets[layer == level], layer[layer == level], snap=0)
        assert [part.wkb for part in together.geometry[together.layer == level]] == [p.wkb for p in alone.geometry]


@given(town, st.integers(-50_000, 50_000), st.integers(-50_000, 50_000))
def test_a_town_elsewhere_is_cut_alike(runs, east, north):
    there = noded(*[[(x + east, y + north) for x, y in run] for run in runs])
    here = noded(*runs)
    assert there.parent.tolist() == here.parent.tolist()
    assert same_places(there.nodes - [east, north], here.nodes, 1e-3)


def test_streets_that_cross_are_both_cut_at_one_place_to_the_bit():
    result = noded([(0, 0), (100, 37)], [(13, 50), (71, -20)])
    assert result.parent.tolist() == [0, 0, 1, 1]
    assert result.ordinal.tolist() == [1, 2, 1, 2]
    assert result.end_node[0] == result.start_node[1] == result.end_node[2] == result.start_node[3]
    ends = {result.geometry[0].coords[-1], result.geometry[1].coords[0]}
    assert ends == {result.geometry[2].coords[-1], result.geometry[3].coords[0]}
    assert len(ends) == 1


def test_a_street_that_ends_on_another_splits_it_at_its_own_end():
    result = noded([(0, 0), (100, 0)], [(40, 0.008), (40, 50)])
    assert parts_of(result, 0) == [[(0, 0), (40, 0.008)], [(40, 0.008), (100, 0)]]
    assert result.geometry[2] is not None
    assert parts_of(result, 1) == [[(40, 0.008), (40, 50)]]
    assert result.joined == 0


def test_a_bridge_crosses_no_street_and_meets_those_that_end_at_its_foot():
    bridge, below = [(0, 0), (100, 0)], [(50, -50), (50, 50)]
    ramp, beside = [(-80, 0), (0, 0.004)], [(100, -30), (100, 30)]
    result = noded(bridge, below, ramp, beside, layer=[1, 0, 0, 0])
    assert result.parent.tolist() == [0, 1, 2, 3]
    assert result.start_node[0] == result.end_node[2]
    assert result.geometry[0].coords[0] == result.geometry[2].coords[-1]
    # It ends on a line of the ground, which goes on below it.
    assert node_at(result, 100, 0) == result.end_node[0]
    assert parts_of(result, 3) == [[(100, -30), (100, 30)]]


def test_a_crossing_beside_a_vertex_takes_the_vertex():
    result = noded([(0, 0), (50, 0.006), (100, 0)], [(50.004, -40), (50.004, 40)])
    assert parts_of(result, 0) == [[(0, 0), (50, 0.006)], [(50, 0.006), (100, 0)]]
    assert parts_of(result, 1) == [[(50.004, -40), (50, 0.006)], [(50, 0.006), (50.004, 40)]]


def test_ends_that_differ_by_millimetres_become_one_node():
    result = noded([(0, 0), (100, 0)], [(100.003, 0.002), (150, 0)], [(100.001, -0.004), (100, -60)])
    assert len(result.nodes) == 4
    assert {result.geometry[0].coords[-1], result.geometry[1].coords[0], result.geometry[2].coords[0]} == {
        (EAST + 100, NORTH)
    }


@pytest.mark.parametrize("miss, joins", [(0.3, 1), (0.5, 1), (0.6, 0)])
def test_an_end_that_just_misses_a_street_is_moved_onto_it(miss, joins):
    result = noded([(0, 0), (100, 0)], [(40, miss), (40, 50)])
    assert result.joined == joins
    assert parts_of(result, 1) == [[(40, 0 if joins else miss), (40, 50)]]
    assert len(parts_of(result, 0)) == 1 + joins


def test_an_end_is_joined_to_the_end_of_a_street_rather_than_just_beside_it():
    result = noded([(0, 0), (100, 0)], [(99.8, 0.3), (99.8, 50)])
    assert parts_of(result, 0) == [[(0, 0), (100, 0)]]
    assert parts_of(result, 1) == [[(100, 0), (99.8, 50)]]


def test_of_two_ends_that_miss_each_other_one_moves():
    result = noded([(0, 0), (100, 0)], [(100.4, 0.1), (200, 0)])
    assert result.joined == 1
    assert result.end_node[0] == result.start_node[1]
    assert sorted(result.nodes[:, 0] - EAST) == pytest.approx([0, 100.4, 200], abs=1e-6)


def test_ends_in_a_ring_that_all_miss_the_next_street_are_joined_in_turn():
    square = [(0, 0.3), (0, 49.6)], [(0.3, 50), (50, 50)], [(50.2, 49.7), (50, 0.2)], [(49.7, 0), (0.2, 0)]
    result = noded(*square)
    assert result.joined == 4
    assert len(result.nodes) == 4
    assert sorted(np.bincount(np.concatenate([result.start_node, result.end_node]))) == [2, 2, 2, 2]


def test_no_end_is_joined_to_another_layer_nor_when_it_meets_something():
    other_layer = noded([(0, 0), (100, 0)], [(40, 0.3), (40, 50)], layer=[1, 0])
    assert other_layer.joined == 0
    assert len(other_layer.geometry) == 2
    meets = noded([(0, 0), (100, 0)], [(40, 0.3), (40, 50)], [(40, 0.3), (80, 30)])
    assert meets.joined == 0
    assert len(meets.geometry) == 3


def test_an_overshoot_stays_a_stub_and_is_not_folded_back():
    result = noded([(0, 0), (100, 0)], [(40, -0.3), (40, 50)])
    assert result.joined == 0
    assert parts_of(result, 1) == [[(40, -0.3), (40, 0)], [(40, 0), (40, 50)]]


def test_without_snapping_ends_stay_where_they_are():
    assert noded([(0, 0), (100, 0)], [(40, 0.3), (40, 50)], snap=0).joined == 0


def test_a_street_drawn_twice_stays_whole():
    bends = [(0, 0), (30, 5), (60, -5), (100, 0)]
    result = noded(bends, bends[::-1])
    assert result.parent.tolist() == [0, 1]
    assert result.start_node.tolist() == result.end_node.tolist()[::-1]


def test_streets_that_share_a_stretch_are_cut_where_they_part():
    result = noded([(0, 0), (30, 0), (100, 0)], [(60, 0), (20, 0), (50, 40)])
    assert parts_of(result, 0) == [[(0, 0), (20, 0)], [(20, 0), (30, 0), (60, 0)], [(60, 0), (100, 0)]]
    assert parts_of(result, 1) == [[(60, 0), (20, 0)], [(20, 0), (50, 40)]]


def test_a_loop_stays_whole_until_a_street_meets_it():
    loop = [(0, 0), (40, 0), (40, 40), (0, 40), (0, 0)]
    alone = noded(loop)
    assert len(alone.geometry) == 1
    assert alone.start_node.tolist() == alone.end_node.tolist()
    met = noded(loop, [(40, 20), (90, 20)])
    assert met.parent.tolist() == [0, 0, 1]
    assert node_at(met, 40, 20) == met.end_node[0] == met.start_node[1] == met.start_node[2]


def test_a_line_that_crosses_itself_or_doubles_back_is_cut_into_simple_parts():
    eight = noded([(0, 0), (100, 50), (100, 0), (0, 50)])
    assert [len(part.coords) for part in eight.geometry] == [2, 4, 2]
    assert node_at(eight, 50, 25) == eight.start_node[1] == eight.end_node[1]
    there_and_back = noded([(0, 0), (100, 0), (40, 0)])
    assert parts_of(there_and_back, 0) == [[(0, 0), (40, 0)], [(40, 0), (100, 0)], [(100, 0), (40, 0)]]


def test_a_line_is_no_crossing_of_itself_where_the_hand_shook():
    shaky = [(0, 0), (50, 0), (50.004, 0.003), (50.001, 0.006), (49.998, -0.002), (100, 0)]
    assert parts_of(noded(shaky), 0) == [shaky]


def test_streets_of_a_few_millimetres_and_of_no_length_stay():
    result = noded([(0, 0), (100, 0)], [(100, 0), (100.005, 0)], [(100.005, 0), (200, 0)], [(300, 0), (300, 0)])
    assert result.parent.tolist() == [0, 1, 2, 3]
    assert result.end_node[1] == result.start_node[2]
    assert shapely.length(result.geometry[1]) == pytest.approx(0.005)


def test_what_is_not_cut_keeps_its_height():
    line = shapely.LineString([(EAST, NORTH, 7), (EAST + 10, NORTH, 8)])
    assert node(np.array([line]), np.array([0])).geometry[0] is line


def test_a_messy_town_comes_to_rest_although_only_what_changed_is_looked_at_again():
    """Made here: 30 by 30 streets of three blocks, each bend off by some decimetres."""
    random = np.random.default_rng(4)
    runs = []
    for k in range(30):
        for s in range(0, 27, 3):
            x = np.linspace(100.0 * s, 100.0 * (s + 3), 4)
            runs += [np.column_stack([x, np.full(4, 100.0 * k)]), np.column_stack([np.full(4, 100.0 * k), x])]
    streets = np.array([shapely.linestrings(run + random.normal(0, 0.2, run.shape)) for run in runs])
    once = node(streets, np.zeros(len(streets)))
    assert once.joined > 100
    again = node(once.geometry, once.layer)
    assert len(again.geometry) == len(once.geometry)
    assert all(a is b for a, b in zip(again.geometry, once.geometry, strict=True))


def test_a_meeting_that_lies_outside_of_what_is_looked_at_again_still_counts():
    joined_to, changed = [(10, -50), (10, 50)], [(0, 0), (9.7, 0)]
    meets, met, passes_by = [(10, 50), (60, 50)], [(60, 50), (100, 80)], [(10, 50), (60, 49.7), (90, 40)]
    result = noded(joined_to, changed, meets, met, passes_by)
    assert result.joined == 1
    assert parts_of(result, 2) == [meets]
    assert result.end_node[result.parent == 2] == result.start_node[result.parent == 3]


def test_three_streets_around_a_spot_of_a_centimetre_are_not_led_around_it_for_ever():
    a, b, c = (0.46128, 0.10162), (0.45517, 0.09337), (0.46594, 0.09270)
    result = noded([(-50, 0), a, b], [(50, 0), b, c], [(0, 50), c, a])
    assert len(result.geometry) <= 9


def test_crossings_of_long_streets_are_the_same_to_the_bit_in_any_order():
    """Made here: 40 random lines across a county."""
    ends = np.random.default_rng(7).uniform(0, 20_000, (40, 2, 2)) + np.array([EAST, NORTH])
    layer = np.zeros(40)
    once = node(shapely.linestrings(ends), layer)
    assert len(once.nodes) > 200
    assert (node(shapely.linestrings(ends[::-1]), layer).nodes == once.nodes).all()
    assert (node(shapely.linestrings(ends[:, ::-1]), layer).nodes == once.nodes).all()


def test_no_streets_make_no_parts():
    result = node(np.zeros(0, dtype=object), np.zeros(0, dtype=int))
    assert len(result.geometry) == len(result.parent) == 0
    assert result.nodes.shape == (0, 2)


def test_points_missing_lines_and_numbers_out_of_range_are_refused():
    street = drawn([(0, 0), (1, 1)])
    for wrong in (shapely.Point(0, 0), shapely.LineString(), None):
        with pytest.raises(FrameError):
            node(np.array([wrong], dtype=object), np.array([0]))
    with pytest.raises(FrameError, match="1 lines with 2 layers"):
        node(street, np.array([0, 0]))
    with pytest.raises(ParameterError):
        node(street, np.array([0]), tolerance=0)
    with pytest.raises(ParameterError):
        node(street, np.array([0]), snap=-1)


def pieces(start: np.ndarray, end: np.ndarray) -> list[set[int]]:
    return list(nx.connected_components(nx.Graph(zip(start.tolist(), end.tolist(), strict=True))))


def test_xian_keeps_the_nodes_of_its_file_and_hangs_together_better(shared_data):
    links = gpd.read_file(shared_data("xian/xian_links.shp"), columns=["from_node", "to_node"]).to_crs(4545)
    streets = links.geometry.to_numpy()
    result = node(streets, np.zeros(len(streets)))
    assert shapely.length(result.geometry).sum() == pytest.approx(shapely.length(streets).sum(), abs=1e-3)
    first = result.ordinal == 1
    last = np.append(first[1:], True)
    assert result.parent[first].tolist() == result.parent[last].tolist() == list(range(9842))
    ids = np.concatenate([links["from_node"], links["to_node"]])
    own = np.concatenate([result.start_node[first], result.end_node[last]])
    # One node for each of theirs and one of theirs for each, although the file's ends differ in the last digits.
    assert len(np.unique(np.column_stack([ids, own]), axis=0)) == len(np.unique(ids)) == len(np.unique(own)) == 8469
    before = pieces(links["from_node"].to_numpy(), links["to_node"].to_numpy())
    after = pieces(result.start_node, result.end_node)
    # The file has no layers: two of its pieces cross the others.
    assert (len(before), len(after)) == (6, 4)
    assert sum(part is street for part, street in zip(result.geometry, streets[result.parent], strict=True)) > 8900


def test_lujiazui_has_bridges_and_tunnels_that_cross_nothing(shared_data):
    features = json.loads(shared_data("lujiazui/roads.geojson").read_text(encoding="utf-8"))["features"]
    features = [f for f in features if f["properties"]["kind"] not in ("rail", "ferry")]
    shapes = gpd.GeoSeries([shape(f["geometry"]) for f in features], crs=4326).to_crs(4549)
    streets, of = shapely.get_parts(shapes.to_numpy(), return_index=True)
    level = np.array([f["properties"].get("is_bridge", 0) - f["properties"].get("is_tunnel", 0) for f in features])
    layer = level[of].astype(int)
    assert (layer > 0).sum() > 50
    assert (layer < 0).sum() > 100
    result = node(streets, layer)
    # Real streets, and still the oracle's: each layer by itself.
    for level in (-1, 0, 1):
        own = result.geometry[result.layer == level]
        assert same_places_at_crossings(streets[layer == level], own)
    lengths = shapely.length(result.geometry).sum() - shapely.length(streets).sum()
    assert abs(lengths) <= 0.5 * result.joined
    flat = node(streets, np.zeros(len(streets)))
    assert len(flat.geometry) > len(result.geometry)


def same_places_at_crossings(before: np.ndarray, after: np.ndarray) -> bool:
    """Whether all crossings that `unary_union` finds are ends of parts."""
    union = shapely.get_parts(shapely.line_merge(shapely.union_all(before)))
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(union, k)) for k in (0, -1)])
    places, number = np.unique(np.round(ends, 3), axis=0, return_counts=True)
    own = np.vstack([shapely.get_coordinates(shapely.get_point(after, k)) for k in (0, -1)])
    gap, _ = cKDTree(own).query(places[number >= 3])
    return bool((gap < 0.0116).all())


def test_guixi_is_noded_by_its_node_identities_and_gains_almost_nothing(shared_data):
    rows = joined(list(osm.read(shared_data("guixi/guixi.osm"), "roads")))
    streets = gpd.GeoSeries(rows.geometry, crs=4326).to_crs(4548).to_numpy()
    bridge = rows.table["bridge"].notna() & (rows.table["bridge"] != "no")
    layer = pd.to_numeric(rows.table["layer"], errors="coerce").fillna(bridge.astype(int)).to_numpy().astype(int)
    result = node(streets, layer)
    assert (len(streets), len(result.geometry)) == (471, 473)
    assert sum(part is street for part, street in zip(result.geometry, streets[result.parent], strict=True)) == 469
    assert len(node(streets, np.zeros(len(streets))).geometry) > 490
    assert len(pieces(result.start_node, result.end_node)) == 2
