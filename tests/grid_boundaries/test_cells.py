"""Cells around units: each has one, and together they are the area."""

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grid_boundaries.cells import along, cells_of
from grid_boundaries.coverage import area_m2
from grid_boundaries.errors import BalanceError
from grid_boundaries.schema import snap
from tests.grid_boundaries.made_units import CELL, SOUTH, WEST, board, faults, graph_of, scattered


def as_grids(cells):
    codes = [f"c{number}" for number in range(len(cells.shapes))]
    return GeoDataFrame({"code": codes}, geometry=cells.shapes, crs=4326)


def buildings(count, seed):
    """Rectangles turned this way and that, some of which overlap, and an area around them."""
    rng = np.random.default_rng(seed)
    middle = rng.uniform((WEST, SOUTH), (WEST + 10 * CELL, SOUTH + 8 * CELL), (count, 2))
    size, turn = rng.uniform(0.05, 0.4, (count, 2)) * CELL, rng.uniform(0, np.pi, count)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * size[:, None]
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    x, y = corners[..., 0] * cos - corners[..., 1] * sin, corners[..., 0] * sin + corners[..., 1] * cos
    shapes = snap(shapely.polygons(np.stack([x, y], axis=-1) + middle[:, None]))
    area = snap(shapely.box(WEST - CELL, SOUTH - CELL, WEST + 11 * CELL, SOUTH + 9 * CELL))
    return GeoDataFrame(geometry=shapes, crs=4326), area


def test_blocks_that_cover_the_area_are_their_own_cells():
    units, area = board(4, 3)
    cells = cells_of(units, area)
    assert [shape.equals_exact(own) for shape, own in zip(cells.shapes, units.geometry, strict=True)] == [True] * 12
    assert sorted(map(tuple, cells.links.tolist())) == sorted(tuple(sorted(pair)) for pair in graph_of(units).edges)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(0, 10**6), st.integers(0, 4))
@example(34, 245518, 1)  # a road leaves a cell at an angle of nothing
def test_every_point_lies_in_its_cell_and_cells_cover_the_area(count, seed, roads):
    units, area = scattered(count, seed)
    ends = np.random.default_rng(seed).uniform(area.bounds[:2], area.bounds[2:], (roads, 2, 2))
    cells = cells_of(units, area, barriers=GeoSeries(shapely.linestrings(ends), crs=4326))
    assert [one for one in faults(as_grids(cells), area) if not one.is_near] == []
    assert shapely.get_type_id(cells.shapes).tolist() == [3] * len(cells.shapes)
    own = cells.shapes[cells.of_unit]
    assert shapely.distance(own, units.geometry.to_numpy()).max() < 2e-7
    assert len(np.unique(cells.of_unit)) <= len(cells.shapes)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(0, 10**6))
def test_no_building_is_cut_unless_it_stands_in_another(count, seed):
    units, area = buildings(count, seed)
    cells = cells_of(units, area)
    assert [one for one in faults(as_grids(cells), area) if not one.is_near] == []
    shapes = units.geometry.to_numpy()
    near = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    free = np.bincount(near[0], minlength=count) == 1
    inside = shapely.area(shapely.intersection(shapes, cells.shapes[cells.of_unit]))
    assert (inside[free] >= shapely.area(shapes)[free] * (1 - 1e-3)).all()


def test_the_street_between_blocks_is_shared_between_both_sides():
    units, _ = board(3, 2)
    blocks = units.set_geometry(shapely.buffer(units.geometry.to_numpy(), -CELL / 10, join_style="mitre"), crs=4326)
    area = snap(shapely.union_all(units.geometry.to_numpy()))
    cells = cells_of(blocks, area)
    assert len(cells.shapes) == 6
    sizes = [area_m2(shape) for shape in cells.shapes]
    assert max(sizes) / min(sizes) < 1.05
    assert len(cells.links) >= 7


def test_no_cell_of_a_point_lies_on_both_sides_of_a_road():
    units, area = scattered(80, 5)
    road = shapely.LineString([(WEST - CELL, SOUTH + 3.3 * CELL), (WEST + 21 * CELL, SOUTH + 3.9 * CELL)])
    cells = cells_of(units, area, barriers=GeoSeries([road], crs=4326))
    sides = shapely.get_parts(shapely.ops.split(area, road))
    held = shapely.area(shapely.intersection(cells.shapes[:, None], sides[None, :]))
    # What the rounding of the road's crossings to the lattice leaves beyond it is a hair.
    assert (held.sum(axis=1) - held.max(axis=1)).max() < 1e-7 * shapely.length(cells.shapes).max()
    free = cells_of(units, area)
    loose = shapely.area(shapely.intersection(free.shapes[:, None], sides[None, :]))
    assert (loose.max(axis=1) < loose.sum(axis=1) * 0.99).any()
    # The lines between cells of both sides run along the road, and long ones between others do not.
    across = np.array([held[a].argmax() != held[b].argmax() for a, b in cells.links])
    assert cells.along[across].min() > 0.99
    assert cells.along[~across & (cells.shared_m > 60)].max() < 0.5


def test_points_in_one_place_share_a_cell():
    units, area = scattered(5, 1)
    units.loc[5] = units.loc[2]
    units = units.set_crs(4326)
    cells = cells_of(units, area)
    assert len(cells.shapes) == 5
    assert cells.of_unit[5] == cells.of_unit[2]


def test_the_largest_piece_of_a_unit_is_its_cell():
    units, area = board(3, 1)
    ends = shapely.MultiPolygon([units.geometry[0].buffer(0), units.geometry[2]])
    two = GeoDataFrame(geometry=[units.geometry[1], ends], crs=4326)
    cells = cells_of(two, area)
    assert len(cells.shapes) == 3
    assert cells.shapes[cells.of_unit[0]].equals(units.geometry[1])
    assert cells.shapes[cells.of_unit[1]].within(ends)


def test_a_line_across_a_road_does_not_run_along_it():
    road = np.array([shapely.LineString([(118, 31), (118.01, 31)])])
    beside = [118.002, 31.0001, 118.004, 31.00005]
    across = [118.003, 30.9999, 118.003, 31.0005]
    beyond = [118.009, 31, 118.012, 31]
    assert along(np.array([beside, across, beyond]), road).tolist() == [True, False, False]


def test_an_area_that_is_no_polygon_is_refused():
    units, area = scattered(5, 1)
    with pytest.raises(BalanceError, match="the parent must be"):
        cells_of(units, area.boundary)
    x, y = WEST, SOUTH
    bow = shapely.Polygon([(x, y), (x + CELL, y + CELL), (x + CELL, y), (x, y + CELL)])
    with pytest.raises(BalanceError, match="the parent must be"):
        cells_of(units, bow)
