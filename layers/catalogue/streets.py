"""Streets, as the pieces into which they are cut."""

import numpy as np
from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.features import collection, drawable, require_columns
from layers.fields import ROAD_CLASSES
from layers.roads.speeds import SPEED_KMH
from layers.style import STREET

COLUMNS = ("id", "name", "road_class", "length_m")
SPEEDS = {road_class: f"{kmh:.0f} km/h" for road_class, kmh in SPEED_KMH.items()}
STYLE = PathStyle(color=STREET, weight=3)
APART = PathStyle(color="#64748b", weight=3, dash="7 5")


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw every piece, dashed where no street leads to the largest part of the network.

    frame: EPSG:4326, columns id, name, road_class, length_m, geometry (lines); apart, true of such pieces, if known.
    """
    require_columns(frame, COLUMNS, "streets")
    shown = frame[drawable(frame)]
    apart = shown["apart"].to_numpy(dtype=bool) if "apart" in shown else np.zeros(len(shown), dtype=bool)
    entries = [LegendEntry(N_("Street piece, at most 100 m"), STYLE, int((~apart).sum()))]
    if apart.any():
        entries.append(LegendEntry(N_("No street leads to the largest part of the network"), APART, int(apart.sum())))
    return Drawing(
        layer_id="streets",
        features=collection(shown, COLUMNS, {"style": np.where(apart, "apart", "street").tolist()}),
        style_by="style",
        styles={"street": STYLE, "apart": APART},
        fields=(
            Field("name", N_("Street")),
            Field("road_class", N_("Road class"), words=ROAD_CLASSES),
            Field("length_m", N_("Length"), N_("m"), 0),
            Field("road_class", N_("Usual speed"), words=SPEEDS),
        ),
        legend=Legend(
            title=LAYER.title,
            entries=tuple(entries),
            note=N_("Streets longer than 100 m are cut into equal pieces; a piece is what is counted."),
            n=len(shown),
            unit=N_("street pieces"),
            unplaced=len(frame) - len(shown),
        ),
    )


LAYER = Layer("streets", N_("Streets"), source="streets", order=20, roles="map:read", draw=draw)
