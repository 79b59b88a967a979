"""Texts that the scripts of the pages of calls set; ``{name}`` is filled in by the script."""

from __future__ import annotations

from collections.abc import Mapping

from geo_app.errors import N_

LEVELS: Mapping[str, str] = {
    "level_given": N_("placed when it came in"),
    "level_pinned": N_("set on the map"),
    "level_building": N_("building"),
    "level_number": N_("house number"),
    "level_crossing": N_("crossing"),
    "level_place": N_("named place"),
    "level_estate": N_("housing estate"),
    "level_road": N_("road only"),
    "level_group": N_("village group only"),
    "level_community": N_("community only"),
    "level_town": N_("town only"),
    "level_none": N_("no place"),
}
PLACE: Mapping[str, str] = {
    "place_now": N_("Now: {level}"),
    "place_radius": N_("within {n} m"),
    "place_score": N_("{n} % sure"),
    "place_pinned": N_("Set on the map; arrow keys move it."),
    "place_no_proposals": N_("No proposals for this address. Set the place on the map."),
    "place_elsewhere": N_("This address names another county."),
    "place_chosen": N_("Chosen: {name}"),
    "place_asking": N_("Looking for it…"),
}
CLEARING: Mapping[str, str] = {
    "clear_progress": N_("{done} / {all}"),
    "clear_counts": N_("{waiting} to clear, {unplaced} of the day without a place"),
    "clear_all_areas": N_("All that I see"),
    "clear_latest": N_("This is the latest day before today that has calls."),
    "clear_no_address": N_("no address"),
    "clear_no_number": N_("no number"),
    "clear_untimed": N_("time unknown"),
    "clear_done": N_("All calls of this day are cleared"),
    "clear_done_more": N_("{n} calls. Other days that wait:"),
    "clear_none": N_("No calls on this day"),
    "clear_none_more": N_("Choose another day, or enter a call."),
    "clear_day_waits": N_("{day}: {n} to clear"),
    "clear_saved": N_("Cleared: {what}"),
    "clear_undo": N_("Undo (Ctrl+Z)"),
    "clear_undone": N_("Taken back: {what}"),
    "clear_stale": N_("A colleague changed this call meanwhile; it is shown as it is now."),
    "clear_new": N_("Enter a call"),
    "clear_save_next": N_("Clear and go on"),
    "clear_save_new": N_("Save the call"),
    "clear_entered": N_("Saved: {what}"),
    "clear_needs": N_("Give an address, a place or a description."),
}
REVIEW: Mapping[str, str] = {
    "review_placed": N_("{n} calls placed: {text}"),
    "review_undo": N_("Undo (Ctrl+Z)"),
    "review_undone": N_("Taken back; the text waits again."),
    "review_count": N_("{n} calls"),
    "review_last": N_("last {day}"),
    "review_none": N_("Every address has a place that is sure enough"),
    "review_none_more": N_(
        "Texts for which nothing, or nothing sure, is found would stand here, the most frequent first."
    ),
    "review_share": N_("{n} % of {all} calls have a place"),
    "review_low": N_("Less than 85 %: maps and densities of these calls may mislead."),
    "review_again": N_("All addresses were looked for again: {n} calls have another place now."),
    "review_again_failed": N_("Looking for the addresses again did not end. Try once more."),
    "review_choose_first": N_("Choose a proposal or set the place on the map first."),
}
REPEATS: Mapping[str, str] = {
    "repeat_no_address": N_("no address"),
    "repeat_no_point": N_("no point"),
    "repeat_calls": N_("{n} calls"),
    "repeat_total": N_("{n} in the period"),
    "repeat_span": N_("{first} – {last}"),
    "repeat_found": N_("{places} places with {least} or more calls within {days} days"),
    "repeat_unused": N_("{unused} of {calls} calls name no single place or have no time, and are left out."),
    "repeat_none": N_("No place has {least} or more calls within {days} days"),
    "repeat_none_more": N_("Ask for fewer calls, more days or a longer period."),
    "repeat_all_areas": N_("All that I see"),
}
