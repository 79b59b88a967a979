"""/api/clearing and /api/incidents: the calls of a day to be cleared, one after the other; and calls entered by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy.orm import Session

from geo_app.api import reading
from geo_app.api.call_bodies import CallAnswer, ChangedCall, EnteredCall, described
from geo_app.api.filters import Day, row_id_of
from geo_app.api.parameters import Limit, OfCounty, body, query, row_id, tag_asked
from geo_app.api.spec import answers, spec
from geo_app.errors import NotFound
from geo_app.extensions import request_session
from geo_app.models import County, Incident
from geo_app.queries import clearing as calls
from geo_app.queries import scopes
from geo_app.queries.terms import today
from geo_app.security.actor import current_actor
from geo_app.security.audit import audit_read
from geo_app.security.rules import requires
from geo_app.services import clearing

blueprint = Blueprint("api_clearing", __name__)


class ClearingAsked(OfCounty):
    """Which calls: of an area with all below it, a station as a rule, and of a day; yesterday if not given, or
    the last day before it that has any."""

    area: Annotated[int, BeforeValidator(row_id_of)] | None = None
    day: Day | None = None
    limit: Limit = 200


class DayAnswer(BaseModel):
    """The calls of a day: ``waiting`` are not yet cleared, ``unplaced`` have no place, cleared or not."""

    day: date
    total: int
    cleared: int
    waiting: int
    unplaced: int


class ClearingAnswer(BaseModel):
    """What waits on ``day``, oldest first, at most ``limit``; the counts of that day and of the two weeks up to it; and
    the categories to choose from."""

    day: date
    calls: list[CallAnswer]
    counts: DayAnswer
    days: list[DayAnswer] = Field(description="The newest first; days without calls are left out.")
    categories: list[str]


class TakenBack(BaseModel):
    """The call that is no more."""

    id: int


@blueprint.get("/api/clearing")
@requires("incidents:clear")
@spec.validate(query=ClearingAsked, resp=answers(200, ClearingAnswer), skip_validation=True, tags=["clearing"])
def clearing_of_a_day() -> Response:
    """The calls of a day that are not yet cleared."""
    asked = query(ClearingAsked)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        area_ids = None
        now = today(county, datetime.now(UTC))
        if asked.area is not None:
            area_ids = scopes.subtree(session, county.id, asked.area, now)
            if not area_ids:
                raise NotFound()
        day = asked.day or calls.last_day(session, county, now, area_ids) or now - timedelta(1)
        days = [_counted(one) for one in calls.day_counts(session, county, day, area_ids)]
        answer = ClearingAnswer(
            day=day,
            calls=[
                described(session, county, row) for row in calls.waiting(session, county, day, area_ids, asked.limit)
            ],
            counts=days[0],
            days=[one for one in days if one.total],
            categories=calls.categories(session, county),
        )
    return jsonify(answer.model_dump(mode="json"))


@blueprint.get("/api/incidents/<incident_id>")
@requires("incidents:clear")
@spec.validate(query=OfCounty, resp=answers(200, CallAnswer), skip_validation=True, tags=["clearing"])
def call(incident_id: str) -> Response:
    """One call as it is now; its tag is what a change has to bring in If-Match."""
    asked = query(OfCounty)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        row = calls.one(session, county.id, row_id(incident_id))
        if row is None:
            raise NotFound()
        return _one(session, county, row)


@blueprint.post("/api/incidents")
@requires("incidents:clear")
@spec.validate(query=OfCounty, json=EnteredCall, resp=answers(201, CallAnswer), skip_validation=True, tags=["clearing"])
def enter() -> tuple[Response, int]:
    """Saves a call that comes in by hand."""
    asked, sent = query(OfCounty), body(EnteredCall)
    with _writing() as session:
        county = reading.county_of(session, asked.county)
        row = clearing.enter(session, current_actor(), county, _new_call(county, sent), str(sent.key))
        return _one(session, county, row), 201


@blueprint.patch("/api/incidents/<incident_id>")
@requires("incidents:clear")
@spec.validate(query=OfCounty, json=ChangedCall, resp=answers(200, CallAnswer), skip_validation=True, tags=["clearing"])
def change(incident_id: str) -> Response:
    """Writes what is said of a call, and that it is cleared; If-Match says from which state. The same call undoes it."""
    asked = query(OfCounty)
    number, tag = row_id(incident_id), tag_asked()
    sent = body(ChangedCall)
    with _writing() as session:
        county = reading.county_of(session, asked.county)
        said = sent.said()
        if "lon" in sent.model_fields_set:
            said["point"] = sent.point
        row = clearing.change(session, current_actor(), county, number, tag, said)
        return _one(session, county, row)


@blueprint.delete("/api/incidents/<incident_id>")
@requires("incidents:clear")
@spec.validate(query=OfCounty, resp=answers(200, TakenBack), skip_validation=True, tags=["clearing"])
def take_back(incident_id: str) -> Response:
    """Takes back a call that was entered by hand; If-Match says from which state. Calls that came in stay."""
    asked = query(OfCounty)
    number, tag = row_id(incident_id), tag_asked()
    with _writing() as session:
        clearing.take_back(session, current_actor(), reading.county_of(session, asked.county), number, tag)
    return jsonify(TakenBack(id=number).model_dump())


@contextmanager
def _writing() -> Iterator[Session]:
    """The transaction of a change; an attempt outside the actor's area is written down."""
    try:
        with request_session() as session:
            yield session
    except clearing.OutOfScope:
        audit_read(
            "incidents:clear", ("incident", (request.view_args or {}).get("incident_id", "new")), outcome="denied"
        )
        raise


def _new_call(county: County, sent: EnteredCall) -> clearing.NewCall:
    zone = ZoneInfo(county.time_zone)
    return clearing.NewCall(
        category=sent.category, valid=sent.valid, preventable=sent.preventable, address=sent.address,
        description=sent.description, number=sent.number,
        reported_at=datetime.now(UTC) if sent.reported_at is None else sent.reported_at.replace(tzinfo=zone),
        occurred_at=None if sent.occurred_at is None else sent.occurred_at.replace(tzinfo=zone),
        point=sent.point, area_id=sent.area,
    )  # fmt: skip


def _one(session: Session, county: County, row: Incident) -> Response:
    shown = described(session, county, row)
    response = jsonify(shown.model_dump(mode="json"))
    response.set_etag(shown.tag)
    return response


def _counted(one: calls.DayCount) -> DayAnswer:
    return DayAnswer(
        day=one.day, total=one.total, cleared=one.cleared, waiting=one.total - one.cleared, unplaced=one.unplaced
    )
