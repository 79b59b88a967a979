import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import FrameError, ParameterError
from layers.patrols.presence import hours_without, planned_visits, revisit_interval
from tests.layers.shapes import lines, routes

hours = st.lists(st.floats(0, 47.9), max_size=8)


@given(hours, st.floats(0, 20), st.floats(0.5, 28))
def test_the_revisit_interval_agrees_with_brute_force(visits, start, window):
    end = start + window
    inside = sorted([start, end, *(hour for hour in visits if start <= hour <= end)])
    longest = max(
        (b - a for a in inside for b in inside if b > a and not any(a < other < b for other in inside)), default=0
    )
    assert revisit_interval(visits, start, end) == pytest.approx(longest)


def test_a_window_without_a_visit_is_as_long_as_itself():
    assert revisit_interval([], 8, 20) == 12
    assert revisit_interval([7.9, 20.1], 8, 20) == 12
    with pytest.raises(ParameterError):
        revisit_interval([], 8, 8)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 30)), max_size=20))
def test_a_daily_plan_is_judged_over_two_days(visits):
    frame = pd.DataFrame(visits, columns=["piece", "hour"])
    answer = hours_without(frame, pd.RangeIndex(4))
    for piece in range(4):
        own = np.array([hour % 24 for label, hour in visits if label == piece])
        if len(own):
            expected = revisit_interval(np.concatenate([own, own + 24]), 0, 48)
            assert answer[piece] == pytest.approx(expected)
        else:
            assert answer[piece] == np.inf


def test_one_visit_a_day_leaves_a_piece_alone_for_24_hours():
    assert hours_without(pd.DataFrame({"piece": ["a"], "hour": [8.5]}), pd.Index(["b", "a"])).tolist() == [np.inf, 24]


def test_a_visit_is_at_the_time_at_which_the_patrol_passes():
    pieces = lines([(0, 0), (100, 0)], [(100, 0), (200, 0)], [(0, 300), (100, 300)])
    plan = routes([(0, 0), (100, 0), (200, 0)], departures=[[8.5, 20.0]])
    visits = planned_visits(pieces, plan, sight_m=10)
    assert visits["piece"].tolist() == [0, 0, 1, 1]
    second = visits[visits["piece"] == 1]["hour"].to_numpy()
    # In sight from 90 m along to the end at 200 m.
    assert second == pytest.approx([8.5 + 145 / 3600, 20 + 145 / 3600])


def test_the_time_of_a_pass_does_not_depend_on_how_the_route_is_drawn():
    pieces = lines(*([(100 * i, 0), (100 * i + 100, 0)] for i in range(20)))
    drawn_long = routes([(0, 0), (2000, 0), (0, 0)], departures=[[0.0]])
    corners = [(50 * i, 0) for i in range(41)]
    drawn_short = routes(corners + corners[-2::-1], departures=[[0.0]])
    long, short = (
        planned_visits(pieces, plan, sight_m=20).sort_values(["piece", "hour"]) for plan in (drawn_long, drawn_short)
    )
    assert long["piece"].tolist() == short["piece"].tolist()
    assert np.allclose(long["hour"], short["hour"])
    # There and back: the first piece is passed at once and after 3,950 m, the last one only once, in the middle.
    assert long[long["piece"] == 0]["hour"].to_numpy() * 3600 == pytest.approx([60, 3940])
    assert long[long["piece"] == 19]["hour"].to_numpy() * 3600 == pytest.approx([2000])


def test_a_route_that_comes_back_later_visits_again_and_one_that_turns_round_does_not():
    pieces = lines([(0, 0), (100, 0)], [(900, 0), (1000, 0)])
    there_and_back = [(0, 0), (100, 0), (900, 0), (1000, 0), (900, 0), (100, 0), (0, 0)]
    visits = planned_visits(pieces, routes(there_and_back, departures=[[0.0]]))
    assert visits["piece"].value_counts().to_dict() == {0: 2, 1: 1}


def test_a_route_that_sees_half_a_piece_does_not_visit_it():
    pieces = lines([(0, 0), (200, 0)])
    halves = routes([(-300, 0), (50, 0)], [(150, 0), (500, 0)], departures=[[8.0], [8.0]])
    assert planned_visits(pieces, halves, sight_m=50).empty


def test_a_route_without_departures_visits_nothing():
    pieces = lines([(0, 0), (100, 0)])
    assert planned_visits(pieces, routes([(0, 0), (100, 0)], departures=[[]])).empty


def test_a_plan_without_departures_or_with_standing_patrols_is_refused():
    pieces = lines([(0, 0), (100, 0)])
    plan = routes([(0, 0), (100, 0)], departures=[[8.0]])
    with pytest.raises(FrameError, match="speed_mps"):
        planned_visits(pieces, plan.drop(columns="speed_mps"))
    with pytest.raises(ParameterError):
        planned_visits(pieces, plan.assign(speed_mps=0.0))
