"""/api/routes: the planned routes of a county; saved, changed, ended and brought back by those who plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session

from geo_app.api import reading
from geo_app.api.filters import Filters
from geo_app.api.parameters import Parameters, body, query, row_id, tag_asked
from geo_app.api.route_answers import RouteAnswer, RouteDetail, RoutesAnswer, described, places
from geo_app.api.route_bodies import ChangedRoute, NewRoute, Restored
from geo_app.api.spec import answers, spec
from geo_app.errors import NotFound
from geo_app.extensions import request_session
from geo_app.models import County, PatrolRoute
from geo_app.queries import route_rows
from geo_app.security.actor import current_actor
from geo_app.security.audit import audit_read
from geo_app.security.permissions import can
from geo_app.security.rules import requires
from geo_app.services import routes

blueprint = Blueprint("api_routes", __name__)


@blueprint.get("/api/routes")
@requires("map:read")
@spec.validate(query=Filters, resp=answers(200, RoutesAnswer), skip_validation=True, tags=["routes"])
def routes_of_county() -> Response:
    """The routes in force on the day, also those that the filters leave out of the counting; those of another day than
    today are not to be changed."""
    asked = query(Filters)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms = reading.terms_of(session, county, asked)
        etag = reading.tag(session, county, terms, ("routes", "teams"), "routes", can(current_actor(), "routes:plan"))
        rows = route_rows.in_force(session, county, terms)
        teams = route_rows.team_names(session, county.id)
    found = [one.model_dump(mode="json") for one in described(county, rows)]
    if terms.day != terms.today:
        found = [one | {"editable": False} for one in found]
    answer = {"routes": found, "teams": teams}
    return reading.tagged(jsonify(answer), etag)


@blueprint.get("/api/routes/<route_id>")
@requires("map:read")
@spec.validate(query=Parameters, resp=answers(200, RouteDetail), skip_validation=True, tags=["routes"])
def route(route_id: str) -> Response:
    """One route, with the places to edit it by; its tag is what a change has to bring in If-Match."""
    query(Parameters)
    with request_session() as session:
        found = route_rows.current(session, row_id(route_id))
        if found is None:
            raise NotFound()
        row, county = found
        [shown] = described(county, [(row, route_rows.team_name(session, row.team_id))])
        detail = RouteDetail(**shown.model_dump(), **places(session, row, county))
    response = jsonify(detail.model_dump(mode="json"))
    response.set_etag(routes.tag_of(row))
    return response


@blueprint.post("/api/routes")
@requires("routes:plan")
@spec.validate(json=NewRoute, resp=answers(201, RouteAnswer), skip_validation=True, tags=["routes"])
def save() -> tuple[Response, int]:
    """Saves a route that was drawn."""
    query(Parameters)
    asked = body(NewRoute)
    with _planning() as session:
        county = reading.county_of(session, asked.county)
        row = routes.save(session, current_actor(), county, asked.wanted(asked.points), str(asked.key))
        return _one(session, row, county), 201


@blueprint.put("/api/routes/<route_id>")
@requires("routes:plan")
@spec.validate(json=ChangedRoute, resp=answers(200, RouteAnswer), skip_validation=True, tags=["routes"])
def change(route_id: str) -> Response:
    """Changes a route from today on; If-Match says from which state."""
    query(Parameters)
    number, tag = row_id(route_id), tag_asked()
    asked = body(ChangedRoute)
    with _planning() as session:
        row = routes.change(session, current_actor(), number, tag, asked.wanted(asked.points))
        return _one(session, row, session.get_one(County, row.county_id))


@blueprint.delete("/api/routes/<route_id>")
@requires("routes:plan")
@spec.validate(query=Parameters, resp=answers(200, RouteAnswer), skip_validation=True, tags=["routes"])
def remove(route_id: str) -> Response:
    """Ends a route today; If-Match says in which state it was seen. Answers what it was."""
    query(Parameters)
    number, tag = row_id(route_id), tag_asked()
    with _planning() as session:
        row = routes.remove(session, current_actor(), number, tag)
        return _one(session, row, session.get_one(County, row.county_id), tagged=False)


@blueprint.post("/api/routes/<route_id>/restore")
@requires("routes:plan")
@spec.validate(json=Restored, resp=answers(200, RouteAnswer), skip_validation=True, tags=["routes"])
def restore(route_id: str) -> Response:
    """Makes a route what an earlier version was. If-Match names the state in force, If-None-Match: * says that there is
    none."""
    query(Parameters)
    number = row_id(route_id)
    tag = None if request.if_none_match.star_tag else tag_asked()
    asked = body(Restored)
    with _planning() as session:
        row = routes.restore(session, current_actor(), number, asked.version, tag)
        return _one(session, row, session.get_one(County, row.county_id))


@contextmanager
def _planning() -> Iterator[Session]:
    """The transaction of a change; an attempt outside the actor's area is written down."""
    try:
        with request_session() as session:
            yield session
    except routes.OutOfScope:
        audit_read("routes:plan", ("patrol_route", (request.view_args or {}).get("route_id", "new")), outcome="denied")
        raise


def _one(session: Session, row: PatrolRoute, county: County, *, tagged: bool = True) -> Response:
    [shown] = described(county, [(row, route_rows.team_name(session, row.team_id))])
    response = jsonify(shown.model_dump(mode="json"))
    if tagged:
        response.set_etag(routes.tag_of(row))
    return response
