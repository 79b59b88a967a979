"""The queue: procrastinate's tables in a schema of their own of the same database."""

from __future__ import annotations

import json
from typing import Any

import procrastinate
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from geo_app.database.engine import APPLICATION_ROLE

SCHEMA = "procrastinate"


def defer(session: Session, task: str, arguments: dict[str, Any]) -> None:
    """Puts a task into the queue in the caller's transaction: it runs when that is committed, and only then."""
    # The functions and triggers of the queue name their tables without a schema.
    session.execute(text(f"SET LOCAL search_path = {SCHEMA}, public"))
    session.execute(
        text(
            "SELECT procrastinate_defer_jobs_v1(ARRAY["
            "ROW('default', :task, 0, NULL, NULL, CAST(:arguments AS jsonb), NULL)::procrastinate_job_to_defer_v1])"
        ),
        {"task": task, "arguments": json.dumps(arguments)},
    )
    session.execute(text("SET LOCAL search_path TO DEFAULT"))


def connect(database_url: str) -> procrastinate.App:
    """The queue of a database, without tasks. Its connections are apart from the application's."""
    url = make_url(database_url).set(drivername="postgresql")
    return procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=url.render_as_string(hide_password=False),
            kwargs={"options": f"-c role={APPLICATION_ROLE} -c search_path={SCHEMA}"},
            min_size=1,
            max_size=4,
        )
    )
