"""Popup rows that several layers share."""

from layers.base import N_, Field

YES_NO = {"true": N_("yes"), "false": N_("no")}
SIMULATED = Field("simulated", N_("Simulated"), words=YES_NO)
SEEN_FIELDS = (
    Field("name", N_("Street")),
    Field("road_class", N_("Road class")),
    Field("length_m", N_("Length"), N_("m"), 0),
    Field("percent_seen", N_("Share seen"), "%", 0),
    Field("seen", N_("Seen"), words=YES_NO),
)
