"""GET /api/counties."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, Field

from geo_app.api.parameters import Parameters, query
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session
from geo_app.queries import visible
from geo_app.security.rules import requires

blueprint = Blueprint("api_counties", __name__)


class CountyAnswer(BaseModel):
    """A county that the user may see. ``bounds``: west, south, east, north in degrees (EPSG:4326)."""

    code: str
    name: str
    metric_srid: int
    time_zone: str
    simulated: bool
    bounds: tuple[float, float, float, float] | None = Field(description="None while nothing is placed there.")


class CountiesAnswer(BaseModel):
    """The counties of the user's scope, by code."""

    counties: list[CountyAnswer]


@blueprint.get("/api/counties")
@requires("map:read")
@spec.validate(query=Parameters, resp=answers(200, CountiesAnswer), skip_validation=True, tags=["counties"])
def counties() -> Response:
    """The counties that the user may see."""
    query(Parameters)
    with request_session() as session:
        found = [
            CountyAnswer(
                code=county.code,
                name=county.name,
                metric_srid=county.metric_srid,
                time_zone=county.time_zone,
                simulated=county.simulated,
                bounds=visible.bounds(session, county.id),
            )
            for county in visible.counties(session)
        ]
    return jsonify(CountiesAnswer(counties=found).model_dump(mode="json"))
