"""The page that compares the grids of two days: what came, went and moved, on a map and as a list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext

from geo_app.errors import N_
from geo_app.extensions import request_session
from geo_app.pages.data import chosen_county, frame, outline_of, page_data
from geo_app.pages.grids import pages
from geo_app.pages.map import NOWHERE, shell
from geo_app.queries import grid_versions, visible
from geo_app.queries.terms import today
from geo_app.security.rules import requires
from layers.catalogue.grids import KINDS
from layers.render import island_json

blueprint = Blueprint("grids_compare", __name__)

TEXTS: Mapping[str, str] = {
    "compare_head": N_("Grids: {before} on {first}, {after} on {last}"),
    "compare_area": N_("{area} changed hands"),
    "compare_no_area": N_("No land changed hands"),
    "compare_open": N_("Map as of {day}"),
    "compare_redrawn_area": N_("{area} only by re-digitising, not counted"),
    "compare_created": N_("New"),
    "compare_retired": N_("Retired"),
    "compare_moved": N_("Moved"),
    "compare_renamed": N_("Renamed"),
    "compare_redrawn": N_("Re-digitised"),
    "compare_from": N_("{area} from {name}"),
    "compare_to": N_("{area} to {name}"),
    "compare_nobody": N_("no grid"),
    "compare_was": N_("was {name}"),
    "compare_more": N_("and {n} more"),
    "compare_hectares": N_("{n} ha"),
    "compare_square_metres": N_("{n} m²"),
    "compare_import": N_("import"),
    "compare_none": N_("Nothing changed between these days"),
    "compare_wait": N_("Choose two days, the earlier one first."),
    "compare_legend_new": N_("land that went to a new grid"),
    "compare_legend_moved": N_("land that went to another grid"),
    "compare_legend_nobody": N_("land that came to the grids or left them"),
    "compare_legend_redrawn": N_("re-digitised: the same line drawn better"),
    "compare_legend_after": N_("line on the later day"),
    "compare_legend_before": N_("line on the earlier day"),
    "compare_piece": N_("{area}: {before} → {after}"),
    "reason_real_change": N_("real change"),
    "reason_re_digitising": N_("re-digitising"),
    "reason_code_correction": N_("code correction"),
}


@blueprint.get("/grids/compare")
@requires("map:read")
def page() -> str:
    """Where two days are chosen, and what changed between them is shown."""
    with request_session() as session:
        county, counties = chosen_county(session)
        if county is None:
            return render_template("no_county.html")
        bounds, shape = visible.bounds(session, county.id), outline_of(session, county)
        first = grid_versions.first_day(session, county)
        last = grid_versions.last_change(session, county, today(county, datetime.now(UTC)))
    data: dict[str, Any] = {
        "bounds": bounds,
        "outline": shape,
        "today": today(county, datetime.now(UTC)).isoformat(),
        "first_day": None if first is None else first.isoformat(),
        "last_change": None if last is None else last.isoformat(),
        "kinds": {kind: gettext(title) for kind, title in KINDS.items()},
        **page_data(county, TEXTS),
    }
    return render_template(
        "grids_compare.html",
        **frame(county, counties, "grids_compare"),
        pages=pages(),
        rendered=shell(bounds or NOWHERE),
        data=island_json(data),
    )
