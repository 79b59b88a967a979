"""What the editor and the review of a change say instead where areas of the police are drawn.

A draft holds police areas of the deepest level that has outlines: zones, or stations. Only zones go from one station to
another.
"""

from __future__ import annotations

from collections.abc import Mapping

from geo_app.errors import N_

CHANGE: Mapping[str, str] = {
    "op_regroup": N_("To a station"),
    "says_regroup": N_("into {into} ({n} zones)"),
    "area_gone": N_("ends, taken over by {above}"),
}
EDIT: Mapping[str, str] = {
    "no_grids": N_("The police have no areas with outlines here. Import them first."),
    "hint_details": N_("Click a police area to see and change its name, or choose a tool."),
    "hint_drag": N_("Take hold of a boundary between police areas and drag it. Both sides follow."),
    "hint_split": N_("Draw a line across one police area. Begin outside it or on its boundary."),
    "hint_split_more": N_("Click on; click the last point again, or Enter, to end the line beyond the area."),
    "hint_merge": N_("Click the police areas that become one."),
    "hint_merge_ready": N_("{n} police areas chosen. Click more, or merge them."),
    "hint_communities": N_("Click the zones that go to another station, or use the forms."),
    "hint_communities_more": N_("{n} zones chosen. Say in the form to which station they go."),
    "act_whole": N_("All zones of {name}"),
    "communities_title": N_("Stations and their zones"),
    "choose_community": N_("Choose a station"),
    "new_community": N_("A new station…"),
    "no_town": N_("Police stations"),
    "no_community": N_("Without a station"),
    "picked_none": N_("No zone is chosen yet."),
    "picked_all": N_("all {all} zones"),
    "picked_some": N_("{n} of {all} zones"),
    "act_regroup": N_("Put {n} zones there"),
    "communities_end": N_("Without a zone left, this ends: {names}"),
    "hint_transfer": N_("Click the police area that gains."),
    "hint_carve": N_("Click the corners of what becomes a police area of its own."),
    "hint_carve_name": N_("Give the new police area a name on the right."),
    "hint_fill_grid": N_("Click the police area that it becomes a part of."),
    "act_merge": N_("Merge {n} police areas"),
    "details_community": N_("Lies in"),
    "refused_outline": N_("This is the outer line of all police areas. It is changed with the county, not here."),
    "refused_does_not_cross": N_("The line does not cross any police area."),
    "refused_not_touching": N_("These police areas do not touch."),
    "refused_no_gap": N_("There is no gap here: a police area covers this place."),
    "done_regroup": N_("{n} zones now belong to {into}."),
    "done_rebase": N_("The draft now stands on the police areas as they are today."),
    "submit_stale": N_("{n} police areas changed beneath this draft. Take that over first."),
}
REVIEW: Mapping[str, str] = {
    "impact_grid": N_("Police area"),
    "impact_grids": N_("police areas: {before} → {after}"),
    "review_none_touched": N_("No police area changes."),
}
