"""GET /api/areas: the trees of areas of a county, to drill down in."""

from __future__ import annotations

from dataclasses import asdict, replace

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, Field

from geo_app.api import reading
from geo_app.api.days import AsOf, Instant
from geo_app.api.parameters import OfCounty, query
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session
from geo_app.queries.areas import areas as areas_of
from geo_app.security.rules import requires

blueprint = Blueprint("api_areas", __name__)


class AreasAsked(OfCounty):
    """Of which day, and as known when."""

    as_of: AsOf | None = Field(None, description="A day of the county's calendar; today if left out.")
    known_at: Instant | None = Field(
        None, description="As it was known at this instant; as it is known now if left out."
    )


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
@spec.validate(query=AreasAsked, resp=answers(200, AreasAnswer), skip_validation=True, tags=["areas"])
def areas() -> Response:
    """The areas of a county as of a day."""
    asked = query(AreasAsked)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms = replace(reading.terms_now(county), known_at=asked.known_at)
        terms = terms if asked.as_of is None else replace(terms, day=asked.as_of)
        etag = reading.tag(session, county, terms, ("areas",), "areas")
        found = [asdict(row) for row in areas_of(session, county, terms.day, terms.known_at)]
    return reading.tagged(jsonify({"areas": found}), etag)
