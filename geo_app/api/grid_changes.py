"""/api/grid-changes: drafts of changes of grids, what is drawn on them, and their way through review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from geo_app.api import reading
from geo_app.api.grid_change_answers import (
    ChangeAnswer,
    ChangesAnswer,
    DrawnAnswer,
    described,
    features,
    listed,
)
from geo_app.api.grid_change_bodies import (
    Decision,
    FileSent,
    Filing,
    Form,
    Listed,
    NewChange,
    Operation,
    ProposalAsked,
    Remark,
)
from geo_app.api.jobs import JobAnswer
from geo_app.api.jobs import described as job_described
from geo_app.api.parameters import Parameters, body, query, row_id, tag_asked
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session, settings, transact
from geo_app.queries import grid_change_rows
from geo_app.security.actor import current_actor
from geo_app.security.rules import requires
from geo_app.services import grid_drafts, grid_proposal, grid_rebase, grid_review, grid_sides, uploads
from geo_app.services.grid_draft import Draft, tag_of
from grid_boundaries.edits import Edit

blueprint = Blueprint("api_grid_changes", __name__)
KINDS = ("grids", "areas")  # on which the sides of a change hang, people among them
ONE = "/api/grid-changes/<change_id>"


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
        return _answer(session, grid_drafts.read(session, change.id))

    return transact(work), 201


@blueprint.get(ONE)
@requires("grids:changes")
@spec.validate(query=Parameters, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def change(change_id: str) -> Response:
    """A change; its tag is what an act has to bring in If-Match."""
    query(Parameters)
    with request_session() as session:
        return _answer(session, grid_drafts.read(session, row_id(change_id)))


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
        if asked.before:
            found = features(before, {*done["retired"], *done["changed"]})
        else:
            found = features(after, {*done["created"], *done["changed"]})
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
    query(Parameters)
    number, tag = row_id(change_id), tag_asked()
    asked = body(Form)
    return _act(lambda session: grid_drafts.amend(session, current_actor(), number, tag, asked.said()))


@blueprint.post(ONE + "/operations")
@requires("grids:edit")
@spec.validate(json=Operation, resp=answers(200, DrawnAnswer), skip_validation=True, tags=["grid changes"])
def operate(change_id: str) -> Response:
    """Draws one operation on a draft; If-Match says from which state."""
    query(Parameters)
    number, tag = row_id(change_id), tag_asked()
    asked = body(Operation).asked()
    return _drawn(lambda session: grid_drafts.operate(session, current_actor(), number, tag, asked))


@blueprint.post(ONE + "/file")
@requires("grids:edit")
@spec.validate(json=FileSent, resp=answers(200, DrawnAnswer), skip_validation=True, tags=["grid changes"])
def draw_file(change_id: str) -> Response:
    """Puts the grids of a file that was sent (GeoJSON, GeoPackage and what else is read) into a draft."""
    query(Parameters)
    number, tag = row_id(change_id), tag_asked()
    asked, actor = body(FileSent), current_actor()
    path = uploads.file_of(settings(), actor, asked.upload)
    response = _drawn(lambda session: grid_drafts.draw_file(session, actor, number, tag, path))
    uploads.remove(settings(), actor, asked.upload)
    return response


def _drawn(draw: Callable[[Session], tuple[Draft, Draft, Edit]]) -> Response:
    """What was drawn on a draft, with the draft after it."""

    def work(session: Session) -> Response:
        draft, before, edit = draw(session)
        answer = _edited(session, before, edit, described(session, draft))
        response = jsonify(answer.model_dump(mode="json"))
        response.set_etag(tag_of(draft.change))
        return response

    return transact(work)


def _edited(session: Session, draft: Draft, edit: Edit, change: ChangeAnswer | None) -> DrawnAnswer:
    """The grids that an edit of a draft touches as they are after it, and their numbers before and after."""
    codes = [*edit.created, *edit.changed]
    return DrawnAnswer(
        change=change,
        edit={"retired": list(edit.retired), "created": list(edit.created), "changed": list(edit.changed)},
        features=features(edit.grids[edit.grids["code"].isin(codes)], codes),
        numbers=grid_sides.live(session, draft, edit),
    )


@blueprint.post(ONE + "/preview")
@requires("grids:edit")
@spec.validate(json=Operation, resp=answers(200, DrawnAnswer), skip_validation=True, tags=["grid changes"])
def preview(change_id: str) -> Response:
    """What an operation would do, with the numbers of the grids that it touches; nothing is kept."""
    query(Parameters)
    asked = body(Operation).asked()
    with request_session() as session:
        draft = grid_drafts.read(session, row_id(change_id))
        answer = _edited(session, draft, grid_drafts.preview(session, draft, asked), None)
    return jsonify(answer.model_dump(mode="json"))


@blueprint.post(ONE + "/undo")
@requires("grids:edit")
@spec.validate(query=Parameters, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def undo(change_id: str) -> Response:
    """Takes the last operation back."""
    return _plain(change_id, grid_drafts.undo)


@blueprint.post(ONE + "/redo")
@requires("grids:edit")
@spec.validate(query=Parameters, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def redo(change_id: str) -> Response:
    """Does the operation again that was undone last."""
    return _plain(change_id, grid_drafts.redo)


@blueprint.post(ONE + "/rebase")
@requires("grids:edit")
@spec.validate(query=Parameters, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def rebase(change_id: str) -> Response:
    """Draws a draft again on the grids as they are now; what cannot be drawn there any more is told in ``left_out``."""
    return _plain(change_id, grid_rebase.rebase)


@blueprint.post(ONE + "/proposals")
@requires("grids:edit")
@spec.validate(json=ProposalAsked, resp=answers(202, JobAnswer), skip_validation=True, tags=["grid changes"])
def propose(change_id: str) -> tuple[Response, int]:
    """Has balanced grids proposed in the place of some of a draft; the job draws them on it as one step."""
    query(Parameters)
    number, tag = row_id(change_id), tag_asked()
    asked = body(ProposalAsked)

    def work(session: Session) -> Response:
        draft = grid_drafts.opened(session, number, tag)
        job = grid_proposal.submit(session, current_actor(), draft, asked.codes, asked.count, asked.tolerance)
        return jsonify(job_described(job))

    return transact(work), 202


@blueprint.put(ONE + "/lease")
@requires("grids:edit")
@spec.validate(query=Parameters, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def lease(change_id: str) -> Response:
    """Says that the change is open here for the next minute and a half; answers who else has it open."""
    query(Parameters)
    number = row_id(change_id)

    def work(session: Session) -> Response:
        grid_drafts.lease(session, current_actor(), number)
        return _answer(session, grid_drafts.read(session, number))

    return transact(work)


@blueprint.post(ONE + "/submit")
@requires("grids:edit")
@spec.validate(json=Remark, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def submit(change_id: str) -> Response:
    """Hands a draft in for review; it is checked whole."""
    return _with(change_id, Remark, lambda s, a, n, tag, asked: grid_review.submit(s, a, n, tag, asked.comment))


@blueprint.post(ONE + "/decision")
@requires("grids:review")
@spec.validate(json=Decision, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def decide(change_id: str) -> Response:
    """Approves a change, sends it back, or remarks something."""

    def act(session: Session, actor: Any, number: int, tag: str, asked: Decision) -> Draft:
        if asked.decision == "comment":
            return grid_review.remark(session, actor, number, tag, asked.comment)
        return grid_review.decide(session, actor, number, tag, asked.decision, asked.comment)

    return _with(change_id, Decision, act)


@blueprint.post(ONE + "/withdraw")
@requires("grids:changes")
@spec.validate(json=Remark, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def withdraw(change_id: str) -> Response:
    """Takes a change back."""
    return _with(change_id, Remark, lambda s, a, n, tag, asked: grid_review.withdraw(s, a, n, tag, asked.comment))


@blueprint.post(ONE + "/filing")
@requires("grids:changes")
@spec.validate(json=Filing, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def file_away(change_id: str) -> Response:
    """Files a change that is in force."""
    return _with(
        change_id, Filing, lambda s, a, n, tag, asked: grid_review.file_away(s, a, n, tag, asked.document_number)
    )


def _with(change_id: str, model: Any, act: Callable[[Session, Any, int, str, Any], Draft]) -> Response:
    query(Parameters)
    number, tag = row_id(change_id), tag_asked()
    asked = body(model)
    return _act(lambda session: act(session, current_actor(), number, tag, asked))


def _plain(change_id: str, act: Callable[[Session, Any, int, str], Draft]) -> Response:
    query(Parameters)
    number, tag = row_id(change_id), tag_asked()
    return _act(lambda session: act(session, current_actor(), number, tag))


def _act(act: Callable[[Session], Draft]) -> Response:
    return transact(lambda session: _answer(session, act(session)))


def _answer(session: Session, draft: Draft) -> Response:
    response = jsonify(described(session, draft).model_dump(mode="json"))
    response.set_etag(tag_of(draft.change))
    return response
