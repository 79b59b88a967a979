"""Rows of drawn routes: read, begun, ended. Nothing about the past is overwritten.

The caller holds ``lock``, so that what was read is still so when it is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import func, null, select, text
from sqlalchemy.orm import Session

from geo_app.models import County, PatrolRoute, Team
from geo_app.queries.locating import stands_for
from geo_app.queries.terms import Terms
from geo_app.queries.terms import today as today_in

DRAWN = "drawn"
# What a version says, apart from what it is and when it held.
SAID = (
    "county_id", "admin_area_id", "police_area_id", "stable_id", "simulated", "source", "source_key", "name", "mode",
    "team_id", "departures", "mandatory", "network_version", "shift_begins", "shift_ends", "points", "geom",
)  # fmt: skip


def lock(session: Session, what: str) -> None:
    """Waits until no other transaction works on the same thing; held until the end of this one."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": f"route {what}"})


def current(session: Session, stable_id: int) -> tuple[PatrolRoute, County] | None:
    """The version of a route that is in force today, and its county; None for what the scope does not see."""
    known = session.execute(
        select(PatrolRoute, County)
        .join(County, County.id == PatrolRoute.county_id)
        .where(PatrolRoute.stable_id == stable_id, func.upper_inf(PatrolRoute.recorded))
        .execution_options(populate_existing=True)
    )
    now = datetime.now(UTC)
    return next(((row, county) for row, county in known if row.valid.contains(today_in(county, now))), None)


def in_force(session: Session, county: County, terms: Terms) -> list[tuple[PatrolRoute, str]]:
    """The routes of a day with the names of their teams, by id; whichever of them the terms count."""
    found = session.execute(
        select(PatrolRoute, func.coalesce(Team.name, ""))
        .outerjoin(Team, Team.id == PatrolRoute.team_id)
        .where(
            PatrolRoute.county_id == county.id,
            PatrolRoute.valid.contains(terms.day),
            func.upper_inf(PatrolRoute.recorded),
        )
        .order_by(PatrolRoute.id)
    )
    rows = [(row, name) for row, name in found]
    if terms.area_ids is None:
        return rows
    return [pair for pair in rows if not terms.area_ids.isdisjoint({pair[0].admin_area_id, pair[0].police_area_id})]


def version(session: Session, stable_id: int, row_id: int) -> PatrolRoute | None:
    """A version of a route, present or past; None when it is none of this route."""
    return session.scalars(
        select(PatrolRoute).where(PatrolRoute.id == row_id, PatrolRoute.stable_id == stable_id)
    ).one_or_none()


def drawn_before(session: Session, county_id: int, key: str) -> PatrolRoute | None:
    """The version last stored of what was saved under a key; None for a new key."""
    return session.scalars(
        select(PatrolRoute)
        .where(PatrolRoute.county_id == county_id, PatrolRoute.source == DRAWN, PatrolRoute.source_key == key)
        .order_by(func.upper_inf(PatrolRoute.recorded).desc(), PatrolRoute.id.desc())
        .limit(1)
    ).one_or_none()


def begin(session: Session, today: date, values: Mapping[str, Any]) -> PatrolRoute:
    """Stores a version that holds from today; without ``stable_id`` it is a new route."""
    number = session.execute(text("SELECT nextval(pg_get_serial_sequence('patrol_route', 'id'))")).scalar_one()
    columns = {"stable_id": number, **values}
    row = PatrolRoute(id=number, valid=func.daterange(today, None), **columns)
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def end(session: Session, row: PatrolRoute, today: date) -> None:
    """Ends a version. One that began before today held until today; one of today is known to have been until now."""
    values = {"id": row.id, "today": today}
    held = session.execute(
        text("SELECT lower_inf(valid) OR lower(valid) < :today FROM patrol_route WHERE id = :id"), values
    ).scalar_one()
    if not held:
        session.execute(
            text("UPDATE patrol_route SET recorded = tstzrange(lower(recorded), now()) WHERE id = :id"), values
        )
        return
    columns = ", ".join((*SAID, "file_line", "import_batch_id", "valid"))
    session.execute(
        text(
            f"INSERT INTO patrol_route ({columns}, recorded)"
            f" SELECT {columns}, tstzrange(lower(recorded), now()) FROM patrol_route WHERE id = :id"
        ),
        values,
    )
    session.execute(
        text(
            "UPDATE patrol_route SET valid = valid * daterange(NULL, :today), recorded = tstzrange(now(), NULL)"
            " WHERE id = :id"
        ),
        values,
    )


def said(row: PatrolRoute) -> dict[str, Any]:
    """What a version says, to begin another one with."""
    values = {column: getattr(row, column) for column in SAID}
    # None would be written as JSON's null, which is not the same as nothing.
    return values if values["points"] is not None else {**values, "points": null()}


def shape_of(line: shapely.LineString) -> Any:
    """A line in EPSG:4326 as a column takes it."""
    return from_shape(line, srid=4326)


def areas_at(session: Session, county_id: int, today: date, line: shapely.LineString) -> dict[str, int]:
    """The deepest area of each tree in which a route lies, the county's root where no deeper one covers it."""
    found = session.execute(
        text(
            "SELECT a.tree, a.id FROM (SELECT ST_GeomFromWKB(:line, 4326) AS geom) d,"
            f" geo_areas_at(:county, :today, {stands_for('patrol_route', 'd')}) a"
        ),
        {"county": county_id, "today": today, "line": shapely.to_wkb(line)},
    )
    return {row.tree: row.id for row in found}


def team_named(session: Session, county_id: int, name: str, areas: Mapping[str, int], *, simulated: bool) -> int:
    """The id of the team of this name that the scope sees, the oldest one; it is made when there is none."""
    known = select(Team.id).where(Team.county_id == county_id, Team.name == name).order_by(Team.id).limit(1)
    found = session.scalar(known)
    if found is None:
        session.add(
            Team(
                county_id=county_id,
                admin_area_id=areas["admin"],
                police_area_id=areas["police"],
                name=name,
                simulated=simulated,
            )
        )
        session.flush()
        found = session.scalar(known)
    assert found is not None  # it lies where the route lies, which the scope sees
    return found


def team_name(session: Session, team_id: int | None) -> str:
    """The name of a team, "" without one or outside the scope."""
    found = None if team_id is None else session.scalar(select(Team.name).where(Team.id == team_id))
    return found or ""


def team_names(session: Session, county_id: int) -> list[str]:
    """The names of the teams at work that the scope sees."""
    wanted = select(Team.name).where(Team.county_id == county_id, Team.active).distinct()
    return list(session.scalars(wanted.order_by(Team.name)))
