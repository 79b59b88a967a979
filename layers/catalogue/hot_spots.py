"""Hot spots: cells or grids with more incidents than chance explains; where there are none, the places with most."""

import numpy as np
from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.features import collection, drawable, require_columns
from layers.fields import SIMULATED
from layers.style import INCIDENT_EDGE, Classes

# kind: "cell", "grid" or "place"; around, z and p are missing for places; first and last are ISO text of the county's
# clock or missing; simulated: made-up incidents went into it.
COLUMNS = ("id", "kind", "name", "incidents", "around", "z", "p", "first", "last", "simulated")
HOT = ("#f58b3b", "#e0451b", "#b81104")  # from likely to sure
EDGE = "#67000d"  # stands out on the density of the same incidents
NOTICE, FACTS = "notice", "facts"  # in the attributes of the frame
# Adjusted p, from sure to likely; what is not hot is not in the frame.
LEVELS = Classes((0.0, 0.001, 0.01, 1.0), ("sure", "clear", "likely"))
SIZES = Classes((0.0, 5.0, 10.0, np.inf), ("few", "several", "many"))


def _area(colour: str, weight: float, fill_opacity: float) -> PathStyle:
    return PathStyle(color=EDGE, weight=weight, opacity=0.9, fill=colour, fill_opacity=fill_opacity)


def _place(colour: str, radius: float) -> PathStyle:
    return PathStyle(color=INCIDENT_EDGE, weight=1.5, fill=colour, fill_opacity=0.7, radius=radius)


STYLES = {
    "sure": _area(HOT[2], 2.5, 0.42),
    "clear": _area(HOT[1], 1.75, 0.34),
    "likely": _area(HOT[0], 1, 0.28),
    "many": _place(HOT[2], 13),
    "several": _place(HOT[1], 10),
    "few": _place(HOT[0], 7),
}
LABELS = {
    "sure": N_("Hot spot, p under 0.001"),
    "clear": N_("Hot spot, p under 0.01"),
    "likely": N_("Hot spot, p at most 0.05"),
    "many": N_("One place, 10 incidents or more"),
    "several": N_("One place, 5 to 9 incidents"),
    "few": N_("One place, 3 or 4 incidents"),
}
SHOWN = dict.fromkeys(("cell", "grid"), ("sure", "clear", "likely")) | {"place": ("many", "several", "few")}
UNITS = {"cell": N_("cells"), "grid": N_("grids"), "place": N_("places")}
NOTES = {
    "cell": N_(
        "Getis and Ord's Gi*: the incidents of a cell and the eight around it against all cells of the area shown that"
        " have streets or ever had incidents. p: how often chance alone would pile up as many, over all arrangements of the counts; adjusted so that"
        " at most one hot spot in twenty is false (Benjamini and Hochberg)."
    ),
    "grid": N_(
        "Getis and Ord's Gi*: the incidents per km² of a grid and those that touch it against all grids of the area shown."
        " p: how often chance alone would pile up as many, over all arrangements of the values; adjusted so that at most"
        " one hot spot in twenty is false (Benjamini and Hochberg)."
    ),
    "place": N_("Three or more incidents within 15 m of one of them; each incident counts for one place only."),
}
TESTED = (
    Field("incidents", N_("Incidents"), digits=0),
    Field("around", N_("With what lies around it"), digits=0),
    Field("z", N_("Score (Gi*)"), digits=1),
    Field("p", N_("p, adjusted"), digits=4),
    SIMULATED,
)
FIELDS = {
    "cell": TESTED,
    "grid": (Field("name", N_("Grid")), *TESTED),
    "place": (
        Field("incidents", N_("Incidents"), digits=0),
        Field("first", N_("First"), words={"null": N_("time unknown")}),
        Field("last", N_("Last"), words={"null": N_("time unknown")}),
        SIMULATED,
    ),
}


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw hot cells or grids, or places as points. frame: EPSG:4326 with COLUMNS; all rows are shown."""
    require_columns(frame, COLUMNS, "hot_spots")
    shown = frame[drawable(frame)]
    kind = frame["kind"].iloc[0] if len(frame) else "cell"
    keys = (SIZES.of(shown["incidents"]) if kind == "place" else LEVELS.of(shown["p"])).tolist()
    return Drawing(
        layer_id="hot_spots",
        features=collection(shown, COLUMNS, {"style": keys}),
        style_by="style",
        styles=STYLES,
        fields=FIELDS[kind],
        legend=Legend(
            title=LAYER.title,
            entries=tuple(LegendEntry(LABELS[key], STYLES[key], keys.count(key)) for key in SHOWN[kind]),
            note=NOTES[kind],
            n=len(shown),
            unit=UNITS[kind],
            unplaced=len(frame) - len(shown),
        ),
        notice=frame.attrs.get(NOTICE),
        facts=frame.attrs.get(FACTS, {}),
    )


LAYER = Layer("hot_spots", N_("Hot spots"), source="hot_spots", order=25, roles="map:read", draw=draw, shown=False)
