"""The page of inspection packs: one click has a pack written, the packs of the last days are fetched here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template

from geo_app.errors import N_
from geo_app.extensions import request_session
from geo_app.pages.data import chosen_county, frame, page_data
from geo_app.queries.terms import today
from geo_app.security.rules import requires
from geo_app.services.inspection_pack import KEPT, year_before
from layers.render import island_json

blueprint = Blueprint("grids_packs", __name__)

TEXTS: Mapping[str, str] = {
    "pack_waits": N_("waits until others are done"),
    "pack_running": N_("being written: step {done} of {total}"),
    "pack_begins": N_("being written: data are gathered"),
    "pack_setting": N_("being written: pages are set; this takes longest"),
    "pack_failed": N_("could not be written"),
    "pack_fetch": N_("Fetch the ZIP"),
    "pack_title": N_("Grids as of {day}"),
    "pack_since": N_("changes since {day}"),
    "pack_made": N_("ordered {time}"),
    "pack_found": N_("grids: {grids} · faults: {faults} · open items: {open} · changes: {changes} · {size} MB"),
    "pack_none": N_("No pack has been ordered in the last days."),
    "pack_none_more": N_("Choose a day and order one. You may leave this page while it is written."),
}


@blueprint.get("/grids/packs")
@requires("data:export")
def page() -> str:
    """Where an inspection pack of the county is ordered and fetched."""
    with request_session() as session:
        county, counties = chosen_county(session)
    if county is None:
        return render_template("no_county.html")
    day = today(county, datetime.now(UTC))
    data: dict[str, Any] = {
        "today": day.isoformat(),
        "since": year_before(day).isoformat(),
        "zone": county.time_zone,
        **page_data(county, TEXTS),
    }
    return render_template(
        "grids_packs.html", **frame(county, counties, "grids_packs"), kept_days=KEPT.days, data=island_json(data)
    )
