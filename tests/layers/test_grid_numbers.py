"""Streets, shares and incidents of grids; a street on a line belongs to both sides by half."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from scipy.sparse import csr_array

from layers.cameras.coverage import Seen
from layers.errors import CoordinateError, FrameError
from layers.grids.numbers import numbers, street_lengths
from tests.layers.shapes import EAST, METRIC, NORTH, lines, runs


def cells(*boxes):
    return GeoSeries([shapely.box(EAST + w, NORTH + s, EAST + e, NORTH + n) for w, s, e, n in boxes], crs=METRIC)


TWO = cells((0, 0, 100, 100), (100, 0, 200, 100))


def test_a_street_through_two_grids_counts_in_each_by_its_length_there():
    assert street_lengths(lines([(-50, 50), (150, 50)]), TWO).toarray() == pytest.approx(np.array([[100.0, 50.0]]))


def test_a_street_on_the_line_between_two_grids_counts_half_in_each():
    assert street_lengths(lines([(100, 20), (100, 80)]), TWO).toarray() == pytest.approx(np.array([[30.0, 30.0]]))


def test_of_a_street_along_the_outer_edge_the_other_half_lies_outside():
    assert street_lengths(lines([(0, 0), (0, 100)]), TWO).toarray() == pytest.approx(np.array([[50.0, 0.0]]))


def test_a_grid_has_the_same_streets_whichever_others_are_looked_at():
    streets = lines([(100, 20), (100, 80)], [(-50, 50), (150, 50)])
    assert (
        street_lengths(streets, TWO.iloc[:1]).toarray()[:, 0].tolist()
        == street_lengths(streets, TWO).toarray()[:, 0].tolist()
    )


def test_a_street_that_leaves_the_line_counts_half_only_as_long_as_it_runs_along():
    bent = lines([(100, 0), (100, 50), (150, 50)])
    assert street_lengths(bent, TWO).toarray() == pytest.approx(np.array([[25.0, 75.0]]), abs=1.01)


def test_a_hair_beside_the_line_is_on_it_and_two_metres_beside_is_not():
    on, beside = lines([(100.3, 0), (100.3, 100)], [(102, 0), (102, 100)])
    found = street_lengths(GeoSeries([on, beside], crs=METRIC), TWO).toarray()
    assert found == pytest.approx(np.array([[50.0, 50.0], [0.0, 100.0]]))


def test_a_street_outside_all_grids_counts_nowhere():
    assert street_lengths(lines([(300, 300), (400, 300)]), TWO).sum() == 0


@settings(deadline=None)
@given(runs)
def test_lengths_agree_with_plain_intersections_of_both_sides_and_add_up(street_runs):
    board = cells(*((x, y, x + 200, y + 200) for x in (-400, -200, 0, 200) for y in (-400, -200, 0, 200)))
    # Away from the lines of the board, along which an intersection counts in both cells.
    streets = lines(*street_runs).scale(0.9, 0.9, origin=(EAST, NORTH)).translate(3.7123, 4.1456)
    found = street_lengths(streets, board).toarray()
    assert found.sum(axis=1) == pytest.approx(streets.length.to_numpy(), rel=1e-6, abs=1e-3)
    for row, street in enumerate(streets):
        xy = shapely.get_coordinates(street)
        steps = [shapely.LineString(step) for step in pairwise(xy)]
        sides = [step.parallel_offset(1.0, side) for step in steps if step.length > 1e-9 for side in ("left", "right")]
        inside = [[side.intersection(cell).length for cell in board] for side in sides]
        expected = np.sum(inside, axis=0) / 2 if inside else np.zeros(len(board))
        assert found[row] == pytest.approx(expected, abs=1e-3)


def test_grids_shares_are_weighted_by_length_and_incidents_rank_them():
    lengths = csr_array([[100.0, 0.0, 0.0], [50.0, 50.0, 0.0]])
    seen = Seen(np.array([1.0, 0.4]), np.array([0.0, 0.5]), np.array([0.0, 0.3]))
    found = numbers(np.array(["b", "a", "c"]), lengths, seen, np.array([0, 1, 1, 0, -1]))
    assert found["length_m"].tolist() == [150, 50, 0]
    assert found["seen_patrol"].tolist()[:2] == pytest.approx([(100 + 20) / 150, 0.4])
    assert found["seen_camera"].tolist()[:2] == pytest.approx([25 / 150, 0.5])
    assert found["seen_neither"].tolist()[:2] == pytest.approx([15 / 150, 0.3])
    assert found.loc[2, ["seen_patrol", "seen_camera", "seen_neither"]].isna().all()
    assert found["incidents"].tolist() == [2, 2, 0]
    assert found["rank"].tolist() == [2, 1, 3]  # as many: by code
    assert found.attrs["total"] == {
        "length_m": 200.0,
        "seen_patrol": pytest.approx(140 / 200),
        "seen_camera": pytest.approx(50 / 200),
        "seen_neither": pytest.approx(30 / 200),
        "incidents": 4,
    }


def test_no_streets_and_no_grids_are_no_errors():
    none = GeoSeries([], crs=METRIC)
    assert street_lengths(none, TWO).shape == (0, 2)
    assert street_lengths(lines([(0, 0), (1, 0)]), none).shape == (1, 0)
    seen = Seen(*(np.zeros(0) for _ in range(3)))
    empty = numbers(np.array([], dtype=str), csr_array((0, 0)), seen, np.zeros(0, dtype=int))
    assert empty.empty and empty.attrs["total"]["incidents"] == 0


def test_degrees_and_grids_that_are_no_polygons_are_refused():
    with pytest.raises(CoordinateError):
        street_lengths(lines([(0, 0), (1, 0)]), TWO.to_crs(4326))
    with pytest.raises(FrameError):
        street_lengths(lines([(0, 0), (1, 0)]), lines([(0, 0), (1, 0)]))
