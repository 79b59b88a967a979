"""Texts that the scripts of the page of rows that wait set; ``{name}`` is filled in by the script."""

from __future__ import annotations

from collections.abc import Mapping

from geo_app.errors import N_
from geo_app.pages.data_texts import FOLLOWING

TEXTS: Mapping[str, str] = {
    **FOLLOWING,
    "wait_none": N_("No rows wait"),
    "wait_none_more": N_("Whatever could not be used of a file would stand here, to be mended and taken again."),
    "wait_none_here": N_("None of this import and for this reason; there are others."),
    "wait_to_import": N_("Import a file"),
    "wait_show_all": N_("Show all rows that wait"),
    "wait_all_imports": N_("All imports"),
    "wait_all_reasons": N_("All reasons"),
    "wait_of_import": N_("{n} rows of {file} wait. Mend them here, or all at once in a spreadsheet."),
    "wait_choose_import": N_("Choose an import to treat all its rows at once, or to mend them in a spreadsheet."),
    "wait_chosen": N_("{n} rows chosen"),
    "wait_place": N_("{unit} {line}"),
    "wait_place_line": N_("Line {line}"),
    "wait_place_row": N_("Row {line}"),
    "wait_place_feature": N_("Feature {line}"),
    "wait_place_way": N_("Way {line}"),
    "wait_place_node": N_("Node {line}"),
    "wait_place_relation": N_("Relation {line}"),
    "wait_choose_row": N_("Choose {place}"),
    "wait_save": N_("Save"),
    "wait_saving": N_("Saving…"),
    "wait_saved": N_("Saved; take it again when you are through."),
    "wait_unsaved": N_("Not saved yet; Ctrl+Enter saves and goes on."),
    "wait_take_again": N_("Take this row again"),
    "wait_more_cells": N_("Show {n} more cells"),
    "wait_fewer_cells": N_("Show fewer cells"),
    "wait_last_row": N_("That was the last row."),
    "wait_taking": N_("Rows are taken again"),
    "wait_all_taken": N_("All these rows are taken"),
    "wait_some_left": N_("Some rows still cannot be used"),
    "wait_failed": N_("They could not be taken"),
    "wait_sure": N_("Leave {n} rows for good?"),
    "wait_left": N_("{n} rows wait no longer."),
}
