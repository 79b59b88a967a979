"""Incidents, one point each; sums of them where that would be too many."""

from typing import Any

from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.features import collection, drawable, require_columns
from layers.fields import SIMULATED
from layers.incidents.circles import draw_sums
from layers.incidents.placed import LABELS as PLACED_BY
from layers.incidents.placed import LEVELS, ROUGH, UNKNOWN_RADIUS_M
from layers.incidents.sums import CELL_M, MOST_POINTS
from layers.large import WHOLE
from layers.style import INCIDENT, INCIDENT_EDGE

COLUMNS = ("id", "number", "category", "occurred_from", "occurred_to", "address", "match_level", "simulated")
# How a place was found: codes joined by plus signs, 0..1, metres; missing where it was given.
FOUND = ("match_how", "match_score", "radius_m")
RING = 0.4
STYLES = {
    "incident": PathStyle(color=INCIDENT_EDGE, weight=1, opacity=0.9, fill=INCIDENT, fill_opacity=0.75, radius=3.5),
    # A ring says within what it lies, a hollow dot that it is not where the dot is.
    "rough": PathStyle(color=INCIDENT, weight=1.75, radius=4.5, ring=RING),
    # Dashed, so that what was made up is never taken for what happened.
    "simulated": PathStyle(color=INCIDENT, weight=1.5, dash="2 2", radius=4),
    "simulated rough": PathStyle(color=INCIDENT, weight=1.5, dash="2 2", radius=4.5, ring=RING),
}
LABELS = {
    "incident": N_("Incident"),
    "rough": N_("Incident, somewhere in the ring"),
    "simulated": N_("Simulated incident"),
    "simulated rough": N_("Simulated incident, somewhere in the ring"),
}
HOW = {
    "exact": N_("the address as it is known"),
    "alias": N_("a name known for it"),
    "interpolated": N_("between known house numbers"),
    "nearest": N_("the nearest known house number"),
    "crossing": N_("where the roads cross"),
    "place": N_("the name of a place"),
    "homophone": N_("a name that sounds alike"),
    "slip": N_("a name with a slip in it"),
    "stake": N_("the stake along the road"),
    "centre": N_("the middle of it"),
    "relation": N_("moved as “opposite” or “east of” says"),
    "by hand": N_("by hand"),
}


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw a dot an incident, and a ring where it is known to a radius only.

    frame: EPSG:4326 points with COLUMNS and FOUND; times with a time zone or missing. Of a part of the incidents the frame's attribute WHOLE says how many there are. A frame of sums (attribute CELL_M)
    is drawn as circles.
    """
    if CELL_M in frame.attrs:
        return draw_sums(frame, "incidents", LAYER.title)
    require_columns(frame, (*COLUMNS, *FOUND), "incidents")
    shown = frame[drawable(frame)]
    keys = [
        _look(made_up is True or made_up == 1, level in ROUGH)
        for made_up, level in zip(shown["simulated"].tolist(), shown["match_level"].tolist(), strict=True)
    ]
    entries = [
        LegendEntry(LABELS[key], STYLES[key], keys.count(key)) for key in STYLES if key == "incident" or key in keys
    ]
    placed, unplaced = frame.attrs.get(WHOLE, (len(shown), len(frame) - len(shown)))
    partial = {"partial": True, "shown": len(shown)} if placed > MOST_POINTS else {}
    return Drawing(
        layer_id="incidents",
        features=_told(collection(shown, (*COLUMNS, *FOUND), {"style": keys})),
        style_by="style",
        styles=STYLES,
        fields=(
            Field("number", N_("Number")),
            Field("category", N_("Category")),
            Field("occurred_from", N_("From"), words={"null": N_("time unknown")}),
            Field("occurred_to", N_("To"), words={"null": N_("time unknown")}),
            Field("address", N_("Address")),
            Field("match_level", N_("Placed by"), words=PLACED_BY),
            Field("match_how", N_("Found by"), words=HOW),
            Field("percent_sure", N_("How sure"), "%", 0),
            Field("radius_m", N_("Lies within"), N_("m"), 0, {"null": N_("unknown")}),
            SIMULATED,
        ),
        legend=Legend(
            title=LAYER.title,
            entries=tuple(entries),
            note=N_(
                "A full dot stands where it was reported, was set by hand, or where its building, house number or crossing"
                " is. A hollow one is known no better than to its ring: the middle of a named place, an estate, a road, a"
                " community or a town. Those without a place are counted, not drawn."
            ),
            n=placed,
            unit=N_("incidents"),
            unplaced=unplaced,
        ),
        facts=partial,
    )


def _look(made_up: bool, is_rough: bool) -> str:
    if made_up:
        return "simulated rough" if is_rough else "simulated"
    return "rough" if is_rough else "incident"


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """The features with how sure their places are, in percent; of a place that was given there is nothing to tell."""
    for feature in found["features"]:
        said = feature["properties"]
        score = said.pop("match_score")
        if said["match_level"] == "given" or said["match_level"] not in LEVELS:
            del said["match_how"], said["radius_m"]
        else:
            if said["match_level"] in ROUGH and said["radius_m"] is None:
                said["radius_m"] = UNKNOWN_RADIUS_M
            said["percent_sure"] = None if score is None else round(100 * score)
    return found


LAYER = Layer("incidents", N_("Incidents"), source="incidents", order=80, roles="map:read", draw=draw)
