"""geo-app geocode: addresses of a file become points, by a county's gazetteer or one out of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo_app.cli._database import opened
from geo_app.cli._steps import clear_errors
from geo_app.failure import Failure

if TYPE_CHECKING:
    import pandas as pd

    from geo_app.database.scope import Scope

ADDED = ("lon", "lat", "level", "score", "radius_m", "matched")
NAMED = ("name", "address", "lon", "lat")  # the columns that a gazetteer has
FILE = click.Path(dir_okay=False, path_type=Path)
Look = Callable[[list[str]], Iterable[tuple[Any, ...]]]


class CannotGeocode(Failure):
    """A file is not as it has to be."""


@click.command
@click.argument("queries", type=FILE, required=False)
@click.option("--column", help="Heading of the column with the addresses.")
@click.option(
    "--gazetteer",
    type=FILE,
    help="A table with the columns name, address, lon, lat (WGS84) to look in; no database is needed then.",
)
@click.option("--county", "code", help="Code of the county to look in; without QUERIES its calls are placed anew.")
@click.option("--out", type=FILE, help="The CSV to write: what QUERIES says, with " + ", ".join(ADDED) + ".")
def command(
    queries: Path | None, column: str | None, gazetteer: Path | None, code: str | None, out: Path | None
) -> None:
    """Find where addresses are.

    QUERIES is a table in any format that geo-app import reads. Without it, the calls of --county that came without
    coordinates are placed anew, after its addresses, places or streets have changed.
    """
    if (gazetteer is None) == (code is None):
        raise click.UsageError("Say where to look: --gazetteer FILE or --county CODE.")
    if queries is None and code is not None:
        _place_anew(code)
        return
    if queries is None or column is None or out is None:
        raise click.UsageError("Give the file with the addresses, its --column, and --out for the answers.")
    with clear_errors():
        table = _read(queries, (column,))
        if gazetteer is not None:
            _write(out, table, column, _in_file(gazetteer))
            return
    assert code is not None
    with opened() as database, database.session(_scope(database, code), read_only=True) as session:
        _write(out, table, column, _in_county(session, code))


def _read(path: Path, wanted: tuple[str, ...]) -> pd.DataFrame:
    from geo_app.imports.reading import read_file
    from geo_app.imports.rows import joined

    rows = joined(list(read_file(path, "addresses")))
    table = rows.table.fillna("").astype(str)
    if rows.spoiled:
        where = ", ".join(f"{rows.unit} {one.number}" for one in rows.spoiled[:5])
        click.echo(
            f"  note: {len(rows.spoiled)} rows of {path.name} cannot be read and are left out: {where}", err=True
        )
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        raise CannotGeocode(
            f"{path.name} has no column {', '.join(missing)}; it has {', '.join(map(str, table.columns))}.",
            "Name the column as it stands in the file." if len(wanted) == 1 else f"It needs {', '.join(wanted)}.",
        )
    return table


def _in_file(path: Path) -> Look:
    import pandas as pd
    from geopandas import GeoSeries, points_from_xy

    from layers.incidents.gazetteer import build
    from layers.incidents.geocode import geocode

    table = _read(path, NAMED)
    lon, lat = (pd.to_numeric(table[name], errors="coerce") for name in ("lon", "lat"))
    there = lon.between(-180, 180) & lat.between(-90, 90)
    if not there.any():
        raise CannotGeocode(f"No row of {path.name} has a place.", "lon and lat are degrees of WGS84.")
    if not there.all():
        click.echo(f"  note: {(~there).sum()} rows of {path.name} have no place and are left out.", err=True)
    points = GeoSeries(points_from_xy(lon[there], lat[there], crs=4326))
    metric = points.estimate_utm_crs()
    moved = points.to_crs(metric)
    known = build(
        pd.DataFrame(
            {"kind": "place", "name": table["name"][there].to_numpy(), "address": table["address"][there].to_numpy(),
             "x": moved.x, "y": moved.y}
        )
    )  # fmt: skip

    def look(texts: list[str]) -> Iterable[tuple[Any, ...]]:
        found = geocode(known, texts)
        back = GeoSeries(points_from_xy([one.x for one in found], [one.y for one in found], crs=metric)).to_crs(4326)
        for one, place in zip(found, back, strict=True):
            if one.level == "none":
                yield _nowhere(one.elsewhere)
            else:
                yield (round(place.x, 7), round(place.y, 7), one.level, one.score, round(one.radius_m, 1), one.matched)

    return look


def _in_county(session: Any, code: str) -> Look:
    from geo_app.queries import gazetteer, geocoded, visible

    county = visible.county(session, code)
    assert county is not None  # its scope was found a moment ago
    known = gazetteer.whole(session, county)

    def look(texts: list[str]) -> Iterable[tuple[Any, ...]]:
        for one in geocoded.answers(known, texts):
            if one.best is None:
                yield _nowhere(one.elsewhere)
            else:
                place = one.best.place
                yield (place.lon, place.lat, place.level, place.score, place.radius_m, one.best.matched)

    return look


def _nowhere(elsewhere: bool) -> tuple[Any, ...]:
    return (None, None, "none", None, None, "another county" if elsewhere else "")


def _beside(headings: Iterable[str]) -> list[str]:
    """The file's headings; one that is called as an answer is, is called ``given_…``: no reader tells two alike apart."""
    return [f"given_{name}" if name.strip().casefold() in ADDED else name for name in headings]


def _write(out: Path, table: pd.DataFrame, column: str, look: Look) -> None:
    import csv
    from collections import Counter

    from geo_app.exports.cells import quoted

    answers = list(look(table[column].tolist()))
    try:
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*map(quoted, _beside(table.columns)), *ADDED])
            for row, answer in zip(table.itertuples(index=False), answers, strict=True):
                writer.writerow([*map(quoted, row), *answer[:-1], quoted(answer[-1])])
    except OSError as error:
        raise CannotGeocode(
            f"{out} cannot be written: {error.strerror}.", "Choose another place with --out."
        ) from error
    levels = Counter(answer[2] for answer in answers)
    said = ", ".join(f"{level} {count}" for level, count in levels.most_common())
    click.echo(f"{out}: {len(answers)} addresses: {said}")


def _scope(database: Any, code: str) -> Scope:
    from geo_app.queries import scopes

    with database.owner_session() as owner:
        scope = scopes.of_county(owner, code)
    if scope is None:
        raise CannotGeocode(f"There is no county {code!r}.", "See geo-app counties.")
    return scope


def _place_anew(code: str) -> None:
    from geo_app.queries import visible
    from geo_app.services.geocoding import place_county
    from geo_app.services.imports import COMMAND_LINE

    with opened() as database, database.session(_scope(database, code)) as session:
        county = visible.county(session, code)
        assert county is not None  # its scope was found a moment ago
        report = place_county(session, COMMAND_LINE, county)
    said = ", ".join(f"{level} {count}" for level, count in report.levels.items())
    click.echo(f"{report.texts} addresses, {report.changed} calls have another place now: {said or 'no calls'}")
