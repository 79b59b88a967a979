"""An act on a change of grids: its tag comes in If-Match, and the change as it is afterwards goes out with its new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from geo_app.api.grid_change_shown import described
from geo_app.api.parameters import Parameters, body, query, row_id, tag_asked
from geo_app.extensions import transact
from geo_app.security.actor import Actor, current_actor
from geo_app.services.grid_draft import Draft, tag_of

ONE = "/api/grid-changes/<change_id>"


def answer(session: Session, draft: Draft) -> Response:
    """A change as its page shows it, with its tag."""
    response = jsonify(described(session, draft).model_dump(mode="json"))
    response.set_etag(tag_of(draft.change))
    return response


def act(change_id: str, work: Callable[[Session, Actor, int, str], Draft]) -> Response:
    """Does what needs nothing but the change and its tag."""
    query(Parameters)
    number, tag = row_id(change_id), tag_asked()
    return transact(lambda session: answer(session, work(session, current_actor(), number, tag)))


def act_on(change_id: str, model: Any, work: Callable[[Session, Actor, int, str, Any], Draft]) -> Response:
    """Does what needs a body too, which is read as the model."""
    query(Parameters)
    number, tag = row_id(change_id), tag_asked()
    asked = body(model)
    return transact(lambda session: answer(session, work(session, current_actor(), number, tag, asked)))
