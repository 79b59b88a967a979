"""GET /api/incidents/repeats: the places to which the police are called again within days."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, Field

from geo_app.api import reading
from geo_app.api.filters import Filters
from geo_app.api.parameters import query
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session
from geo_app.queries import repeats
from geo_app.security.rules import requires
from layers.base import plain
from layers.catalogue.repeat_places import FACTS

blueprint = Blueprint("api_repeats", __name__)


class RepeatAnswer(BaseModel):
    """A place. ``calls`` came within the days, from ``first`` to ``last`` (the county's clock), and are ``ids`` by their
    times; ``total`` in the period; ``text``: the address that most of them give, "" without one."""

    text: str
    lon: float | None
    lat: float | None
    radius_m: float | None
    calls: int
    total: int
    category: str = Field(description="What most of them were, empty where it is not known.")
    first: str
    last: str
    simulated: bool
    ids: list[int]


class RepeatsAnswer(BaseModel):
    """Most calls first. ``calls`` met the filters; ``unused`` of these could be of no place, since they have no time or
    name no more than a road or a village."""

    places: list[RepeatAnswer]
    days: int
    least: int
    calls: int
    unused: int


@blueprint.get("/api/incidents/repeats")
@requires("map:read")
@spec.validate(query=Filters, resp=answers(200, RepeatsAnswer), skip_validation=True, tags=["incidents"])
def repeat_places() -> Response:
    """The repeat places of the calls that the filters choose."""
    asked = query(Filters)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms = reading.terms_of(session, county, asked)
        etag = reading.tag(session, county, terms.of(*repeats.TERMS), repeats.KINDS, "repeats")
        known = reading.tagged(Response(mimetype="application/json"), etag)
        if known.status_code == 304:
            return known
        frame = repeats.repeat_places(session, county, terms)
    facts = frame.attrs[FACTS]
    answer = RepeatsAnswer(
        places=[
            RepeatAnswer(
                text=row.name, lon=None if row.geometry is None else row.geometry.x,
                lat=None if row.geometry is None else row.geometry.y, radius_m=plain(row.radius_m), calls=row.calls,
                total=row.total, category=row.category, first=row.first, last=row.last, simulated=row.simulated,
                ids=row.ids,
            )
            for row in frame.itertuples(index=False)
        ],
        **{name: facts[name] for name in ("days", "least", "calls", "unused")},
    )  # fmt: skip
    return reading.tagged(jsonify(answer.model_dump(mode="json")), etag)
