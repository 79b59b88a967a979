"""Texts of the card that says who is responsible for a place; ``{name}`` is filled in by the script."""

from __future__ import annotations

from collections.abc import Mapping

from geo_app.errors import N_

TEXTS: Mapping[str, str] = {
    "who": N_("Who is responsible here?"),
    "who_short": N_("Whose is it?"),
    "who_click": N_("Click a place on the map; Esc ends it."),
    "who_search": N_("Who is responsible for “{words}”?"),
    "who_unknown": N_("This address is not known. Click the place on the map."),
    "who_asking": N_("Asking…"),
    "who_no_grid": N_("no grid here"),
    "who_area": N_("Community"),
    "who_police": N_("Police"),
    "who_no_police": N_("no police area here"),
    "who_address": N_("Address"),
    "who_near": N_("{address}, {n} m away"),
    "who_no_leader": N_("no leader yet"),
    "who_no_telephone": N_("no telephone yet"),
    "who_as_of": N_("as of {day}"),
    "who_notice": N_("Print the notice"),
    "who_people": N_("People of the grid"),
    "who_role_grid_leader": N_("Grid leader"),
    "who_role_full_time": N_("Full-time grid worker"),
    "who_role_part_time": N_("Part-time grid worker"),
    "who_role_police_officer": N_("Community police officer"),
}
