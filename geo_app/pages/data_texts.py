"""Texts that the scripts of the import page set; ``{name}`` is filled in by the script."""

from __future__ import annotations

from collections.abc import Mapping

from geo_app.errors import N_

# Of work that is watched, and of reports: the page of rows that wait has them too.
FOLLOWING: Mapping[str, str] = {
    "data_job_waits": N_("In the queue…"),
    "data_job_rows": N_("{done} rows"),
    "data_job_rows_of": N_("{done} of {total} rows"),
    "data_from_source": N_("source {source}"),
    "data_sum_read": N_("read"),
    "data_sum_stored": N_("new"),
    "data_sum_updated": N_("updated"),
    "data_sum_unchanged": N_("as it was"),
    "data_sum_quarantined": N_("wait to be mended"),
    "data_ended": N_("{n} that were there are not in this file any more; they end today."),
    "data_why": N_("Why rows wait"),
    "data_rows": N_("{n} rows"),
    "data_to_map": N_("To the map"),
    "data_unit_line": N_("line"),
    "data_unit_row": N_("row"),
    "data_unit_feature": N_("feature"),
    "data_unit_way": N_("way"),
    "data_unit_node": N_("node"),
    "data_unit_relation": N_("relation"),
}

TEXTS: Mapping[str, str] = {
    **FOLLOWING,
    # Choosing a file
    "data_sending": N_("Sending {name}: {done} of {total}"),
    "data_wrong_ending": N_("{name} is no file that is read."),
    "data_right_endings": N_("Choose a file with one of these endings: {endings}."),
    "data_too_large": N_("{name} is larger than 4 GB."),
    "data_split": N_("Split it, or have it imported at the server."),
    "data_too_many": N_("These files do not belong together."),
    "data_one_by_one": N_("Choose one file at a time; of a shapefile all its files together."),
    "data_no_shp": N_("The shapefile itself (.shp) is missing."),
    "data_all_of_shape": N_("Choose its .shp, .dbf, .shx and .prj together."),
    "data_file_sent": N_("The file that was sent"),
    "data_reading": N_("Looking at the file…"),
    "data_cannot_read": N_("The file cannot be read in this way"),
    "data_read_as": N_("Read it as"),
    # The proposal
    "data_remembered": N_("As the last file of “{source}” was read."),
    "data_rows_more": N_("more than {n} rows"),
    "data_rows_all": N_("of {n}"),
    "data_rows_begin": N_("of more than {n}"),
    "data_more_rows": N_("Show the first {n} rows"),
    "data_fewer_rows": N_("Show fewer rows"),
    "data_columns_of": N_("{n} of {all} are understood, the others are kept as they are"),
    "data_columns_n": N_("{n} columns"),
    "data_keep_as_is": N_("kept as it is"),
    "data_meaning_of": N_("What {heading} means"),
    "data_words_of": N_("Words under “{heading}” that are not known here"),
    "data_word_open": N_("not decided"),
    "data_perhaps": N_("May mean"),
    "data_layer": N_("Sheet or layer"),
    "data_choose": N_("Choose one"),
    # The coordinate system
    "data_as_in_table": N_("as chosen in the table"),
    "data_choose_system": N_("Choose one"),
    "data_other_system": N_("Another one, by its EPSG number…"),
    "data_file_says": N_("the file says so"),
    "data_of": N_("{n} of {all}"),
    "data_datum_none": N_("The file has no coordinates."),
    "data_datum_named": N_("The file itself names {system}."),
    "data_datum_by_names": N_(
        "By the roads and places that the addresses name: {system} is nearest (median {metres}); {others}."
    ),
    "data_datum_other": N_("{system} {metres}"),
    "data_datum_prefix": N_("The easting begins with the number of its zone, so it is {system}."),
    "data_datum_only_one": N_("By their numbers the coordinates can only be {system}: {n} of {all} points lie in the county."),
    "data_datum_inside": N_("Only as {system} do most points lie in the county: {n} of {all}."),
    "data_datum_nothing": N_(
        "Under none of the usual systems do the points lie in the county. Choose the right one, or the right county."
    ),
    "data_datum_cannot_tell": N_("{systems} cannot be told apart: please choose."),
    "data_datum_look": N_(
        "No address names a road or place that is known here. GPS gives WGS84; what comes from Chinese web maps is GCJ-02 or"
        " BD-09."
    ),
    "data_datum_remembered": N_("The last file of this source was read as {system}."),
    "data_datum_remembered_against": N_("The evidence of this file speaks against {system}: look at the map and choose."),
    "data_datum_against": N_("You chose {system} against this evidence: look at the map."),
    "data_datum_unsure": N_("That is not certain: look at the map."),
    "data_datum_zero": N_("{n} points lie at (0, 0), which means that nobody knew where."),
    "data_swapped_found": N_("found in this file"),
    "data_points_shown": N_("{n} points of the file, read as {system}"),
    "data_points_open": N_("{n} points of the file, for now read as {system}: nothing is chosen yet"),
    "data_no_points": N_("No point can be shown."),
    "words_comma": N_(", "),
    # Starting
    "data_start_kind": N_("Kind of data"),
    "data_start_source": N_("Source"),
    "data_start_system": N_("Coordinates"),
    "data_start_kept": N_("Kept as they are"),
    "data_choose_first": N_("Choose the coordinate system first."),
    "data_not_begun": N_("The import could not begin"),
    "data_importing": N_("{name} is being imported"),
    "data_trying": N_("{name} is being tried; nothing is stored"),
    "data_may_leave": N_("You may leave this page: the work goes on, and you find it in the list below."),
    # What came of it
    "data_imported": N_("The file is imported"),
    "data_tried": N_("This is what the import would bring; nothing is stored yet"),
    "data_rejected": N_("Nothing was imported"),
    "data_failed": N_("The import failed; nothing was stored"),
    "data_cancelled": N_("Cancelled; nothing was stored."),
    "data_to_waiting": N_("Mend {n} rows"),
    "data_import_of": N_("Import of {when}"),
    # The list
    "data_no_imports": N_("Nothing has been imported yet"),
    "data_no_imports_more": N_("Drop a file above. Roads and places first: by their names the coordinates of other files are told."),
    "data_taken_again": N_("mended rows"),
    "data_only_tried": N_("only tried"),
    "data_head_file": N_("File"),
    "data_head_kind": N_("Kind of data"),
    "data_head_source": N_("Source"),
    "data_head_when": N_("When"),
    "data_head_read": N_("Read"),
    "data_head_stored": N_("New"),
    "data_head_updated": N_("Updated"),
    "data_head_unchanged": N_("As it was"),
    "data_head_waiting": N_("To be mended"),
    "data_job_waiting": N_("in the queue"),
    "data_job_running": N_("under way, {done} rows"),
    "data_job_failed": N_("nothing was imported: see why"),
}  # fmt: skip
