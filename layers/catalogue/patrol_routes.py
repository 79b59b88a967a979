"""Patrol routes, on foot and by car."""

from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.features import collection, drawable, require_columns
from layers.fields import SIMULATED
from layers.style import PATROL

COLUMNS = ("id", "name", "mode", "team", "length_m", "departures", "simulated")
STYLES = {
    "vehicle": PathStyle(color=PATROL, weight=3),
    "foot": PathStyle(color=PATROL, weight=4, dash="1 7"),
}
LABELS = {"vehicle": N_("Patrol by car"), "foot": N_("Patrol on foot")}


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw routes by mode. frame: EPSG:4326 lines with COLUMNS; mode is "foot" or "vehicle"."""
    require_columns(frame, COLUMNS, "patrol_routes")
    shown = frame[drawable(frame)]
    keys = ["foot" if mode == "foot" else "vehicle" for mode in shown["mode"].tolist()]
    return Drawing(
        layer_id="patrol_routes",
        features=collection(shown, COLUMNS, {"style": keys}),
        style_by="style",
        styles=STYLES,
        fields=(
            Field("name", N_("Route")),
            Field("mode", N_("Mode"), words={"foot": N_("on foot"), "vehicle": N_("by car")}),
            Field("team", N_("Team")),
            Field("length_m", N_("Length"), N_("m"), 0),
            Field("departures", N_("Departures")),
            SIMULATED,
        ),
        legend=Legend(
            title=LAYER.title,
            entries=tuple(LegendEntry(LABELS[key], STYLES[key], keys.count(key)) for key in STYLES),
            note=N_("Planned routes; departure times repeat every day."),
            n=len(shown),
            unit=N_("routes"),
            unplaced=len(frame) - len(shown),
        ),
    )


LAYER = Layer("patrol_routes", N_("Patrol routes"), source="patrol_routes", order=60, roles="map:read", draw=draw)
