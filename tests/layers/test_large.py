"""Lines too many to be drawn one by one are joined and thinned; nothing that could be seen is lost."""

import json

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st

from layers.base import drawing_json
from layers.catalogue import LAYERS
from layers.large import MOST, MOST_CORNERS, PIXELS, VIEW, joined, near
from tests.layers.frames import patrol_coverage, patrol_gaps, streets, waters

WEST, SOUTH = 108.8, 34.1


def town(n: int) -> GeoDataFrame:
    """A square town of n street pieces, each half of a block of some 100 m, and their middles bent a little."""
    side = int(np.ceil(np.sqrt(n / 4)))
    x, y = (axis.ravel() * 0.001 for axis in np.meshgrid(np.arange(side), np.arange(side)))
    start = np.column_stack([WEST + x, SOUTH + y])
    pieces = []
    for step in ([0.0005, 0.0], [0.0, 0.0005]):
        middle, end = start + step, start + np.multiply(step, 2)
        for first, last in ((start, middle), (middle, end)):
            bent = (first + last) / 2 + 0.000003
            pieces.append(shapely.linestrings(np.stack([first, bent, last], axis=1)))
    lines = np.concatenate(pieces)[:n]
    frame = streets(1).iloc[np.zeros(n, dtype=int)].reset_index(drop=True)
    return GeoDataFrame(frame.drop(columns="geometry").assign(id=range(n)), geometry=lines, crs=4326)


def viewed(frame: GeoDataFrame, box: tuple[float, float, float, float] | None) -> GeoDataFrame:
    frame = frame.copy()
    frame.attrs[VIEW] = box
    return frame


def size(drawing) -> int:  # type: ignore[no-untyped-def]
    return len(json.dumps(drawing_json(drawing), ensure_ascii=False, separators=(",", ":")).encode())


def test_a_large_network_is_one_joined_feature_a_style_and_its_legend_counts_every_piece():
    drawing = LAYERS["streets"].drawing(viewed(town(20_000), None))
    assert [f["properties"] for f in drawing.features["features"]] == [{"style": "street"}]
    assert drawing.legend.n == drawing.legend.entries[0].count == 20_000
    assert drawing.facts["partial"] is True
    assert size(drawing) < 2_000_000


def test_of_too_many_waters_outlines_are_drawn_and_the_legend_tells_what_they_are():
    drawing = LAYERS["waters"].drawing(viewed(waters(MOST + 2), None))
    assert [f["properties"] for f in drawing.features["features"]] == [{"style": "line"}]
    assert [entry.count for entry in drawing.legend.entries] == [MOST // 2 + 1] * 2
    assert size(drawing) < 2_000_000


def test_inside_a_small_box_every_piece_has_its_details_and_the_legend_stays():
    box = (WEST, SOUTH, WEST + 0.01, SOUTH + 0.01)
    frame = town(20_000)
    drawing = LAYERS["streets"].drawing(viewed(frame, box))
    expected = set(frame["id"][frame.intersects(shapely.box(*box))])
    drawn = {f["id"] for f in drawing.features["features"]}
    assert expected <= drawn and 300 < len(drawn) < 1.2 * len(expected)
    assert set(drawing.features["features"][0]["properties"]) == {"id", "name", "road_class", "length_m", "style"}
    assert drawing.legend.n == 20_000 and drawing.facts["partial"] is True


def test_a_small_layer_is_drawn_whole_and_a_box_takes_what_lies_in_it():
    assert "partial" not in LAYERS["streets"].drawing(viewed(town(MOST), None)).facts
    drawing = LAYERS["streets"].drawing(viewed(town(400), (WEST, SOUTH, WEST + 0.002, SOUTH + 0.002)))
    assert 0 < len(drawing.features["features"]) < 100
    assert "partial" not in drawing.facts and drawing.legend.n == 400


def test_a_frame_without_a_view_is_drawn_whole_however_large():
    drawing = LAYERS["streets"].drawing(town(MOST + 1))
    assert len(drawing.features["features"]) == MOST + 1 and "partial" not in drawing.facts


@pytest.mark.parametrize(
    ("layer_id", "frame"), [("patrol_coverage", patrol_coverage), ("unseen_streets", patrol_coverage)]
)
def test_each_class_of_a_large_layer_keeps_its_colour(layer_id, frame):
    full = LAYERS[layer_id].draw(frame(MOST * 2))
    drawing = LAYERS[layer_id].drawing(viewed(frame(MOST * 2), None))
    used = {f["properties"]["style"] for f in full.features["features"]}
    assert {f["properties"]["style"] for f in drawing.features["features"]} == used
    assert drawing.legend.entries == full.legend.entries
    assert size(drawing) < 2_000_000


def test_what_counts_is_how_many_are_drawn_not_how_many_there_are():
    frame = patrol_gaps(MOST * 2)
    frame["is_gap"] = np.arange(len(frame)) < 40
    drawing = LAYERS["patrol_gaps"].drawing(viewed(frame, None))
    assert len(drawing.features["features"]) == 40 and "rank" in drawing.features["features"][0]["properties"]
    assert "partial" not in drawing.facts


def test_an_empty_box_draws_nothing_and_says_what_there_is():
    drawing = LAYERS["streets"].drawing(viewed(town(MOST + 1), (10.0, 10.0, 11.0, 11.0)))
    assert drawing.features["features"] == [] and drawing.bounds is None
    assert drawing.legend.n == MOST + 1


@given(
    st.lists(st.tuples(*[st.floats(0, 0.2)] * 4), min_size=1, max_size=60),
    st.integers(1, 3),
)
def test_no_corner_moves_further_than_a_pixel(ends, styles):
    lines = shapely.linestrings([[(WEST + a, SOUTH + b), (WEST + c, SOUTH + d + 1e-6)] for a, b, c, d in ends])
    keys = np.array([str(i % styles) for i in range(len(lines))], dtype=object)
    found = joined(lines, keys)
    west, south, east, north = shapely.total_bounds(lines)
    # As long as it is in degrees of longitude, a pixel is wider than it is high.
    pixel = max(east - west, north - south) / PIXELS + 2e-6
    for key in set(keys.tolist()):
        mine = shapely.union_all(lines[keys == key])
        assert shapely.hausdorff_distance(found[key], mine) <= pixel


def test_a_network_too_large_for_that_loses_its_shortest_lines_not_its_shape():
    rng = np.random.default_rng(1)
    start = rng.uniform((WEST, SOUTH), (WEST + 0.5, SOUTH + 0.4), (50_000, 2))
    lines = shapely.linestrings(np.stack([start, start + rng.uniform(-0.002, 0.002, start.shape)], axis=1))
    found = joined(lines, np.full(len(lines), "street", dtype=object))["street"]
    assert shapely.get_num_coordinates(found) <= MOST_CORNERS
    assert shapely.bounds(found) == pytest.approx(shapely.total_bounds(lines), abs=0.005)


def test_near_is_by_bounding_boxes_edges_included():
    lines = shapely.linestrings([[(0, 0), (1, 1)], [(2, 2), (3, 3)]])
    assert near(lines, None).tolist() == [True, True]
    assert near(lines, (1.0, 1.0, 1.5, 1.5)).tolist() == [True, False]
