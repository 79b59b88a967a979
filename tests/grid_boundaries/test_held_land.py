"""Land and the lattice's rounding: a vertex more is nothing, a line that moves is land."""

import shapely

from grid_boundaries.held_land import land_between, renumbered, touched
from grid_boundaries.schema import snap
from tests.grid_boundaries.board import cell, grids


def test_a_neighbour_that_only_gets_a_vertex_is_not_touched_and_one_whose_line_moves_is():
    slant = shapely.Polygon([(118, 31), (118.003, 31.0000001), (118.003, 31.001), (118, 31.001)])
    below = shapely.Polygon([(118, 30.999), (118.003, 30.999), (118.003, 31.0000001), (118, 31)])
    west = shapely.Polygon([(118, 31), (118.0015, 31.0000001), (118.0015, 31.001), (118, 31.001)])
    east = shapely.Polygon([(118.0015, 31.0000001), (118.003, 31.0000001), (118.003, 31.001), (118.0015, 31.001)])
    vertex = shapely.Polygon(
        [(118, 30.999), (118.003, 30.999), (118.003, 31.0000001), (118.0015, 31.0000001), (118, 31)]
    )
    before, after = grids(slant, below, codes=["a", "n"]), grids(west, east, vertex, codes=["b", "c", "n"])
    assert not shapely.equals(below, vertex)
    assert touched(before, after) == ["a", "b", "c"]
    assert touched(before, before) == []
    assert touched(grids(cell(0, 0), cell(1, 0)), grids(cell(0, 0, 1.01), cell(1.01, 0, 0.99))) == ["000", "001"]


def test_land_between_is_what_belongs_to_one_alone():
    land = land_between(cell(0, 0, 2), cell(1, 0, 2))
    assert land.equals(shapely.MultiPolygon([cell(0, 0), cell(2, 0)]))
    assert land_between(cell(0, 0), cell(0, 0)) is None


def test_a_grid_that_became_just_one_with_the_same_land_only_got_another_code():
    before = grids(cell(0, 0), cell(1, 0), codes=["a", "b"])
    more = shapely.MultiPolygon([snap(shapely.segmentize(cell(0, 0), 0.0004))])  # with vertices on its lines
    after = grids(more, cell(1, 0), codes=["c", "b"])
    assert renumbered(before, after, {"c": ["a"]}) == {"c": "a"}
    assert renumbered(before, before, {"b": ["b"]}) == renumbered(before, after, {}) == {}


def test_what_was_split_or_merged_or_got_other_land_is_another_grid():
    before = grids(cell(0, 0), cell(1, 0), codes=["a", "b"])
    split = grids(cell(0, 0, 0.5), cell(0.5, 0, 0.5), cell(1, 0), codes=["c", "d", "b"])
    assert renumbered(before, split, {"c": ["a"], "d": ["a"]}) == {}
    assert renumbered(before, grids(cell(0, 0, 2), codes=["c"]), {"c": ["a", "b"]}) == {}
    assert renumbered(before, grids(cell(0, 0, 1.5), cell(1.5, 0, 0.5), codes=["c", "b"]), {"c": ["a"]}) == {}
    left = grids(cell(0, 0), cell(0, 0), codes=["a", "c"])  # the old one is there still
    assert renumbered(before, left, {"c": ["a"]}) == {}
