"""geo-app migrate: prepare the database and bring its schema up to date."""

from __future__ import annotations

import os

import click

from geo_app.cli._steps import clear_errors, step


@click.command(help="Prepare the database and bring its schema up to date.")
def command() -> None:
    from geo_app.config import load_settings
    from geo_app.program import set_up_database

    with clear_errors(), step("Database and schema"):
        set_up_database(load_settings(os.environ))
