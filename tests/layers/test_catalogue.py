import json

import numpy as np
import pandas as pd
import pytest
import shapely

from layers.base import Drawing, Field, PathStyle, drawing_json, plain
from layers.catalogue import LAYERS
from layers.errors import CoordinateError, FrameError
from layers.fields import ROAD_CLASSES
from layers.style import Classes, counts
from tests.layers.frames import (
    FRAMES,
    cameras,
    grids,
    hot_spots,
    hot_streets,
    incidents,
    patrol_coverage,
    patrol_gaps,
    repeat_places,
    streets,
)

EVERY_LAYER = pytest.mark.parametrize("layer_id", list(LAYERS))
OF_FEATURES = pytest.mark.parametrize("layer_id", [layer_id for layer_id in LAYERS if layer_id != "density"])


def drawn(layer_id: str, *size: int) -> Drawing:
    layer = LAYERS[layer_id]
    return layer.draw(FRAMES[layer.source](*size))


def test_the_catalogue_is_complete_and_in_order():
    assert list(LAYERS) == [
        "density",
        "waters",
        "streets",
        "grids",
        "hot_spots",
        "unseen_streets",
        "patrol_coverage",
        "hot_streets",
        "patrol_gaps",
        "patrol_routes",
        "cameras",
        "incidents",
        "repeat_places",
    ]
    assert {layer_id for layer_id, layer in LAYERS.items() if not layer.shown} == {
        "hot_spots",
        "unseen_streets",
        "hot_streets",
        "repeat_places",
    }
    assert all(layer.id == layer_id and layer.roles for layer_id, layer in LAYERS.items())


@EVERY_LAYER
def test_a_full_frame_is_drawn_and_stays_as_it_was(layer_id):
    frame = FRAMES[LAYERS[layer_id].source]()
    before = frame.copy(deep=True)
    drawing = LAYERS[layer_id].draw(frame)
    assert drawing.layer_id == layer_id
    assert drawing.features["features"] or drawing.raster
    assert frame.equals(before)
    assert frame.crs == before.crs
    styles = {feature["properties"][drawing.style_by] for feature in drawing.features["features"]}
    assert styles <= set(drawing.styles)
    names = {name for feature in drawing.features["features"] for name in feature["properties"]}
    assert drawing.raster or {field.name for field in drawing.fields} <= names


@EVERY_LAYER
def test_an_empty_frame_is_drawn(layer_id):
    drawing = drawn(layer_id, 0)
    assert drawing.features == {"type": "FeatureCollection", "features": []}
    assert drawing.legend.n == 0
    assert drawing.legend.entries
    assert drawing.bounds is None
    json.dumps(drawing_json(drawing), allow_nan=False)


@OF_FEATURES
def test_a_legend_has_a_unit_a_note_and_counts_that_add_up(layer_id):
    legend = drawn(layer_id).legend
    assert legend.unit and legend.note
    assert sum(entry.count or 0 for entry in legend.entries) == legend.n


@EVERY_LAYER
def test_a_drawing_is_strict_json_with_translated_texts(layer_id):
    content = json.loads(json.dumps(drawing_json(drawn(layer_id), "«{}»".format), allow_nan=False))
    assert content["legend"]["title"] == f"«{LAYERS[layer_id].title}»"
    assert all(field["title"].startswith("«") for field in content["fields"])
    assert all(entry["label"].startswith("«") for entry in content["legend"]["entries"])
    places = shapely.get_coordinates(
        [shapely.from_geojson(json.dumps(f["geometry"])) for f in content["features"]["features"]]
    )
    assert (np.round(places, 7) == places).all()


@OF_FEATURES
def test_rows_without_a_place_are_counted_and_not_drawn(layer_id):
    frame = FRAMES[LAYERS[layer_id].source]()
    full = LAYERS[layer_id].draw(frame).legend.n
    frame.loc[frame.index[0], "geometry"] = None
    legend = LAYERS[layer_id].draw(frame).legend
    assert (legend.n, legend.unplaced) == (full - 1, 1)


