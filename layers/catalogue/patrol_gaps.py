"""Gaps: street pieces that planned patrols do not visit as often as their class asks."""

import numpy as np
from geopandas import GeoDataFrame

from layers.base import N_, SIMULATED_ROUTES, Drawing, Field, Layer, Legend, LegendEntry, PathStyle
from layers.features import collection, drawable, require_columns
from layers.fields import SEEN_FIELDS
from layers.style import GAP

COLUMNS = (
    "id", "name", "road_class", "length_m", "share_seen", "seen",
    "requirement", "every_hours", "hours_without", "incidents_near", "is_gap", "rank",
)  # fmt: skip
STYLES = {
    "A": PathStyle(color=GAP, weight=11, hatch=GAP),
    "B": PathStyle(color=GAP, weight=7, hatch=GAP, opacity=0.85),
    "C": PathStyle(color=GAP, weight=5, hatch=GAP, opacity=0.7),
}
LABELS = {
    "A": N_("Class A, hot spots: every 2 h"),
    "B": N_("Class B, schools and key places: every 8 h"),
    "C": N_("Class C, other streets: every 24 h"),
}
REQUIREMENT_WORDS = {
    "A": N_("A, near hot spots"),
    "B": N_("B, near schools and key places"),
    "C": N_("C, other streets in use"),
    "none": N_("none"),
}


def draw(frame: GeoDataFrame) -> Drawing:
    """Draw the gaps, hatched. frame: EPSG:4326 lines with COLUMNS; all pieces, only those with is_gap are drawn."""
    require_columns(frame, COLUMNS, "patrol_gaps")
    placed = frame[drawable(frame)]
    gaps = placed[placed["is_gap"].to_numpy(dtype=bool)]
    shown = gaps.sort_values("rank", kind="stable")
    keys = [key if key in STYLES else "C" for key in shown["requirement"].tolist()]
    percent = np.round(100 * shown["share_seen"].to_numpy(dtype=float), 1)
    return Drawing(
        layer_id="patrol_gaps",
        features=collection(shown, COLUMNS, {"style": keys, "percent_seen": percent}),
        style_by="style",
        styles=STYLES,
        fields=(
            Field("rank", N_("Rank"), digits=0),
            Field("requirement", N_("Requirement"), words=REQUIREMENT_WORDS),
            Field("every_hours", N_("A patrol is asked for every"), N_("h"), 0),
            Field(
                "hours_without",
                N_("Longest time without a patrol"),
                N_("h"),
                1,
                {"null": N_("no patrol at all")},
            ),
            Field("incidents_near", N_("Incidents near"), digits=0),
            *SEEN_FIELDS,
        ),
        legend=Legend(
            title=LAYER.title,
            entries=tuple(
                LegendEntry(LABELS[key], STYLES[key], keys.count(key)) for key in STYLES if key != "C" or "C" in keys
            ),
            note=N_("Gap = the longest time without a planned patrol is more than the class allows."),
            n=len(shown),
            unit=N_("street pieces"),
            unplaced=len(frame) - len(placed),
        ),
        from_simulated=bool(frame.attrs.get(SIMULATED_ROUTES)),
    )


LAYER = Layer("patrol_gaps", N_("Patrol gaps"), source="patrol_gaps", order=50, roles="map:read", draw=draw)
