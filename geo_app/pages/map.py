"""The map page: a Folium map without data as its shell; everything on it is fetched by layer."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from geo_app import pages
from geo_app.api.layers import permitted
from geo_app.api.reading import county_of
from geo_app.assets import MAP_ASSETS, folder
from geo_app.extensions import request_session, settings
from geo_app.models import County
from geo_app.pages.data_words import systems
from geo_app.pages.static_files import address
from geo_app.pages.table_names import tables
from geo_app.pages.texts import MAP_TEXTS, REQUIREMENTS
from geo_app.pages.views import VIEWS, first_view
from geo_app.queries import visible
from geo_app.queries.patrol_state import SPEED_MPS
from geo_app.queries.sources import SOURCES
from geo_app.queries.terms import Box, today
from geo_app.security.actor import current_actor
from geo_app.security.audit import audit_read
from geo_app.security.rules import requires
from layers.base import Layer
from layers.gaps.index import EVERY_HOURS
from layers.render import RenderedMap, folium_map, island_json, parts

blueprint = Blueprint("map", __name__)

LEADS = "patrol_gaps"  # stands first in the panel, whatever lies above it on the map
# The parameters of the API that stand for each of the terms on which a layer may hang; the box is the map's own.
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "area_ids": ("area",),
    "choice": ("since", "until", "category", "hours", "valid"),
    "routes": ("routes",),
    "sight_m": ("sight",),
    "asked": ("asked",),
    "bandwidth_m": ("bandwidth",),
    "unit": ("unit",),
    "days": ("days",),
    "least": ("least",),
}
ON_EVERY_PAGE = frozenset({"theme", "shell"})  # scripts of the base template
OF_OTHER_PAGES = ("data_", "quarantine", "calls_", "grids_")  # their scripts begin so
PARTS = "texts_"  # the tables of texts of the page's parts begin so
# A county in which nothing is placed yet: all of China.
NOWHERE: Box = (73.5, 18.0, 135.1, 53.6)


@blueprint.get("/")
@requires("map:read")
def page() -> str:
    """The map of the county in the address, else of the first that the user may see."""
    with request_session() as session:
        counties = visible.counties(session)
        if not counties:
            return render_template("no_county.html")
        asked = request.args.get("county")
        county = counties[0] if asked is None else county_of(session, asked)
        bounds = visible.bounds(session, county.id)
    audit_read("map_view", county)
    shown = sorted(permitted(), key=lambda layer: (layer.id != LEADS, -layer.order))
    return render_template(
        "map.html",
        county=county,
        counties=counties,
        layers=shown,
        views=list(VIEWS.values()),
        modules=_modules(),
        view=_view(),
        today=today(county, datetime.now(UTC)).isoformat(),
        sight_m=settings().sight_m,
        speeds=SPEED_MPS,
        tables=tables(),
        systems=systems(county.metric_srid),
        requirements=[
            (name, gettext(REQUIREMENTS[name]), f"{hours:g}")
            for name, hours in EVERY_HOURS.items()
            if name in REQUIREMENTS
        ],
        rendered=shell(bounds or NOWHERE),
        data=island_json(_data(county, shown, bounds)),
    )


def shell(bounds: Box) -> RenderedMap:
    """Folium's map, without data, its assets from this server."""
    made = folium_map(
        [],
        translate=gettext,
        bounds=bounds,
        tiles=settings().base_map_url or None,
        attribution=settings().base_map_attribution or None,
        controls=False,
    )
    return parts(made, lambda name: address(MAP_ASSETS[name]))


@cache
def _modules() -> tuple[str, ...]:
    """The names of the page's scripts: all but those that stand on every page, and those of others."""
    found = {path.stem for path in (folder() / "js").glob("*.js")} - ON_EVERY_PAGE
    return tuple(sorted(name for name in found if not name.startswith(OF_OTHER_PAGES)))


def _view() -> str:
    """The view in the address, else that of the user's work."""
    asked = request.args.get("view", "")
    return asked if asked in VIEWS else first_view(current_actor().roles)


@cache
def texts() -> Mapping[str, str]:
    """The texts of all parts of the page. Raises ValueError when two parts give the same key."""
    found = dict(MAP_TEXTS)
    for module in pkgutil.iter_modules(pages.__path__):
        if not module.name.startswith(PARTS):
            continue
        table: Mapping[str, str] = import_module(f"{pages.__name__}.{module.name}").TEXTS
        if twice := sorted(found.keys() & table.keys()):
            raise ValueError(f"{module.name} gives texts that are given already: {', '.join(twice)}")
        found |= table
    return found


def _asks(layer: Layer) -> list[str]:
    """The filters that change a layer: only when one of them does is it asked for again."""
    terms = SOURCES[layer.source].hangs_on
    return ["as_of"] + [name for term, names in PARAMETERS.items() if terms is None or term in terms for name in names]


def _data(county: County, layers: list[Layer], bounds: Box | None) -> dict[str, Any]:
    """What the page's scripts start with."""
    return {
        "county": {"code": county.code, "name": county.name, "simulated": county.simulated},
        "bounds": bounds,
        "today": today(county, datetime.now(UTC)).isoformat(),
        "layers": [
            {
                "id": layer.id,
                "title": gettext(layer.title),
                "order": layer.order,
                "shown": layer.shown,
                "asks": _asks(layer),
            }
            for layer in layers
        ],
        "views": [
            {
                "id": view.id,
                "title": gettext(view.title),
                "heading": gettext(view.heading),
                "layers": view.layers,
                "panels": view.panels,
            }
            for view in VIEWS.values()
        ],
        "view": first_view(current_actor().roles),
        "user": current_actor().name or current_actor().login,
        "sight_m": settings().sight_m,
        "sign_in": url_for("sign_in.form"),
        "texts": {key: gettext(text) for key, text in texts().items()},
    }
