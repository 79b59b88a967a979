"""What is sent about a route: points, times, names, each in one form only."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from geo_app.api.filters import Filters
from geo_app.api.parameters import CountyCode, Parameters, validated
from geo_app.errors import N_, BadInput
from geo_app.queries.route_preview import Draft
from geo_app.services.routes import Wanted

MOST_POINTS = 200
MOST_DEPARTURES = 96
LONGEST_NAME = 200  # names also come out of files
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _clock(value: Any) -> Any:
    if isinstance(value, time) or (isinstance(value, str) and CLOCK.fullmatch(value)):
        return value
    raise ValueError("a time of the day is written 08:30")


def _degrees(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise ValueError("a number is needed")


def _line_of_text(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, max_length=longest, pattern=r"^[^\x00-\x1f\x7f]*$")


Lon = Annotated[float, BeforeValidator(_degrees), Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, BeforeValidator(_degrees), Field(ge=-90, le=90, allow_inf_nan=False)]
Point = tuple[Lon, Lat]
Clock = Annotated[time, BeforeValidator(_clock)]
Mode = Literal["foot", "vehicle"]
RowId = Annotated[int, Field(strict=True, ge=1, lt=10**18)]
Departures = Annotated[list[Clock], Field(max_length=MOST_DEPARTURES)]


class PreviewBody(Parameters):
    """A route that is being drawn. ``points``: longitude, latitude (EPSG:4326), in the order in which they are passed."""

    county: CountyCode
    points: list[Point] = Field(max_length=MOST_POINTS)
    mode: Mode = "foot"
    departures: Departures = []
    replaces: RowId | None = Field(None, description="Id of the route that is being redrawn.")
    filters: dict[str, Any] = Field({}, description="The filters of the map, by the names that they have in a query.")

    def read_filters(self) -> Filters:
        """The filters. Raises BadInput, which names what is wrong; a route is drawn on the streets of today."""
        if "county" in self.filters:
            raise BadInput(N_("Given more than once: %(names)s."), names="county")
        if "as_of" in self.filters:
            raise BadInput(N_("Unknown, missing or out of range: %(names)s."), names="as_of")
        return validated(Filters, {**self.filters, "county": self.county})

    def draft(self) -> Draft:
        """The body in the words of the domain."""
        return Draft(self.points, self.mode, self.departures, self.replaces)


class ShiftBody(Parameters):
    """From when to when somebody is out; it may pass midnight."""

    begins: Clock
    ends: Clock


class RouteBody(Parameters):
    """What a planner says of a route."""

    name: Annotated[str, _line_of_text(LONGEST_NAME), Field(min_length=1)]
    mode: Mode
    team: Annotated[str, _line_of_text(LONGEST_NAME)] = ""
    departures: Departures = []
    shift: ShiftBody | None = None

    def wanted(self, points: list[Point] | None) -> Wanted:
        """The body in the words of the domain."""
        shift = None if self.shift is None else (self.shift.begins, self.shift.ends)
        return Wanted(self.name, self.mode, points, self.team, self.departures, shift)


class NewRoute(RouteBody):
    """A route to save. The same ``key`` again answers the same route: a double click saves one."""

    county: CountyCode
    points: list[Point] = Field(min_length=2, max_length=MOST_POINTS)
    key: UUID


class ChangedRoute(RouteBody):
    """A route as it shall be; without ``points`` its line stays."""

    points: list[Point] | None = Field(None, min_length=2, max_length=MOST_POINTS)


class Restored(Parameters):
    """Which version a route shall be again."""

    version: RowId
