"""Texts of the incident analysis."""

from __future__ import annotations

from collections.abc import Mapping

from geo_app.errors import N_

TEXTS: Mapping[str, str] = {
    "incidents_unit": N_("incidents"),
    "incidents_valid": N_("valid incidents"),
    "incidents_all": N_("nuisance calls too"),
    "incidents_simulated": N_("{n} of them made up for the demonstration"),
    "incidents_previous": N_("Against the period before"),
    "incidents_year_before": N_("Against the year before"),
    "incidents_then_previous": N_("{n} then"),
    "incidents_then_year_before": N_("{n} a year ago"),
    "incidents_same": N_("unchanged"),
    "incidents_no_data": N_("no data of then"),
    "incidents_by_chance": N_("may be chance"),
    "incidents_against": N_("Compared with {days}: {n} incidents. "),
    "incidents_chance": N_(
        "If nothing had changed, counts would still differ as much in {chance} % of all cases: this is no proof of a rise or"
        " a fall."
    ),
    "incidents_no_chance": N_("If nothing had changed, counts would differ as much in {chance} % of all cases only."),
    "incidents_from_nothing": N_("There was nothing then, so no percentage can be given."),
    "incidents_known_until": N_("The data reach to {day}: compared are the same number of days."),
    "incidents_compare_hint": N_("Choose a period with its first and last day to compare it with the one before."),
    "incidents_nothing_before": N_("The data do not reach back far enough to compare this period."),
    "incidents_no_times": N_("These incidents have no times and cannot be counted by period or hour."),
    "incidents_untimed": N_("{n} more have no time and are in no period."),
    "incidents_rough": N_("{n} more are placed too roughly for that and are counted by area only."),
    "incidents_hot": N_("Where they pile up"),
    "incidents_hot_cells": N_(
        "{hot} of {compared} cells of {size} m are hot spots; they hold {share} % of the incidents on the map."
    ),
    "incidents_hot_grids": N_(
        "{hot} of {compared} grids are hot spots; they hold {share} % of the incidents on the map."
    ),
    "incidents_place": N_("{n} incidents at one place"),
    "incidents_show": N_("Show on the map: {layer}"),
    "incidents_hide": N_("Take off the map: {layer}"),
    "incidents_hours": N_("By hour of the day"),
    "incidents_hours_said": N_("Most between {hours} o'clock: {n} incidents."),
    "incidents_hour_title": N_("{hours} o'clock: {n} incidents"),
    "incidents_hour_unknown": N_("{n} more are known to no better than half a day."),
    "incidents_known": N_("n = {n}"),
    "incidents_weekdays": N_("By day of the week"),
    "incidents_weekday_title": N_("{day}: {n} incidents"),
    "incidents_even": N_("Chance alone explains these differences."),
    "incidents_too_few": N_("Too few to tell differences from chance."),
    "incidents_categories": N_("By category"),
    "incidents_click_filters": N_("a click filters"),
    "incidents_no_category": N_("no category"),
    "incidents_no_categories": N_("These incidents have no categories."),
    "incidents_areas": N_("By area"),
    "incidents_click_enters": N_("a click goes there"),
    "incidents_area_before": N_("{n} in the period before"),
    "incidents_elsewhere": N_("{n} more lie in none of these areas."),
    "incidents_more": N_("Show all {n}"),
    "incidents_fewer": N_("Show fewer"),
    "incidents_none": N_("No incidents yet"),
    "incidents_none_more": N_("Import them first:"),
    "incidents_none_here": N_("No incidents in this area"),
    "incidents_no_match": N_("No incident meets these terms"),
    "incidents_no_match_more": N_("There are {n} in all. Widen the period or take terms away."),
    "incidents_clear": N_("Take all terms away"),
}
