"""The pages of a station's calls: yesterday's are cleared, addresses reviewed, repeat places listed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template

from geo_app.extensions import request_session
from geo_app.pages import calls_texts
from geo_app.pages.data import chosen_county, frame, outline_of, page_data
from geo_app.pages.map import NOWHERE, shell
from geo_app.queries import visible
from geo_app.queries.terms import today
from geo_app.security.rules import requires
from layers.render import island_json

blueprint = Blueprint("calls", __name__)


@blueprint.get("/calls")
@requires("incidents:clear")
def clearing() -> str:
    """Where the calls of a day are cleared one after the other, and calls are entered by hand."""
    return _page("calls_clearing", {**calls_texts.PLACE, **calls_texts.CLEARING})


@blueprint.get("/calls/addresses")
@requires("addresses:review")
def review() -> str:
    """Where texts that no place was found for are given one."""
    return _page("calls_review", {**calls_texts.PLACE, **calls_texts.REVIEW})


@blueprint.get("/calls/repeats")
@requires("map:read")
def repeats() -> str:
    """The places to which the police are called again and again."""
    return _page("calls_repeats", calls_texts.REPEATS)


def _page(entry: str, texts: Mapping[str, str]) -> str:
    with request_session() as session:
        county, counties = chosen_county(session)
        if county is None:
            return render_template("no_county.html")
        bounds, shape = visible.bounds(session, county.id), outline_of(session, county)
    data: dict[str, Any] = {
        "bounds": bounds,
        "outline": shape,
        "today": today(county, datetime.now(UTC)).isoformat(),
        **page_data(county, {**calls_texts.LEVELS, **texts}),
    }
    return render_template(
        f"{entry}.html",
        **frame(county, counties, entry),
        rendered=shell(bounds or NOWHERE),
        data=island_json(data),
    )
