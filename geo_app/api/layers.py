"""GET /api/layers and GET /api/layers/<id>: what can be shown, and one layer drawn."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, jsonify
from flask_babel import gettext
from geopandas import GeoDataFrame
from pydantic import BaseModel, ConfigDict

from geo_app.api import reading
from geo_app.api.filters import Filters
from geo_app.api.parameters import OfCounty, query
from geo_app.api.spec import answers, spec
from geo_app.errors import NotFound
from geo_app.extensions import request_session
from geo_app.queries.kept import Kept
from geo_app.queries.sources import SOURCES
from geo_app.security.actor import current_actor
from geo_app.security.permissions import can
from geo_app.security.rules import requires
from layers.base import Layer, drawing_json
from layers.catalogue import LAYERS

blueprint = Blueprint("api_layers", __name__)
_texts: Kept[bytes] = Kept(24)


class LayerAnswer(BaseModel):
    """A layer that can be asked for; ``order`` grows from below to above, ``shown`` is how it starts."""

    id: str
    title: str
    order: int
    shown: bool


class LayersAnswer(BaseModel):
    """The layers of a county, from below to above."""

    layers: list[LayerAnswer]


class DrawingAnswer(BaseModel):
    """A layer as it is drawn: GeoJSON features in EPSG:4326, the styles they name, popup fields, the legend."""

    model_config = ConfigDict(extra="allow")

    layer_id: str
    features: dict[str, Any]
    style_by: str
    styles: dict[str, Any]
    fields: list[dict[str, Any]]
    legend: dict[str, Any]
    simulated: int
    bounds: list[float] | None
    raster: dict[str, Any] | None
    notice: str | None
    facts: dict[str, Any]


@blueprint.get("/api/layers")
@requires("map:read")
@spec.validate(query=OfCounty, resp=answers(200, LayersAnswer), skip_validation=True, tags=["layers"])
def layers() -> Response:
    """The layers that the user may see in a county."""
    asked = query(OfCounty)
    with request_session() as session:
        reading.county_of(session, asked.county)
    found = [
        LayerAnswer(id=layer.id, title=gettext(layer.title), order=layer.order, shown=layer.shown)
        for layer in permitted()
    ]
    return jsonify(LayersAnswer(layers=found).model_dump(mode="json"))


@blueprint.get("/api/layers/<layer_id>")
@requires("map:read")
@spec.validate(query=Filters, resp=answers(200, DrawingAnswer), skip_validation=True, tags=["layers"])
def layer(layer_id: str) -> Response:
    """One layer of a county, drawn as of today, of what the filters choose."""
    asked = query(Filters)
    wanted = LAYERS.get(layer_id)
    if wanted is None or not can(current_actor(), wanted.roles):
        raise NotFound()
    source = SOURCES[wanted.source]
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms = source.terms(reading.terms_of(session, county, asked))
        etag = reading.tag(session, county, terms, source.kinds, layer_id)
        known = reading.tagged(Response(mimetype="application/json"), etag)
        if known.status_code == 304:
            return known
        # The tag stands for all that the answer depends on, the scope too; a process may know two databases.
        key = (str(session.get_bind().engine.url), etag)
        text = _texts.get(key, lambda: _drawn(wanted, source(session, county, terms)))
    return reading.tagged(Response(text, mimetype="application/json"), etag)


def _drawn(layer: Layer, frame: GeoDataFrame) -> bytes:
    drawn = drawing_json(layer.drawing(frame), gettext)
    return json.dumps(drawn, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def permitted() -> list[Layer]:
    """The layers of the catalogue that the actor may see, from below to above."""
    return [layer for layer in LAYERS.values() if can(current_actor(), layer.roles)]
