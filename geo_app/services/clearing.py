"""The morning's clearing: what a call was, whether it counts, where it was; and calls that come in by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from geo_app.errors import N_, Conflict, Forbidden, NotFound, Stale
from geo_app.models import Area, County, Incident
from geo_app.queries import clearing, placing
from geo_app.queries.placing import BY_HAND, Place
from geo_app.queries.terms import today
from geo_app.security.actor import Actor
from geo_app.security.audit import audit
from geo_app.security.permissions import can
from geo_app.services import geocoding

# What may be said of a call, besides ``point`` and ``cleared``.
SAID = ("category", "valid", "preventable", "arrived_address", "description")


class OutOfScope(Forbidden):
    """The call would lie where the actor clears nothing."""

    code = "outside_area"
    message = N_("This place lies outside your area.")
    remedy = N_("Choose a place inside your area, or ask a colleague whose area it is.")


class EnteredOtherwise(Conflict):
    """The key of an entered call comes again with something else in it."""

    message = N_("This call was saved before, with other contents.")
    remedy = N_("Open the saved call and change it there.")


class CameIn(Conflict):
    """A call that was not entered by hand is never taken away."""

    message = N_("This call came in with a file and stays.")
    remedy = N_("Mark it as not valid instead.")


@dataclass(frozen=True)
class NewCall:
    """A call that somebody enters. Without a point (longitude, latitude) its address is looked up; where nobody knows that,
    the call belongs to ``area_id``, else to what its actor sees."""

    category: str
    valid: bool
    preventable: bool | None
    address: str
    description: str
    number: str | None
    reported_at: datetime
    occurred_at: datetime | None
    point: tuple[float, float] | None
    area_id: int | None = None


def tag_of(row: Incident) -> str:
    """What changes whenever anything does that is shown of a call."""
    shown = [getattr(row, name) for name in SAID]
    parts = (shown, row.cleared_at, row.cleared_by, row.admin_area_id, row.police_area_id, placing.place_of(row))
    return f"{row.id}-{sha256(repr(parts).encode()).hexdigest()[:16]}"


def take_back(session: Session, actor: Actor, county: County, incident_id: int, tag: str) -> None:
    """Removes a call that was entered by hand.

    Raises NotFound, Stale when the call is no longer as ``tag`` says, OutOfScope, CameIn.
    """
    row = _held(session, county, incident_id, tag)
    if not can(actor, "incidents:clear", row):
        raise OutOfScope()
    if row.source != BY_HAND:
        raise CameIn()
    audit(session, "incident:take_back", row, actor=actor)
    session.delete(row)
    session.flush()


def _held(session: Session, county: County, incident_id: int, tag: str) -> Incident:
    row = clearing.locked(session, county.id, incident_id)
    if row is None:
        raise NotFound()
    if tag_of(row) != tag:
        raise Stale()
    return row


def change(
    session: Session, actor: Actor, county: County, incident_id: int, tag: str, said: Mapping[str, Any]
) -> Incident:
    """Writes what is said of a call, and nothing else: values of ``SAID``, ``cleared``, and ``point`` (longitude, latitude),
    where None takes back a place that was chosen by hand. Another address is looked up, unless the call's place was given or
    chosen.

    Raises NotFound, Stale when the call is no longer as ``tag`` says, OutOfScope.
    """
    row = _held(session, county, incident_id, tag)
    with session.no_autoflush:  # row security says no less clearly that the place is somebody else's
        for name in SAID:
            if name in said:
                setattr(row, name, said[name])
        if "point" in said:
            _choose(session, county, row, said["point"])
        elif "arrived_address" in said and row.match_level != "given" and not placing.by_hand(row):
            _find(session, actor, county, row)
        if "cleared" in said:
            row.cleared_at = datetime.now(UTC) if said["cleared"] else None
            row.cleared_by = actor.user_id if said["cleared"] else None
        if not can(actor, "incidents:clear", row):
            raise OutOfScope()
        clearing.move_caller(session, row)
    session.flush()
    audit(session, "incident:change", row, actor=actor, said=sorted(said), cleared=row.cleared_at is not None)
    return row


def enter(session: Session, actor: Actor, county: County, call: NewCall, key: str) -> Incident:
    """Stores a call that comes in by hand; the same ``key`` again answers the call that it made before.

    Raises NotFound for an area that is not seen, OutOfScope, EnteredOtherwise when the key's call says something else.
    """
    before = clearing.entered(session, county.id, BY_HAND, key)
    if before is not None:
        if (before.number, before.arrived_address, before.category) != (call.number, call.address, call.category):
            raise EnteredOtherwise()
        return before
    row = Incident(
        county_id=county.id, source=BY_HAND, source_key=key, simulated=county.simulated, number=call.number,
        category=call.category, valid=call.valid, preventable=call.preventable, arrived_address=call.address,
        description=call.description, reported_at=call.reported_at, discovered_by="call",
        occurred_from=call.occurred_at or call.reported_at, occurred_to=call.occurred_at or call.reported_at,
    )  # fmt: skip
    _stamp(session, county, row, None)
    if call.point is not None:
        _choose(session, county, row, call.point)
    else:
        _belong(session, county, row, call.area_id)
        _find(session, actor, county, row)
    if not can(actor, "incidents:clear", row):
        raise OutOfScope()
    session.add(row)
    session.flush()
    audit(session, "incident:enter", row, actor=actor, placed=row.geom is not None)
    return row


def _choose(session: Session, county: County, row: Incident, point: tuple[float, float] | None) -> None:
    """Puts a call where somebody says; for None back to where it was before somebody did."""
    if point is None:
        if not placing.by_hand(row):
            return
        place = None if row.placed_before is None else Place(**row.placed_before)
        row.placed_before = None
    else:
        place = geocoding.chosen(session, county, row.arrived_address, point)
        if not placing.by_hand(row):
            before = placing.place_of(row)
            row.placed_before = None if before is None else asdict(before)
    placing.put(row, place)
    if place is not None:  # what has no place any more belongs to where it was last
        _stamp(session, county, row, place)


def _find(session: Session, actor: Actor, county: County, row: Incident) -> None:
    """Puts a call where its address is; where nobody knows that, or the actor clears nothing, it has no place."""
    place = geocoding.found(session, county, row.arrived_address)
    own = row.admin_area_id, row.police_area_id
    if place is not None:
        _stamp(session, county, row, place)
        if not can(actor, "incidents:clear", row):
            place, row.grid_stable_id = None, None
            row.admin_area_id, row.police_area_id = own
    placing.put(row, place)


def _stamp(session: Session, county: County, row: Incident, place: Place | None) -> None:
    lies = placing.lies(session, county.id, today(county, datetime.now(UTC)), place)
    row.admin_area_id, row.police_area_id, row.grid_stable_id = lies.admin, lies.police, lies.grid


def _belong(session: Session, county: County, row: Incident, area_id: int | None) -> None:
    """Gives a call without a place to an area, or to what its scope sees, so that somebody sees it."""
    areas = placing.home(session, county.id)
    if area_id is not None:
        area = session.get(Area, area_id)
        if area is None or area.county_id != county.id:
            raise NotFound()
        areas = {**areas, area.tree: area.id}
    row.admin_area_id = areas.get("admin", row.admin_area_id)
    row.police_area_id = areas.get("police", row.police_area_id)
