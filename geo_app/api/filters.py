"""What a reader may choose, by the same names in the address of the page, in the API and in a saved map."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from sqlalchemy.orm import Session

from geo_app.api.days import AsOf, Instant
from geo_app.api.parameters import ID_PATTERN, OfCounty, validated
from geo_app.errors import N_, BadInput, NotFound
from geo_app.models import County
from geo_app.queries import scopes
from geo_app.queries.terms import Box, Terms, today
from layers.errors import ParameterError
from layers.incidents.choice import Choice
from layers.incidents.repeat_calls import DAYS, LEAST

DAY = re.compile(r"\d{4}-\d\d-\d\d")
HOURS = re.compile(r"(\d{1,2})-(\d{1,2})")
NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,12})?")
WHOLE = re.compile(r"[0-9]{1,9}")
MOST_ROUTES = 1000
MOST_DAYS = 3660


def _day(value: Any) -> Any:
    if isinstance(value, str) and DAY.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError("a day is written 2026-01-31")


def _hours(value: Any) -> tuple[int, int]:
    found = HOURS.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a band of hours is written 22-6")
    begin, end = int(found[1]), int(found[2])
    try:
        Choice(hours=(begin, end))
    except ParameterError as error:
        raise ValueError(str(error)) from error
    return begin, end


def _number(value: Any) -> Any:
    # float() would also take "nan", "1_0" and "1e9".
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return float(value)
    raise ValueError("a number is needed")


def _whole(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and WHOLE.fullmatch(value):
        return int(value)
    raise ValueError("a whole number is needed")


def _routes(value: Any) -> Any:
    if value == "none":
        return frozenset()
    parts = value.split(",") if isinstance(value, str) else []
    if not 0 < len(parts) <= MOST_ROUTES or not all(re.fullmatch(ID_PATTERN, part) for part in parts):
        raise ValueError("routes are written 3,8,15 or none")
    return frozenset(map(int, parts))


def _asked(value: Any) -> Any:
    if isinstance(value, str) and value and set(value) <= {"A", "B", "C"} and len(set(value)) == len(value):
        return frozenset(value)
    raise ValueError("classes are written AB")


def box_of(value: Any) -> Box:
    parts = value.split(",") if isinstance(value, str) else []
    if len(parts) != 4:
        raise ValueError("a box is written west,south,east,north")
    west, south, east, north = (_number(part) for part in parts)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError("a box lies between -180, -90, 180, 90, west before east and south before north")
    return west, south, east, north


def _flag(value: Any) -> Any:
    if value in ("0", "1"):
        return value == "1"
    raise ValueError("0 or 1")


def row_id_of(value: Any) -> Any:
    """The id of a row, as a query writes it. Raises ValueError for anything else."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value  # a body has numbers
    if isinstance(text, str) and re.fullmatch(ID_PATTERN, text):
        return int(text)
    raise ValueError("an id is needed")


Day = Annotated[date, BeforeValidator(_day)]
Metres = Annotated[float, BeforeValidator(_number)]
Category = Annotated[str, StringConstraints(max_length=200)]


class Filters(OfCounty):
    """Which part of a county is meant, and how it is looked at. What is left out means everything, or the usual."""

    area: Annotated[int, BeforeValidator(row_id_of)] | None = Field(
        None, description="Id of an area: it and all below."
    )
    as_of: AsOf | None = Field(
        None, description="Grids, streets, routes, cameras and areas as in force on this day; today if left out."
    )
    since: Day | None = Field(None, description="First day, in the county's calendar.")
    until: Day | None = Field(None, description="Last day, included.")
    category: tuple[Category, ...] = Field((), max_length=200, description="May be repeated; none means all.")
    hours: Annotated[tuple[int, int], BeforeValidator(_hours)] | None = Field(None, description="22-6: from 22 to 6 h.")
    valid: Annotated[bool, BeforeValidator(_flag)] = Field(True, description="1: valid incidents only; 0: all.")
    routes: Annotated[frozenset[int], BeforeValidator(_routes)] | None = Field(
        None, description="Ids of the patrol routes that count, or none; what the user does not see always counts."
    )
    sight: Metres | None = Field(None, ge=5, le=500, description="Sight distance, metres.")
    asked: Annotated[frozenset[str], BeforeValidator(_asked)] = Field(
        frozenset("AB"), description="Classes of streets that can be gaps, of A, B, C."
    )
    bandwidth: Metres | None = Field(None, ge=20, le=20000, description="Bandwidth of the density, metres.")
    unit: Annotated[str, Field(pattern="^(cells|grids)$")] = Field("cells", description="Hot spots on cells or grids.")
    days: Annotated[int, BeforeValidator(_whole)] = Field(
        DAYS, ge=1, le=MOST_DAYS, description="Repeat places: on so many days that follow one another."
    )
    least: Annotated[int, BeforeValidator(_whole)] = Field(
        LEAST, ge=2, le=1000, description="Repeat places: from so many calls on."
    )
    box: Annotated[Box, BeforeValidator(box_of)] | None = Field(None, description="west,south,east,north, EPSG:4326.")

    @model_validator(mode="after")
    def _period(self) -> Filters:
        if self.since and self.until and self.until < self.since:
            raise ValueError("the period ends before it begins")
        return self

    def terms(self, session: Session, county: County, usual_sight_m: float) -> Terms:
        """The terms of the day asked for, else of today in the county. Raises NotFound for an area that is absent or not seen."""
        area_ids = None
        now = today(county, datetime.now(UTC))
        if self.area is not None:
            area_ids = scopes.subtree(session, county.id, self.area, self.as_of or now)
            if not area_ids:
                raise NotFound()
        return Terms(
            day=self.as_of or now,
            now=now,
            sight_m=self.sight or usual_sight_m,
            box=self.box,
            choice=Choice(self.since, self.until, frozenset(self.category), self.hours, self.valid),
            area_ids=area_ids,
            routes=self.routes,
            asked=self.asked,
            bandwidth_m=self.bandwidth,
            unit=self.unit,
            days=self.days,
            least=self.least,
        )


class GridFilters(Filters):
    """The same for reads of grids, which can also be asked as they were known at an instant."""

    known_at: Instant | None = Field(
        None, description="Grids as they were known at this instant, 2026-05-01T08:00:00Z; now if left out."
    )

    def terms(self, session: Session, county: County, usual_sight_m: float) -> Terms:
        """See `Filters.terms`."""
        return replace(super().terms(session, county, usual_sight_m), known_at=self.known_at)


def filters_of(county: str, given: Mapping[str, Any]) -> Filters:
    """The filters of a body, by the names that they have in a query. Raises BadInput, which names what is wrong."""
    if "county" in given:
        raise BadInput(N_("Given more than once: %(names)s."), names="county")
    return validated(Filters, {**given, "county": county})
