"""geo-app stop: stop the private database, which otherwise stays up for the next start."""

from __future__ import annotations

import os

import click

from geo_app.cli._steps import clear_errors


@click.command(help="Stop the private PostGIS of this folder; its data stays.")
def command() -> None:
    from geo_app.config import load_settings
    from geo_app.program import private_cluster

    with clear_errors():
        cluster = private_cluster(load_settings(os.environ))
        if cluster.is_running():
            cluster.stop()
            click.echo(f"stopped: {cluster.folder}")
        else:
            click.echo(f"does not run: {cluster.folder}")
