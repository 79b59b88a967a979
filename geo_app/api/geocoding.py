"""GET /api/geocode and /api/here: where an address is, and what address is here; POST /api/addresses/place: all anew."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Annotated

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, Field, StringConstraints

from geo_app.api import reading
from geo_app.api.call_bodies import LONGEST_ADDRESS
from geo_app.api.filters import Day
from geo_app.api.filters import Metres as Number
from geo_app.api.jobs import JobAnswer, described
from geo_app.api.parameters import OfCounty, query
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session
from geo_app.queries import gazetteer, geocoded
from geo_app.queries.geocoded import Answered, Found
from geo_app.queries.terms import today
from geo_app.security.actor import current_actor
from geo_app.security.rules import requires
from geo_app.services import geocoding, jobs
from layers.incidents.geocode import Here

blueprint = Blueprint("api_geocoding", __name__)
UNASKED = Here("", "", "", "", "", math.inf)


class GeocodeAsked(OfCounty):
    """An address, as people write it."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_ADDRESS)]


class HereAsked(OfCounty):
    """A place, EPSG:4326."""

    lon: Annotated[Number, Field(ge=-180, le=180)]
    lat: Annotated[Number, Field(ge=-90, le=90)]
    as_of: Day | None = Field(None, description="Whose it is on this day of the county's calendar; today if left out.")
    address: bool = Field(
        True,
        description="Whether address and road are asked for: the first to ask after a change of data waits for them.",
    )


class PlaceAnswer(BaseModel):
    """A place that may be meant. ``score``: how often such an answer is right, 0..1, None where somebody chose it;
    ``radius_m``: how far off it may be; ``how``: codes joined by "+"; ``matched``: what the gazetteer calls it."""

    lon: float
    lat: float
    level: str
    score: float | None
    radius_m: float | None
    how: str
    matched: str


class GeocodeAnswer(BaseModel):
    """The best place, its values None and ``level`` "none" where nobody knows; up to five candidates, best first.

    ``elsewhere``: the text names another county.
    """

    lon: float | None
    lat: float | None
    level: str
    score: float | None
    radius_m: float | None
    how: str
    matched: str
    elsewhere: bool
    candidates: list[PlaceAnswer]


class PersonAnswer(BaseModel):
    """Somebody in office, with the number on duty."""

    role: str
    name: str
    telephone: str | None


class HereAnswer(BaseModel):
    """What is at a place, "" for what is not known; ``distance_m``: to the nearest address, None without one.

    ``station``, ``zone``: of the police; ``people``: who is in office in the grid on the day, its leader first.
    """

    address: str
    distance_m: float | None
    road: str
    community: str
    town: str
    grid: str
    grid_id: int | None
    grid_code: str
    station: str
    zone: str
    people: list[PersonAnswer]
    as_of: date


@blueprint.get("/api/geocode")
@requires("map:read")
@spec.validate(query=GeocodeAsked, resp=answers(200, GeocodeAnswer), skip_validation=True, tags=["addresses"])
def geocode() -> Response:
    """Where an address is, by what the asker sees of the county."""
    asked = query(GeocodeAsked)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        [found] = geocoded.answers(gazetteer.seen(session, county), [asked.q])
    return jsonify(_answer(found).model_dump(mode="json"))


@blueprint.get("/api/here")
@requires("map:read")
@spec.validate(query=HereAsked, resp=answers(200, HereAnswer), skip_validation=True, tags=["addresses"])
def here() -> Response:
    """What is at a place and who is responsible for it, by what the asker sees of the county: address, road, community,
    grid with its people, areas of the police."""
    asked = query(HereAsked)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        day = asked.as_of or today(county, datetime.now(UTC))
        found = geocoded.here(session, county, asked.lon, asked.lat) if asked.address else UNASKED
        whose = geocoded.responsible(session, county, asked.lon, asked.lat, day)
    answer = HereAnswer(
        address=found.address, road=found.road, community=whose.community, town=whose.town, grid=whose.grid,
        distance_m=round(found.distance_m, 1) if math.isfinite(found.distance_m) else None, grid_id=whose.grid_id,
        grid_code=whose.grid_code, station=whose.station, zone=whose.zone, as_of=day,
        people=[PersonAnswer(role=one.role, name=one.name, telephone=one.telephone) for one in whose.people],
    )  # fmt: skip
    return jsonify(answer.model_dump(mode="json"))


@blueprint.post("/api/addresses/place")
@requires("addresses:review")
@spec.validate(query=OfCounty, resp=answers(202, JobAnswer), skip_validation=True, tags=["addresses"])
def place() -> tuple[Response, int]:
    """Has the county's calls placed anew, after its addresses or places have changed; answers with the job to watch."""
    asked = query(OfCounty)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        job = jobs.submit(session, current_actor(), county, geocoding.KIND, {"county": county.code})
        return jsonify(described(job)), 202


def shown(found: Found) -> PlaceAnswer:
    """A place as it is answered."""
    place = found.place
    return PlaceAnswer(
        lon=place.lon, lat=place.lat, level=place.level, score=place.score, radius_m=place.radius_m,
        how=place.how or "", matched=found.matched,
    )  # fmt: skip


def _answer(found: Answered) -> GeocodeAnswer:
    none = {"lon": None, "lat": None, "level": "none", "score": None, "radius_m": None, "how": "", "matched": ""}
    best = none if found.best is None else shown(found.best).model_dump()
    return GeocodeAnswer(
        **best, elsewhere=found.elsewhere, candidates=[shown(candidate) for candidate in found.candidates]
    )