@EVERY_LAYER
def test_another_system_and_missing_columns_are_refused(layer_id):
    draw, frame = LAYERS[layer_id].draw, FRAMES[LAYERS[layer_id].source]()
    with pytest.raises(CoordinateError, match="EPSG:4326"):
        draw(frame.to_crs(4548))
    with pytest.raises(CoordinateError, match="no coordinate system"):
        draw(frame.set_crs(None, allow_override=True))
    with pytest.raises(FrameError, match=r"lacks the columns \w+, .*"):
        draw(frame[["geometry"]])


def test_only_gaps_are_drawn_in_the_order_of_their_rank_and_never_is_said_in_words():
    drawing = LAYERS["patrol_gaps"].draw(patrol_gaps())
    rows = [feature["properties"] for feature in drawing.features["features"]]
    assert [row["rank"] for row in rows] == [1, 2, 3, 4]
    assert [row["hours_without"] for row in rows] == [None, 9.5, None, 9.5]
    field = next(field for field in drawing.fields if field.name == "hours_without")
    assert field.words == {"null": "no patrol at all"}
    assert all(drawing.styles[row["style"]].hatch for row in rows)


def test_seen_streets_are_left_out_of_the_unseen_ones():
    frame = patrol_coverage(11)
    drawing = LAYERS["unseen_streets"].draw(frame)
    assert drawing.legend.n == int((~frame["seen"]).sum()) == 9


def test_places_are_points_sized_by_their_incidents_and_hot_areas_squares_by_their_chance():
    frame = hot_spots()
    styles = [f["properties"]["style"] for f in LAYERS["hot_spots"].draw(frame).features["features"]]
    assert styles == ["sure", "clear", "likely", "likely"]
    places = frame.set_geometry(frame.geometry.representative_point()).assign(
        kind="place", incidents=[3, 5, 9, 10], p=None, z=None, around=None, first="2026-03-01T08:30"
    )
    drawing = LAYERS["hot_spots"].draw(places)
    rows = [f["properties"] for f in drawing.features["features"]]
    assert [row["style"] for row in rows] == ["few", "several", "several", "many"]
    radii = [drawing.styles[row["style"]].radius for row in rows]
    assert radii == sorted(radii) and (rows[0]["last"], drawing.legend.unit) == (None, "places")


def test_what_the_query_says_about_hot_spots_reaches_the_page():
    frame = hot_spots()
    frame.attrs.update(notice="Nothing.", facts={"cell_m": 150.0, "hot": 0})
    content = drawing_json(LAYERS["hot_spots"].drawing(frame))
    assert (content["notice"], content["facts"]) == ("Nothing.", {"cell_m": 150.0, "hot": 0})
    frame = hot_streets()
    frame.attrs.update(facts={"share": 3.25, "sentence": "%(share).1f %% of it"})
    assert drawing_json(LAYERS["hot_streets"].drawing(frame))["facts"]["sentence"] == "3.2 % of it"


def test_repeat_places_grow_with_their_calls_and_say_within_how_many_days():
    content = drawing_json(LAYERS["repeat_places"].drawing(repeat_places()))
    rows = [f["properties"] for f in content["features"]["features"]]
    assert [row["style"] for row in rows] == ["many", "several", "few", "few"]
    assert (
        content["styles"]["many"]["radius"]
        > content["styles"]["several"]["radius"]
        > content["styles"]["few"]["radius"]
    )
    assert content["legend"]["note"].startswith("Places with 3 or more calls on 30 days")


def test_coverage_is_drawn_in_classes_and_an_unknown_share_is_grey():
    frame = patrol_coverage(6)
    frame["share_seen"] = [0.0, 0.2, 0.5, 0.9, 1.0, np.nan]
    drawing = LAYERS["patrol_coverage"].draw(frame)
    styles = [feature["properties"]["style"] for feature in drawing.features["features"]]
    assert styles == ["nothing", "little", "half", "seen", "seen", "no_data"]
    assert drawing.legend.entries[-1].label == "no data"


