"""How much of each street piece planned patrols see."""

import numpy as np
from geopandas import GeoDataFrame

from layers.base import N_, SIMULATED_ROUTES, Drawing, Layer, Legend, LegendEntry, PathStyle
from layers.features import collection, drawable, require_columns
from layers.fields import SEEN_FIELDS
from layers.style import BLUES, NO_DATA, NO_VALUE, Classes, counts

COLUMNS = ("id", "name", "road_class", "length_m", "share_seen", "seen")
# The smallest share above nothing; the class below it holds exactly zero.
CLASSES = Classes((0.0, 1e-9, 0.5, 0.9, 1.0), ("nothing", "little", "half", "seen"))
STYLES = {
    "nothing": PathStyle(color=NO_DATA, weight=3, opacity=0.6),
    "little": PathStyle(color=BLUES[0], weight=9),
    "half": PathStyle(color=BLUES[1], weight=9),
    "seen": PathStyle(color=BLUES[2], weight=9),
    "no_data": NO_VALUE,
}
LABELS = {
    "nothing": N_("0 %, out of sight"),
    "little": N_("above 0 %, under 50 %"),
    "half": N_("50 % to under 90 %"),
    "seen": N_("90 % to 100 %, counts as seen"),
    "no_data": N_("no data"),
}


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw pieces in classes of their share seen. frame: EPSG:4326 lines with COLUMNS; share_seen in 0..1."""
    require_columns(frame, COLUMNS, "patrol_coverage")
    shown = frame[drawable(frame)]
    share = shown["share_seen"].to_numpy(dtype=float)
    keys = CLASSES.of(share)
    table = counts(keys, tuple(STYLES))
    return Drawing(
        layer_id="patrol_coverage",
        features=collection(shown, COLUMNS, {"style": keys, "percent_seen": np.round(100 * share, 1)}),
        style_by="style",
        styles=STYLES,
        fields=SEEN_FIELDS,
        legend=Legend(
            title=LAYER.title,
            entries=tuple(
                LegendEntry(LABELS[key], STYLES[key], table[key]) for key in STYLES if key != "no_data" or table[key]
            ),
            note=N_("Share seen = length of the piece within the sight distance of a route ÷ length of the piece."),
            n=len(shown),
            unit=N_("street pieces"),
            unplaced=len(frame) - len(shown),
        ),
        from_simulated=bool(frame.attrs.get(SIMULATED_ROUTES)),
    )


LAYER = Layer("patrol_coverage", N_("Patrol coverage"), source="patrol_coverage", order=40, roles="map:read", draw=draw)
