"""Repeat places: where the same address, or what lies within its radius, has many calls within days."""

import numpy as np
from geopandas import GeoDataFrame

from layers.base import N_, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.features import collection, drawable, require_columns
from layers.fields import SIMULATED
from layers.style import INCIDENT_EDGE, Classes

# calls: within the days asked for; total: in the whole period; first, last: ISO text of the county's clock; radius_m:
# how far from its middle its calls lie at most, NaN without a place.
COLUMNS = ("id", "name", "category", "calls", "total", "first", "last", "radius_m", "simulated")
NOTICE, FACTS = "notice", "facts"  # in the attributes of the frame
SIZES = Classes((0.0, 5.0, 10.0, np.inf), ("few", "several", "many"))


def _place(colour: str, radius: float) -> PathStyle:
    return PathStyle(color=INCIDENT_EDGE, weight=2, fill=colour, fill_opacity=0.8, radius=radius)


STYLES = {"many": _place("#b81104", 14), "several": _place("#e0451b", 11), "few": _place("#f58b3b", 8)}
LABELS = {"many": N_("10 calls or more"), "several": N_("5 to 9 calls"), "few": N_("up to 4 calls")}


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw a circle a place, larger with more calls. frame: EPSG:4326 points with COLUMNS; its attribute FACTS says
    within how many ``days`` and from how many calls on (``least``)."""
    require_columns(frame, COLUMNS, "repeat_places")
    shown = frame[drawable(frame)]
    keys = SIZES.of(shown["calls"]).tolist()
    facts = {"days": 0, "least": 0} | frame.attrs.get(FACTS, {})
    return Drawing(
        layer_id="repeat_places",
        features=collection(shown, COLUMNS, {"style": keys}),
        style_by="style",
        styles=STYLES,
        fields=(
            Field("name", N_("Place"), words={"": N_("no address")}),
            Field("calls", N_("Calls within the days"), digits=0),
            Field("total", N_("Calls in the period"), digits=0),
            Field("category", N_("Mostly"), words={"": N_("no category")}),
            Field("first", N_("First")),
            Field("last", N_("Last")),
            Field("radius_m", N_("Radius"), N_("m"), 0),
            SIMULATED,
        ),
        legend=Legend(
            title=LAYER.title,
            entries=tuple(LegendEntry(LABELS[key], STYLES[key], keys.count(key)) for key in STYLES),
            note=N_(
                "Places with %(least)s or more calls on %(days)s days that follow one another: with the same address, or"
                " within the radius to which the place is known (15 to 100 m). Each call counts for one place only. Calls"
                " without a time, and those that name no more than a road or a village, are left out."
            ),
            n=len(shown),
            unit=N_("places"),
            unplaced=len(frame) - len(shown),
        ),
        notice=frame.attrs.get(NOTICE),
        facts=facts,
    )


LAYER = Layer(
    "repeat_places", N_("Repeat places"), source="repeat_places", order=85, roles="map:read", draw=draw, shown=False
)
