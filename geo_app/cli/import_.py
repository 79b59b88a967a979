"""geo-app import: files into the database."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click
from pyproj import CRS

from geo_app.imports.kinds import KINDS
from geo_app.imports.problems import FileRejected
from geo_app.imports.reading import parse_crs
from geo_app.program import open_database, settings_of
from geo_app.queries.scopes import of_county
from geo_app.services.imports import ImportReport, NoCounty, import_file


def _crs(context: click.Context, parameter: click.Parameter, value: str | None) -> CRS | None:
    if value is None:
        return None
    try:
        return parse_crs(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--county", required=True, help="Code of the county, see geo-app counties.")
@click.option("--crs", callback=_crs, help="EPSG:nnnn or ESRI:nnnn; wins over what the file says.")
@click.option("--source", help="Name of where the rows come from; the file's name without ending if not given.")
@click.option("--simulated", is_flag=True, help="Mark every row as demonstration data.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of reports as JSON.")
def command(
    kind: str, files: tuple[Path, ...], county: str, crs: CRS | None, source: str | None, simulated: bool, as_json: bool
) -> None:
    """Import files of a KIND into a county: GeoJSON, GeoPackage, shapefile, CSV, OSM XML or PBF.

    Each file is taken whole or not at all; the same file again changes nothing.
    """
    database = open_database(settings_of(os.environ))
    reports: list[dict[str, object]] = []
    failed = False
    try:
        with database.owner_session() as owner:
            scope = of_county(owner, county)
        if scope is None:
            raise NoCounty(county)
        for file in files:
            try:
                report = import_file(
                    database, scope, county, kind, file, crs=crs, source=source, simulated=simulated
                )
                reports.append(report.as_json())
                if not as_json:
                    _say(report)
            except FileRejected as error:
                failed = True
                reports.append(_rejection(error, kind))
                if not as_json:
                    click.echo(f"{error.message}\n  → {error.remedy}", err=True)
    except NoCounty as error:
        click.echo(f"{error.message}\n  → {error.remedy}", err=True)
        sys.exit(1)
    finally:
        database.close()
    if as_json:
        click.echo(json.dumps(reports, ensure_ascii=False, indent=2))
    sys.exit(1 if failed else 0)


def _say(report: ImportReport) -> None:
    pieces = f" ({report.pieces:,} new pieces)" if report.pieces else ""
    ended = f", {report.ended:,} ended" if report.ended else ""
    dropped = f", {report.dropped:,} left out" if report.dropped else ""
    click.echo(
        f"{report.file}: {report.read:,} {report.kind} read: {report.stored:,} stored{pieces},"
        f" {report.updated:,} updated, {report.unchanged:,} unchanged{dropped}{ended}; {report.seconds:.1f} s"
    )
    for warning in report.warnings:
        click.echo(f"  note: {warning}")


def _rejection(error: FileRejected, kind: str) -> dict[str, object]:
    return {
        "file": error.file,
        "kind": kind,
        "problems": [{"code": p.code, "where": p.where, "reason": p.reason} for p in error.problems],
        "problem_count": error.count,
        "remedy": error.remedy,
    }