def test_a_camera_with_bearing_and_range_has_a_field_of_view_in_front_of_it():
    drawing = LAYERS["cameras"].draw(cameras())
    parts = [feature["properties"]["part"] for feature in drawing.features["features"]]
    assert parts == ["field_of_view"] * 2 + ["site"] * 3
    assert drawing.legend.n == 3
    field = shapely.from_geojson(json.dumps(drawing.features["features"][0]["geometry"]))
    site = cameras().geometry.iloc[1]
    # Bearing 45°, 90° wide, 60 m: from due north to due east of the camera.
    west, south, east, north = field.bounds
    assert (west, south) == pytest.approx((site.x, site.y), abs=1e-7)
    assert (east - west) * 94_700 == pytest.approx(60, rel=0.01)
    assert (north - south) * 110_900 == pytest.approx(60, rel=0.01)


def test_what_is_simulated_estimated_or_without_a_leader_looks_so():
    made_up = LAYERS["incidents"].draw(incidents())
    assert [f["properties"]["style"] for f in made_up.features["features"]][:2] == ["simulated", "incident"]
    assert made_up.simulated == 1
    assert LAYERS["cameras"].draw(cameras()).legend.entries[1].count == 1
    assert LAYERS["cameras"].draw(cameras()).simulated == 3
    assert [entry.count for entry in LAYERS["grids"].draw(grids()).legend.entries] == [2, 1]


def test_times_are_iso_text_and_missing_values_are_null():
    rows = [f["properties"] for f in LAYERS["incidents"].draw(incidents()).features["features"]]
    assert rows[0]["occurred_from"] is None
    assert rows[1]["occurred_from"] == "2026-03-01T08:30:00+08:00"
    missing = [pd.NaT, pd.NA, np.nan, float("inf"), None, np.float64("-inf")]
    assert [plain(value) for value in missing] == [None] * 6
    assert [plain(value) for value in (np.int64(3), np.bool_(True), "a", 2.5)] == [3, True, "a", 2.5]


def test_classes_are_closed_below_and_the_last_one_above():
    classes = Classes((0, 10, 20), ("low", "high"))
    assert classes.of([0, 9.9, 10, 20, 20.1, -1, np.nan]).tolist() == ["low", "low", "high", "high", *["no_data"] * 3]
    assert counts(["a", "b", "a"], ("a", "b", "c")) == {"a": 2, "b": 1, "c": 0}
    with pytest.raises(ValueError, match="need 3 breaks"):
        Classes((0, 1), ("low", "high"))
    with pytest.raises(ValueError, match="ascend"):
        Classes((0, 0), ("low",))


def test_a_style_that_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="opacity"):
        PathStyle("#000", opacity=2)
    with pytest.raises(ValueError, match="weight"):
        PathStyle("#000", weight=-1)


def test_a_field_without_words_translates_to_an_empty_table():
    drawing = drawn("streets")
    assert Field("name", "Street").words is None
    assert drawing_json(drawing)["fields"][0]["words"] == {}


def test_streets_that_hang_together_with_nothing_are_dashed_and_counted():
    frame = streets(4).assign(apart=[False, True, False, False])
    drawing = LAYERS["streets"].drawing(frame)
    assert [entry.count for entry in drawing.legend.entries] == [3, 1]
    assert [feature["properties"]["style"] for feature in drawing.features["features"]].count("apart") == 1
    assert drawing.styles["apart"].dash
    assert len(drawn("streets").legend.entries) == 1  # where nobody asked, nothing is said


def test_a_street_says_how_fast_one_usually_drives_there():
    [speed] = [field for field in drawing_json(drawn("streets"))["fields"] if field["title"] == "Usual speed"]
    assert speed["words"]["residential"] == "20 km/h" and set(ROAD_CLASSES) <= set(speed["words"])
