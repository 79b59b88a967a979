"""What a stored incident keeps when its file brings it again: what somebody said of it, and the place that was found."""

from __future__ import annotations

from collections.abc import Collection, Mapping

# Of a call that was cleared, what was said of it holds, whatever its file says now.
JUDGED = ("category", "valid", "preventable", "arrived_address")
PLACED = (
    "geom", "match_level", "match_score", "match_how", "radius_m", "placed_before", "admin_area_id", "police_area_id",
    "grid_stable_id",
)  # fmt: skip
# A file says nothing about these; with another place they hold no longer.
OF_THE_PLACE = ("match_score", "match_how", "placed_before")
CLEARED = "t.cleared_at IS NOT NULL"


def kept(columns: Collection[str]) -> Mapping[str, str]:
    """By column, SQL for whether the stored row ``t`` keeps it and not what the arriving row ``a`` says.

    ``columns``: those that arrive. A place that was found for an address holds while the file says the same address and
    no position of its own; one that was chosen by hand also against a position.
    """
    same = "t.arrived_address = a.arrived_address" if "arrived_address" in columns else "true"
    by_hand = "coalesce(t.match_how LIKE '%by hand', false)"
    found = "a.geom IS NULL AND t.match_level <> 'given'"
    placed = f"({CLEARED} AND t.geom IS NOT NULL OR {same} AND ({found} OR {by_hand}))"
    return dict.fromkeys(JUDGED, CLEARED) | dict.fromkeys(PLACED, placed)
