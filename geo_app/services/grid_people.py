"""Who is responsible for a grid: appointed, corrected, ended, taken back; its name and kind changed. No line moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from geo_app.errors import N_, Conflict, Forbidden, NotFound, Stale
from geo_app.models import County, Grid, GridChange
from geo_app.queries import grid_handover, grid_heads, grid_people, grid_today
from geo_app.queries.grid_people import Term
from geo_app.queries.terms import today
from geo_app.security.actor import Actor
from geo_app.security.audit import audit
from geo_app.security.permissions import can
from geo_app.services import appointments

ACTION, OF_GRIDS = "grids:people", "grids:edit"


class NothingToTakeBack(Conflict):
    """The people of a grid came with the grid and were not changed since."""

    code = "nothing_to_take_back"
    message = N_("Nobody changed the people of this grid since it came.")
    remedy = N_("Appoint somebody else, or end an appointment.")


@dataclass(frozen=True)
class State:
    """A grid in force today and its appointments as they are known; ``acted``: when those were last changed."""

    grid: Grid
    county: County
    terms: Sequence[Term]
    acted: datetime | None

    @property
    def tag(self) -> str:
        """What changes whenever the grid's version or one of its appointments does."""
        return tag_of(self.grid.stable_id, self.grid.id, self.grid.recorded.lower, self.acted)


def tag_of(stable_id: int, version: int, known_since: datetime | None, acted: datetime | None) -> str:
    """The tag of a grid and its people."""
    instants = "-".join(f"{at.timestamp():.6f}" for at in (known_since, acted) if at is not None)
    return f"{stable_id}-{version}-{instants}"


def state(session: Session, stable_id: int) -> State:
    """A grid in force today with its people. Raises NotFound."""
    found = grid_today.find(session, stable_id)
    if found is None:
        raise NotFound()
    row, county = found
    acted = grid_people.last_acts(session, county.id, [stable_id]).get(stable_id)
    return State(row, county, grid_people.terms(session, county.id, [stable_id]), acted)


def appoint(session: Session, actor: Actor, stable_id: int, tag: str, new: Term) -> State:
    """Appoints somebody; from today where ``new`` has no first day. Whoever led the grid until then ends.

    Raises NotFound, Stale, Forbidden, appointments.NoDays, appointments.InOffice.
    """
    before = _locked(session, actor, stable_id, tag, ACTION)
    wanted = replace(new, grid=stable_id, since=new.since or today(before.county, datetime.now(UTC)))
    return _write(session, actor, before, appointments.appointed(before.terms, wanted), "appoint", role=new.role)


def correct(session: Session, actor: Actor, stable_id: int, tag: str, number: int, **values: Any) -> State:
    """Corrects what is said of an appointment: name, telephone, since, until (the first day without it).

    Raises NotFound, Stale, Forbidden, appointments.NoDays, appointments.InOffice.
    """
    before = _locked(session, actor, stable_id, tag, ACTION)
    after = appointments.corrected(before.terms, number, **values)
    return _write(session, actor, before, after, "correct", said=sorted(values), term=number)


def end(session: Session, actor: Actor, stable_id: int, tag: str, number: int, day: date | None) -> State:
    """Ends an appointment: ``day`` is the first one without it, today if not given.

    Raises NotFound, Stale, Forbidden, appointments.NoDays.
    """
    before = _locked(session, actor, stable_id, tag, ACTION)
    after = appointments.ended(before.terms, number, day or today(before.county, datetime.now(UTC)))
    return _write(session, actor, before, after, "end", term=number)


def take_back(session: Session, actor: Actor, stable_id: int, tag: str) -> State:
    """Makes the people of a grid what they were before the last act; that is an act too, and can be taken back.

    Raises NotFound, Stale, Forbidden, NothingToTakeBack.
    """
    before = _locked(session, actor, stable_id, tag, ACTION)
    if not can_take_back(session, before):
        raise NothingToTakeBack()
    assert before.acted is not None
    after = grid_people.before(session, before.county.id, stable_id, before.acted)
    return _write(session, actor, before, after, "take_back")


def can_take_back(session: Session, state: State) -> bool:
    """Whether the people of a grid were changed since it came."""
    came = grid_today.came_at(session, state.county.id, state.grid.stable_id)
    return state.acted is not None and state.acted > came


def describe(
    session: Session, actor: Actor, stable_id: int, tag: str, *, name: str | None = None, kind: str | None = None
) -> State:
    """Gives a grid another name or kind from today; its line, its code and its people stay.

    Raises NotFound, Stale, Forbidden.
    """
    before = _locked(session, actor, stable_id, tag, OF_GRIDS)
    row = before.grid
    wanted = {"name": name or row.name, "kind": kind or row.kind}
    if wanted == {"name": row.name, "kind": row.kind}:
        return before
    day = today(before.county, datetime.now(UTC))
    change = GridChange(
        county_id=row.county_id, admin_area_id=row.admin_area_id, police_area_id=row.police_area_id, kind="describe",
        reason_code="real_change", title=f"{row.name} → {wanted['name']}", status="filed", author_id=actor.user_id, approved_on=day,
        effective_on=day,
    )  # fmt: skip
    session.add(change)
    session.flush()
    grid_today.describe(session, row, day, change.id, **wanted)
    audit(session, "grid:describe", row, actor=actor, change=change.id)
    return state(session, stable_id)


def _locked(session: Session, actor: Actor, stable_id: int, tag: str, action: str) -> State:
    found = grid_today.find(session, stable_id)
    if found is None:
        raise NotFound()
    grid_heads.lock(session, found[1].id)
    seen = state(session, stable_id)
    if seen.tag != tag:
        raise Stale()
    if not can(actor, action, seen.grid):
        raise Forbidden()
    return seen


def _write(session: Session, actor: Actor, before: State, after: Sequence[Term], act: str, **details: Any) -> State:
    stable_id = before.grid.stable_id
    grid_people.rewrite(session, before.county.id, before.terms, after)
    # An approved change whose day is still to come has handed over who was there when it was approved.
    now = today(before.county, datetime.now(UTC))
    grid_handover.hand_over_again(session, before.county.id, now, [stable_id])
    audit(session, f"grid_people:{act}", before.grid, actor=actor, **details)
    return state(session, stable_id)
