"""GET /api/incidents/summary: what there is to say in numbers about the incidents that the filters choose."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, Field

from geo_app.api import reading
from geo_app.api.filters import Filters
from geo_app.api.parameters import query
from geo_app.api.placing import PlacedAnswer, placed_answer
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session
from geo_app.queries import incident_summary
from geo_app.queries.area_counts import AreaCount
from geo_app.queries.incident_summary import Comparison, Summary
from geo_app.security.rules import requires

blueprint = Blueprint("api_incidents", __name__)


class HistogramAnswer(BaseModel):
    """Counts over all days that there are, whatever the period asked for."""

    step: str = Field(description="day, week (from Monday) or month.")
    starts: list[date]
    counts: list[int]


class CategoryAnswer(BaseModel):
    """A category, "" where an incident has none."""

    name: str
    count: int


class ComparisonAnswer(BaseModel):
    """An earlier period. ``change``: (n − count) ÷ count over the days that are known of both, None after a count of 0;
    ``p``: how often chance alone makes a change as large."""

    since: date
    until: date
    count: int
    change: float | None
    p: float


class AreaAnswer(BaseModel):
    """An area below the one that is looked at; ``previous`` is its count in the period before."""

    id: int
    name: str
    level: str
    count: int
    previous: int | None


class SummaryAnswer(BaseModel):
    """``total``: of the area, with the rule on validity; ``n`` of them meet all filters, ``unplaced`` and ``hour_unknown``
    of these; ``untimed`` meet all but the period and the hours, because they have no time. ``known_until``: up to
    this day a running period is compared. ``categories`` are counted without their own filter."""

    n: int
    unplaced: int
    placed: PlacedAnswer
    untimed: int
    total: int
    simulated: int
    first: date | None
    last: date | None
    known_until: date | None
    since: date | None
    until: date | None
    histogram: HistogramAnswer | None
    hours: list[int] = Field(description="24 counts.")
    hours_p: float | None = Field(
        description="How often chance alone makes bands of two hours as uneven; None: too few."
    )
    weekdays: list[int] = Field(description="Seven counts, Monday first.")
    weekdays_p: float | None = Field(description="The same of weekdays, by how many of each the period has.")
    hour_unknown: int
    categories: list[CategoryAnswer]
    previous: ComparisonAnswer | None
    year_before: ComparisonAnswer | None
    areas: list[AreaAnswer]
    elsewhere: int = Field(description="Chosen incidents that lie in none of the areas.")


@blueprint.get("/api/incidents/summary")
@requires("map:read")
@spec.validate(query=Filters, resp=answers(200, SummaryAnswer), skip_validation=True, tags=["incidents"])
def summary() -> Response:
    """The numbers of the incidents that the filters choose, and those of the periods before."""
    asked = query(Filters)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms = reading.terms_of(session, county, asked)
        kept = terms.of(*incident_summary.TERMS)
        etag = reading.tag(session, county, kept, incident_summary.KINDS, "incident summary", terms.today)
        known = reading.tagged(Response(mimetype="application/json"), etag)
        if known.status_code == 304:
            return known
        found = incident_summary.incident_summary(session, county, terms)
    return reading.tagged(jsonify(_answer(found, asked).model_dump(mode="json")), etag)


def _answer(found: Summary, asked: Filters) -> SummaryAnswer:
    bars = found.histogram
    return SummaryAnswer(
        n=found.n,
        unplaced=found.unplaced,
        placed=placed_answer(found.placing),
        untimed=found.untimed,
        total=found.total,
        simulated=found.simulated,
        first=found.first,
        last=found.last,
        known_until=found.known_until,
        since=asked.since,
        until=asked.until,
        histogram=None
        if bars is None
        else HistogramAnswer(step=bars.step, starts=list(bars.starts), counts=bars.counts.tolist()),
        hours=found.hours.tolist(),
        hours_p=found.hours_p,
        weekdays=found.weekdays.tolist(),
        weekdays_p=found.weekdays_p,
        hour_unknown=found.hour_unknown,
        categories=[CategoryAnswer(name=name, count=count) for name, count in found.categories],
        previous=_comparison(found.previous),
        year_before=_comparison(found.year_before),
        areas=[_area(one) for one in found.areas],
        elsewhere=found.elsewhere,
    )


def _comparison(found: Comparison | None) -> ComparisonAnswer | None:
    if found is None:
        return None
    since, until = found.period
    share = found.change.share
    return ComparisonAnswer(
        since=since, until=until, count=found.count, change=None if share is None else round(share, 4), p=found.change.p
    )


def _area(one: AreaCount) -> AreaAnswer:
    return AreaAnswer(id=one.area.id, name=one.area.name, level=one.area.level, count=one.count, previous=one.previous)
