"""POST /api/grids/restated: totals by the grids of a day, told by the grids of another one. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, BeforeValidator, Field

from geo_app.api import reading
from geo_app.api.days import AsOf
from geo_app.api.parameters import OfCounty, Parameters, body, query
from geo_app.api.spec import answers, spec
from geo_app.errors import N_, BadInput
from geo_app.extensions import database
from geo_app.queries.grid_restated import restated
from geo_app.queries.terms import today
from geo_app.security.actor import current_actor
from geo_app.security.rules import requires

blueprint = Blueprint("api_grids_restated", __name__)
MOST_GRIDS = 20_000
LONGEST_CODE = 64
MOST_COUNTED = 10**12
DIGITS = 6  # of a count: the parts of a thing add up to it


def _counts(given: Any) -> Mapping[str, float]:
    if not isinstance(given, dict) or not 0 < len(given) <= MOST_GRIDS:
        raise BadInput(
            N_("The counts are a number for each code of a grid: of one grid at least, of %(most)s at most."),
            N_("Give the counts as an object with a code and its number for each grid."),
            most=MOST_GRIDS,
        )
    for code, number in given.items():
        # JSON of Python's kind also has NaN and Infinity; a comparison with them is false.
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= MOST_COUNTED:
            raise BadInput(
                N_("The count of grid %(code)s is no number from 0 to %(most)s."),
                N_("Give a number, or leave the grid out."),
                code=code[:LONGEST_CODE],
                most=MOST_COUNTED,
            )
        if not 0 < len(code) <= LONGEST_CODE or not code.isprintable():
            raise BadInput(N_("A code of a grid is empty, too long or not to be read."))
    return given


class RestatedAsked(OfCounty):
    """Totals by grid, and the day of the grids that they were counted in: of a period the last day is meant."""

    as_of: AsOf = Field(description="The day of the grids that the counts belong to.")
    to: AsOf | None = Field(None, description="The day of the grids that are asked for; today if left out.")
    counts: Annotated[Mapping[str, float], BeforeValidator(_counts)] = Field(
        description="The code of each grid and its number, not below 0."
    )


class RestatedCount(BaseModel):
    """What falls to a grid. ``code`` None: to land where no grid is on that day, or none that the reader sees.

    ``by``, of several the least sure: unchanged (the grid holds the same land, or was only drawn or numbered anew);
    addresses, households, floor_space (in proportion to these); area (to the land); nowhere.
    """

    code: str | None
    name: str
    count: float = Field(description="Six decimals; a part of a thing where a grid was shared out.")
    by: str


class RestatedAnswer(BaseModel):
    """The same totals by other grids: the counts and those of the unknown codes add up to what was sent."""

    as_of: date
    to: date
    counts: list[RestatedCount] = Field(description="By code; grids that get nothing of any kind are left out.")
    by: str = Field(
        description="What a grid is shared out by that holds other land now, the best that is known as of as_of:"
        " addresses, households (by point), floor_space (of dwellings), else area."
    )
    unknown: list[str] = Field(description="Codes that no grid had on the day as_of; nothing is told of their counts.")


@blueprint.post("/api/grids/restated")
@requires("map:read")
@spec.validate(json=RestatedAsked, resp=answers(200, RestatedAnswer), skip_validation=True, tags=["grids"])
def restate() -> Response:
    """Last year's totals on today's grids, so that the years can be compared."""
    query(Parameters)
    asked = body(RestatedAsked)
    # The method is POST for the size of what is asked; it writes nothing, and the database sees to that.
    with database().session(current_actor().scope, read_only=True) as session:
        county = reading.county_of(session, asked.county)
        to = asked.to or today(county, datetime.now(UTC))
        if to < asked.as_of:
            raise BadInput(
                N_("Counts of %(first)s cannot be told by the grids of %(last)s, a day before it."),
                N_("Give the day of the counts, or a later one."),
                first=asked.as_of,
                last=to,
            )
        found = restated(session, county, asked.counts, asked.as_of, to)
    rows = found.counts.assign(count=found.counts["count"].round(DIGITS)).to_dict("records")
    answer = RestatedAnswer(
        as_of=asked.as_of,
        to=to,
        counts=[RestatedCount.model_validate(row) for row in rows],
        by=found.by,
        unknown=list(found.unknown),
    )
    return jsonify(answer.model_dump(mode="json"))
