"""Texts of the routes: drawing one, saving it, and the list of them; ``{name}`` is filled in by the script."""

from __future__ import annotations

from collections.abc import Mapping

from geo_app.errors import N_

TEXTS: Mapping[str, str] = {
    # Drawing
    "route_title": N_("Draw a route"),
    "route_change_title": N_("Change {name}"),
    "route_map_label": N_(
        "Map. Arrows move it, Enter sets a point of the route at the cross in the middle, Backspace removes the last."
    ),
    "route_click_first": N_("Click a street where the route begins. With the keyboard: arrows and Enter."),
    "route_click_next": N_("Click on along the streets; the way between is found."),
    "route_in_short": N_("{points} points, {length}; gaps {before} → {after}"),
    "route_points": N_("{points} points"),
    "route_full": N_("A route has at most {most} points."),
    "route_point": N_("Point {number}"),
    "route_insert": N_("Put a point in between {from} and {to}"),
    "route_remove_point": N_("Remove this point"),
    "route_to_form": N_("Times and saving"),
    "route_to_map": N_("Back to the map"),
    "route_not_on_streets": N_(
        "This route was not drawn along the streets of today. Its points were found from its line; look at it before you save."
    ),
    "route_left": N_("The route was left without saving."),
    "route_go_on": N_("Go on drawing"),
    # Numbers
    "route_length": N_("length"),
    "route_minutes": N_("min"),
    "route_by_foot": N_("walking"),
    "route_by_vehicle": N_("driving"),
    "route_by_other": N_("{mode} {minutes} min"),
    "route_mode_foot": N_("On foot"),
    "route_mode_vehicle": N_("By car"),
    "route_gaps": N_("Patrol gaps"),
    "route_closed": N_("{number} closed"),
    "route_never": N_("of these without any patrol"),
    "route_longest": N_("Longest time, of the others"),
    "route_share": N_("Streets seen"),
    "route_becomes": N_("becomes"),
    "route_newly": N_("Newly seen"),
    "route_newly_seen": N_("{length}, {pieces} pieces"),
    "route_nothing_new": N_("nothing that others do not see"),
    "route_still": N_("{number} more gaps are passed, but not as often as they ask: add departures."),
    "route_opened": N_("{number} pieces become gaps, because this route no longer passes as often."),
    # When
    "route_times": N_("{number} a day"),
    "route_wrong_time": N_("No time of the day: {times}. Write 08:30, with blanks between."),
    "route_shift_early": N_("Early shift"),
    "route_shift_middle": N_("Middle shift"),
    "route_shift_night": N_("Night shift"),
    "route_shift_day": N_("Whole day"),
    # Saving
    "route_missing": N_("Something is missing before it can be saved; it is marked."),
    "route_saved": N_("“{name}” is saved."),
    "route_undo": N_("Undo"),
    "route_undone": N_("Undone."),
    "route_removed": N_("“{name}” is removed from today on."),
    "route_back_again": N_("“{name}” is there again."),
    # The list
    "route_counted": N_("{counted} of {all} routes count"),
    "route_count_all": N_("count all"),
    "route_counts": N_("“{name}” counts"),
    "route_simulated": N_("demonstration"),
    "route_takes": N_("{minutes} min"),
    "route_departs": N_("{number} times a day: {times}"),
    "route_departs_never": N_("no departures yet"),
    "route_edit": N_("Change"),
    "route_remove": N_("Remove"),
    "route_none": N_("No routes yet"),
    "route_none_more": N_("Draw one along the streets: the numbers show at once what it brings."),
}
