"""/api/grid-changes/…/scans: scanned papers of a change, sent and fetched."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, request
from pydantic import Field
from sqlalchemy.orm import Session

from geo_app.api.exports import disposition
from geo_app.api.grid_change_acts import answer
from geo_app.api.grid_change_answers import ChangeAnswer
from geo_app.api.parameters import Parameters, query, row_id, tag_asked
from geo_app.api.spec import answers, spec
from geo_app.errors import N_, BadInput, NotFound
from geo_app.extensions import request_session, transact
from geo_app.queries import grid_change_rows
from geo_app.security.actor import current_actor
from geo_app.security.rules import requires
from geo_app.services import grid_scans

blueprint = Blueprint("api_grid_scans", __name__)
SCANS = "/api/grid-changes/<change_id>/scans"


class ScanName(Parameters):
    """What the paper is called."""

    name: Annotated[str, Field(min_length=1, max_length=200)]


@blueprint.post(SCANS)
@requires("grids:edit")
@spec.validate(query=ScanName, resp=answers(201, ChangeAnswer), skip_validation=True, tags=["grid changes"])
def add(change_id: str) -> tuple[Response, int]:
    """Adds a scan, sent as it is (application/octet-stream), to a change; If-Match says in which state it was seen."""
    asked = query(ScanName)
    number, tag = row_id(change_id), tag_asked()
    if request.mimetype != "application/octet-stream":
        raise BadInput(N_("Send the file itself, with the content type application/octet-stream."))
    content = request.get_data(cache=False)

    def work(session: Session) -> Response:
        there = len(grid_change_rows.scans(session, number))
        draft = grid_scans.add(session, current_actor(), number, tag, asked.name, content, there)
        return answer(session, draft)

    return transact(work), 201


@blueprint.get(SCANS + "/<scan_id>")
@requires("grids:changes")
@spec.validate(query=Parameters, skip_validation=True, tags=["grid changes"])
def fetch(change_id: str, scan_id: str) -> Response:
    """A scanned paper, to keep: it is never shown inside a page."""
    query(Parameters)
    with request_session() as session:
        found = grid_change_rows.scan(session, row_id(change_id), row_id(scan_id))
        if found is None:
            raise NotFound()
        headers = {"Content-Disposition": disposition(found.name, found.name)}
        return Response(found.content, mimetype=found.media_type, headers=headers)
