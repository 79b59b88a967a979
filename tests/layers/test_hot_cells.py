import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import CoordinateError, ParameterError
from layers.incidents.hot_cells import SIZES_M, cell_size, hot_areas, hot_cells
from tests.layers.shapes import METRIC

NONE = np.empty((0, 2))
EAST, NORTH = 628000.0, 3514000.0


def streets(columns: int, rows: int, cell_m: float = 100.0) -> np.ndarray:
    """A place in the middle of each cell of a block."""
    column, row = np.meshgrid(np.arange(columns), np.arange(rows))
    return np.column_stack([column.ravel(), row.ravel()]) * cell_m + [EAST + cell_m / 2, NORTH + cell_m / 2]


def block_with_a_hot_corner() -> np.ndarray:
    """Two incidents in each of 20 by 20 cells, eight more in the three by three of the south-west corner."""
    everywhere = np.repeat(streets(20, 20), 2, axis=0)
    return np.concatenate([everywhere, np.repeat(streets(3, 3), 8, axis=0)])


def test_cells_with_many_incidents_side_by_side_are_hot_and_the_rest_is_not():
    found = hot_cells(block_with_a_hot_corner(), streets(20, 20), 100)
    hot = {(int(c), int(r)) for c, r in zip(found.column[found.hot], found.row[found.hot], strict=True)}
    corner = {(6280 + c, 35140 + r) for c in range(3) for r in range(3)}
    assert corner <= hot and len(hot) <= 16
    assert all(column < 6284 and row < 35144 for column, row in hot)
    assert (found.p[found.hot] <= 0.05).all() and (found.p[~found.hot] > 0.05).all()
    assert found.count.sum() == 800 + 72
    assert found.around[found.column * 100000 + found.row == 6281 * 100000 + 35141] == [90]


def test_incidents_that_fall_anywhere_make_hot_cells_in_one_case_of_twenty_at_most():
    """Made at random 200 times, thin and thick: how often anything is called hot."""
    rng, area = np.random.default_rng(7), streets(15, 15)
    for number in (30, 225, 2000):
        wrong = sum(hot_cells(area[rng.integers(0, 225, number)], area, 100).hot.any() for _ in range(200))
        assert wrong <= 16  # 10 expected at most; 16 and more come once in forty


def test_empty_country_is_not_compared_with():
    """A town that is the same everywhere is hot nowhere, however wide the country that has no streets."""
    town = np.repeat(streets(6, 6), 3, axis=0)
    found = hot_cells(town, streets(6, 6), 100)
    assert len(found.count) == 36 and not found.hot.any() and (found.p == 1).all()


def test_a_cell_without_a_street_counts_when_an_incident_lies_in_it():
    found = hot_cells(np.array([[EAST + 950, NORTH + 950]]), streets(2, 2), 100)
    assert len(found.count) == 5 and found.count.sum() == 1


def test_all_incidents_at_one_place_are_no_concentration_of_cells():
    """One high value says nothing about its neighbours: dealt anew, it lies in some neighbourhood always."""
    found = hot_cells(np.full((300, 2), [EAST + 50, NORTH + 50]), streets(15, 15), 100)
    assert found.count.max() == 300 and not found.hot.any()


@pytest.mark.parametrize("xy", [NONE, np.array([[EAST, NORTH]])])
@pytest.mark.parametrize("area", [NONE, streets(3, 3)])
def test_none_and_one_incident_make_nothing_hot(xy, area):
    found = hot_cells(xy, area, 100)
    assert not found.hot.any() and np.isfinite(found.z).all() and found.count.sum() == len(xy)
    assert cell_size(xy, area) in SIZES_M


METRES = st.floats(-3000, 3000, allow_subnormal=False)  # what is less than an atom on one side of an edge is on neither


