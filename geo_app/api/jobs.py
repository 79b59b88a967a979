"""GET and DELETE /api/jobs/<id>: how far long work is, and that nobody waits for it any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, url_for
from flask_babel import gettext
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from geo_app.api.parameters import Parameters, query, row_id
from geo_app.api.spec import answers, spec
from geo_app.errors import NotFound
from geo_app.extensions import request_session
from geo_app.models import Job
from geo_app.queries import job_rows
from geo_app.security.actor import current_actor
from geo_app.security.rules import requires
from geo_app.services import geocoding, grid_proposal, import_reports, inspection_pack

blueprint = Blueprint("api_jobs", __name__)


class JobAnswer(BaseModel):
    """A job of the user's own. ``status``: waiting, running, done, failed, cancelled."""

    id: int
    kind: str
    status: str
    done: int
    total: int | None
    message: str
    remedy: str = Field("", description="What to do about a refusal.")
    result: str | None = Field(description="Address of what came of it, once done.")
    report: dict[str, Any] | None = Field(None, description="Of an import: what became of the file, or would.")
    rejected: dict[str, Any] | None = Field(None, description="Of an import: why the file cannot be used at all.")
    asked: dict[str, Any] | None = Field(None, description="Of an import: how it was asked for.")
    placed: dict[str, Any] | None = Field(None, description="Of placing calls: texts, changed, levels.")
    proposed: dict[str, Any] | None = Field(
        None,
        description="Of balanced grids: load (what was made alike), count, worst (share of the mean), moved, within.",
    )
    created_at: datetime


@blueprint.get("/api/jobs/<job_id>")
@requires("jobs:read")
@spec.validate(query=Parameters, resp=answers(200, JobAnswer), skip_validation=True, tags=["jobs"])
def job(job_id: str) -> Response:
    """How far a job is."""
    query(Parameters)
    with request_session() as session:
        found = _own(session, job_id)
        return jsonify(described(found))


@blueprint.delete("/api/jobs/<job_id>")
@requires("jobs:read")
@spec.validate(query=Parameters, resp=answers(200, JobAnswer), skip_validation=True, tags=["jobs"])
def cancel(job_id: str) -> Response:
    """Cancels a job; one that waits ends at once, one that runs at its next step."""
    query(Parameters)
    with request_session() as session:
        found = _own(session, job_id)
        job_rows.change(session, found.id, cancel_requested=True)
        if found.status == "waiting":
            job_rows.finish(session, found.id, "cancelled")
        session.refresh(found)
        return jsonify(described(found))


def described(found: Job) -> dict[str, Any]:
    """A job as the API shows it."""
    refused = (found.result or {}).get("refused") or {"remedy": "", "params": {}}
    said = [gettext(text, **refused["params"]) if text else "" for text in (found.message, refused["remedy"])]
    answer = JobAnswer(
        id=found.id,
        kind=found.kind,
        status=found.status,
        done=found.done,
        total=found.total,
        message=said[0],
        remedy=said[1],
        result=_address(found) if found.status == "done" else None,
        **import_reports.of_job(found.result or {}, gettext),
        placed=(found.result or {}).get("placed"),
        proposed=(found.result or {}).get("proposed"),
        asked=import_reports.asked(found),
        created_at=found.created_at,
    )
    return answer.model_dump(mode="json")


def _address(found: Job) -> str | None:
    if found.kind in (geocoding.KIND, grid_proposal.KIND):
        return None
    if found.kind == inspection_pack.KIND:
        return url_for("api_grid_papers.download", job_id=found.id)
    batch = (found.result or {}).get("batch_id")
    if batch is None:
        return url_for("api_maps.download", job_id=found.id)
    return url_for("api_imports.batch", batch_id=batch)


def _own(session: Session, job_id: str) -> Job:
    """The actor's job with this id. Raises NotFound when it is absent or somebody else's."""
    found = job_rows.own(session, row_id(job_id), current_actor().user_id)
    if found is None:
        raise NotFound()
    return found
