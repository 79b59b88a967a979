"""geo-app partition: a first set of grids along the streets, as a file that can be looked at, mended and imported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo_app.cli._database import opened

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


@click.command
@click.option("--county", "code", required=True, help="Code of the county, see geo-app counties.")
@click.option("--count", required=True, type=click.IntRange(1, 999), help="How many grids.")
@click.option("--area", help="Code of a community or town with an outline; the whole county if not given.")
@click.option("--prefix", help="What grid codes begin with; the area's statistical code if not given.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The GeoJSON to write.")
def command(code: str, count: int, area: str | None, prefix: str | None, out: Path) -> None:
    """Draw a first set of grids along the streets, with about as much street in each.

    Nothing is stored: look at the file, mend it, and bring it in with geo-app import grids.
    """
    from datetime import UTC, datetime

    from geo_app.queries import frames, scopes, visible
    from geo_app.queries.terms import Terms, today
    from geo_app.services.first_grids import NoGrids, first_grids

    with opened() as database:
        with database.owner_session() as owner:
            scope = scopes.of_county(owner, code)
        if scope is None:
            raise NoGrids(f"There is no county {code!r}.", "See geo-app counties.")
        with database.session(scope, read_only=True) as session:
            county = visible.county(session, code)
            assert county is not None  # its scope was found a moment ago
            day = today(county, datetime.now(UTC))
            grids = first_grids(session, county, count, day, area=area, prefix=prefix)
            west, south, east, north = map(float, grids.total_bounds)
            there = frames.grids(session, county, Terms(day, box=(west, south, east, north)))
        try:
            out.write_text(grids.drop(columns="street_m").to_json(ensure_ascii=False, drop_id=True), encoding="utf-8")
        except OSError as error:
            raise NoGrids(f"{out} cannot be written: {error.strerror}.", "Choose another place with --out.") from error
    _say(out, grids, len(there), code)


def _say(out: Path, grids: GeoDataFrame, there: int, code: str) -> None:
    street_km = grids["street_m"] / 1000
    click.echo(
        f"{out}: {len(grids)} grids, {street_km.mean():.2f} km of street in each on average,"
        f" {street_km.min():.2f} to {street_km.max():.2f} km"
    )
    if there:
        click.echo(f"  note: {there} grids are in force there, which these would overlap.")
    click.echo(f"  → geo-app import grids {out} --county {code}")
