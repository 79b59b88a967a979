"""One piece of work: in whose scope it runs, how far it is, and whether its submitter still wants it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.models import Job
from geo_app.queries import job_rows
from geo_app.security.actor import Actor


class Cancelled(Exception):
    """The submitter wants no result any more."""


@dataclass(frozen=True)
class Work:
    """A job that is being done. What it reads, it reads as ``actor``: its submitter, as he is now."""

    settings: Settings
    database: Database
    actor: Actor
    job: Job

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction in the submitter's scope that cannot write."""
        with self.database.session(self.actor.scope, read_only=True) as session:
            yield session

    def progress(self, done: int, total: int | None) -> None:
        """Writes how far the work is. Raises Cancelled when nobody waits for it any more."""
        with self.database.session(self.actor.scope) as session:
            row = job_rows.own(session, self.job.id, self.actor.user_id)
            if row is None or row.cancel_requested:
                raise Cancelled
            job_rows.change(session, row.id, done=done, total=total)

    def finish(self, status: str, **values: Any) -> None:
        """Ends the job, once."""
        with self.database.session(self.actor.scope) as session:
            job_rows.finish(session, self.job.id, status, **values)


def begin(settings: Settings, database: Database, job_id: int, user_id: int) -> Work | None:
    """The work of a job; None when it is over already or its submitter may no longer see it."""
    with database.side_session() as rows:
        actor = job_rows.submitter(rows, user_id)
    with database.session(actor.scope) as session:
        job = job_rows.own(session, job_id, actor.user_id)
        if job is None or job.status in job_rows.OVER:
            return None
        job_rows.change(session, job_id, status="running", started_at=datetime.now(UTC))
    return Work(settings, database, actor, job)
