"""/api/grid-people and /api/grids/ID/people: who is responsible for which grid; changed by whoever appoints."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from geo_app.api import reading
from geo_app.api.grid_people_bodies import (
    ChangedTerm,
    Described,
    EndedTerm,
    GridPeopleAnswer,
    NewTerm,
    OpenItem,
    OpenItemsAnswer,
    PeopleAnswer,
    PeopleAsked,
    described,
    history,
)
from geo_app.api.parameters import Parameters, body, query, row_id, tag_asked
from geo_app.api.spec import answers, spec
from geo_app.errors import NotFound
from geo_app.extensions import request_session
from geo_app.models import County
from geo_app.queries import responsible, scopes
from geo_app.queries.grid_people import LEADER
from geo_app.queries.responsible import NO_LEADER, NO_TELEPHONE, Staffed
from geo_app.queries.terms import today
from geo_app.security.actor import current_actor
from geo_app.security.permissions import can
from geo_app.security.rules import requires
from geo_app.services import grid_people
from geo_app.services.grid_people import ACTION, OF_GRIDS, State

blueprint = Blueprint("api_grid_people", __name__)
KINDS = ("grids", "areas")


@blueprint.get("/api/grid-people")
@requires("map:read")
@spec.validate(query=PeopleAsked, resp=answers(200, PeopleAnswer), skip_validation=True, tags=["grids"])
def people() -> Response:
    """The grids of a county or an area with their leaders and workers, and how many wait for one."""
    asked = query(PeopleAsked)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        now = today(county, datetime.now(UTC))
        day = asked.as_of or now
        rights = can(current_actor(), ACTION), can(current_actor(), OF_GRIDS)
        etag = reading.tag(session, county, reading.terms_now(county), KINDS, "people", asked.area, day, rights)
        found = _staffed(session, county, asked, day)
    open_items = Counter(grid.waits_for for grid in found if grid.waits_for)
    answer = PeopleAnswer(
        as_of=day, open_items=open_items.total(), without_leader=open_items[NO_LEADER],
        without_telephone=open_items[NO_TELEPHONE], can_change=rights[0], can_describe=rights[1],
        grids=[described(grid, day, tagged=day == now) for grid in found],
    )  # fmt: skip
    return reading.tagged(jsonify(answer.model_dump(mode="json")), etag)


@blueprint.get("/api/grids/open-items")
@requires("map:read")
@spec.validate(query=PeopleAsked, resp=answers(200, OpenItemsAnswer), skip_validation=True, tags=["grids"])
def open_items() -> Response:
    """The grids that wait for a leader or for its leader's telephone."""
    asked = query(PeopleAsked)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        day = asked.as_of or today(county, datetime.now(UTC))
        etag = reading.tag(session, county, reading.terms_now(county), KINDS, "open items", asked.area, day)
        found = [grid for grid in _staffed(session, county, asked, day) if grid.waits_for]
    open_items = Counter(grid.waits_for for grid in found)
    answer = OpenItemsAnswer(
        count=len(found), without_leader=open_items[NO_LEADER], without_telephone=open_items[NO_TELEPHONE],
        items=[
            OpenItem(
                id=grid.id, code=grid.code, name=grid.name, town=grid.town, community=grid.community,
                waits_for=grid.waits_for, leader=_leader(grid, day),
            )
            for grid in found
        ],
    )  # fmt: skip
    return reading.tagged(jsonify(answer.model_dump(mode="json")), etag)


@blueprint.get("/api/grids/<grid_id>/people")
@requires("map:read")
@spec.validate(query=Parameters, resp=answers(200, GridPeopleAnswer), skip_validation=True, tags=["grids"])
def people_of_grid(grid_id: str) -> Response:
    """The people of a grid, past and coming ones too; its tag is what a change has to bring in If-Match."""
    query(Parameters)
    with request_session() as session:
        return _one(session, grid_people.state(session, row_id(grid_id)))


@blueprint.post("/api/grids/<grid_id>/people")
@requires("grids:people")
@spec.validate(json=NewTerm, resp=answers(201, GridPeopleAnswer), skip_validation=True, tags=["grids"])
def appoint(grid_id: str) -> tuple[Response, int]:
    """Appoints somebody; a new leader ends the former one."""
    query(Parameters)
    number, tag = row_id(grid_id), tag_asked()
    asked = body(NewTerm)
    with request_session() as session:
        return _one(session, grid_people.appoint(session, current_actor(), number, tag, asked.wanted(number))), 201


@blueprint.patch("/api/grids/<grid_id>/people/<term_id>")
@requires("grids:people")
@spec.validate(json=ChangedTerm, resp=answers(200, GridPeopleAnswer), skip_validation=True, tags=["grids"])
def correct(grid_id: str, term_id: str) -> Response:
    """Corrects an appointment: what was written wrongly, or another telephone."""
    query(Parameters)
    number, tag = row_id(grid_id), tag_asked()
    asked = body(ChangedTerm)
    with request_session() as session:
        state = grid_people.correct(session, current_actor(), number, tag, row_id(term_id), **asked.values())
        return _one(session, state)


@blueprint.post("/api/grids/<grid_id>/people/<term_id>/end")
@requires("grids:people")
@spec.validate(json=EndedTerm, resp=answers(200, GridPeopleAnswer), skip_validation=True, tags=["grids"])
def end(grid_id: str, term_id: str) -> Response:
    """Ends an appointment from a day on."""
    query(Parameters)
    number, tag = row_id(grid_id), tag_asked()
    asked = body(EndedTerm)
    with request_session() as session:
        return _one(session, grid_people.end(session, current_actor(), number, tag, row_id(term_id), asked.on))


@blueprint.post("/api/grids/<grid_id>/people/take-back")
@requires("grids:people")
@spec.validate(query=Parameters, resp=answers(200, GridPeopleAnswer), skip_validation=True, tags=["grids"])
def take_back(grid_id: str) -> Response:
    """Takes the last act on the people of a grid back."""
    query(Parameters)
    number, tag = row_id(grid_id), tag_asked()
    with request_session() as session:
        return _one(session, grid_people.take_back(session, current_actor(), number, tag))


@blueprint.patch("/api/grids/<grid_id>")
@requires("grids:edit")
@spec.validate(json=Described, resp=answers(200, GridPeopleAnswer), skip_validation=True, tags=["grids"])
def describe(grid_id: str) -> Response:
    """Gives a grid another name or kind from today; its line stays."""
    query(Parameters)
    number, tag = row_id(grid_id), tag_asked()
    asked = body(Described)
    with request_session() as session:
        state = grid_people.describe(session, current_actor(), number, tag, name=asked.name, kind=asked.kind)
        return _one(session, state)


def _staffed(session: Session, county: County, asked: PeopleAsked, day: date) -> list[Staffed]:
    areas = None
    if asked.area is not None:
        areas = frozenset(scopes.subtree(session, county.id, asked.area, day))
        if not areas:
            raise NotFound()
    return responsible.staffed(session, county, day, areas)


def _leader(grid: Staffed, day: date) -> str | None:
    return next((term.name or None for term in grid.people if term.role == LEADER and term.holds(day)), None)


def _one(session: Session, state: State) -> Response:
    day = today(state.county, datetime.now(UTC))
    [grid] = responsible.staffed(session, state.county, day, grid=state.grid.stable_id)
    answer = GridPeopleAnswer(
        **described(grid, day, tagged=True).model_dump(),
        history=history(state.terms, day),
        can_take_back=can(current_actor(), ACTION) and grid_people.can_take_back(session, state),
    )
    response = jsonify(answer.model_dump(mode="json"))
    response.set_etag(state.tag)
    return response
