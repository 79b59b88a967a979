"""Popup rows that several layers share."""

from layers.base import N_, Field

YES_NO = {"true": N_("yes"), "false": N_("no")}
SIMULATED = Field("simulated", N_("Simulated"), words=YES_NO)
# OpenStreetMap's classes, which other sources are brought to.
ROAD_CLASSES = {
    "motorway": N_("motorway"),
    "trunk": N_("trunk road"),
    "primary": N_("primary road"),
    "secondary": N_("secondary road"),
    "tertiary": N_("tertiary road"),
    "unclassified": N_("ordinary road"),
    "residential": N_("residential street"),
    "living_street": N_("living street"),
    "pedestrian": N_("pedestrian street"),
    "service": N_("service road"),
    "track": N_("track"),
    "footway": N_("footway"),
    "path": N_("path"),
    "cycleway": N_("cycleway"),
    "steps": N_("steps"),
}
SEEN_FIELDS = (
    Field("name", N_("Street")),
    Field("road_class", N_("Road class"), words=ROAD_CLASSES),
    Field("length_m", N_("Length"), N_("m"), 0),
    Field("percent_seen", N_("Share seen"), "%", 0),
    Field("seen", N_("Seen"), words=YES_NO),
)
