"""geo-app county: adds counties."""

from __future__ import annotations

import click

from geo_app.cli._database import opened


@click.group
def command() -> None:
    """Add a county."""


@command.command
@click.argument("code")
@click.argument("name")
@click.option("--metric-srid", type=int, required=True, help="EPSG code of a system in true metres, such as 4548.")
@click.option("--time-zone", default="Asia/Shanghai", show_default=True)
@click.option("--simulated", is_flag=True, help="Everything in it is made up.")
def add(code: str, name: str, metric_srid: int, time_zone: str, simulated: bool) -> None:
    """Add a county with the roots of its two trees; one that is there stays as it is."""
    from geo_app.services.counties import add_county

    with opened() as database, database.owner_session() as owner:
        county = add_county(owner, code, name, metric_srid, time_zone=time_zone, simulated=simulated)
        click.echo(f"{county.code}  {county.name}  (EPSG:{county.metric_srid}, {county.time_zone})")
