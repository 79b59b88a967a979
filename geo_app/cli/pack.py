"""geo-app pack: everything that an inspection of a county's grids asks for, as one ZIP."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo_app.cli._database import opened
from geo_app.failure import Failure

if TYPE_CHECKING:
    from geo_app.database.engine import Database

DAY = click.DateTime(["%Y-%m-%d"])


@click.command(
    help="Write the inspection pack of a county's grids: list, maps, proof of no gap and no overlap, changes, open items;"
    " PDF, XLSX and GeoPackage in one ZIP."
)
@click.option("--county", "code", required=True, help="Code of the county, see geo-app counties.")
@click.option(
    "--as-of", "day", type=DAY, metavar="DAY", help="The day that it shows, as 2026-01-31; today if not given."
)
@click.option(
    "--since", type=DAY, metavar="DAY", help="Changes after this day are told; the same day a year before if not given."
)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of its texts."
)
@click.option("--by", default="geo-app", show_default=True, help="Who prints it: stands in the watermark.")
def command(code: str, day: datetime | None, since: datetime | None, out: Path, language: str, by: str) -> None:
    with opened() as database:
        told = _written(database, code, day, since, out, language, by)
    click.echo(f"{out}: {told}, {out.stat().st_size / 2**20:.1f} MB")


def _written(
    database: Database, code: str, day: datetime | None, since: datetime | None, out: Path, language: str, by: str
) -> str:
    """What the file holds, in words."""
    from geo_app.queries import scopes, visible
    from geo_app.queries.terms import today
    from geo_app.security.audit import audit
    from geo_app.services import inspection_pack
    from geo_app.services.imports import COMMAND_LINE

    with database.owner_session() as owner:
        scope = scopes.of_county(owner, code)
    if scope is None:
        raise Failure(f"There is no county {code!r}.", "See geo-app counties.")
    now = datetime.now(UTC)
    with database.session(scope, read_only=True) as session:
        county = visible.county(session, code)
        assert county is not None  # its scope was found a moment ago
        shown = day.date() if day else today(county, now)
        begin = since.date() if since else inspection_pack.year_before(shown)
        if begin > shown:
            raise Failure("--since lies after --as-of.", "Give an earlier day.")
        gathered = inspection_pack.gather(session, county, shown, begin)
    grids = len(gathered.inspection.grids)
    if not grids:
        raise Failure(f"{code} has no grids on {shown}.", "Give another day with --as-of.")
    try:
        inspection_pack.write(gathered, inspection_pack.printed(by, county, now, language), out)
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror}.", "Choose another place with --out.") from error
    with database.side_session() as session:
        audit(
            session, "data:export", county, actor=COMMAND_LINE, kind=inspection_pack.KIND, day=shown.isoformat(),
            since=begin.isoformat(), rows=grids,
        )  # fmt: skip
    found = gathered.inspection
    return (
        f"{grids:,} grids, {found.whole.faults:,} faults, {len(found.open_items):,} open items,"
        f" {len(gathered.papers):,} changes since {begin}"
    )
