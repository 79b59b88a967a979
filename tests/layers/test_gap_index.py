import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries

from layers.errors import FrameError, ParameterError
from layers.gaps.index import gap_index, patrol_gaps, requirement_classes
from tests.layers.shapes import EAST, METRIC, NORTH, lines, points, routes

# Five streets, 200 m apart, each 100 m long. By hand: 4 of 7 incidents on the first and 1 on the third, so that the
# first alone holds half of them; a school beside the second; the third and fourth in use; the fifth not.
STREETS = lines(*([(0, 200 * i), (100, 200 * i)] for i in range(5)))
INCIDENTS = points((10, 0), (20, 0), (30, 5), (40, -5), (50, 400), (50, 300), (50, 1000))
SCHOOLS = points((150, 200))
ADDRESSES = points((50, 620))


def test_classes_of_an_example_worked_out_by_hand():
    assert requirement_classes(STREETS, INCIDENTS, SCHOOLS, ADDRESSES).tolist() == ["A", "B", "C", "C", "none"]
    assert requirement_classes(STREETS, INCIDENTS, SCHOOLS).tolist() == ["A", "B", "C", "none", "none"]


def test_a_school_with_an_outline_counts_from_its_edge():
    school = GeoSeries([shapely.box(EAST + 180, NORTH + 150, EAST + 400, NORTH + 250)], crs=METRIC)
    assert requirement_classes(STREETS, points(), school).tolist() == ["none", "B", "none", "none", "none"]


def test_gaps_of_an_example_worked_out_by_hand():
    # The first street is visited at 8 and 20 (12 h apart, asked for: 2), the second every 6 h (asked for: 8), the
    # third never (C, not asked for here).
    plan = routes(
        [(0, 0), (100, 0)], [(0, 200), (100, 200)], departures=[[8.0, 20.0], [0.0, 6.0, 12.0, 18.0]], speed=100
    )
    streets = GeoDataFrame({"id": [1, 2, 3, 4, 5]}, geometry=STREETS.to_numpy(), crs=METRIC)
    before = streets.copy()
    gaps = patrol_gaps(streets, plan, INCIDENTS, SCHOOLS)
    assert gaps["is_gap"].tolist() == [True, False, False, False, False]
    assert gaps["hours_without"].round(3).tolist() == [12.0, 6.0, np.inf, np.inf, np.inf]
    assert gaps["every_hours"].fillna(-1).tolist() == [2, 8, 24, -1, -1]
    assert gaps["incidents_near"].tolist() == [4, 0, 1, 0, 0]
    assert gaps["rank"].fillna(-1).tolist() == [1, -1, -1, -1, -1]
    assert gaps["seen"].tolist() == [True, True, False, False, False]
    assert streets.equals(before)
    on_demand = patrol_gaps(streets, plan, INCIDENTS, SCHOOLS, asked=("A", "B", "C"))
    assert on_demand["is_gap"].tolist() == [True, False, True, False, False]
    assert on_demand["rank"].fillna(-1).tolist() == [1, -1, 2, -1, -1]


def test_without_routes_every_street_with_a_requirement_is_a_gap():
    streets = GeoDataFrame({"id": range(5)}, geometry=STREETS.to_numpy(), crs=METRIC)
    gaps = patrol_gaps(streets, routes(departures=[]), INCIDENTS, SCHOOLS)
    assert gaps["is_gap"].tolist() == [True, True, False, False, False]


def test_without_streets_there_are_no_gaps_but_all_columns():
    none = GeoDataFrame({"id": []}, geometry=[], crs=METRIC)
    gaps = patrol_gaps(none, routes([(0, 0), (9, 9)], departures=[[8.0]]), INCIDENTS, SCHOOLS)
    assert len(gaps) == 0
    assert {"share_seen", "seen", "requirement", "every_hours", "hours_without", "is_gap", "rank"} <= set(gaps.columns)


def test_gaps_rank_by_incidents_near_then_by_the_time_without_a_patrol():
    index = gap_index(np.array(["A"] * 4, object), np.zeros(4), np.array([3, 9, np.inf, 1.0]), np.array([5, 7, 5, 9]))
    assert index["rank"].fillna(-1).tolist() == [3, 1, 2, -1]


def test_a_patrol_exactly_as_often_as_asked_is_no_gap():
    index = gap_index(np.array(["A", "B"], object), np.ones(2), np.array([2.0, 8.0]), np.zeros(2))
    assert not index["is_gap"].any()


def test_a_patrol_every_two_hours_leaves_no_gap_wherever_on_its_way_it_passes():
    streets = lines(*([(37.7 * i, 0), (37.7 * i + 37.7, 0)] for i in range(30)))
    spots = points(*((37.7 * i + 10, 0) for i in range(30)))
    plan = routes([(0, 0), (1131, 0)], departures=[[2.0 * hour for hour in range(12)]], speed=1.2)
    frame = GeoDataFrame({"id": range(30)}, geometry=streets.to_numpy(), crs=METRIC)
    gaps = patrol_gaps(frame, plan, spots, points())
    assert (gaps["requirement"] == "A").any()
    assert not gaps["is_gap"].any()


def test_unknown_classes_and_unequal_inputs_are_refused():
    with pytest.raises(ParameterError, match="D"):
        gap_index(np.array(["D"], object), np.zeros(1), np.zeros(1), np.zeros(1))
    with pytest.raises(ParameterError, match="one value"):
        gap_index(np.array(["A"], object), np.zeros(2), np.zeros(1), np.zeros(1))
    twice = GeoDataFrame({"id": [1, 2]}, geometry=STREETS.to_numpy()[:2], crs=METRIC, index=[7, 7])
    with pytest.raises(FrameError, match="unique"):
        patrol_gaps(twice, routes(departures=[]), INCIDENTS, SCHOOLS)
