"""geo-app work: do background jobs until told to stop."""

from __future__ import annotations

import os

import click

from geo_app.cli._steps import clear_errors


@click.command(help="Do background jobs until told to stop.")
@click.option("--once", is_flag=True, help="Stop when nothing waits any more.")
def command(once: bool) -> None:
    from geo_app.jobs.tasks import open_queue, worker_options
    from geo_app.logs import set_up_logging
    from geo_app.program import open_database, settings_of

    with clear_errors():
        settings = settings_of(os.environ)
        set_up_logging(settings.log_level)
        database = open_database(settings)
        try:
            open_queue(settings, database).run_worker(wait=not once, **worker_options())
        finally:
            database.close()
