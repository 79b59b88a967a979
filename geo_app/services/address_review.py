"""Somebody chooses where an address is: the choice becomes an alias, and all calls with that address are placed at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy.orm import Session

from geo_app.errors import N_, BadInput, NotFound
from geo_app.models import AddressAlias, County
from geo_app.queries import address_review, gazetteer, geocoded, placing
from geo_app.queries.address_review import says_something
from geo_app.queries.gazetteer import OF_ALIAS
from geo_app.queries.placing import BY_HAND, Place
from geo_app.queries.terms import today
from geo_app.security.actor import Actor
from geo_app.security.audit import audit
from geo_app.security.permissions import can
from geo_app.services import geocoding
from geo_app.services.clearing import OutOfScope
from layers.incidents.address import normalise

LONGEST = 300  # letters: an index of the database holds no more


@dataclass(frozen=True)
class Chosen:
    """What came of a choice: the alias, and how many calls it placed."""

    alias_id: int
    placed: int


def choose(
    session: Session, actor: Actor, county: County, address: str, point: tuple[float, float], *, pinned: bool
) -> Chosen:
    """Says where an address is, EPSG:4326: at one of the places that are proposed for it, else at a pin.

    Raises BadInput for what is no address, OutOfScope.
    """
    key = normalise(address)
    if not says_something(key) or len(key) > LONGEST:
        raise BadInput(
            N_("This text is no address, or too long for one."), N_("Place its calls one by one in the clearing.")
        )
    place = geocoding.chosen(session, county, address, point, pinned=pinned)
    lies = placing.lies(session, county.id, today(county, datetime.now(UTC)), place)
    address_review.lock(session, county.id, key)
    alike = address_review.written_alike(session, county.id, address)
    simulated = address_review.are_simulated(session, county.id, alike)
    row = AddressAlias(
        county_id=county.id, admin_area_id=lies.admin, police_area_id=lies.police, source=BY_HAND, source_key=key,
        simulated=county.simulated if simulated is None else simulated, alias=address, level=place.level,
        radius_m=place.radius_m, geom=from_shape(Point(place.lon, place.lat), srid=4326),
    )  # fmt: skip
    if not can(actor, "addresses:review", row):
        raise OutOfScope()
    address_review.end(session, county.id, key)
    session.add(row)
    session.flush()
    placed = address_review.put(session, county.id, alike, replace(place, how=OF_ALIAS), lies)
    audit(session, "address:choose", row, actor=actor, level=place.level, placed=placed)
    return Chosen(row.id, placed)


def undo(session: Session, actor: Actor, county: County, alias_id: int) -> int:
    """Takes a choice back: the calls with its address are placed as the gazetteer says; returns how many.

    Raises NotFound when there is no such choice any more.
    """
    row = address_review.alias(session, county.id, alias_id)
    if row is None or row.source_key is None:
        raise NotFound()
    address_review.lock(session, county.id, row.source_key)
    # Asked before the choice ends: what is kept under a version has to have been committed.
    place, lies = _found(session, actor, county, row.alias)
    alike = address_review.written_alike(session, county.id, row.alias)
    address_review.end(session, county.id, row.source_key)
    placed = address_review.put(session, county.id, alike, place, lies)
    audit(session, "address:undo", row, actor=actor, placed=placed)
    return placed


def _found(session: Session, actor: Actor, county: County, address: str) -> tuple[Place | None, placing.Lies | None]:
    """What the county's gazetteer alone says of an address, where the actor may write it."""
    known = replace(gazetteer.whole(session, county), by_hand={})
    place = geocoded.answers(known, [address])[0].place
    if place is None:
        return None, None
    lies = placing.lies(session, county.id, today(county, datetime.now(UTC)), place)
    seen = can(actor, "addresses:review", AddressAlias(admin_area_id=lies.admin, police_area_id=lies.police))
    return (place, lies) if seen else (None, None)
