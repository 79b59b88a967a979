"""Cameras and, where bearing and range are known, the field that each looks at."""

from typing import Any

import numpy as np
from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.cameras.sight import fields_of
from layers.features import collection, drawable, require_columns
from layers.fields import SIMULATED, YES_NO
from layers.style import CAMERA, counts

COLUMNS = (
    "id", "code", "name", "kind", "bearing", "field_of_view", "range_m", "estimated", "simulated",
)  # fmt: skip
STYLES = {
    "surveyed": PathStyle(color="#ffffff", weight=1.5, fill=CAMERA, fill_opacity=1, radius=6),
    "estimated": PathStyle(color=CAMERA, weight=2, dash="2 2", fill="#ffffff", fill_opacity=0.9, radius=6),
    "field": PathStyle(color=CAMERA, weight=1, opacity=0.6, fill=CAMERA, fill_opacity=0.28),
    "field_estimated": PathStyle(color=CAMERA, weight=1, opacity=0.7, dash="3 3", fill=CAMERA, fill_opacity=0.14),
}
LABELS = {
    "surveyed": N_("Camera, direction surveyed"),
    "estimated": N_("Camera, direction or range estimated"),
    "field": N_("Field of view"),
    "field_estimated": N_("Field of view, estimated"),
}
KINDS = {"dome": N_("dome"), "bullet": N_("bullet"), "checkpoint": N_("checkpoint")}


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw sites, and below them fields of view. frame: EPSG:4326 points with COLUMNS; bearing clockwise from
    north, bearing and field_of_view in degrees, range_m in metres, missing where unknown."""
    require_columns(frame, COLUMNS, "cameras")
    shown = frame[drawable(frame)]
    estimated = shown["estimated"].to_numpy(dtype=bool)
    keys = np.where(estimated, "estimated", "surveyed")
    sites = collection(shown, COLUMNS, {"style": keys, "part": ["site"] * len(shown)})
    table = counts(keys, tuple(STYLES))
    return Drawing(
        layer_id="cameras",
        features=sites | {"features": _fields(shown, estimated) + sites["features"]},
        style_by="style",
        styles=STYLES,
        fields=(
            Field("name", N_("Camera")),
            Field("code", N_("Code")),
            Field("kind", N_("Kind"), words=KINDS),
            Field("bearing", N_("Bearing"), "°", 0),
            Field("field_of_view", N_("Angle of view"), "°", 0),
            Field("range_m", N_("Range"), N_("m"), 0),
            Field("estimated", N_("Estimated"), words=YES_NO),
            SIMULATED,
        ),
        legend=Legend(
            title=LAYER.title,
            entries=(
                LegendEntry(LABELS["surveyed"], STYLES["surveyed"], table["surveyed"]),
                LegendEntry(LABELS["estimated"], STYLES["estimated"], table["estimated"]),
                LegendEntry(LABELS["field"], STYLES["field"], None),
            ),
            note=N_("A field of view is a sector of the range; walls are not taken into account."),
            n=len(shown),
            unit=N_("cameras"),
            unplaced=len(frame) - len(shown),
        ),
    )


def _fields(cameras: GeoDataFrame, estimated: np.ndarray) -> list[dict[str, Any]]:
    sectors = fields_of(cameras)
    known = sectors.notna().to_numpy()
    style = np.where(estimated[known], "field_estimated", "field")
    found = collection(cameras[known].set_geometry(sectors[known]), COLUMNS, {"style": style})
    for feature in found["features"]:
        feature["properties"]["part"] = "field_of_view"
        feature.pop("id", None)  # the site keeps the id
    return list(found["features"])


LAYER = Layer("cameras", N_("Cameras"), source="cameras", order=70, roles="map:read", draw=draw)
