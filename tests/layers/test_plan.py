"""One more route beside a plan: the same as the whole plan computed again."""

import numpy as np
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st

from layers.patrols.coverage import share_seen
from layers.patrols.plan import Plan
from layers.patrols.presence import hours_without, planned_visits
from tests.layers.shapes import lines, routes, run, runs

departures = st.lists(st.floats(0, 24, exclude_max=True).map(lambda hour: round(hour, 2)), max_size=4)


@given(runs, runs, run, st.data())
def test_one_more_route_changes_what_the_whole_plan_would(streets, plan, more, data):
    pieces = lines(*streets)
    times = [data.draw(departures) for _ in plan]
    base = routes(*plan, departures=times, speed=1.2)
    one = routes(more, departures=[data.draw(departures)], speed=5.5)
    whole = GeoDataFrame(
        {"departures": [*base["departures"], *one["departures"]], "speed_mps": [*base["speed_mps"], 5.5]},
        geometry=[*base.geometry, *one.geometry],
        crs=base.crs,
    )
    made = Plan.of(pieces, base)
    assert np.allclose(made.share_seen, share_seen(pieces, base.geometry))
    added = made.with_route(one)
    share, hours = made.share_seen.copy(), made.hours_without.copy()
    share[added.piece], hours[added.piece] = added.share_seen, added.hours_without
    assert np.allclose(share, share_seen(pieces, whole.geometry))
    # The same visits, added up in another order.
    np.testing.assert_allclose(hours, hours_without(planned_visits(pieces, whole), pieces.index), rtol=0, atol=1e-9)
    own = np.zeros(len(pieces))
    own[added.piece] = added.own_share
    assert np.allclose(own, share_seen(pieces, one.geometry))


def test_a_route_beside_an_empty_plan_is_all_there_is():
    pieces = lines([(0, 0), (100, 0)], [(0, 300), (100, 300)])
    nothing = routes(departures=[])
    added = Plan.of(pieces, nothing).with_route(routes([(0, 0), (100, 0)], departures=[[8.0, 20.0]]))
    assert added.piece.tolist() == [0]
    assert (added.share_seen.tolist(), added.hours_without.tolist()) == ([1.0], [12.0])


def test_a_route_out_of_sight_of_everything_changes_nothing():
    pieces = lines([(0, 0), (100, 0)])
    added = Plan.of(pieces, routes([(0, 0), (100, 0)], departures=[[8.0]])).with_route(
        routes([(0, 900), (100, 900)], departures=[[8.0]])
    )
    assert len(added.piece) == len(added.share_seen) == len(added.hours_without) == len(added.own_share) == 0
