"""The calls of a day as a station clears them in the morning: what is open, what has a place, what is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from geo_app.models import County, Incident, IncidentCaller, IncidentCategory
from geo_app.queries import incident_columns

# When somebody called; where nobody says, when it happened.
CALLED = func.coalesce(Incident.reported_at, Incident.occurred_from)
DAYS_SHOWN = 14


@dataclass(frozen=True)
class DayCount:
    """The calls of a day, and how many of them are cleared and how many have no place."""

    day: date
    total: int
    cleared: int
    unplaced: int


def waiting(
    session: Session, county: County, day: date, area_ids: frozenset[int] | None, limit: int
) -> Sequence[Incident]:
    """The calls of a day of the county's calendar that are not yet cleared, oldest first; of ``area_ids`` alone, if
    given, and of those what the scope sees."""
    return session.scalars(
        select(Incident)
        .where(*_calls(county, area_ids), *_during(county, day, day), Incident.cleared_at.is_(None))
        .order_by(CALLED, Incident.id)
        .limit(limit)
    ).all()


def day_counts(session: Session, county: County, day: date, area_ids: frozenset[int] | None) -> list[DayCount]:
    """The two weeks up to a day, the newest first: only days with calls, and the day itself."""
    local = func.date(func.timezone(county.time_zone, CALLED))
    found = session.execute(
        select(
            local,
            func.count(),
            func.count(Incident.cleared_at),
            func.count().filter(Incident.geom.is_(None)),
        )
        .where(*_calls(county, area_ids), *_during(county, day - timedelta(DAYS_SHOWN - 1), day))
        .group_by(local)
        .order_by(local.desc())
    )
    counts = [DayCount(*row) for row in found]
    return counts if counts and counts[0].day == day else [DayCount(day, 0, 0, 0), *counts]


def last_day(session: Session, county: County, before: date, area_ids: frozenset[int] | None) -> date | None:
    """The latest day of the county's calendar before another that has calls, None where no such day has any."""
    end = datetime.combine(before, time.min, ZoneInfo(county.time_zone))
    called = CALLED
    latest = session.scalar(select(func.max(called)).where(*_calls(county, area_ids), called < end))
    return None if latest is None else latest.astimezone(ZoneInfo(county.time_zone)).date()


def one(session: Session, county_id: int, incident_id: int) -> Incident | None:
    """An incident of the county; None for what the scope does not see."""
    return session.scalars(
        select(Incident).where(Incident.id == incident_id, Incident.county_id == county_id)
    ).one_or_none()


def locked(session: Session, county_id: int, incident_id: int) -> Incident | None:
    """The same, held until the end of the transaction: nobody changes it meanwhile."""
    return session.scalars(
        select(Incident).where(Incident.id == incident_id, Incident.county_id == county_id).with_for_update()
    ).one_or_none()


def entered(session: Session, county_id: int, source: str, key: str) -> Incident | None:
    """The incident that a source knows by a key, None for a new key."""
    return session.scalars(
        select(Incident).where(Incident.county_id == county_id, Incident.source == source, Incident.source_key == key)
    ).one_or_none()


def categories(session: Session, county: County) -> list[str]:
    """Names to choose a category from: of the county's table and of its incidents, by name."""
    table = session.scalars(select(IncidentCategory.name).where(IncidentCategory.county_id == county.id)).all()
    used = incident_columns.incidents(session, county).categories
    return sorted({*table, *used} - {""})


def move_caller(session: Session, row: Incident) -> None:
    """Who called is seen where the call is."""
    caller = session.get(IncidentCaller, row.id)
    if caller is not None:
        caller.admin_area_id, caller.police_area_id = row.admin_area_id, row.police_area_id


def _calls(county: County, area_ids: frozenset[int] | None) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = [Incident.county_id == county.id, Incident.case_kind == "incident"]
    if area_ids is not None:
        areas = [*area_ids]
        clauses.append(or_(Incident.admin_area_id == func.any(areas), Incident.police_area_id == func.any(areas)))
    return clauses


def _during(county: County, first: date, last: date) -> list[Any]:
    zone = ZoneInfo(county.time_zone)
    begin, end = (datetime.combine(day, time.min, zone) for day in (first, last + timedelta(1)))
    called = CALLED
    return [called >= begin, called < end]
