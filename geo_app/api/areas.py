"""GET /api/areas: the trees of areas of a county, to drill down in."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, Field

from geo_app.api import reading
from geo_app.api.parameters import OfCounty, query
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session
from geo_app.queries.areas import areas as areas_of
from geo_app.security.rules import requires

blueprint = Blueprint("api_areas", __name__)


class AreaAnswer(BaseModel):
    """An area of one of the two trees (``admin``, ``police``)."""

    id: int
    parent: int | None = Field(description="The area above it, as far as the user sees one.")
    tree: str
    level: str
    code: str
    name: str
    bounds: tuple[float, float, float, float] | None = Field(
        description="West, south, east, north, EPSG:4326; None without an outline."
    )


class AreasAnswer(BaseModel):
    """The areas that the user sees, parents before what lies below them, by code."""

    areas: list[AreaAnswer]


@blueprint.get("/api/areas")
@requires("map:read")
@spec.validate(query=OfCounty, resp=answers(200, AreasAnswer), skip_validation=True, tags=["areas"])
def areas() -> Response:
    """The areas of a county as of today."""
    asked = query(OfCounty)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms = reading.terms_now(county)
        etag = reading.tag(session, county, terms, ("areas",), "areas")
        found = [asdict(row) for row in areas_of(session, county, terms.day)]
    return reading.tagged(jsonify({"areas": found}), etag)
