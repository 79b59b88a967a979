"""Rivers, canals and lakes: the ground below all else."""

import numpy as np
import shapely
from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.features import collection, drawable, require_columns
from layers.fields import SIMULATED
from layers.large import MOST, VIEW, near
from layers.style import WATER

COLUMNS = ("id", "name", "kind", "simulated")
STYLES = {
    "line": PathStyle(color=WATER, weight=3),
    "outline": PathStyle(color=WATER, weight=1, fill=WATER, fill_opacity=0.45),
}
LABELS = {"line": N_("Middle line of a river or canal"), "outline": N_("What water covers")}
KINDS = {
    "river": N_("river"),
    "stream": N_("stream"),
    "canal": N_("canal"),
    "ditch": N_("ditch"),
    "lake": N_("lake"),
    "reservoir": N_("reservoir"),
    "pond": N_("pond"),
    "water": N_("water"),
}


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw middle lines and what water covers. frame: EPSG:4326, lines and polygons with COLUMNS.

    Of a view with too many to be drawn one by one, polygons are drawn as their outlines.
    """
    require_columns(frame, COLUMNS, "waters")
    shown = frame[drawable(frame)]
    keys = np.where(shapely.get_dimensions(shown.geometry.to_numpy()) == 1, "line", "outline")
    table = {key: int((keys == key).sum()) for key in STYLES}
    if VIEW in frame.attrs and near(shown.geometry.to_numpy(), frame.attrs[VIEW]).sum() > MOST:
        areas = keys == "outline"
        shown = shown.set_geometry(shown.geometry.where(~areas, shown.geometry.boundary))
        keys = np.full(len(shown), "line")
    return Drawing(
        layer_id="waters",
        features=collection(shown, COLUMNS, {"style": keys}),
        style_by="style",
        styles=STYLES,
        fields=(Field("name", N_("River or lake")), Field("kind", N_("Kind"), words=KINDS), SIMULATED),
        legend=Legend(
            title=LAYER.title,
            entries=tuple(LegendEntry(LABELS[key], STYLES[key], table[key]) for key in STYLES),
            note=N_("As they were brought in; a river may come as a line and as what it covers."),
            n=len(shown),
            unit=N_("waters"),
            unplaced=len(frame) - len(shown),
        ),
    )


LAYER = Layer("waters", N_("Rivers and lakes"), source="waters", order=10, roles="map:read", draw=draw)