@given(
    st.lists(st.tuples(METRES, METRES), max_size=60),
    st.sampled_from([50.0, 100.0, 333.3]),
)
def test_every_incident_lies_in_the_square_that_counts_it(places, cell_m):
    xy = np.array(places, dtype=float).reshape(-1, 2)
    found = hot_cells(xy, NONE, cell_m)
    squares = found.polygons()
    inside = shapely.intersects(squares[:, None], shapely.points(xy)[None]) if len(xy) else np.zeros((0, 0))
    assert found.count.sum() == len(xy)
    assert inside[found.of_incident, np.arange(len(xy))].all()
    assert np.bincount(found.of_incident, minlength=len(found.count)).tolist() == found.count.tolist()
    assert np.isfinite(found.z).all() and np.isfinite(found.p).all()


@given(st.integers(-50, 50), st.integers(-50, 50), st.randoms(use_true_random=False))
def test_moving_everything_by_whole_cells_and_shuffling_changes_no_verdict(east, north, random):
    xy, area = block_with_a_hot_corner(), streets(20, 20)
    order = random.sample(range(len(xy)), len(xy))
    shift = np.array([east, north]) * 100.0
    here, there = hot_cells(xy, area, 100), hot_cells(xy[order] + shift, area + shift, 100)
    assert np.array_equal(here.hot, there.hot) and np.array_equal(here.count, there.count)
    assert np.array_equal(here.column + east, there.column)


def test_a_cell_is_large_enough_for_two_incidents_on_average():
    area = streets(80, 80, 25.0)  # two kilometres square, sampled every 25 m
    assert cell_size(np.repeat(area[:1], 2 * 400, axis=0), area) == 100
    assert cell_size(np.repeat(area[:1], 2 * 100, axis=0), area) == 200
    # With very few, as large as still leaves cells to compare.
    assert cell_size(area[:3], area) == 250
    assert cell_size(area[:3], area[:4]) == 100


def test_sizes_and_shares_that_cannot_be_are_refused():
    for cell_m, alpha in ((0, 0.05), (-1, 0.05), (float("nan"), 0.05), (100, 0), (100, 1)):
        with pytest.raises(ParameterError, match="cell_m"):
            hot_cells(NONE, NONE, cell_m, alpha)


def squares(columns: int, rows: int, size: float = 500.0) -> GeoSeries:
    column, row = np.meshgrid(np.arange(columns), np.arange(rows))
    west, south = EAST + column.ravel() * size, NORTH + row.ravel() * size
    return GeoSeries(shapely.box(west, south, west + size, south + size), crs=METRIC)


def test_areas_with_many_incidents_a_square_kilometre_side_by_side_are_hot():
    areas = squares(12, 12)
    count = np.random.default_rng(2).poisson(10, 144)
    count[[0, 1, 12, 13]] += 25
    found = hot_areas(count, areas)
    assert found.hot[[0, 1, 12, 13]].all() and found.hot.sum() <= 9
    assert found.around[0] == count[[0, 1, 12, 13]].sum()


def test_a_large_area_is_not_hot_for_being_large():
    """The same density everywhere; one area is as large as forty others."""
    small = squares(10, 10)
    large = GeoSeries([shapely.box(EAST, NORTH - 2000, EAST + 5000, NORTH)], crs=METRIC)
    areas = GeoSeries(np.concatenate([large.to_numpy(), small.to_numpy()]), crs=METRIC)
    count = np.round(areas.area / 1e6 * 40).astype(int)
    assert not hot_areas(count, areas).hot.any()


def test_areas_with_a_thin_gap_between_them_are_neighbours_and_degrees_are_refused():
    areas = GeoSeries([shapely.box(0, 0, 10, 10), shapely.box(10.5, 0, 20, 10), shapely.box(30, 0, 40, 10)], crs=METRIC)
    assert hot_areas(np.array([1, 2, 4]), areas).around.tolist() == [3, 3, 4]
    with pytest.raises(CoordinateError):
        hot_areas(np.array([1, 2, 4]), areas.set_crs(4326, allow_override=True))
    assert len(hot_areas(np.array([]), GeoSeries([], crs=METRIC)).hot) == 0
