"""Counts of the areas below the one that is looked at, in either tree, however deep the incidents lie."""

from __future__ import annotations

import numpy as np

from geo_app.queries.area_counts import area_counts
from geo_app.queries.areas import AreaRow
from layers.incidents.choice import Incidents
from layers.incidents.placed import NONE

#   1 county            20 bureau
#   ├ 2 town            └ 21 station
#   │  └ 4 community       └ 22 zone
#   └ 3 town
ROWS = [
    AreaRow(id_, parent, tree, level, str(id_), f"area {id_}", None)
    for id_, parent, tree, level in (
        (1, None, "admin", "county"), (2, 1, "admin", "town"), (4, 2, "admin", "community"), (3, 1, "admin", "town"),
        (20, None, "police", "bureau"), (21, 20, "police", "station"), (22, 21, "police", "zone"),
    )
]  # fmt: skip


def incidents(admin: list[int], police: list[int] | None = None) -> Incidents:
    n = len(admin)
    number, nowhere = np.zeros(n, dtype=np.int64), np.full((n, 2), np.nan)
    return Incidents(
        id=number, xy=nowhere, lonlat=nowhere, begin=nowhere[:, 0], end=nowhere[:, 0], category=number, categories=("",),
        valid=number == 0, simulated=number > 0, admin_area=np.array(admin, dtype=np.int64),
        police_area=np.array(police or admin, dtype=np.int64), grid=number, crs=4548,
        level=number + NONE, radius_m=number * 0.0,
    )  # fmt: skip


def counted(rows, area_ids, chosen, earlier=None):
    found, elsewhere = area_counts(rows, area_ids, chosen, earlier)
    return [(one.area.id, one.count, one.previous) for one in found], elsewhere


def test_towns_have_what_lies_in_their_communities_and_the_rest_lies_elsewhere():
    assert counted(ROWS, None, incidents([1, 2, 4, 4, 3])) == ([(2, 3, None), (3, 1, None)], 1)


def test_the_earlier_period_is_counted_alike_and_nothing_then_is_zero_not_unknown():
    assert counted(ROWS, None, incidents([3, 3, 4]), incidents([4, 4])) == ([(3, 2, 0), (2, 1, 2)], 0)


def test_below_an_area_of_the_police_its_own_tree_is_counted():
    chosen = incidents([2, 2, 3], [21, 22, 20])
    assert counted(ROWS, frozenset({20, 21, 22}), chosen) == ([(21, 2, None)], 1)
    assert counted(ROWS, frozenset({21, 22}), chosen) == ([(22, 1, None)], 2)


def test_an_area_without_areas_below_has_no_ranking():
    assert counted(ROWS, frozenset({3}), incidents([3])) == ([], 1)
    assert counted([], None, incidents([3])) == ([], 1)


def test_who_sees_two_towns_and_not_the_county_has_the_two_side_by_side():
    towns = [
        AreaRow(2, None, "admin", "town", "2", "", None),
        ROWS[2],
        AreaRow(3, None, "admin", "town", "3", "", None),
    ]
    assert counted(towns, None, incidents([2, 4, 3])) == ([(2, 2, None), (3, 1, None)], 0)
