"""/api/grid-changes/…: what is drawn on a draft of a change of grids, undone, brought up to date and proposed."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from geo_app.api.grid_change_acts import ONE, act
from geo_app.api.grid_change_answers import ChangeAnswer, DrawnAnswer
from geo_app.api.grid_change_bodies import FileSent, Operation, ProposalAsked
from geo_app.api.grid_change_shapes import features
from geo_app.api.grid_change_shown import described
from geo_app.api.jobs import JobAnswer
from geo_app.api.jobs import described as job_described
from geo_app.api.parameters import Parameters, body, query, row_id, tag_asked
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session, settings, transact
from geo_app.security.actor import current_actor
from geo_app.security.rules import requires
from geo_app.services import area_changes, grid_drafts, grid_proposal, grid_rebase, grid_sides, uploads
from geo_app.services.grid_draft import Draft, tag_of
from grid_boundaries.edits import Edit

blueprint = Blueprint("api_grid_change_drawing", __name__)


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


@blueprint.post(ONE + "/preview")
@requires("grids:edit")
@spec.validate(json=Operation, resp=answers(200, DrawnAnswer), skip_validation=True, tags=["grid changes"])
def preview(change_id: str) -> Response:
    """What an operation would do, with the numbers of the grids that it touches; nothing is kept."""
    query(Parameters)
    asked = body(Operation).asked()
    with request_session() as session:
        draft = grid_drafts.read(session, row_id(change_id))
        answer = _edited(session, draft, grid_drafts.preview(session, draft, asked))
    return jsonify(answer.model_dump(mode="json"))


@blueprint.post(ONE + "/undo")
@requires("grids:edit")
@spec.validate(query=Parameters, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def undo(change_id: str) -> Response:
    """Takes the last operation back."""
    return act(change_id, grid_drafts.undo)


@blueprint.post(ONE + "/redo")
@requires("grids:edit")
@spec.validate(query=Parameters, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def redo(change_id: str) -> Response:
    """Does the operation again that was undone last."""
    return act(change_id, grid_drafts.redo)


@blueprint.post(ONE + "/rebase")
@requires("grids:edit")
@spec.validate(query=Parameters, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def rebase(change_id: str) -> Response:
    """Draws a draft again on the grids as they are now; what cannot be drawn there any more is told in ``left_out``."""
    return act(change_id, grid_rebase.rebase)


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


def _drawn(draw: Callable[[Session], tuple[Draft, Draft, Edit]]) -> Response:
    """What was drawn on a draft, with the draft after it."""

    def work(session: Session) -> Response:
        draft, before, edit = draw(session)
        answer = _edited(session, before, edit, draft)
        response = jsonify(answer.model_dump(mode="json"))
        response.set_etag(tag_of(draft.change))
        return response

    return transact(work)


def _edited(session: Session, before: Draft, edit: Edit, after: Draft | None = None) -> DrawnAnswer:
    """The grids that an edit of a draft touches as they are after it, and their numbers before and after; after: the draft
    with it, None where nothing is kept."""
    codes = [*edit.created, *edit.changed]
    return DrawnAnswer(
        change=None if after is None else described(session, after),
        edit={"retired": list(edit.retired), "created": list(edit.created), "changed": list(edit.changed)},
        features=features(
            edit.grids[edit.grids["code"].isin(codes)], codes, area_changes.names(session, after or before)
        ),
        numbers=grid_sides.live(session, before, edit),
    )
