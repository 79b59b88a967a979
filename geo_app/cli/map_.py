"""geo-app map: layers of a county as one file that needs no network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo_app.cli._database import opened
from geo_app.failure import Failure
from layers.catalogue import LAYERS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geo_app.database.engine import Database
    from geo_app.models import County
    from geo_app.queries.terms import Terms


class MapError(Failure):
    """The map cannot be made as asked; ``remedy`` says what to do."""


@click.command(help="Write layers of a county as one HTML file that opens without any network.")
@click.argument("layers", nargs=-1, required=True, type=click.Choice(list(LAYERS)), metavar="LAYER…")
@click.option("--county", "code", required=True, help="Code of the county, see geo-app counties.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of its texts."
)
@click.option("--as-of", metavar="DAY", help="Grids, streets, routes and cameras as in force on this day.")
@click.option("--since", metavar="DAY", help="First day of the incidents, as 2026-01-31.")
@click.option("--until", metavar="DAY", help="Last day of the incidents, included.")
@click.option("--category", multiple=True, help="Category of the incidents; may be repeated.")
@click.option("--hours", metavar="FROM-TO", help="Band of hours of the day; 22-6 runs over midnight.")
@click.option("--all-calls", is_flag=True, help="All incidents, not only valid ones.")
@click.option("--area", metavar="CODE", help="An area and all below it, by its code.")
@click.option("--sight", metavar="METRES", help="Distance within which a patrol sees a street.")
@click.option("--bandwidth", metavar="METRES", help="Bandwidth of the density.")
@click.option("--unit", type=click.Choice(["cells", "grids"]), help="On what hot spots are sought.")
@click.option("--days", metavar="DAYS", help="Repeat places: on so many days that follow one another.")
@click.option("--least", metavar="CALLS", help="Repeat places: from so many calls on.")
def command(
    layers: tuple[str, ...], code: str, out: Path, language: str, all_calls: bool, area: str | None, **filters: Any
) -> None:
    given = {name: value for name, value in filters.items() if value not in (None, ())}
    if all_calls:
        given["valid"] = "0"
    with opened() as database:
        text, count = _drawn(database, layers, code, language, area, given)
        _store(out, text)
    click.echo(f"{out}: {count:,} features, {out.stat().st_size / 2**20:.1f} MB")


def _drawn(
    database: Database, layers: tuple[str, ...], code: str, language: str, area: str | None, given: dict[str, Any]
) -> tuple[str, int]:
    """The file's text and how many features it shows."""
    from geo_app.config import load_settings
    from geo_app.locale import HTML_LANGUAGES, translator
    from geo_app.queries import areas, scopes, visible
    from geo_app.services import map_words, maps

    with database.owner_session() as owner:
        scope = scopes.of_county(owner, code)
    if scope is None:
        raise MapError(f"There is no county {code!r}.", "See geo-app counties.")
    sight_m, translate = load_settings(os.environ).sight_m, translator(language)
    with database.session(scope, read_only=True) as session:
        county = visible.county(session, code)
        assert county is not None  # its scope was found a moment ago
        terms = _terms(session, county, sight_m, area, given)
        drawn = maps.drawings(session, county, layers, terms)
        name = areas.name_of(session, county, terms.day, terms.area_ids)
        said = map_words.subtitle(terms, name, sight_m, drawn, translate)
    text = maps.document(drawn, county, said, translate, HTML_LANGUAGES[language])
    return text, sum(len(drawing.features["features"]) for drawing in drawn)


def _terms(session: Session, county: County, sight_m: float, area: str | None, given: dict[str, Any]) -> Terms:
    """The options as the API would understand them."""
    from pydantic import ValidationError

    from geo_app.api.days import BadDay
    from geo_app.api.filters import Filters
    from geo_app.queries import areas

    if area is not None:
        area_id = areas.id_of(session, county, area)
        if area_id is None:
            raise MapError(f"There is no area {area!r} in {county.code}.", "Give the code with which it was imported.")
        given = {**given, "area": area_id}
    try:
        filters = Filters.model_validate({"county": county.code, **given})
    except ValidationError as error:
        problem = error.errors()[0]
        name = f"--{problem['loc'][0]}" if problem["loc"] else "--since, --until"
        reason = str(problem.get("ctx", {}).get("error", problem["msg"]))
        raise MapError(f"{name}: {reason}.", "See geo-app map --help.") from error
    except BadDay as error:
        raise MapError(f"--as-of: {error.message}", error.remedy) from error
    return filters.terms(session, county, sight_m)


def _store(out: Path, text: str) -> None:
    from geo_app.services.maps import store

    try:
        store(out, text)
    except OSError as error:
        raise MapError(f"{out} cannot be written: {error.strerror}.", "Choose another place with --out.") from error
