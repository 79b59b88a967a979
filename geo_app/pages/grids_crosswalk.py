"""The page that shows which grids lie in which police areas."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
from flask import Blueprint, render_template, request

from geo_app.extensions import request_session
from geo_app.pages.data import chosen_county, frame, page_data
from geo_app.queries import crosswalk
from geo_app.queries.terms import Terms, today
from geo_app.security.rules import requires
from layers.render import island_json

blueprint = Blueprint("grids_crosswalk", __name__)
MOST = 2000
WHOLE = 0.995  # a grid of which less lies outside is drawn for one police area


@blueprint.get("/grids/crosswalk")
@requires("map:read")
def page() -> str:
    """Grids that police boundaries cut, or all of them, as of a day."""
    with request_session() as session:
        county, counties = chosen_county(session)
        if county is None:
            return render_template("no_county.html")
        now = today(county, datetime.now(UTC))
        day = _day(request.args.get("as_of"), now)
        found = crosswalk.crosswalk(session, county, Terms(day))
        has_areas = bool(len(crosswalk.police_areas(session, county, Terms(day))))
    parts = found[found["area"].notna()]
    cut = set(parts["grid"]) - set(parts.loc[parts["share_of_grid"] >= WHOLE, "grid"])
    shows_all = request.args.get("all") == "1"
    rows = found if shows_all else found[found["grid"].isin(cut)]
    return render_template(
        "grids_crosswalk.html",
        **frame(county, counties, "grids_crosswalk"),
        day=day,
        today=now,
        has_areas=has_areas,
        shows_all=shows_all,
        count=found["grid"].nunique(),
        cut=len(cut),
        left_out=max(0, len(rows) - MOST),
        rows=_plain(rows.head(MOST)),
        data=island_json(page_data(county, {})),
    )


def _day(given: str | None, now: date) -> date:
    try:
        return date.fromisoformat(given or "")
    except ValueError:
        return now


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    values = rows.astype(object).where(rows.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in values.to_dict("records")]
