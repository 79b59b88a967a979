"""Patrol routes that are drawn on the map: saved, changed, ended, brought back; each change is a dated version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

import shapely
from sqlalchemy.orm import Session

from geo_app.errors import N_, AppError, Conflict, Forbidden, NotFound, Stale
from geo_app.models import County, PatrolRoute
from geo_app.queries import network, route_rows
from geo_app.queries.drawn_path import LonLat, drawn_path
from geo_app.queries.terms import today
from geo_app.security.actor import Actor
from geo_app.security.audit import audit
from geo_app.security.permissions import can


class NoRoute(AppError):
    """What was drawn is no path along the streets."""

    code = "no_route"
    status = 422
    title = N_("This is no route yet")
    message = N_("A route needs two points or more that streets join.")
    remedy = N_("Move or remove the points that are marked, then save again.")


class OutOfScope(Forbidden):
    """The route lies where the actor plans nothing."""

    code = "outside_area"
    message = N_("The middle of this route lies outside your area.")
    remedy = N_("Draw it inside your area, or ask a colleague whose area it is.")


class SavedAndEnded(Conflict):
    """The same drawing is sent again after its route was ended."""

    message = N_("This drawing was saved and has been removed since.")
    remedy = N_("Draw it anew, or bring the removed route back.")


class SavedOtherwise(Conflict):
    """The key of a drawing comes again with something else in it."""

    message = N_("This drawing was saved before, with other contents.")
    remedy = N_("Open the saved route and change it there.")


@dataclass(frozen=True)
class Wanted:
    """What a planner says of a route. ``points``: longitude, latitude; None keeps the line as it is."""

    name: str
    mode: str
    points: Sequence[LonLat] | None
    team: str = ""
    departures: Sequence[time] = ()
    shift: tuple[time, time] | None = None


def tag_of(row: PatrolRoute) -> str:
    """What changes whenever a route does."""
    known_since = row.recorded.lower
    assert known_since is not None  # rows are stamped with the moment of their transaction
    return f"{row.stable_id}-{row.id}-{known_since.timestamp():.6f}"


def save(session: Session, actor: Actor, county: County, wanted: Wanted, key: str) -> PatrolRoute:
    """Stores a new route; the same ``key`` again answers the route that it made before.

    Raises NoRoute, OutOfScope, SavedAndEnded for a key whose route has ended, SavedOtherwise when it says something else.
    """
    route_rows.lock(session, f"key {county.id} {key}")
    before = route_rows.drawn_before(session, county.id, key)
    if before is not None:
        found = route_rows.current(session, before.stable_id)
        if found is None:
            raise SavedAndEnded()
        if not _says(found[0], wanted):
            raise SavedOtherwise()
        return found[0]
    fixed = {
        "county_id": county.id,
        "source": route_rows.DRAWN,
        "source_key": key,
        "simulated": county.simulated,
        "mandatory": True,
    }
    row = _begin(session, actor, county, {**fixed, **_drawn(session, actor, county, wanted)}, wanted)
    audit(session, "route_drawn", row, actor=actor, version=row.id)
    return row


def change(session: Session, actor: Actor, stable_id: int, tag: str, wanted: Wanted) -> PatrolRoute:
    """Ends the version in force and begins another one of the same route.

    Raises NotFound, Stale when the route is no longer as ``tag`` says, NoRoute, OutOfScope.
    """
    row, county = _locked(session, stable_id, tag)
    _check_scope(actor, row.admin_area_id, row.police_area_id)
    values = route_rows.said(row)
    if wanted.points is not None:
        values |= _drawn(session, actor, county, wanted)
    route_rows.end(session, row, today(county, datetime.now(UTC)))
    changed = _begin(session, actor, county, values, wanted)
    audit(session, "route_changed", changed, actor=actor, version=changed.id, before=row.id)
    return changed


def remove(session: Session, actor: Actor, stable_id: int, tag: str) -> PatrolRoute:
    """Ends a route; returns the version that was in force. Raises NotFound, Stale, OutOfScope."""
    row, county = _locked(session, stable_id, tag)
    _check_scope(actor, row.admin_area_id, row.police_area_id)
    route_rows.end(session, row, today(county, datetime.now(UTC)))
    audit(session, "route_ended", row, actor=actor, version=row.id)
    return row


def restore(session: Session, actor: Actor, stable_id: int, version: int, tag: str | None) -> PatrolRoute:
    """Begins a version that says what an earlier one said; ``tag`` is of the version in force, None when none is.

    Raises NotFound, Stale, OutOfScope.
    """
    route_rows.lock(session, str(stable_id))
    wanted = route_rows.version(session, stable_id, version)
    if wanted is None:
        raise NotFound()
    _check_scope(actor, wanted.admin_area_id, wanted.police_area_id)
    found = route_rows.current(session, stable_id)
    if (None if found is None else tag_of(found[0])) != tag:
        raise Stale()
    county = session.get_one(County, wanted.county_id)
    day = today(county, datetime.now(UTC))
    values = route_rows.said(wanted)
    if found is not None:
        route_rows.end(session, found[0], day)
    row = route_rows.begin(session, day, values)
    audit(session, "route_restored", row, actor=actor, version=row.id, like=version)
    return row


def _says(row: PatrolRoute, wanted: Wanted) -> bool:
    """Whether a row is what was wanted; of the team alone the name may have been written otherwise since."""
    said = (row.name, row.mode, row.points, sorted(row.departures), (row.shift_begins, row.shift_ends))
    points = [list(point) for point in wanted.points or ()]
    return said == (wanted.name, wanted.mode, points, sorted(set(wanted.departures)), wanted.shift or (None, None))


def _locked(session: Session, stable_id: int, tag: str) -> tuple[PatrolRoute, County]:
    route_rows.lock(session, str(stable_id))
    found = route_rows.current(session, stable_id)
    if found is None:
        raise NotFound()
    if tag_of(found[0]) != tag:
        raise Stale()
    return found


def _drawn(session: Session, actor: Actor, county: County, wanted: Wanted) -> dict[str, Any]:
    """The line along the streets, computed here whatever the asker saw, and where it lies."""
    day = today(county, datetime.now(UTC))
    points = list(wanted.points or ())
    path = drawn_path(network.streets(session, county, day), county, points)
    if path.obstacle is not None:
        raise NoRoute(path.obstacle.message, **path.obstacle.params)
    if not isinstance(path.line, shapely.LineString):
        raise NoRoute()
    areas = route_rows.areas_at(session, county.id, day, path.line)
    _check_scope(actor, areas["admin"], areas["police"])
    return {
        "points": [list(point) for point in points],
        "geom": route_rows.shape_of(path.line),
        "network_version": county.network_version,
        "admin_area_id": areas["admin"],
        "police_area_id": areas["police"],
    }


def _begin(session: Session, actor: Actor, county: County, values: dict[str, Any], wanted: Wanted) -> PatrolRoute:
    begins, ends = wanted.shift or (None, None)
    team = None
    if wanted.team:
        areas = {"admin": values["admin_area_id"], "police": values["police_area_id"]}
        team = route_rows.team_named(session, county.id, wanted.team, areas, simulated=county.simulated)
    own = {
        "name": wanted.name,
        "mode": wanted.mode,
        "team_id": team,
        "departures": sorted(set(wanted.departures)),
        "shift_begins": begins,
        "shift_ends": ends,
    }
    return route_rows.begin(session, today(county, datetime.now(UTC)), {**values, **own})


def _check_scope(actor: Actor, admin: int, police: int) -> None:
    place = PatrolRoute(admin_area_id=admin, police_area_id=police)
    if not can(actor, "routes:plan", place):
        raise OutOfScope()
