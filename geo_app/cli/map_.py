"""geo-app map: layers of a county as one file that needs no network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo_app.cli._database import opened
from geo_app.failure import Failure
from layers.catalogue import LAYERS

if TYPE_CHECKING:
    from geo_app.database.engine import Database


class MapError(Failure):
    """The map cannot be made as asked; ``remedy`` says what to do."""


@click.command(help="Write layers of a county as one HTML file that opens without any network.")
@click.argument("layers", nargs=-1, required=True, type=click.Choice(list(LAYERS)), metavar="LAYER…")
@click.option("--county", "code", required=True, help="Code of the county, see geo-app counties.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of its texts."
)
def command(layers: tuple[str, ...], code: str, out: Path, language: str) -> None:
    with opened() as database:
        text, count = _drawn(database, layers, code, language)
        _store(out, text)
    click.echo(f"{out}: {count:,} features, {out.stat().st_size / 2**20:.1f} MB")


def _drawn(database: Database, layers: tuple[str, ...], code: str, language: str) -> tuple[str, int]:
    """The file's text and how many features it shows."""
    from geo_app.config import load_settings
    from geo_app.locale import HTML_LANGUAGES, translator
    from geo_app.queries import scopes, visible
    from geo_app.services import maps

    with database.owner_session() as owner:
        scope = scopes.of_county(owner, code)
    if scope is None:
        raise MapError(f"There is no county {code!r}.", "See geo-app counties.")
    with database.session(scope, read_only=True) as session:
        county = visible.county(session, code)
        assert county is not None  # its scope was found a moment ago
        drawn = maps.drawings(session, county, layers, load_settings(os.environ).sight_m)
    text = maps.document(drawn, county, translator(language), HTML_LANGUAGES[language])
    return text, sum(len(drawing.features["features"]) for drawing in drawn)


def _store(out: Path, text: str) -> None:
    from geo_app.services.maps import store

    try:
        store(out, text)
    except OSError as error:
        raise MapError(f"{out} cannot be written: {error.strerror}.", "Choose another place with --out.") from error
