"""The grids of a day with the people in office in them, and what each of them still waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import grid_people
from geo_app.queries.grid_people import LEADER, Term

NO_LEADER, NO_TELEPHONE = "leader", "telephone"


@dataclass(frozen=True)
class Staffed:
    """A grid of a day. ``people``: its appointments that hold that day or begin later, leader first; ``waits_for``:
    "leader", or "telephone" of the leader, or "" for nothing."""

    id: int
    version: int
    known_since: datetime | None
    acted: datetime | None
    code: str
    name: str
    kind: str
    town: str
    community: str
    bounds: tuple[float, float, float, float]
    simulated: bool
    people: tuple[Term, ...]
    waits_for: str


def staffed(
    session: Session, county: County, day: date, area_ids: frozenset[int] | None = None, grid: int | None = None
) -> list[Staffed]:
    """The grids in force on a day by code, those of some areas or one stable id; with whoever is in office in them."""
    found = session.execute(
        text(
            "SELECT g.stable_id AS id, g.id AS version, lower(g.recorded) AS known_since, g.code, g.name, g.kind,"
            " g.simulated, g.admin_area_id AS area, ST_XMin(g.geom) AS west, ST_YMin(g.geom) AS south,"
            " ST_XMax(g.geom) AS east, ST_YMax(g.geom) AS north FROM grid g WHERE g.county_id = :county"
            " AND g.valid @> CAST(:day AS date) AND upper_inf(g.recorded)"
            " AND (CAST(:every AS boolean) OR g.admin_area_id = ANY (:areas) OR g.police_area_id = ANY (:areas))"
            " AND (CAST(:grid AS bigint) IS NULL OR g.stable_id = :grid) ORDER BY g.code"
        ),
        {"county": county.id, "day": day, "every": area_ids is None, "areas": list(area_ids or ()), "grid": grid},
    ).all()
    only = None if grid is None and area_ids is None else [row.id for row in found]
    known = grid_people.terms(session, county.id, only)
    people = {key: list(rows) for key, rows in groupby(known, lambda term: term.grid)}
    acted = grid_people.last_acts(session, county.id, only)
    named = _areas(session, county, day)
    made = []
    for row in found:
        mine = tuple(term for term in people.get(row.id, ()) if term.until is None or term.until > day)
        made.append(
            Staffed(
                row.id, row.version, row.known_since, acted.get(row.id), row.code, row.name, row.kind,
                *_above(named, row.area), (row.west, row.south, row.east, row.north), row.simulated, mine,
                waits_for(mine, day),
            )
        )  # fmt: skip
    return made


def waits_for(people: tuple[Term, ...], day: date) -> str:
    """What a grid with these people waits for on a day."""
    leader = next((term for term in people if term.role == LEADER and term.holds(day)), None)
    if leader is None or not leader.name.strip():
        return NO_LEADER
    return "" if leader.telephone else NO_TELEPHONE


def _areas(session: Session, county: County, day: date) -> dict[int, Any]:
    found = session.execute(
        text("SELECT id, parent_id, level, name FROM geo_areas_on(:county, CAST(:day AS date)) WHERE tree = 'admin'"),
        {"county": county.id, "day": day},
    )
    return {row.id: row for row in found}


def _above(areas: dict[int, Any], number: int) -> tuple[str, str]:
    """The names of the town and the community in which an area lies, "" for none."""
    names = {"town": "", "community": ""}
    row = areas.get(number)
    while row is not None:
        if row.level in names:
            names[row.level] = row.name
        row = areas.get(row.parent_id)
    return names["town"], names["community"]
