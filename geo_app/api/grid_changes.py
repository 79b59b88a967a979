"""/api/grid-changes: changes of grids, begun, listed, read, and what their forms say."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from geo_app.api import reading
from geo_app.api.grid_change_acts import ONE, act_on, answer
from geo_app.api.grid_change_answers import ChangeAnswer, ChangesAnswer
from geo_app.api.grid_change_bodies import Form, Listed, NewChange
from geo_app.api.grid_change_shapes import features
from geo_app.api.grid_change_shown import listed
from geo_app.api.parameters import Parameters, body, query, row_id
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session, transact
from geo_app.queries import grid_change_rows
from geo_app.security.actor import current_actor
from geo_app.security.rules import requires
from geo_app.services import area_changes, grid_drafts, grid_sides
from geo_app.services.grid_draft import tag_of

blueprint = Blueprint("api_grid_changes", __name__)
KINDS = ("grids", "areas")  # on which the sides of a change hang, people among them


class StateAsked(Parameters):
    """Which grids of a draft."""

    before: bool = False


@blueprint.get("/api/grid-changes")
@requires("grids:changes")
@spec.validate(query=Listed, resp=answers(200, ChangesAnswer), skip_validation=True, tags=["grid changes"])
def changes() -> Response:
    """The changes of a county, those that changed last first."""
    asked = query(Listed)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        rows = grid_change_rows.listed(session, county, None if asked.status is None else [asked.status])
        return jsonify(listed(session, county.id, rows).model_dump(mode="json"))


@blueprint.post("/api/grid-changes")
@requires("grids:edit")
@spec.validate(json=NewChange, resp=answers(201, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def begin() -> tuple[Response, int]:
    """Begins a draft."""
    query(Parameters)
    asked = body(NewChange)

    def work(session: Session) -> Response:
        county = reading.county_of(session, asked.county)
        change = grid_drafts.begin(session, current_actor(), county, {**asked.said(), "subject": asked.subject})
        return answer(session, grid_drafts.read(session, change.id))

    return transact(work), 201


@blueprint.get(ONE)
@requires("grids:changes")
@spec.validate(query=Parameters, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def change(change_id: str) -> Response:
    """A change; its tag is what an act has to bring in If-Match."""
    query(Parameters)
    with request_session() as session:
        return answer(session, grid_drafts.read(session, row_id(change_id)))


@blueprint.get(ONE + "/grids")
@requires("grids:changes")
@spec.validate(query=StateAsked, resp=answers(200, None), skip_validation=True, tags=["grid changes"])
def grids(change_id: str) -> Response:
    """The county's grids as a draft leaves them, or as they are without it, as GeoJSON."""
    asked = query(StateAsked)
    with request_session() as session:
        draft = grid_drafts.read(session, row_id(change_id))
        done = draft.outcome
        newest = hash(tuple(draft.version_of.values()))
        terms = reading.terms_now(draft.county)
        etag = reading.tag(session, draft.county, terms, KINDS, tag_of(draft.change), asked.before, newest)
        before, after = grid_sides.sides(session, draft)
        names = area_changes.names(session, draft)
        if asked.before:
            found = features(before, {*done["retired"], *done["changed"]}, names)
        else:
            found = features(after, {*done["created"], *done["changed"]}, names)
    return reading.tagged(jsonify(found), etag)


@blueprint.get(ONE + "/impact")
@requires("grids:changes")
@spec.validate(query=Parameters, resp=answers(200, None), skip_validation=True, tags=["grid changes"])
def impact(change_id: str) -> Response:
    """What a change means for each grid and each worker: households, people, incidents by category, cameras, streets,
    routes, workers, minutes; before, after, gained and lost."""
    query(Parameters)
    with request_session() as session:
        draft = grid_drafts.read(session, row_id(change_id))
        return jsonify(grid_sides.impact(session, draft))


@blueprint.patch(ONE)
@requires("grids:edit")
@spec.validate(json=Form, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def amend(change_id: str) -> Response:
    """Writes title, reason, dates and document number into a draft."""
    return act_on(change_id, Form, lambda s, a, n, tag, asked: grid_drafts.amend(s, a, n, tag, asked.said()))


@blueprint.put(ONE + "/lease")
@requires("grids:edit")
@spec.validate(query=Parameters, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def lease(change_id: str) -> Response:
    """Says that the change is open here for the next minute and a half; answers who else has it open."""
    query(Parameters)
    number = row_id(change_id)

    def work(session: Session) -> Response:
        grid_drafts.lease(session, current_actor(), number)
        return answer(session, grid_drafts.read(session, number))

    return transact(work)
