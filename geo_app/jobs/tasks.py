"""The tasks of the queue. A task takes ids alone; doing it twice does no harm."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import procrastinate

from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.errors import AppError
from geo_app.failure import Failure
from geo_app.jobs import geocode_job, grid_proposal_job, import_job, map_file, pack_job, queue
from geo_app.jobs.work import Cancelled, Work, begin
from geo_app.services import area_stamps, geocoding, grid_proposal, inbox, inspection_pack, maps, uploads
from geo_app.services.jobs import TASK

TRIES = 3
# What is done for a job of each kind; doing it twice does no harm.
WORK: Mapping[str, Callable[[Work], None]] = {
    maps.KIND: map_file.write,
    import_job.IMPORT: import_job.take,
    import_job.RETAKE: import_job.take_again,
    geocoding.KIND: geocode_job.place,
    grid_proposal.KIND: grid_proposal_job.propose,
    inspection_pack.KIND: pack_job.write,
}
_log = logging.getLogger(__name__)


def open_queue(settings: Settings, database: Database) -> procrastinate.App:
    """The queue with every task, for a worker."""
    app = queue.connect(settings.database_url)
    retry = procrastinate.RetryStrategy(max_attempts=TRIES, wait=2)

    @app.task(name=TASK, pass_context=True, retry=retry)
    def do_job(context: procrastinate.JobContext, job_id: int, user_id: int) -> None:
        attempts = context.job.attempts if context.job else 0
        if attempts >= TRIES:  # each of them took its worker along, so none could say that it failed
            give_up(settings, database, job_id, user_id)
        else:
            run(settings, database, job_id, user_id, is_last=attempts + 1 >= TRIES)

    @app.periodic(cron="* * * * *")
    @app.task(name="release_stalled", queueing_lock="release_stalled", pass_context=True)
    async def release_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
        # A worker that was killed leaves its jobs running for ever; without a sign of life they are done again.
        for job in await app.job_manager.get_stalled_jobs():
            await app.job_manager.retry_job(job)

    if settings.inbox:

        @app.periodic(cron="* * * * *")
        @app.task(name="take_inbox", queueing_lock="take_inbox", lock="take_inbox")
        def take_inbox(timestamp: int) -> None:
            inbox.take_all(database, Path(settings.inbox))

    @app.periodic(cron="* * * * *")
    @app.task(name="stamp_areas", queueing_lock="stamp_areas", lock="stamp_areas")
    def stamp_areas(timestamp: int) -> None:
        area_stamps.stamp_due(database)

    @app.periodic(cron="17 * * * *")
    @app.task(name="remove_old_maps", queueing_lock="remove_old_maps")
    def remove_old_maps(timestamp: int) -> None:
        maps.remove_old(settings, datetime.now(UTC))

    @app.periodic(cron="22 * * * *")
    @app.task(name="remove_old_packs", queueing_lock="remove_old_packs")
    def remove_old_packs(timestamp: int) -> None:
        inspection_pack.remove_old(settings, datetime.now(UTC))

    @app.periodic(cron="27 * * * *")
    @app.task(name="remove_old_uploads", queueing_lock="remove_old_uploads")
    def remove_old_uploads(timestamp: int) -> None:
        uploads.remove_old(settings, datetime.now(UTC))

    return app


def run(settings: Settings, database: Database, job_id: int, user_id: int, *, is_last: bool) -> None:
    """Does a job in its submitter's scope. An error that may pass is raised, for the queue to try again."""
    work = begin(settings, database, job_id, user_id)
    if work is None:
        return
    try:
        WORK[work.job.kind](work)
    except Cancelled:
        work.finish("cancelled")
    except AppError as error:
        said = {name: value if isinstance(value, int | float) else str(value) for name, value in error.params.items()}
        work.finish("failed", message=error.msgid, result={"refused": {"remedy": error.remedy_msgid, "params": said}})
    except Failure as error:
        work.finish("failed", message=error.message)
    except Exception:
        _log.exception("job %s failed", job_id)
        if not is_last:
            raise
        work.finish("failed", message=AppError.message)


def give_up(settings: Settings, database: Database, job_id: int, user_id: int) -> None:
    """Ends a job as failed without trying it again."""
    work = begin(settings, database, job_id, user_id)
    if work is not None:
        work.finish("failed", message=AppError.message)


def worker_options() -> dict[str, Any]:
    """How a worker runs: few jobs at once, since they compute, and done ones leave no trace in the queue."""
    return {"concurrency": 2, "delete_jobs": "successful", "shutdown_graceful_timeout": 20}
