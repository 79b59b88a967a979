"""Grids: the smallest areas that somebody is responsible for."""

from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.features import collection, drawable, require_columns
from layers.fields import SIMULATED
from layers.style import GRID

COLUMNS = ("id", "code", "name", "kind", "leader", "simulated")
# Plain lines: two neighbours draw the one between them twice, and dashes would fall into each other's gaps.
STYLES = {
    "led": PathStyle(color=GRID, weight=2, fill=GRID, fill_opacity=0.03),
    "unled": PathStyle(color=GRID, weight=2, fill=GRID, fill_opacity=0.16),
}
LABELS = {"led": N_("Grid with a leader"), "unled": N_("Grid without a leader")}

FACTS = "facts"  # in the attributes of the frame: first_day, where the day asked for lies before it
NOT_YET = N_("There are grids from %(first_day)s on; on the day asked for there was none yet.")

KINDS = {
    "basic": N_("basic grid"),
    "dedicated": N_("dedicated grid"),
    "police_grid": N_("police grid"),
    "micro_grid": N_("micro grid"),
}


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw outlines; grids without a leader stand out. frame: EPSG:4326 with COLUMNS; leader missing where none is."""
    require_columns(frame, COLUMNS, "grids")
    shown = frame[drawable(frame)]
    facts = frame.attrs.get(FACTS, {})
    led = (shown["leader"].notna() & (shown["leader"].astype(str).str.strip() != "")).tolist()
    keys = ["led" if has else "unled" for has in led]
    return Drawing(
        layer_id="grids",
        features=collection(shown, COLUMNS, {"style": keys}),
        style_by="style",
        styles=STYLES,
        fields=(
            Field("name", N_("Grid")),
            Field("code", N_("Code")),
            Field("kind", N_("Kind"), words=KINDS),
            Field("leader", N_("Grid leader")),
            SIMULATED,
        ),
        legend=Legend(
            title=LAYER.title,
            entries=tuple(LegendEntry(LABELS[key], STYLES[key], keys.count(key)) for key in STYLES),
            note=N_("Grid lines are no basis for administrative boundaries."),
            n=len(shown),
            unit=N_("grids"),
            unplaced=len(frame) - len(shown),
        ),
        notice=NOT_YET if "first_day" in facts else None,
        facts=facts,
    )


LAYER = Layer("grids", N_("Grids"), source="grids", order=22, roles="map:read", draw=draw)
