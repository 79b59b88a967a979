"""The pages of data management: files are looked at and taken in; rows that could not be used are mended."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import shapely
from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from geo_app.api.reading import county_of
from geo_app.assets import folder
from geo_app.extensions import request_session
from geo_app.imports.reading import LARGEST
from geo_app.models import County
from geo_app.pages import data_texts, data_words, quarantine_texts
from geo_app.pages.map import NOWHERE, shell
from geo_app.pages.table_names import tables
from geo_app.pages.texts import MAP_TEXTS
from geo_app.pages.views import VIEWS
from geo_app.queries import visible
from geo_app.queries.named_things import outline
from geo_app.security.actor import current_actor
from geo_app.security.rules import requires
from geo_app.services.uploads import BESIDE, ENDINGS
from layers.render import island_json

blueprint = Blueprint("data", __name__)

SHARED = ("load_failed", "try_again", "offline", "cancel", "cancelled", "zoom_in", "zoom_out", "fit")
SIMPLER = 0.0005  # degrees; an outline of 50 m is fine enough for a small map
_IMPORT = re.compile(r'from "\./(\w+)\.js"')


@blueprint.get("/data")
@requires("data:import")
def page() -> str:
    """Where files are brought into the county of the address, else into the first that the user may see."""
    with request_session() as session:
        county, counties = chosen_county(session)
        if county is None:
            return render_template("no_county.html")
        bounds = visible.bounds(session, county.id)
        shape = outline_of(session, county)
    return render_template(
        "data.html",
        **frame(county, counties, "data_page"),
        rendered=shell(bounds or NOWHERE),
        kinds=data_words.kinds(),
        endings=[*ENDINGS, *sorted(BESIDE)],
        data=island_json(
            _data_management(county, data_texts.TEXTS)
            | {
                "bounds": bounds,
                "words": {kind: data_words.words(kind) for kind in data_words.KINDS},
                "outline": shape,
                "endings": ENDINGS,
                "beside": sorted(BESIDE),
                "largest": LARGEST,
            }
        ),
    )


@blueprint.get("/data/quarantine")
@requires("data:import")
def quarantine() -> str:
    """Where the rows of a county wait that could not be used."""
    with request_session() as session:
        county, counties = chosen_county(session)
    if county is None:
        return render_template("no_county.html")
    return render_template(
        "quarantine.html",
        **frame(county, counties, "quarantine"),
        data=island_json(_data_management(county, quarantine_texts.TEXTS)),
    )


def chosen_county(session: Session) -> tuple[County | None, Sequence[County]]:
    """The county of the address, else the first one; and all that the user may see. Raises NotFound for another's."""
    counties = visible.counties(session)
    asked = request.args.get("county")
    if not counties:
        return None, counties
    return (counties[0] if asked is None else county_of(session, asked)), counties


def frame(county: County, counties: Sequence[County], entry: str) -> dict[str, Any]:
    """What the top bar and the head of a page beside the map need."""
    return {
        "county": county,
        "counties": counties,
        "county_page": request.endpoint,
        "views": list(VIEWS.values()),
        "entry": entry,
        "modules": modules(entry),
        "tables": tables(),
        "systems": data_words.systems(county.metric_srid),
    }


def page_data(county: County, texts: Mapping[str, str]) -> dict[str, Any]:
    """What the scripts of every page beside the map start with: county, user, where to sign in, texts."""
    return {
        "county": {"code": county.code, "name": county.name},
        "user": current_actor().name or current_actor().login,
        "sign_in": url_for("sign_in.form"),
        "texts": shared_texts(texts),
    }


def _data_management(county: County, texts: Mapping[str, str]) -> dict[str, Any]:
    """What the scripts of data management start with besides."""
    return page_data(county, texts) | {
        "kinds": data_words.kinds(),
        "systems": data_words.systems(county.metric_srid),
        "columns": {kind: data_words.columns(kind) for kind in data_words.KINDS},
    }


def shared_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """These texts and those that every page has, in the reader's language."""
    return {key: gettext(text) for key, text in ({key: MAP_TEXTS[key] for key in SHARED} | dict(texts)).items()}


def outline_of(session: Session, county: County) -> Any:
    """The county's outline as a GeoJSON geometry, simplified; None where it has none."""
    found = outline(session, county.id)
    if found is None:
        return None
    simple = shapely.simplify(shapely.from_wkb(found), SIMPLER)
    return shapely.geometry.mapping(shapely.set_precision(simple, 1e-5))


@cache
def modules(entry: str) -> tuple[str, ...]:
    """The names of a script and of all that it imports, directly or through others."""
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = None
        waiting += _IMPORT.findall((folder() / "js" / f"{name}.js").read_text(encoding="utf-8"))
    return tuple(found)
