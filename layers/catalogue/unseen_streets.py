"""All street pieces that no planned patrol sees, whether one is needed there or not."""

import numpy as np
from geopandas import GeoDataFrame

from layers.base import N_, SIMULATED_ROUTES, Drawing, Layer, Legend, LegendEntry, PathStyle
from layers.features import collection, drawable, require_columns
from layers.fields import SEEN_FIELDS
from layers.style import GRID

COLUMNS = ("id", "name", "road_class", "length_m", "share_seen", "seen")
STYLE = PathStyle(color=GRID, weight=4, opacity=0.8, dash="8 5")


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw the pieces that are not seen. frame: EPSG:4326 lines with COLUMNS; all pieces, seen ones too."""
    require_columns(frame, COLUMNS, "unseen_streets")
    placed = frame[drawable(frame)]
    shown = placed[~placed["seen"].to_numpy(dtype=bool)]
    percent = np.round(100 * shown["share_seen"].to_numpy(dtype=float), 1)
    return Drawing(
        layer_id="unseen_streets",
        features=collection(shown, COLUMNS, {"style": ["unseen"] * len(shown), "percent_seen": percent}),
        style_by="style",
        styles={"unseen": STYLE},
        fields=SEEN_FIELDS,
        legend=Legend(
            title=LAYER.title,
            entries=(LegendEntry(N_("Seen by less than 90 % of its length"), STYLE, len(shown)),),
            note=N_("Every street piece that is not seen, also where no patrol is required."),
            n=len(shown),
            unit=N_("street pieces"),
            unplaced=len(frame) - len(placed),
        ),
        from_simulated=bool(frame.attrs.get(SIMULATED_ROUTES)),
    )


LAYER = Layer(
    "unseen_streets",
    N_("Unseen streets"),
    source="unseen_streets",
    order=30,
    roles="map:read",
    draw=draw,
    shown=False,
)
