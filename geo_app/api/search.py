"""GET /api/search: finds a street, place, grid, patrol route, camera or area by its name or code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from flask import Blueprint, Response, jsonify
from flask_babel import gettext
from pydantic import BaseModel, Field, StringConstraints

from geo_app.api import reading
from geo_app.api.parameters import OfCounty, query
from geo_app.api.spec import answers, spec
from geo_app.errors import N_
from geo_app.extensions import request_session
from geo_app.queries import search as finding
from geo_app.security.rules import requires
from layers.fields import ROAD_CLASSES

blueprint = Blueprint("api_search", __name__)

LEVELS: Mapping[str, str] = {
    "county": N_("county"),
    "town": N_("town"),
    "community": N_("community"),
    "bureau": N_("police bureau"),
    "station": N_("police station"),
    "zone": N_("patrol zone"),
}
# Kinds whose detail is a coded value.
WORDS: Mapping[str, Mapping[str, str]] = {"area": LEVELS, "street": ROAD_CLASSES}
# Blanks at the ends are nobody's; what is left is something, and nothing that no name can hold.
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$"),
]


class SearchQuery(OfCounty):
    """What to look for."""

    q: Words


class Found(BaseModel):
    """A thing that was found. ``detail`` tells it from others of its name."""

    kind: str = Field(description=", ".join(finding.KINDS))
    name: str
    detail: str
    bounds: tuple[float, float, float, float] | None = Field(description="West, south, east, north, EPSG:4326.")


class SearchAnswer(BaseModel):
    """What was found, best first: names that are the words, then those that begin with them, then the rest."""

    results: list[Found]


@blueprint.get("/api/search")
@requires("map:read")
@spec.validate(query=SearchQuery, resp=answers(200, SearchAnswer), skip_validation=True, tags=["search"])
def search() -> Response:
    """At most twelve things of a county, of today, whose name or code contains the words."""
    asked = query(SearchQuery)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms = reading.terms_now(county)
        etag = reading.tag(session, county, terms, finding.KINDS_OF_DATA, "search", asked.q)
        found = finding.search(session, county, terms.day, asked.q)
    return reading.tagged(jsonify({"results": [_shown(one) for one in found]}), etag)


def _shown(one: finding.Found) -> dict[str, object]:
    words = WORDS.get(one.kind, {})
    detail = gettext(words[one.detail]) if one.detail in words else one.detail
    return {"kind": one.kind, "name": one.name, "detail": detail, "bounds": one.bounds}
