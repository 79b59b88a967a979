"""/api/addresses/review: addresses for which nothing sure was found; somebody chooses, and all equal ones are placed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, BeforeValidator, Field, StrictBool, StringConstraints
from sqlalchemy.orm import Session

from geo_app.api import reading
from geo_app.api.geocoding import PlaceAnswer, shown
from geo_app.api.parameters import Limit, OfCounty, Parameters, body, query, row_id
from geo_app.api.route_bodies import Lat, Lon
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session
from geo_app.models import County
from geo_app.queries import address_review as waiting
from geo_app.queries import gazetteer, geocoded
from geo_app.security.actor import current_actor
from geo_app.security.audit import audit_read
from geo_app.security.rules import requires
from geo_app.services import address_review
from geo_app.services.clearing import OutOfScope

blueprint = Blueprint("api_address_review", __name__)
MARK = re.compile(r"([1-9]\d{0,17})-(\d{1,18})")
LONGEST = 100_000  # an address out of a file may be any text; what is too long for an alias is said in words


def _mark(value: Any) -> Any:
    found = MARK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("behind what the last answer called next")
    return -int(found[1]), int(found[2])


class ReviewAsked(OfCounty):
    """How many addresses; ``after``: what the answer before called ``next``."""

    limit: Limit = 50
    after: Annotated[tuple[int, int] | None, BeforeValidator(_mark)] = None


class DoubtfulAnswer(BaseModel):
    """An address of ``count`` calls, the last of them at ``last`` (of the county's clock), as it was placed so far."""

    text: str
    count: int
    last: str | None
    level: str
    score: float | None
    candidates: list[PlaceAnswer]


class ShareAnswer(BaseModel):
    """How many calls were placed at a level; "given": by coordinates that came with them, "none": not at all."""

    level: str
    count: int


class ReviewAnswer(BaseModel):
    """Addresses to be looked at, most frequent first; all calls by level."""

    texts: list[DoubtfulAnswer]
    next: str | None = Field(description="Where the next page begins, None behind the last one.")
    shares: list[ShareAnswer]


class Choice(Parameters):
    """Where an address is: at the candidate that lies there, by its number from 0 as it was shown, or at a pin."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
    lon: Lon
    lat: Lat
    candidate: Annotated[int, Field(strict=True, ge=0, le=5)] | None = None
    pinned: StrictBool = False


class ChoiceAnswer(BaseModel):
    """``placed``: of how many calls; ``alias``: by which the choice is undone."""

    placed: int
    alias: int


class UndoneAnswer(BaseModel):
    """``placed``: how many calls are placed again as the gazetteer says."""

    placed: int


@blueprint.get("/api/addresses/review")
@requires("addresses:review")
@spec.validate(query=ReviewAsked, resp=answers(200, ReviewAnswer), skip_validation=True, tags=["addresses"])
def review() -> Response:
    """Addresses for which nothing, or nothing sure, was found, with what may be meant."""
    asked = query(ReviewAsked)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        found = waiting.doubtful(session, county, asked.after, asked.limit)
        texts = [one.text for one in found]
        known = gazetteer.seen(session, county)
        candidates = [answer.candidates for answer in geocoded.answers(known, texts)]
        shares = waiting.shares(session, county)
    answer = ReviewAnswer(
        texts=[
            _doubtful(county, one, [shown(place) for place in places])
            for one, places in zip(found, candidates, strict=True)
        ],
        next=f"{found[-1].count}-{found[-1].first}" if len(found) == asked.limit else None,
        shares=[ShareAnswer(level=level, count=count) for level, count in shares],
    )
    return jsonify(answer.model_dump(mode="json"))


@blueprint.post("/api/addresses/review")
@requires("addresses:review")
@spec.validate(query=OfCounty, json=Choice, resp=answers(201, ChoiceAnswer), skip_validation=True, tags=["addresses"])
def choose() -> tuple[Response, int]:
    """Says where an address is, for all calls with an equal one and for those to come."""
    asked, sent = query(OfCounty), body(Choice)
    with _writing() as session:
        county = reading.county_of(session, asked.county)
        pinned = sent.pinned or sent.candidate is None
        chosen = address_review.choose(session, current_actor(), county, sent.text, (sent.lon, sent.lat), pinned=pinned)
        return jsonify(ChoiceAnswer(placed=chosen.placed, alias=chosen.alias_id).model_dump()), 201


@blueprint.delete("/api/addresses/review/<alias_id>")
@requires("addresses:review")
@spec.validate(query=OfCounty, resp=answers(200, UndoneAnswer), skip_validation=True, tags=["addresses"])
def undo(alias_id: str) -> Response:
    """Takes a choice back."""
    asked = query(OfCounty)
    number = row_id(alias_id)
    with _writing() as session:
        county = reading.county_of(session, asked.county)
        return jsonify({"placed": address_review.undo(session, current_actor(), county, number)})


@contextmanager
def _writing() -> Iterator[Session]:
    """The transaction of a choice; an attempt outside the actor's area is written down."""
    try:
        with request_session() as session:
            yield session
    except OutOfScope:
        audit_read(
            "addresses:review", ("address_alias", (request.view_args or {}).get("alias_id", "new")), outcome="denied"
        )
        raise


def _doubtful(county: County, one: waiting.Doubtful, candidates: list[PlaceAnswer]) -> DoubtfulAnswer:
    last = None if one.last is None else one.last.astimezone(ZoneInfo(county.time_zone)).replace(tzinfo=None)
    return DoubtfulAnswer(
        text=one.text, count=one.count, last=None if last is None else last.isoformat(), level=one.level,
        score=one.score, candidates=candidates,
    )  # fmt: skip
