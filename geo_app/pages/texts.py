"""Texts that the map's scripts set; ``{name}`` is filled in by the script."""

from __future__ import annotations

from collections.abc import Mapping

from geo_app.errors import N_

REQUIREMENTS: Mapping[str, str] = {
    "A": N_("Class A (hot spots)"),
    "B": N_("Class B (schools, key places)"),
    "C": N_("Class C (other streets)"),
}

MAP_TEXTS: Mapping[str, str] = {
    "fit": N_("Show the whole county"),
    "how": N_("How this is computed"),
    "unplaced": N_("Without a place, not drawn:"),
    "zoom_in": N_("Zoom in"),
    "zoom_out": N_("Zoom out"),
    "simulated": N_("Demonstration data: {layers}"),
    "simulated_result": N_("computed from demonstration routes"),
    "seen": N_("of the streets are seen, {length} in all"),
    "seen_none": N_("no streets yet"),
    "hours": N_("h"),
    "never": N_("never"),
    "longest": N_("longest time without a patrol"),
    "longest_never": N_("{never} of {total} gaps have no patrol at all"),
    "gaps_by_incidents": N_("Gaps, most incidents near first"),
    "gaps_total": N_("{total} pieces"),
    "gaps_first": N_("first {shown} of {total}"),
    "piece": N_("Street piece {id}"),
    "gap_line": N_("{length} m · {incidents} incidents near"),
    "requirement_pieces": N_("{pieces} pieces, {gaps} of them gaps"),
    "requirement_A": N_("Class A"),
    "requirement_B": N_("Class B"),
    "requirement_C": N_("Class C"),
    "no_gaps": N_("No gaps"),
    "no_gaps_more": N_("Every piece of class A and B is visited as often as its class asks."),
    "no_streets": N_("No streets yet"),
    "no_streets_more": N_("Gaps are counted on streets. Import them first:"),
    "nothing_asked": N_("Nothing is asked for yet"),
    "nothing_asked_more": N_("Classes come from incidents and key places. Import them first:"),
    "load_failed": N_("This could not be loaded"),
    "try_again": N_("Try again"),
    "offline": N_("The server does not answer."),
    "export_nothing": N_("Switch a layer on first."),
    "export_waiting": N_("The map is being written…"),
    "export_done": N_("The map is written."),
    "export_get": N_("Download"),
    "export_failed": N_("The map could not be written."),
    "cancel": N_("Cancel"),
    "cancelled": N_("Cancelled."),
}
