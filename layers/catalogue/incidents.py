"""Incidents, one point each; sums of them where that would be too many."""

from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.features import collection, drawable, require_columns
from layers.fields import SIMULATED
from layers.incidents.circles import draw_sums
from layers.incidents.sums import CELL_M, MOST_POINTS
from layers.large import WHOLE
from layers.style import INCIDENT, INCIDENT_EDGE

COLUMNS = ("id", "number", "category", "occurred_from", "occurred_to", "address", "match_level", "simulated")
STYLES = {
    "incident": PathStyle(color=INCIDENT_EDGE, weight=1, opacity=0.9, fill=INCIDENT, fill_opacity=0.75, radius=3.5),
    # Hollow, so that what was made up is never taken for what happened.
    "simulated": PathStyle(color=INCIDENT, weight=1.5, dash="2 2", radius=4),
}
LABELS = {"incident": N_("Incident"), "simulated": N_("Simulated incident")}


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw a dot an incident. frame: EPSG:4326 points with COLUMNS; times with a time zone or missing.

    Of a part of the incidents the frame's attribute WHOLE says how many there are. A frame of sums (attribute CELL_M)
    is drawn as circles.
    """
    if CELL_M in frame.attrs:
        return draw_sums(frame, "incidents", LAYER.title)
    require_columns(frame, COLUMNS, "incidents")
    shown = frame[drawable(frame)]
    keys = ["simulated" if made_up is True or made_up == 1 else "incident" for made_up in shown["simulated"].tolist()]
    entries = [
        LegendEntry(LABELS[key], STYLES[key], keys.count(key)) for key in STYLES if key == "incident" or key in keys
    ]
    placed, unplaced = frame.attrs.get(WHOLE, (len(shown), len(frame) - len(shown)))
    partial = {"partial": True, "shown": len(shown)} if placed > MOST_POINTS else {}
    return Drawing(
        layer_id="incidents",
        features=collection(shown, COLUMNS, {"style": keys}),
        style_by="style",
        styles=STYLES,
        fields=(
            Field("number", N_("Number")),
            Field("category", N_("Category")),
            Field("occurred_from", N_("From"), words={"null": N_("time unknown")}),
            Field("occurred_to", N_("To"), words={"null": N_("time unknown")}),
            Field("address", N_("Address")),
            Field("match_level", N_("Placed by")),
            SIMULATED,
        ),
        legend=Legend(
            title=LAYER.title,
            entries=tuple(entries),
            note=N_("Each incident stands where it was reported; those without a place are counted, not drawn."),
            n=placed,
            unit=N_("incidents"),
            unplaced=unplaced,
        ),
        facts=partial,
    )


LAYER = Layer("incidents", N_("Incidents"), source="incidents", order=80, roles="map:read", draw=draw)
