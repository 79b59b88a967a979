"""Counts of old periods on today's grids: the sum stays, and each number says how it came about."""

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_boundaries.coverage import area_m2
from grid_boundaries.impact import Units, numbers
from grid_boundaries.lineage import as_of
from grid_boundaries.restating import HOW, restate
from tests.grid_boundaries.board import OWNERS, PLACES, at, cell, day, history, linked, shared_out

REAL, DRAWN = "real_change", "re_digitising"
TODAY = day(30)


def counted(*rows):
    return pd.DataFrame(rows, columns=["code", "day", "incidents"])


def places(*halves, on=None, weight=None):
    frame = GeoDataFrame({"day": [on] * len(halves)}, geometry=list(at(*halves)), crs=4326)
    return frame if weight is None else frame.assign(weight=weight)


@pytest.fixture
def cut():
    """A grid of two cells that is cut on day 10 a quarter of the way, beside one that stays."""
    versions = history(
        (1, "001", None, 10, cell(0, 0, 2), REAL),
        (2, "002", 10, None, cell(0, 0, 0.5), REAL),
        (3, "003", 10, None, cell(0.5, 0, 1.5), REAL),
        (4, "004", None, None, cell(2, 0), REAL),
    )
    return versions, linked((1, 2, REAL), (1, 3, REAL))


def told(found):
    return {
        code: (round(value, 6), how) for code, value, how in found[["code", "incidents", "how"]].itertuples(index=False)
    }


def test_without_places_counts_go_by_land(cut):
    found = told(restate(counted(("001", day(5), 8), ("004", day(5), 3)), *cut, TODAY))
    assert found["004"] == (3, "unchanged")
    assert found["002"] == (pytest.approx(2, abs=1e-5), "area") and found["003"] == (pytest.approx(6, abs=1e-5), "area")


def test_addresses_are_better_than_land(cut):
    addresses = places((0.2, 0.5), (0.3, 0.5), (0.4, 0.5), (1.5, 0.5))
    found = told(restate(counted(("001", day(5), 8), ("004", day(5), 3)), *cut, TODAY, addresses=addresses))
    assert found == {"002": (6, "addresses"), "003": (2, "addresses"), "004": (3, "unchanged")}


def test_weights_of_addresses_count(cut):
    addresses = places((0.2, 0.5), (1.5, 0.5), weight=[1.0, 3.0])
    found = told(restate(counted(("001", day(5), 8)), *cut, TODAY, addresses=addresses))
    assert found == {"002": (2, "addresses"), "003": (6, "addresses")}


def test_points_are_counted_again_and_only_those_of_the_period(cut):
    points = pd.concat([places((1.0, 0.5), (1.2, 0.5), (0.1, 0.1), on=day(5)), places((0.1, 0.1), on=day(6))])
    addresses = places((0.2, 0.5))
    found = told(restate(counted(("001", day(5), 3)), *cut, TODAY, points=points, addresses=addresses))
    assert found == {"002": (1, "points"), "003": (2, "points")}


def test_a_new_grid_that_gets_nothing_of_the_old_one_is_told_so(cut):
    found = told(restate(counted(("001", day(5), 3)), *cut, TODAY, points=places(*[(1.0, 0.5)] * 3, on=day(5))))
    assert found == {"002": (0, "points"), "003": (3, "points")}


def test_what_has_no_place_goes_where_the_others_went(cut):
    found = told(restate(counted(("001", day(5), 9)), *cut, TODAY, points=places(*[(0.2, 0.5), (1.0, 0.5), (1.1, 0.5)], on=day(5))))  # fmt: skip
    assert found == {"002": (3, "points"), "003": (6, "points")}


def test_counts_of_today_stay_as_they_are(cut):
    found = told(restate(counted(("002", day(20), 5), ("003", day(20), 1)), *cut, TODAY))
    assert found == {"002": (5, "unchanged"), "003": (1, "unchanged")}


def test_a_number_of_two_origins_is_as_sure_as_the_less_sure_of_them():
    versions = history(
        (1, "001", None, 10, cell(0, 0), REAL),
        (2, "002", None, 10, cell(1, 0), REAL),
        (3, "003", 10, None, cell(0, 0, 2), REAL),
    )
    counts = counted(("001", day(5), 1), ("002", day(5), 2))
    found = restate(counts, versions, linked((1, 3, REAL), (2, 3, REAL)), TODAY, addresses=places((0.5, 0.5)))
    assert told(found) == {"003": (3, "area")}


