"""Texts that the script of the page of the people of grids sets; ``{name}`` is filled in by the script."""

from __future__ import annotations

from collections.abc import Mapping

from geo_app.errors import N_
from layers.catalogue.grids import KINDS

ROLES: Mapping[str, str] = {
    "role_grid_leader": N_("Grid leader"),
    "role_full_time": N_("Full-time grid worker"),
    "role_part_time": N_("Part-time grid worker"),
    "role_police_officer": N_("Community police officer"),
}
TEXTS: Mapping[str, str] = {
    **ROLES,
    **{f"kind_{kind}": title for kind, title in KINDS.items()},
    "people_open": N_(
        "{open} of {all} grids are open items: {leader} without a leader, {telephone} without the leader's telephone"
    ),
    "people_all_done": N_("Each of the {all} grids has a leader with a telephone"),
    "people_none": N_("No grids yet"),
    "people_none_more": N_("Bring grids in under data management; their people can be entered here then."),
    "people_no_match": N_("No grid of these words"),
    "people_as_of": N_("Who was in office on {day}; changes are made on today's list."),
    "people_today": N_("Back to today"),
    "people_no_leader": N_("no leader yet"),
    "people_no_telephone": N_("no telephone yet"),
    "people_nobody": N_("nobody"),
    "people_from": N_("from {day}"),
    "people_until": N_("until {day}"),
    "people_span": N_("{since} to {until}"),
    "people_long": N_("earlier"),
    "people_now": N_("now"),
    "people_in_office": N_("In office"),
    "people_appoint": N_("Appoint"),
    "people_appoint_as": N_("Appoint somebody"),
    "people_leader_ends": N_("{name} leads this grid; that ends the day before."),
    "people_role": N_("Role"),
    "people_name": N_("Name of the person"),
    "people_telephone": N_("Telephone on duty"),
    "people_since": N_("In office from"),
    "people_last": N_("Last day in office"),
    "people_correct": N_("Correct"),
    "people_save": N_("Save the correction"),
    "people_end": N_("End"),
    "people_end_on": N_("No longer in office from"),
    "people_end_now": N_("End the appointment"),
    "people_history": N_("History"),
    "people_take_back": N_("Take the last change back"),
    "people_grid": N_("Name and kind of the grid"),
    "people_grid_name": N_("Name of the grid"),
    "people_grid_kind": N_("Kind of grid"),
    "people_grid_save": N_("Save name and kind"),
    "people_grid_note": N_("From today; the line stays as it is."),
    "people_notice": N_("Notice for the wall"),
    "people_to_map": N_("On the map"),
    "people_close": N_("Close"),
    "people_appointed": N_("{name} is appointed."),
    "people_corrected": N_("The appointment is corrected."),
    "people_ended": N_("The appointment of {name} is ended."),
    "people_taken_back": N_("The last change is taken back."),
    "people_described": N_("The grid is called {name}, {kind}, from today."),
    "people_undo": N_("Undo"),
    "people_stale": N_("Somebody else changed this grid meanwhile; here is how it is now."),
}
