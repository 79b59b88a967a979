"""What grids and persons hold before and after a change, what they gain and lose, and how their workload stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries.grid_units import GridUnits
from geo_app.queries.impact_measures import Measured, by_category, by_place, measured, response_minutes
from geo_app.queries.impact_people import PeopleOfGrids, Person
from grid_boundaries.exchange import exchange

MEASURES = ("households", "people", "area_m2", "addresses", "incidents", "cameras", "places", "road_m", "route_m", "routes")  # fmt: skip
SIDES = ("before", "after")
Band = tuple[float, float] | None  # households of a grid; None where none is set
Table = dict[Any, dict[str, dict[str, float]]]  # by owner and measure: before, after, gained, lost


@dataclass(frozen=True, eq=False)
class Counted:
    """What was counted of both sides, by code and by person; minutes: by side and code those until somebody comes."""

    by_grid: Table
    by_person: Table
    people: Sequence[PeopleOfGrids]
    minutes: Sequence[Mapping[Any, float]]
    categories: Sequence[str]
    band: Band

    def of_grid(self, code: str) -> dict[str, Any]:
        """``numbers``, ``categories`` and ``load`` of a grid; its workers and minutes are among the numbers."""
        told = self._told(self.by_grid.get(code, {}))
        workers = [set(people.get(code, ())) for people in self.people]
        told["numbers"]["workers"] = {
            "before": len(workers[0]), "after": len(workers[1]),
            "gained": len(workers[1] - workers[0]), "lost": len(workers[0] - workers[1]),
        }  # fmt: skip
        minutes = {side: found.get(code) for side, found in zip(SIDES, self.minutes, strict=True)}
        told["numbers"]["response_minutes"] = {
            **{side: None if value is None else round(value, 1) for side, value in minutes.items()},
            "gained": None,
            "lost": None,
        }
        return told

    def of_person(self, person: Person) -> dict[str, Any]:
        """``numbers``, ``categories`` and ``load`` of all grids of a person together."""
        return self._told(self.by_person.get(person, {}))

    def _told(self, of_owner: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
        rows = {name: {side: round(float(value)) for side, value in row.items()} for name, row in of_owner.items()}
        households = rows.get("households")
        return {
            "numbers": {name: rows.get(name) for name in MEASURES},
            "categories": {name: rows[name] for name in self.categories if any(rows.get(name, {}).values())},
            "load": {side: None if households is None else _load(households[side], self.band) for side in SIDES},
        }


def counted(
    session: Session,
    county: County,
    day: date,
    grids: tuple[GeoDataFrame, GeoDataFrame],
    people: tuple[PeopleOfGrids, PeopleOfGrids],
    known: GridUnits,
    minutes: np.ndarray,
    band: Band,
) -> Counted:
    """What the grids of both sides and their people hold; minutes: to each address of the units."""
    held, categories = by_place(*grids, known), by_category(known)
    parts = [*measured(session, county, day, *grids, known), Measured(*held, categories)]
    by_grid: Table = {}
    by_person: Table = {}
    for one in parts:
        _add(by_grid, one)
        sides = zip((one.before, one.after), people, strict=True)
        then, now = (side.by([of_grid.get(str(code), ()) for code in side.owners]) for side, of_grid in sides)
        _add(by_person, Measured(then, now, one.values))
    answered = [response_minutes(side, known, minutes) for side in held]
    return Counted(by_grid, by_person, people, answered, list(categories), band)


def _add(table: Table, one: Measured) -> None:
    for row in exchange(one.before, one.after, one.values).to_dict("records"):
        owner, measure = row.pop("owner"), row.pop("measure")
        table.setdefault(owner, {})[measure] = row


def _load(households: int, band: Band) -> str | None:
    """Whether households are below, within or above the permitted band; None where none is set."""
    if band is None:
        return None
    return "below" if households < band[0] else "above" if households > band[1] else "within"
