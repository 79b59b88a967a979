"""Texts of the view of grids; ``{name}`` is filled in by the script."""

from __future__ import annotations

from collections.abc import Mapping

from geo_app.errors import N_

TEXTS: Mapping[str, str] = {
    "grids_all": N_("grids in all"),
    "grids_without_leader": N_("{count} without a leader"),
    "grids_all_led": N_("each has a leader"),
    "grids_unseen": N_("of street seen by nobody, {share} of {length}"),
    "grids_no_streets": N_("no streets in them yet"),
    "grids_by_incidents": N_("Incidents"),
    "grids_by_neither": N_("Unseen"),
    "grids_by_length": N_("Street length"),
    "grids_sort": N_("Order"),
    "grids_incidents": N_("{count} incidents"),
    "grids_leader": N_("Leader"),
    "grids_workers": N_("Workers"),
    "grids_no_leader": N_("no leader yet"),
    "grids_street": N_("Streets"),
    "grids_incidents_title": N_("Incidents"),
    "grids_rank": N_("number {rank} of {count}"),
    "grids_hot": N_("Hot spot: more than chance explains"),
    "grids_hot_mark": N_("hot spot"),
    "grids_seen": N_("Who sees its streets"),
    "grids_patrol": N_("Patrols see"),
    "grids_camera": N_("Cameras see"),
    "grids_camera_only": N_("{share} of it no patrol"),
    "grids_neither": N_("Nobody sees"),
    "grids_mean": N_("all grids {share}"),
    "grids_close": N_("Back to all grids"),
    "grids_simulated": N_("computed from demonstration data"),
    "grids_none": N_("No grids yet"),
    "grids_none_more": N_("Draw a first set along the streets, look at the file, then import it:"),
    "grids_none_then": N_("No grids on this day"),
    "grids_none_area": N_("No grids in what is chosen"),
    "grids_none_area_more": N_("Choose a larger area, or the whole county."),
    "grids_bar": N_("Patrols see {patrol}, only cameras {camera}, nobody {neither}"),
}
