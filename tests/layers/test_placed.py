"""How incidents were placed: counts by level, shares, and what a place is good enough for."""

import numpy as np
import pandas as pd
import pytest
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from layers.base import PLACED, Legend, drawing_json, is_low, placed_share
from layers.catalogue import LAYERS
from layers.errors import CoordinateError
from layers.grids.numbers import grid_of
from layers.incidents.choice import Incidents
from layers.incidents.placed import LEVELS, NONE, ROUGH, UNKNOWN_RADIUS_M, placings, radii
from tests.layers.frames import FRAMES, incidents

levels = st.lists(st.sampled_from(range(len(LEVELS))), max_size=60)


def placed_at(*found: tuple[str, float]) -> Incidents:
    """Incidents at one spot, by level and radius."""
    n = len(found)
    level = np.array([LEVELS.index(name) for name, _ in found], dtype=np.int16)
    xy = np.where((level == NONE)[:, None], np.nan, np.zeros((n, 2)))
    zero = np.zeros(n, dtype=np.int64)
    return Incidents(
        id=np.arange(n), xy=xy, lonlat=xy, begin=xy[:, 0], end=xy[:, 0], category=zero, categories=("",),
        valid=zero == 0, simulated=zero > 0, admin_area=zero, police_area=zero, grid=zero, level=level,
        radius_m=radii(level, np.array([radius for _, radius in found])), crs=4548,
    )  # fmt: skip


@given(levels)
def test_levels_are_counted_best_first_and_none_is_lost(drawn):
    found = placings(np.array(drawn, dtype=np.int16))
    expected = pd.Series([LEVELS[level] for level in drawn], dtype=str).value_counts()
    assert {one.level: one.count for one in found} == expected.to_dict()
    order = [LEVELS.index(one.level) for one in found]
    assert order == sorted(order)
    share = placed_share(found)
    assert share is None if not drawn else share == pytest.approx(np.mean(np.array(drawn) < NONE))


def test_the_warning_stands_under_85_of_100_and_not_without_incidents():
    assert is_low(0.849) and is_low(0.0)
    assert not is_low(0.85) and not is_low(None)
    assert not is_low(Legend("", (), None, 0).placed_share)


def test_places_are_exact_down_to_a_crossing_and_a_name_down_to_an_estate():
    found = placed_at(*((level, np.nan) for level in LEVELS))
    assert [LEVELS[k] for k in np.flatnonzero(found.exact)] == ["given", "pinned", "building", "number", "crossing"]
    assert [LEVELS[k] for k in np.flatnonzero(found.named & ~found.exact)] == ["place", "estate"]
    assert {LEVELS[k] for k in np.flatnonzero(found.placed & ~found.exact)} == ROUGH


def test_a_rough_place_counts_within_a_limit_only_when_its_radius_does():
    found = placed_at(("number", 180), ("road", 50), ("road", 51), ("town", np.nan), ("none", 0))
    assert found.within(50).tolist() == [True, True, False, False, False]
    assert found.within(UNKNOWN_RADIUS_M).tolist() == [True, True, True, True, False]
    assert found.within(np.array([0, 0, 60, 0, 9])).tolist() == [True, False, True, False, False]


def test_a_grid_counts_what_is_known_to_a_circle_as_large_as_itself():
    grids = GeoSeries([box(0, 0, 100, 100)], crs=4548)  # a circle of 56.4 m
    found = placed_at(("number", 200), ("place", 56), ("place", 57), ("none", 0))
    position, rough = grid_of(found, np.array([0]), grids)
    assert (position.tolist(), rough) == ([0, 0, -1, -1], 1)
    assert grid_of(found, np.array([9]), grids)[0].tolist() == [-1] * 4
    with pytest.raises(CoordinateError):
        grid_of(found, np.array([0]), grids.to_crs(4326))


@pytest.mark.parametrize("layer_id", list(LAYERS))
def test_every_layer_says_how_the_incidents_were_placed_that_it_rests_on(layer_id):
    frame = FRAMES[LAYERS[layer_id].source]()
    assert drawing_json(LAYERS[layer_id].drawing(frame))["legend"]["placing"] == []
    frame.attrs[PLACED] = placings(np.array([3, 3, NONE]))
    legend = drawing_json(LAYERS[layer_id].drawing(frame), "«{}»".format)["legend"]
    assert legend["placing"] == [
        {"level": "number", "label": "«house number»", "count": 2},
        {"level": "none", "label": "«not placed»", "count": 1},
    ]
    assert legend["placed_share"] == pytest.approx(2 / 3) and legend["is_low"] is True


def test_rough_places_are_hollow_with_a_ring_and_told_in_words():
    drawing = LAYERS["incidents"].draw(incidents(4).assign(simulated=[False, False, False, True]))
    number, given_place, rough, other = (f["properties"] for f in drawing.features["features"])
    looks = [drawing.styles[one["style"]] for one in (number, given_place, rough, other)]
    assert [(look.fill is None, look.ring > 0) for look in looks] == [
        (False, False), (False, False), (True, True), (True, False),
    ]  # fmt: skip
    assert (number["percent_sure"], number["radius_m"], number["match_how"]) == (95, 20.0, "exact")
    assert (rough["percent_sure"], rough["radius_m"], rough["match_how"]) == (60, 150.0, "place+relation")
    # Of what was given there is nothing to tell.
    assert not {"percent_sure", "radius_m", "match_how", "match_score"} & {*given_place, *other}
    assert [(entry.label, entry.count) for entry in drawing.legend.entries] == [
        ("Incident", 2), ("Incident, somewhere in the ring", 1), ("Simulated incident", 1),
    ]  # fmt: skip
    words = {field.name: field.words or {} for field in drawing.fields}
    assert set(LEVELS) == set(words["match_level"])
    assert {"exact", "alias", "interpolated", "nearest", "crossing", "place", "homophone", "slip", "stake", "centre",
            "relation", "by hand"} == set(words["match_how"])  # fmt: skip


def test_a_rough_place_without_a_radius_gets_the_usual_ring():
    frame = incidents(3).assign(radius_m=np.nan)
    rough = LAYERS["incidents"].draw(frame).features["features"][2]["properties"]
    assert rough["radius_m"] == UNKNOWN_RADIUS_M
