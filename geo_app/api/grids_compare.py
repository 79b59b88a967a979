"""GET /api/grids/compare: what changed between the grids of two days."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, jsonify
from pydantic import BeforeValidator, ConfigDict, Field

from geo_app.api import reading
from geo_app.api.days import AsOf
from geo_app.api.filters import Filters, row_id_of
from geo_app.api.grids_compared import CompareAnswer, described
from geo_app.api.parameters import OfCounty, query, validated
from geo_app.api.spec import answers, spec
from geo_app.errors import N_, BadInput
from geo_app.extensions import request_session
from geo_app.queries import grid_comparison
from geo_app.security.rules import requires

blueprint = Blueprint("api_grids_compare", __name__)


class CompareAsked(OfCounty):
    """Two days of a county."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: AsOf = Field(alias="from", description="The earlier day.")
    last: AsOf = Field(alias="to", description="The later day.")
    area: Annotated[int, BeforeValidator(row_id_of)] | None = Field(
        None, description="Id of an area: it and all below."
    )


@blueprint.get("/api/grids/compare")
@requires("map:read")
@spec.validate(query=CompareAsked, resp=answers(200, CompareAnswer), skip_validation=True, tags=["grids"])
def compare() -> Response:
    """Which grids came, went, moved or were renamed after the first day up to the last, and which land changed hands.

    What re-digitising did (its change has the reason re_digitising) stands apart and is counted for nothing.
    """
    asked = query(CompareAsked)
    if asked.last < asked.first:
        raise BadInput(
            N_("The first day, %(first)s, lies after the second, %(last)s."),
            N_("Give the earlier day first."),
            first=asked.first,
            last=asked.last,
        )
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        first, last = (
            reading.terms_of(
                session, county, validated(Filters, {"county": asked.county, "area": asked.area, "as_of": day})
            )
            for day in (asked.first, asked.last)
        )
        etag = reading.tag(session, county, first, grid_comparison.KINDS, "compare grids", last.day)
        known = reading.tagged(Response(mimetype="application/json"), etag)
        if known.status_code == 304:
            return known
        found = grid_comparison.compared(session, county, first, last)
    answer = described(found, asked.first, asked.last)
    return reading.tagged(jsonify(answer.model_dump(mode="json", by_alias=True)), etag)
