"""GET /api/buildings: outlines of buildings in a box, for lines that are drawn along them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, BeforeValidator, Field

from geo_app.api import reading
from geo_app.api.filters import box_of
from geo_app.api.parameters import OfCounty, query
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session
from geo_app.queries.building_outlines import outlines
from geo_app.queries.terms import Box
from geo_app.security.rules import requires

blueprint = Blueprint("api_building_outlines", __name__)


class InBox(OfCounty):
    """Which part of a county."""

    # A bare tuple would be taken for a parameter that is repeated.
    box: Annotated[Box, BeforeValidator(box_of)] | None = Field(description="west,south,east,north, EPSG:4326.")


class OutlinesAnswer(BaseModel):
    """Outlines without names, EPSG:4326; ``partial``: there are more in the box than are answered."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]
    partial: bool


@blueprint.get("/api/buildings")
@requires("map:read")
@spec.validate(query=InBox, resp=answers(200, OutlinesAnswer), skip_validation=True, tags=["buildings"])
def buildings() -> Response:
    """The buildings of today that meet a box."""
    asked = query(InBox)
    assert asked.box is not None  # nothing that a query holds is read as None
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms = reading.terms_now(county)
        etag = reading.tag(session, county, terms, ("buildings",), f"buildings {asked.box}")
        found, partial = outlines(session, county, terms.day, asked.box)
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in found]
    return reading.tagged(jsonify({"type": "FeatureCollection", "features": features, "partial": partial}), etag)
