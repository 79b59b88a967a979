"""geo-app counties: what there is."""

from __future__ import annotations

import json

import click

from geo_app.cli._database import opened


@click.command
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(as_json: bool) -> None:
    """List the counties with their rows by kind."""
    from geo_app.queries.counties import rows_by_kind

    with opened() as database, database.owner_session() as owner:
        found = rows_by_kind(owner)
    if as_json:
        click.echo(json.dumps([county.as_json() for county in found], ensure_ascii=False, indent=2))
        return
    for county in found:
        rows = ", ".join(f"{count:,} {kind}" for kind, count in county.rows.items() if count) or "empty"
        click.echo(f"{county.code}  {county.name}  (EPSG:{county.metric_srid}, {county.time_zone}): {rows}")
    if not found:
        click.echo("There is no county yet.\n  → geo-app county add CODE NAME --metric-srid EPSG-NUMBER")
