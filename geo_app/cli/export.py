"""geo-app export: what is there of a kind, as a file that can be imported again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo_app.cli._database import opened
from geo_app.failure import Failure
from geo_app.imports.columns import HEADINGS

if TYPE_CHECKING:
    from geo_app.database.engine import Database

FORMATS = ("csv", "xlsx", "geojson", "gpkg")


@click.command(help="Write everything of a KIND that is in force in a county to a file.")
@click.argument("kind", type=click.Choice(list(HEADINGS)))
@click.option("--county", "code", required=True, help="Code of the county, see geo-app counties.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="What the file's ending says, if not given.")
@click.option(
    "--crs",
    "crs_name",
    default="EPSG:4326",
    show_default=True,
    help="EPSG:nnnn, metric (the county's own), GCJ-02 or BD-09.",
)
@click.option("--source", help="Only what came from this source.")
@click.option("--as-of", "day", metavar="DAY", help="What was in force on this day, as 2026-01-31; today if not given.")
@click.option("--callers", is_flag=True, help="Incidents with who called, and all that arrived; this is written down.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of notes.")
def command(
    kind: str, code: str, out: Path, form: str | None, crs_name: str, source: str | None, day: str | None, callers: bool,
    language: str,
) -> None:  # fmt: skip
    form = form or out.suffix.removeprefix(".").casefold()
    if form not in FORMATS:
        raise click.BadParameter(f"say what {out.name} is to be: {', '.join(FORMATS)}.", param_hint="--format")
    with opened() as database:
        rows = _written(database, kind, code, out, form, crs_name, source, _day(day), callers, language)
    click.echo(f"{out}: {rows:,} {kind}, {out.stat().st_size / 2**20:.1f} MB")


def _written(
    database: Database,
    kind: str,
    code: str,
    out: Path,
    form: str,
    crs_name: str,
    source: str | None,
    day: date | None,
    callers: bool,
    language: str,
) -> int:
    """How many rows the file has; it is complete, or not there."""
    from geo_app.exports.files import write_kind
    from geo_app.exports.positions import system_of
    from geo_app.locale import translator
    from geo_app.queries import scopes, visible
    from geo_app.security.audit import audit
    from geo_app.services.imports import COMMAND_LINE

    with database.owner_session() as owner:
        scope = scopes.of_county(owner, code)
    if scope is None:
        raise Failure(f"There is no county {code!r}.", "See geo-app counties.")
    part = out.with_name(f".{out.name}.part.{form}")
    try:
        with database.session(scope, read_only=True) as session:
            county = visible.county(session, code)
            assert county is not None  # its scope was found a moment ago
            system = system_of(county, crs_name)
            rows = write_kind(
                session, county, kind, part, form=form, system=system, translate=translator(language), source=source,
                callers=callers, as_of=day,
            )  # fmt: skip
        told: dict[str, Any] = {"kind": kind, "format": form, "crs": system.name, "rows": rows}
        if day is not None:
            told["as_of"] = day.isoformat()
        sensitive = ["tracks:read"] * (kind == "tracks") + ["callers:read"] * (callers and kind == "incidents")
        with database.side_session() as session:
            for action in ("data:export", *sensitive):
                audit(session, action, county, actor=COMMAND_LINE, **told)
        part.replace(out)
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror}.", "Choose another place with --out.") from error
    finally:
        part.unlink(missing_ok=True)
    return rows


def _day(given: str | None) -> date | None:
    from geo_app.api.days import BadDay, read_day

    try:
        return None if given is None else read_day(given)
    except BadDay as error:
        raise Failure(f"--as-of: {error.message}", error.remedy) from error
