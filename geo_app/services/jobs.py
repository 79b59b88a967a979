"""Long work is asked for: a row that a page follows and an entry in the queue, both in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from geo_app.jobs.queue import defer
from geo_app.models import County, Job
from geo_app.queries import job_rows
from geo_app.security.actor import Actor

TASK = "do_job"


def submit(session: Session, actor: Actor, county: County, kind: str, arguments: Mapping[str, Any]) -> Job:
    """Adds the job and its entry in the queue in the caller's transaction: both are there, or neither."""
    admin, police = job_rows.home(session, county.id)
    job = Job(
        kind=kind, county_id=county.id, admin_area_id=admin, police_area_id=police, user_id=actor.user_id,
        arguments=dict(arguments),
    )  # fmt: skip
    session.add(job)
    session.flush()
    defer(session, TASK, {"job_id": job.id, "user_id": actor.user_id})
    return job
