"""/api/grid-changes/…: a change of grids on its way through review, until it is filed or withdrawn."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from geo_app.api.grid_change_acts import ONE, act_on
from geo_app.api.grid_change_answers import ChangeAnswer
from geo_app.api.grid_change_bodies import Comment, Decision, Filing, Remark
from geo_app.api.spec import answers, spec
from geo_app.security.actor import Actor
from geo_app.security.rules import requires
from geo_app.services import grid_review
from geo_app.services.grid_draft import Draft

blueprint = Blueprint("api_grid_change_review", __name__)


@blueprint.post(ONE + "/submit")
@requires("grids:edit")
@spec.validate(json=Remark, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def submit(change_id: str) -> Response:
    """Hands a draft in for review; it is checked whole."""
    return act_on(change_id, Remark, lambda s, a, n, tag, asked: grid_review.submit(s, a, n, tag, asked.comment))


@blueprint.post(ONE + "/decision")
@requires("grids:review")
@spec.validate(json=Decision, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def decide(change_id: str) -> Response:
    """Approves a change, or sends it back."""

    def work(session: Session, actor: Actor, number: int, tag: str, asked: Decision) -> Draft:
        return grid_review.decide(session, actor, number, tag, asked.decision, asked.comment)

    return act_on(change_id, Decision, work)


@blueprint.post(ONE + "/comments")
@requires("grids:changes")
@spec.validate(json=Comment, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def comment(change_id: str) -> Response:
    """Says something about a change without deciding: who draws and who reviews answer one another."""
    return act_on(change_id, Comment, lambda s, a, n, tag, asked: grid_review.remark(s, a, n, tag, asked.comment))


@blueprint.post(ONE + "/withdraw")
@requires("grids:changes")
@spec.validate(json=Remark, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def withdraw(change_id: str) -> Response:
    """Takes a change back."""
    return act_on(change_id, Remark, lambda s, a, n, tag, asked: grid_review.withdraw(s, a, n, tag, asked.comment))


@blueprint.post(ONE + "/filing")
@requires("grids:changes")
@spec.validate(json=Filing, resp=answers(200, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def file_away(change_id: str) -> Response:
    """Files a change that is in force."""
    return act_on(
        change_id, Filing, lambda s, a, n, tag, asked: grid_review.file_away(s, a, n, tag, asked.document_number)
    )
