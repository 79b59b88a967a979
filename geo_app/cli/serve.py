"""geo-app serve: serve what is in the database."""

from __future__ import annotations

import os

import click

from geo_app.cli._steps import clear_errors, step


@click.command(help="Serve what is in the database, bringing its schema up to date first.")
def command() -> None:
    from geo_app.config import load_settings
    from geo_app.program import complete, set_up_database
    from geo_app.server import check_port, serve

    with clear_errors():
        given = load_settings(os.environ)
        check_port(given.host, given.port)
        with step("Database and schema"):
            set_up_database(given)
        settings = complete(given)
        serve(settings, lambda: click.echo(f"http://{settings.host}:{settings.port}/", err=True))
