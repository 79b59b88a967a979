"""In which grid a place lies, by the lines of a day, against a plain loop."""

from __future__ import annotations

import numpy as np
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.grids.numbers import grid_at

GRIDS = GeoSeries([shapely.box(x, y, x + 1, y + 1) for y in range(3) for x in range(3)], crs=4326)
IDS = np.array([90, 80, 70, 60, 50, 40, 30, 20, 10])
PLACE = st.tuples(*[st.one_of(st.floats(-0.5, 3.5), st.sampled_from([0.0, 1.0, 1.5, 2.0, 3.0]))] * 2)


@settings(max_examples=100, deadline=None)
@given(st.lists(PLACE, max_size=12))
def test_a_place_is_in_the_first_grid_that_covers_it(places: list[tuple[float, float]]) -> None:
    found = grid_at(np.array(places, dtype=float).reshape(-1, 2), IDS, GRIDS)
    plain = [
        next((id for id, grid in zip(IDS, GRIDS, strict=True) if grid.covers(shapely.Point(place))), -1)
        for place in places
    ]
    assert found.tolist() == plain


def test_without_grids_or_places_nothing_lies_anywhere() -> None:
    assert grid_at(np.array([[0.5, 0.5]]), IDS[:0], GRIDS[:0]).tolist() == [-1]
    assert grid_at(np.empty((0, 2)), IDS, GRIDS).tolist() == []
