"""geo-app doctor: what could keep the program from working here, and what to do about it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

import click

from geo_app.cli._steps import clear_errors

MARKS = {"ok": "ok     ", "warning": "warning", "error": "ERROR  "}


@click.command(help="Check versions, extensions, locale, disk, key, scripts and fonts, and say what to do about each.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    from geo_app.assets import folder
    from geo_app.doctor import examine
    from geo_app.program import open_database, settings_of

    with clear_errors():
        settings = settings_of(os.environ)
        database = open_database(settings)
        try:
            findings = list(examine(settings, database, folder() / "vendor"))
        finally:
            database.close()
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{MARKS[finding.level]} {finding.check}: {finding.found}")
            if finding.remedy:
                click.echo(f"        → {finding.remedy}")
    if any(finding.level == "error" for finding in findings):
        raise SystemExit(1)