def test_drawing_anew_moves_no_count_though_the_line_moved():
    versions = history(
        (1, "001", None, 10, cell(0, 0), REAL),
        (2, "002", None, 10, cell(1, 0), REAL),
        (1, "001", 10, None, cell(0, 0, 1.2), DRAWN),
        (2, "002", 10, None, cell(1.2, 0, 0.8), DRAWN),
    )
    counts = counted(("001", day(5), 4), ("002", day(5), 6))
    assert told(restate(counts, versions, linked(), TODAY)) == {"001": (4, "unchanged"), "002": (6, "unchanged")}
    versions["reason_code"] = REAL
    assert told(restate(counts, versions, linked(), TODAY))["001"][1] == "area"


def test_a_grid_with_a_new_number_keeps_its_counts():
    versions = history((1, "001", None, 10, cell(0, 0), REAL), (2, "901", 10, None, cell(0, 0, 1.1), "code_correction"))
    found = restate(counted(("001", day(5), 4)), versions, linked((1, 2, "code_correction")), TODAY)
    assert told(found) == {"901": (4, "unchanged")}


def test_land_that_no_grid_has_today_keeps_its_share_apart():
    versions = history((1, "001", None, 10, cell(0, 0, 2), REAL), (1, "001", 10, None, cell(0, 0), REAL))
    found = told(restate(counted(("001", day(5), 4), ("777", day(5), 9)), versions, linked(), TODAY))
    assert found["001"] == (pytest.approx(2, abs=1e-5), "area")
    assert found[None] == (pytest.approx(11, abs=1e-5), "nowhere")


def test_a_day_before_the_first_grid_and_no_counts_at_all(cut):
    versions = history((1, "001", 5, None, cell(0, 0), REAL))
    assert told(restate(counted(("001", day(0), 4)), versions, linked(), TODAY)) == {None: (4, "nowhere")}
    assert list(restate(counted(), *cut, TODAY).columns) == ["day", "code", "incidents", "how"]


@settings(max_examples=25, deadline=None)
@given(st.lists(OWNERS, min_size=2, max_size=3), PLACES, st.sampled_from(["points", "addresses", "area"]), st.data())
def test_the_sum_of_each_day_and_column_stays_and_a_recount_is_the_count(states, halves, by, data):
    rows = [
        (10 * number + one, f"{number}{one:02d}", number, number + 1 if number + 1 < len(states) else None, shape, REAL)
        for number, owner in enumerate(states)
        for one, shape in shared_out(owner).items()
    ]
    versions, today = history(*rows), day(len(states) - 1)
    lying = [places(*(np.array(halves) / 2), on=day(number)) for number in range(len(states))]
    counts = []
    for number, frame in enumerate(lying):
        grids = as_of(versions, day(number))
        units = Units(frame.geometry.to_numpy(), {"incidents": np.ones(len(frame))})
        found = numbers(grids, units).rename_axis("code").reset_index().assign(day=day(number))
        other = data.draw(st.lists(st.integers(0, 99), min_size=len(found), max_size=len(found)))
        counts.append(found.assign(households=other))
    given_ = pd.concat(counts, ignore_index=True)
    more = {} if by == "area" else {by: pd.concat(lying) if by == "points" else lying[0]}
    found = restate(given_, versions, linked(), today, **more)
    for column in ("incidents", "households"):
        np.testing.assert_allclose(found.groupby("day")[column].sum(), given_.groupby("day")[column].sum())
    assert set(found["how"]) <= set(HOW) and found["code"].notna().all()
    if by == "points":
        now = as_of(versions, today)
        truth = numbers(now, Units(lying[0].geometry.to_numpy(), {"incidents": np.ones(len(halves))}))["incidents"]
        for _, part in found.groupby("day"):
            mine = part.set_index("code")["incidents"]
            assert mine.to_dict() == pytest.approx(truth.reindex(mine.index).to_dict())


@settings(max_examples=15, deadline=None)
@given(OWNERS, OWNERS)
def test_by_land_each_grid_gets_the_common_area_times_the_density(then, now):
    rows = [(one, f"0{one}", None, 1, shape, REAL) for one, shape in shared_out(then).items()]
    rows += [(10 + one, f"1{one}", 1, None, shape, REAL) for one, shape in shared_out(now).items()]
    counts = counted(*((f"0{one}", day(0), 10 + one) for one in shared_out(then)))
    found = restate(counts, history(*rows), linked(), day(1)).set_index("code")["incidents"]
    plain = dict.fromkeys(found.index, 0.0)
    for one, old in shared_out(then).items():
        for other, new in shared_out(now).items():
            common = shapely.intersection(old, new)
            if common.area > 0:
                plain[f"1{other}"] += (10 + one) * area_m2(common) / area_m2(old)
    assert found.to_dict() == pytest.approx(plain, rel=1e-9)
