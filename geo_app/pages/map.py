"""The map page: a Folium map without data as its shell; everything on it is fetched by layer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from geo_app.api.layers import permitted
from geo_app.api.reading import county_of
from geo_app.assets import MAP_ASSETS
from geo_app.extensions import request_session, settings
from geo_app.models import County
from geo_app.pages.static_files import address
from geo_app.pages.texts import MAP_TEXTS, REQUIREMENTS
from geo_app.queries import visible
from geo_app.queries.patrol_state import SPEED_MPS
from geo_app.queries.terms import Box, today
from geo_app.security.audit import audit_read
from geo_app.security.rules import requires
from layers.base import Layer
from layers.gaps.index import EVERY_HOURS
from layers.render import RenderedMap, folium_map, island_json, parts

blueprint = Blueprint("map", __name__)

LEADS = "patrol_gaps"  # stands first in the panel, whatever lies above it on the map
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
        today=today(county, datetime.now(UTC)).isoformat(),
        sight_m=settings().sight_m,
        speeds=SPEED_MPS,
        requirements=[
            (gettext(REQUIREMENTS[name]), f"{hours:g}") for name, hours in EVERY_HOURS.items() if name in REQUIREMENTS
        ],
        rendered=_shell(bounds or NOWHERE),
        data=island_json(_data(county, shown, bounds)),
    )


def _shell(bounds: Box) -> RenderedMap:
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


def _data(county: County, layers: list[Layer], bounds: Box | None) -> dict[str, Any]:
    """What the page's scripts start with."""
    return {
        "county": {"code": county.code, "name": county.name, "simulated": county.simulated},
        "bounds": bounds,
        "layers": [
            {"id": layer.id, "title": gettext(layer.title), "order": layer.order, "shown": layer.shown}
            for layer in layers
        ],
        "sign_in": url_for("sign_in.form"),
        "texts": {key: gettext(text) for key, text in MAP_TEXTS.items()},
    }
