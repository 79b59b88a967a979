"""The pages of who is responsible for which grid: the list that is edited in place, and the notice for the wall."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from geo_app.api.parameters import row_id
from geo_app.errors import NotFound
from geo_app.extensions import request_session
from geo_app.models import County
from geo_app.pages import grids_people_texts
from geo_app.pages.data import chosen_county, frame, outline_of, page_data, shared_texts
from geo_app.pages.grids import pages
from geo_app.pages.map import shell
from geo_app.queries import geocoded, grid_today, responsible, visible
from geo_app.queries.grid_people import Term
from geo_app.queries.responsible import Staffed
from geo_app.queries.terms import today
from geo_app.security.actor import current_actor
from geo_app.security.permissions import can
from geo_app.security.rules import requires
from layers.catalogue.grids import KINDS
from layers.render import island_json

blueprint = Blueprint("grids_people", __name__)


@blueprint.get("/grids/people")
@requires("map:read")
def page() -> str:
    """The grids of a county with their people; changed in place by whoever appoints."""
    with request_session() as session:
        county, counties = chosen_county(session)
    if county is None:
        return render_template("no_county.html")
    actor = current_actor()
    data: dict[str, Any] = {
        "today": today(county, datetime.now(UTC)).isoformat(),
        "notice": url_for("grids_people.notice"),
        "map": url_for("map.page", county=county.code, view="grids"),
        **page_data(county, grids_people_texts.TEXTS),
    }
    return render_template(
        "grids_people.html",
        **frame(county, counties, "grids_people"),
        pages=pages(),
        may_import=can(actor, "data:import"),
        data=island_json(data),
    )


@blueprint.get("/grids/notice")
@requires("map:read")
def notice() -> str:
    """The notice of a grid for the wall: its line, who answers for it, and their telephones; A4, as of today."""
    with request_session() as session:
        found = grid_today.find(session, row_id(request.args.get("grid", "")))
        if found is None:
            raise NotFound()
        row, county = found
        day = today(county, datetime.now(UTC))
        [grid] = responsible.staffed(session, county, day, grid=row.stable_id)
        police = _police(session, county, grid)
        shape = grid_today.outline(session, row.id)
        outline = outline_of(session, county)
        bounds = visible.bounds(session, county.id)
    people = [term for term in grid.people if term.holds(day)]
    data = {
        "county": {"code": county.code, "name": county.name},
        "sign_in": url_for("sign_in.form"),
        "bounds": bounds,
        "outline": outline,
        "grid": {"bounds": grid.bounds, "geometry": shape},
        "texts": shared_texts({}),
    }
    return render_template(
        "grids_notice.html",
        county=county,
        entry="grids_notice",
        grid=grid,
        kind=gettext(KINDS[grid.kind]),
        leader=_in_role(people, "grid_leader"),
        full_time=_in_role(people, "full_time"),
        part_time=_in_role(people, "part_time"),
        officers=_in_role(people, "police_officer"),
        police=police,
        day=day,
        rendered=shell(grid.bounds),
        data=island_json(data),
    )


def _in_role(people: list[Term], role: str) -> list[Term]:
    return [term for term in people if term.role == role and term.name.strip()]


def _police(session: Session, county: County, grid: Staffed) -> geocoded.Responsible:
    """The areas of the police around the middle of a grid."""
    lon, lat = grid_today.middle(session, grid.version)
    return geocoded.responsible(session, county, lon, lat, today(county, datetime.now(UTC)))
