"""Sums of incidents: every case is in exactly one, on a lattice that stays."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from layers.base import drawing_json
from layers.catalogue import LAYERS
from layers.incidents.choice import Incidents
from layers.incidents.circles import LARGEST, MOST_CLASSES, classes
from layers.incidents.sums import CELL_M, LADDER_M, MOST_SUMS, sums
from layers.large import WHOLE

METRIC = 4548
TO_DEGREES = Transformer.from_crs(METRIC, 4326, always_xy=True)
ORIGIN = np.array([628_000.0, 3_514_000.0])


def incidents(xy: np.ndarray, simulated: np.ndarray | None = None) -> Incidents:
    n = len(xy)
    lonlat = np.column_stack(TO_DEGREES.transform(*xy.T)) if n else xy
    none = np.zeros(n, dtype=np.int64)
    unknown = np.full(n, np.nan)
    return Incidents(
        id=np.arange(n), xy=xy, lonlat=lonlat, begin=unknown, end=unknown, category=none.astype(np.int32),
        categories=("",), valid=np.ones(n, dtype=bool), admin_area=none, police_area=none, grid=none - 1, crs=METRIC,
        simulated=np.zeros(n, dtype=bool) if simulated is None else simulated, level=none, radius_m=np.zeros(n),
    )  # fmt: skip


def scattered(n: int, extent_m: float = 20_000, seed: int = 1) -> np.ndarray:
    return ORIGIN + np.random.default_rng(seed).uniform(0, extent_m, (n, 2))


def test_sums_are_those_of_a_plain_count_by_square():
    xy = scattered(30_000)
    found = sums(incidents(xy))
    side = found.attrs[CELL_M]
    plain = pd.Series([f"{side}/{int(x // side)}/{int(y // side)}" for x, y in xy]).value_counts()
    assert found.set_index("id")["count"].to_dict() == plain.to_dict()
    assert found["count"].is_monotonic_decreasing


@given(st.lists(st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5)), max_size=200), st.integers(1, 50))
def test_every_case_is_in_one_sum_and_no_sum_stands_outside_its_square(offsets, most):
    xy = ORIGIN + np.array(offsets, dtype=float).reshape(-1, 2)
    found = sums(incidents(xy), most=most)
    assert found["count"].sum() == len(xy)
    side = found.attrs[CELL_M]
    assert side in LADDER_M and (len(found) <= most or side == LADDER_M[-1])
    back = np.column_stack(TO_DEGREES.transform(*shapely.get_coordinates(found.geometry).T, direction="INVERSE"))
    square = np.array([key.split("/")[1:] for key in found["id"]], dtype=float).reshape(-1, 2) * side
    assert (back >= square - 0.5).all() and (back <= square + side + 0.5).all()


def test_a_square_keeps_its_place_and_its_number_while_the_view_moves():
    xy = scattered(30_000)
    whole = sums(incidents(xy))
    side = whole.attrs[CELL_M]
    for edge in np.median(xy[:, 0]) + np.array([0.0, 0.3, 0.7]) * side:  # through the middle of squares, too
        west = xy[:, 0] < edge
        inside = whole[whole["id"].isin({f"{side}/{int(x // side)}/{int(y // side)}" for x, y in xy[west]})]
        part = sums(incidents(xy), west, most=len(inside))
        assert part.attrs[CELL_M] == side and 0 < len(part) < len(whole)
        assert part.set_index("id")["count"].to_dict() == inside.set_index("id")["count"].to_dict()


def test_a_smaller_view_has_smaller_squares():
    xy = scattered(60_000)
    sides = [sums(incidents(xy[(xy < ORIGIN + extent).all(axis=1)])).attrs[CELL_M] for extent in (20_000, 8_000, 3_000)]
    assert sides == sorted(sides, reverse=True) and sides[0] > sides[-1]


def test_incidents_without_a_place_are_in_no_sum_and_one_place_is_one_sum():
    xy = np.vstack([np.repeat(scattered(1), 7000, axis=0), np.full((5, 2), np.nan)])
    found = sums(incidents(xy))
    assert found["count"].tolist() == [7000] and found.attrs[CELL_M] == LADDER_M[0]
    assert len(sums(incidents(np.empty((0, 2))))) == 0


def drawn(xy: np.ndarray, simulated: np.ndarray | None = None):  # type: ignore[no-untyped-def]
    frame = sums(incidents(xy, simulated))
    frame.attrs[WHOLE] = (len(xy) + 10, 3)
    return LAYERS["incidents"].drawing(frame)


def test_a_sum_is_a_circle_and_the_legend_tells_how_large_the_squares_are():
    drawing = drawn(scattered(30_000))
    shown = drawing_json(drawing)
    assert len(drawing.features["features"]) <= MOST_SUMS
    assert sum(f["properties"]["count"] for f in drawing.features["features"]) == drawing.facts["shown"] == 30_000
    assert (shown["legend"]["n"], shown["legend"]["unplaced"]) == (30_010, 3)
    assert shown["facts"]["partial"] is True
    assert f"sides of {drawing.facts['cell_m']} m" in shown["legend"]["note"]
    assert [field["name"] for field in shown["fields"]] == ["count", "rough", "simulated"]
    assert drawing.simulated == 0
    assert all(e["count"] is None for e in shown["legend"]["entries"])


def test_the_area_of_a_circle_grows_with_the_number_and_the_largest_come_first():
    drawing = drawn(ORIGIN + np.random.default_rng(4).normal(0, 4000, (80_000, 2)))
    radii = [drawing.styles[f["properties"]["style"]].radius for f in drawing.features["features"]]
    assert radii == sorted(radii, reverse=True) and radii[0] == LARGEST
    lows = [int(f["properties"]["style"].split()[1]) for f in drawing.features["features"]]
    counts = [f["properties"]["count"] for f in drawing.features["features"]]
    limits = sorted(set(lows))
    for count, low in zip(counts, lows, strict=True):
        assert low == max(limit for limit in limits if limit <= count)
    ratio = dict(zip(lows, radii, strict=True))
    high, next_lower = sorted(ratio)[-1], sorted(ratio)[-2]
    assert (ratio[high] / ratio[next_lower]) ** 2 == pytest.approx(high / next_lower, rel=0.02)


def test_a_sum_with_made_up_incidents_is_hollow_and_said():
    xy = scattered(6000)
    drawing = drawn(xy, np.arange(len(xy)) < 100)
    hollow = [f for f in drawing.features["features"] if f["properties"]["simulated"]]
    assert 0 < len(hollow) == drawing.simulated <= 100
    assert drawing.styles[hollow[0]["properties"]["style"]].fill is None
    assert drawing.legend.entries[-1].count == len(hollow)


@pytest.mark.parametrize(
    ("most", "limits"),
    [
        (1, [1]),
        (2, [1, 2]),
        (30, [1, 2, 5, 10, 20]),
        (1603, [1, 100, 200, 500, 1000]),
        (5000, [1, 500, 1000, 2000, 5000]),
    ],
)
def test_classes_begin_at_round_numbers(most, limits):
    assert classes(most) == limits and len(limits) <= MOST_CLASSES


def test_a_part_of_many_points_is_drawn_as_points_and_says_so():
    from tests.layers.frames import incidents as rows

    frame = rows(4)
    frame.attrs[WHOLE] = (148_636, 12)
    drawing = LAYERS["incidents"].drawing(frame)
    assert (drawing.legend.n, drawing.legend.unplaced, drawing.facts["shown"]) == (148_636, 12, 4)
    assert drawing.facts["partial"] is True
    assert shapely.from_geojson(str(drawing.features["features"][0]["geometry"]).replace("'", '"')).geom_type == "Point"
