"""What is sent about a call, and how calls are shown: in the morning's clearing, and when one is entered."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, Field, StrictBool, StringConstraints, model_validator
from sqlalchemy.orm import Session

from geo_app.api.parameters import Parameters
from geo_app.api.route_bodies import Lat, Lon, RowId
from geo_app.models import Area, County, Incident
from geo_app.queries import placing
from geo_app.services.clearing import tag_of

LONGEST_ADDRESS = 1000
MOMENT = re.compile(r"(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?")


def _line(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, max_length=longest, pattern=r"^[^\x00-\x1f\x7f]*$")


def _moment(value: Any) -> Any:
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return datetime.fromisoformat(value)
    raise ValueError("a time is written 2026-11-28T08:30")


Address = Annotated[str, _line(LONGEST_ADDRESS)]
Category = Annotated[str, _line(200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000, pattern=r"^[^\x00]*$")]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class PointBody(Parameters):
    """A place: both of its numbers or none."""

    lon: Lon | None = None
    lat: Lat | None = None

    @model_validator(mode="after")
    def _both(self) -> PointBody:
        if (self.lon is None) != (self.lat is None) or len({"lon", "lat"} & self.model_fields_set) == 1:
            raise ValueError("a place has a longitude and a latitude")
        return self

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, EPSG:4326."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


class ChangedCall(PointBody):
    """What is said of a call; what is left out stays. ``lon`` and ``lat`` null take back a place chosen by hand."""

    category: Category = ""
    valid: StrictBool = True
    preventable: StrictBool | None = None
    address: Address = ""
    description: Text = ""
    cleared: StrictBool = False

    @model_validator(mode="after")
    def _something(self) -> ChangedCall:
        if not self.model_fields_set:
            raise ValueError("nothing is said")
        return self

    def said(self) -> dict[str, Any]:
        """The values that are given, by the names of the columns, without the place."""
        names = self.model_fields_set - {"lon", "lat", "address"}
        values = {name: getattr(self, name) for name in names}
        return values | ({"arrived_address": self.address} if "address" in self.model_fields_set else {})


class EnteredCall(PointBody):
    """A call that comes in by hand. The same ``key`` again answers the same call: a double click saves one.

    Times are of the county's clock; without ``reported_at`` it is now. ``area``: to whom a call without a place belongs.
    """

    key: UUID
    category: Category = ""
    valid: StrictBool = True
    preventable: StrictBool | None = None
    address: Address = ""
    description: Text = ""
    number: Annotated[str, _line(64), Field(min_length=1)] | None = None
    reported_at: Moment | None = None
    occurred_at: Moment | None = None
    area: RowId | None = None


class CallAnswer(BaseModel):
    """A call. ``tag`` is what a change brings in If-Match; times are of the county's clock.

    ``level``: given, pinned, building, number, crossing, place, estate, road, group, community, town or none; ``how``: codes
    joined by "+"; ``station``: the name of its area in the police tree, "" where it is not seen.
    """

    id: int
    tag: str
    number: str | None
    source: str
    reported_at: str | None
    occurred_from: str | None
    occurred_to: str | None
    category: str
    category_intake: str | None
    category_feedback: str | None
    valid: bool
    preventable: bool | None
    description: str
    address: str
    lon: float | None
    lat: float | None
    level: str
    score: float | None
    how: str | None
    radius_m: float | None
    station: str
    simulated: bool
    cleared: bool


def described(session: Session, county: County, row: Incident) -> CallAnswer:
    """A call as it is shown."""
    zone = ZoneInfo(county.time_zone)
    place = placing.place_of(row)
    station = session.get(Area, row.police_area_id)
    times = {
        name: None if (at := getattr(row, name)) is None else at.astimezone(zone).replace(tzinfo=None).isoformat()
        for name in ("reported_at", "occurred_from", "occurred_to")
    }
    return CallAnswer(
        id=row.id, tag=tag_of(row), number=row.number, source=row.source, **times, category=row.category,
        category_intake=row.category_intake, category_feedback=row.category_feedback, valid=row.valid,
        preventable=row.preventable, description=row.description, address=row.arrived_address,
        lon=None if place is None else place.lon, lat=None if place is None else place.lat, level=row.match_level,
        score=row.match_score, how=row.match_how, radius_m=row.radius_m,
        station="" if station is None else station.name, simulated=row.simulated, cleared=row.cleared_at is not None,
    )  # fmt: skip
