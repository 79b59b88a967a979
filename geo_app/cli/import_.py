"""geo-app import: files into the database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo_app.cli._database import opened
from geo_app.imports.columns import HEADINGS

if TYPE_CHECKING:
    from geo_app.imports.problems import FileRejected
    from geo_app.services.imports import ImportReport


@click.command
@click.argument("kind", type=click.Choice(list(HEADINGS)))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--county", required=True, help="Code of the county, see geo-app counties.")
@click.option(
    "--crs", "crs_name", help="EPSG:nnnn, ESRI:nnnn, GCJ-02, BD-09, or auto to have it found out; wins over the file."
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME=HEADING",
    help="What a heading means where it does not say so itself, as category=loc_cat; may be repeated.",
)
@click.option("--source", help="Where the rows come from; the file's name without its ending if not given.")
@click.option(
    "--value",
    "words",
    multiple=True,
    metavar="NAME:WORD=OURS",
    help="What a word of the file means, as category:盗抢骗=刑事; may be repeated.",
)
@click.option("--layer", help="The sheet or layer of a file that has several.")
@click.option("--dry-run", is_flag=True, help="Say what would become of the file, and store nothing.")
@click.option("--simulated", is_flag=True, help="Mark every row as demonstration data.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of reports as JSON.")
def command(
    kind: str,
    files: tuple[Path, ...],
    county: str,
    crs_name: str | None,
    columns: tuple[str, ...],
    words: tuple[str, ...],
    layer: str | None,
    dry_run: bool,
    source: str | None,
    simulated: bool,
    as_json: bool,
) -> None:
    """Import files of a KIND into a county, in any format that the README names.

    Rows that cannot be used go to quarantine with their reason; the same file again changes nothing. Rows of one source
    are known again by their keys.
    """
    from geo_app.imports.problems import FileRejected
    from geo_app.queries.scopes import of_county
    from geo_app.services.imports import NoCounty, Wishes, import_file

    _check_system(crs_name)
    wishes = Wishes(
        crs=crs_name,
        source=source,
        simulated=simulated,
        columns=_headings(columns),
        values=_meanings(words),
        layer=layer,
    )
    reports: list[dict[str, Any]] = []
    failed = False
    with opened() as database:
        with database.owner_session() as owner:
            scope = of_county(owner, county)
        if scope is None:
            raise NoCounty(county)
        for file in files:
            try:
                report = import_file(database, scope, county, kind, file, wishes=wishes, dry_run=dry_run)
            except FileRejected as error:
                failed = True
                reports.append(_rejection(error, kind, county))
                if not as_json:
                    click.echo(f"{error.message}\n  → {error.remedy}", err=True)
                continue
            reports.append(report.as_json())
            if not as_json:
                _say(report)
    if as_json:
        click.echo(json.dumps(reports, ensure_ascii=False, indent=2))
    sys.exit(1 if failed else 0)


def _check_system(name: str | None) -> None:
    from geo_app.imports.systems import AUTO, parse_system

    try:
        if name and name != AUTO:
            parse_system(name)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--crs") from error


def _headings(columns: tuple[str, ...]) -> dict[str, str]:
    """Our name → the file's heading."""
    said = dict(column.split("=", 1) for column in columns if "=" in column)
    if len(said) != len(columns):
        raise click.BadParameter("write each as NAME=HEADING, each name once.", param_hint="--column")
    return said


def _meanings(words: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Our name → the file's word → ours."""
    meanings: dict[str, dict[str, str]] = {}
    for word in words:
        name, colon, rest = word.partition(":")
        theirs, equals, ours = rest.rpartition("=")
        if not (colon and equals and name and theirs):
            raise click.BadParameter("write each as NAME:WORD=OURS.", param_hint="--value")
        meanings.setdefault(name, {})[theirs] = ours
    return meanings


def _say(report: ImportReport) -> None:
    pieces = f" ({report.pieces:,} new pieces)" if report.pieces else ""
    ended = f"; {report.ended:,} ended" if report.ended else ""
    would = " (a dry run: nothing is stored)" if report.dry_run else ""
    click.echo(
        f"{report.file}: {report.read:,} {report.kind} read: {report.stored:,} stored{pieces},"
        f" {report.updated:,} updated, {report.unchanged:,} unchanged, {report.quarantined:,} quarantined{ended};"
        f" {report.seconds:.1f} s{would}"
    )
    if report.placed:
        levels = ", ".join(
            f"{count:,} {level}" for level, count in sorted(report.placed.items(), key=lambda one: -one[1])
        )
        click.echo(f"  by address: {levels}")
    for code, count in report.reasons.items():
        click.echo(f"  quarantine: {count:,} rows: {code}")
    for warning in report.warnings:
        click.echo(f"  note: {warning}")


def _rejection(error: FileRejected, kind: str, county: str) -> dict[str, Any]:
    return {
        "file": error.file,
        "kind": kind,
        "county": county,
        "problem_count": error.count,
        "problems": [{"code": p.code, "where": p.where, "reason": p.said()} for p in error.problems],
        "remedy": error.remedy,
        "finding": error.finding,
    }
