"""What is sent about the people of a grid, and what is answered."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints

from geo_app.api.days import AsOf
from geo_app.api.filters import Day, row_id_of
from geo_app.api.parameters import OfCounty, Parameters
from geo_app.queries.grid_people import Term
from geo_app.queries.responsible import Staffed
from geo_app.services.grid_people import tag_of

EARLIEST, LATEST = date(1949, 10, 1), date(2200, 1, 1)
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
ONE = timedelta(days=1)
Role = Literal["grid_leader", "full_time", "part_time", "police_officer"]
Kind = Literal["basic", "dedicated", "police_grid", "micro_grid"]


def _in_range(day: date | None) -> date | None:
    if day is not None and not EARLIEST <= day < LATEST:
        raise ValueError("a day of this age is needed")
    return day


def _as_dialled(value: Any) -> Any:
    """A number as every telephone shows it, whatever keyboard wrote it: full-width digits, long dashes."""
    return unicodedata.normalize("NFKC", value).translate(DASHES) if isinstance(value, str) else value


OfficeDay = Annotated[Day, AfterValidator(_in_range)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Telephone = Annotated[
    str,
    BeforeValidator(_as_dialled),
    StringConstraints(strip_whitespace=True, max_length=40, pattern=r"^[0-9+()（）转x\-, 、/]*$"),
]


class PeopleAsked(OfCounty):
    """The grids of a county or an area, as of a day."""

    area: Annotated[int, BeforeValidator(row_id_of)] | None = Field(
        None, description="Id of an area: it and all below."
    )
    as_of: AsOf | None = Field(None, description="A day of the county's calendar; today if left out.")


class NewTerm(Parameters):
    """An appointment."""

    role: Role
    name: Name
    telephone: Telephone | None = Field(None, description="The number on duty, which is public.")
    since: OfficeDay | None = Field(None, description="First day; today if left out.")
    until: OfficeDay | None = Field(None, description="Last day; no end if left out.")

    def wanted(self, grid: int) -> Term:
        """As a term."""
        return Term(grid, self.role, self.name, self.telephone or None, self.since, after(self.until))


class ChangedTerm(Parameters):
    """A correction of an appointment; what is left out stays, null takes away."""

    name: Name | None = None
    telephone: Telephone | None = None
    since: OfficeDay | None = None
    until: OfficeDay | None = Field(None, description="Last day.")

    def values(self) -> dict[str, Any]:
        """What is said, as the values of a term."""
        said = self.model_dump(exclude_unset=True)
        if said.get("name", "") is None:
            del said["name"]
        if "telephone" in said:
            said["telephone"] = said["telephone"] or None
        if "until" in said:
            said["until"] = after(said["until"])
        return said


class EndedTerm(Parameters):
    """The end of an appointment."""

    on: OfficeDay | None = Field(None, description="First day without it; today if left out.")


class Described(Parameters):
    """Another name or kind of a grid."""

    name: Annotated[Name, StringConstraints(max_length=200)] | None = None
    kind: Kind | None = None


class TermAnswer(BaseModel):
    """An appointment; ``until`` is its last day, None without an end."""

    id: int
    role: str
    name: str
    telephone: str | None
    since: date | None
    until: date | None
    holds: bool = Field(description="Whether it holds on the day of the answer.")


class StaffedAnswer(BaseModel):
    """A grid with its people; ``waits_for``: leader, telephone or ""; ``tag``: for If-Match, None for a day other than
    today."""

    id: int
    code: str
    name: str
    kind: str
    town: str
    community: str
    bounds: tuple[float, float, float, float]
    simulated: bool
    waits_for: str
    people: list[TermAnswer]
    tag: str | None


class PeopleAnswer(BaseModel):
    """The grids by code. ``can_change``: the asker may appoint; ``can_describe``: he may name grids."""

    as_of: date
    open_items: int
    without_leader: int
    without_telephone: int
    can_change: bool
    can_describe: bool
    grids: list[StaffedAnswer]


class OpenItem(BaseModel):
    """A grid that waits for a leader or for its leader's telephone."""

    id: int
    code: str
    name: str
    town: str
    community: str
    waits_for: str
    leader: str | None


class OpenItemsAnswer(BaseModel):
    """What waits, by code."""

    count: int
    without_leader: int
    without_telephone: int
    items: list[OpenItem]


class GridPeopleAnswer(StaffedAnswer):
    """A grid with the whole history of its people."""

    history: list[TermAnswer]
    can_take_back: bool


def after(last: date | None) -> date | None:
    """The first day without what has this last day."""
    return None if last is None else last + ONE


def told(term: Term, day: date) -> TermAnswer:
    """A term as it is answered."""
    last = None if term.until is None else term.until - ONE
    return TermAnswer(
        id=term.id or 0, role=term.role, name=term.name, telephone=term.telephone, since=term.since, until=last,
        holds=term.holds(day),
    )  # fmt: skip


def history(terms: Iterable[Term], day: date) -> list[TermAnswer]:
    """All terms, of one person on days that follow one another as one, by first day."""
    joined: list[Term] = []
    for term in sorted(terms, key=lambda one: (one.role, one.name, one.since or date.min)):
        last = joined[-1] if joined else None
        if last and (last.role, last.name, last.telephone, last.until) == (
            term.role,
            term.name,
            term.telephone,
            term.since,
        ):
            joined[-1] = Term(term.grid, term.role, term.name, term.telephone, last.since, term.until, term.id)
        else:
            joined.append(term)
    return [told(term, day) for term in sorted(joined, key=lambda one: one.since or date.min, reverse=True)]


def described(grid: Staffed, day: date, *, tagged: bool) -> StaffedAnswer:
    """A grid as it is answered."""
    return StaffedAnswer(
        id=grid.id, code=grid.code, name=grid.name, kind=grid.kind, town=grid.town, community=grid.community,
        bounds=grid.bounds, simulated=grid.simulated, waits_for=grid.waits_for,
        people=[told(term, day) for term in grid.people],
        tag=tag_of(grid.id, grid.version, grid.known_since, grid.acted) if tagged else None,
    )  # fmt: skip
