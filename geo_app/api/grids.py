"""GET /api/grids: every grid with its streets, who sees them, its incidents and its rank."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, jsonify
from flask_babel import gettext
from pydantic import BaseModel, Field

from geo_app.api import reading
from geo_app.api.filters import GridFilters
from geo_app.api.parameters import query
from geo_app.api.placing import PlacedAnswer, placed_answer
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session
from geo_app.queries import grid_numbers, grid_versions
from geo_app.security.rules import requires
from layers.base import DATES, PLACED
from layers.catalogue.grids import NOT_YET

blueprint = Blueprint("api_grids", __name__)


class GridRow(BaseModel):
    """A grid. Shares are of the length of its streets, None when it has none; ``hot`` None: not compared."""

    id: int = Field(description="Stays when only the line or the name changes.")
    code: str
    name: str
    kind: str
    leader: str | None
    leader_telephone: str | None
    workers: str | None = Field(description="Full-time and part-time workers, one after the other.")
    length_m: float = Field(description="Metres of street; of a street between two grids each has half.")
    seen_patrol: float | None
    seen_camera: float | None
    seen_neither: float | None
    incidents: int
    hot: bool | None
    rank: int = Field(description="By incidents, 1 has most; among equals by code.")
    bounds: tuple[float, float, float, float] = Field(description="West, south, east, north, EPSG:4326.")
    simulated: bool


class GridsTotal(BaseModel):
    """All grids together."""

    grids: int
    without_leader: int
    length_m: float
    seen_patrol: float | None
    seen_camera: float | None
    seen_neither: float | None
    incidents: int
    rough: int = Field(description="Incidents known too roughly for the grid in which they stand; counted for none.")


class GridsAnswer(BaseModel):
    """The grids by code. ``simulated``: routes, cameras or incidents that were made up went into the numbers."""

    as_of: date = Field(description="The day as of which grids, streets, routes and cameras are read.")
    known_at: datetime | None = Field(description="The instant at which the grids were known so; null: now.")
    first_day: date | None = Field(description="From then on there are grids; null: none, or always.")
    notice: str | None = Field(description="Why there are no grids, where the day lies before the first one.")
    since: date | None = Field(description="First day that the incidents stand for.")
    until: date | None
    sight_m: float
    simulated: bool
    placed: PlacedAnswer
    total: GridsTotal
    grids: list[GridRow]


@blueprint.get("/api/grids")
@requires("map:read")
@spec.validate(query=GridFilters, resp=answers(200, GridsAnswer), skip_validation=True, tags=["grids"])
def grids() -> Response:
    """The grids of a county or an area as of a day, with the numbers of what the filters choose.

    A period chooses incidents, ``as_of`` the lines and who looks: last year's calls can be counted on today's grids, and
    this year's on the grids of then.
    """
    asked = query(GridFilters)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms = reading.terms_of(session, county, asked)
        etag = reading.tag(session, county, terms, grid_numbers.KINDS, "grids")
        frame = grid_numbers.grid_numbers(session, county, terms)
        first = grid_versions.first_day(session, county, terms.known_at)
    since, until = frame.attrs[DATES] or (None, None)
    answer = GridsAnswer(
        as_of=terms.day,
        known_at=terms.known_at,
        first_day=first,
        notice=None if first is None or first <= terms.day else gettext(NOT_YET, first_day=first),
        since=since,
        until=until,
        sight_m=terms.sight_m,
        simulated=frame.attrs[grid_numbers.MADE_UP],
        placed=placed_answer(frame.attrs[PLACED]),
        total=GridsTotal(**_rounded(grid_numbers.total(frame))),
        grids=[
            GridRow(**_rounded(row), bounds=tuple(box))
            for row, box in zip(_rows(frame), frame.geometry.bounds.to_numpy().tolist(), strict=True)
        ],
    )
    return reading.tagged(jsonify(answer.model_dump(mode="json")), etag)


def _rows(frame: Any) -> list[dict[str, Any]]:
    names = [name for name in GridRow.model_fields if name != "bounds"]
    columns = {name: frame[name].tolist() for name in names}
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    """Metres to the decimetre, shares to four digits, NaN as None."""
    return {name: _value(name, value) for name, value in values.items()}


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return None if math.isnan(value) else round(value, 1 if name == "length_m" else 4)
