"""What a change of boundaries means for each grid and each worker, before it is approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import grid_units
from geo_app.queries.impact_measures import minutes_kept, minutes_of_addresses, together
from geo_app.queries.impact_numbers import counted
from geo_app.queries.impact_people import grids_of, people_of_grids, texts
from grid_boundaries.held_land import renumbered, touched

BAND = (300, 500)  # households of a grid (local): county.settings["households_band"]


def table(
    session: Session,
    county: County,
    day: date,
    before: GeoDataFrame,
    after: GeoDataFrame,
    *,
    came_from: Mapping[str, Iterable[str]] | None = None,
    banded: bool = True,
    with_people: bool = True,
) -> dict[str, Any]:
    """The impact of a change, for the review: plain values.

    before, after: whole coverages as `grid_versions.coverage` gives them; code, name, leader, workers ("甲、乙"), community
    and geometry are looked at. came_from: for each new code those of the grids that it came from. Answers ``grids`` and
    ``people``, both with ``numbers``: by measure before, after, gained and lost (None where nobody knows it),
    ``categories``: incidents likewise by category, and ``load``: whether the households are below, within or above the
    permitted ``band``, before and after. A grid has code, name, leader,
    ``state`` (changed, created, retired, renumbered) and ``code_before``, where that is another one; a person has name,
    community and ``grids`` before and after.
    ``households_from`` tells what households rest on, see `grid_homes`.

    People are told apart by name and community, and shown with all of their grids, those that do not change included.
    Who goes to another community with his grid is one person, as is the grid that only gets another code.
    Without people (``with_people``) it is enough to give the grids that change and their neighbours, and nothing farther
    away is looked at.
    """
    code_before = renumbered(before, after, came_from or {})
    before = _under_new_codes(before, after, code_before)
    codes = sorted({*touched(before, after), *code_before})
    people = (people_of_grids(before), people_of_grids(after))
    concerned = {one for side in people for code in codes for one in side.get(code, ()) if with_people}
    of_the_same = {code for side in people for code, persons in side.items() if concerned.intersection(persons)}
    then, now = (together(frame, {*codes, *of_the_same}) for frame in (before, after))
    known, minutes_to = grid_units.units(session, county, day), minutes_kept
    if codes and not with_people:
        bounds = shapely.total_bounds([*then.geometry, *now.geometry])
        known, minutes_to = known.within(tuple(bounds.tolist())), minutes_of_addresses
    band = tuple(county.settings.get("households_band", BAND)) if banded else None
    minutes = minutes_to(session, county, day, known)
    found = counted(session, county, day, (then, now), people, known, minutes, band)
    return {
        "day": day.isoformat(),
        "band": band and list(band),
        "households_from": known.households_from,
        "grids": [_grid(code, then, now) | found.of_grid(code) | _told_before(code, code_before) for code in codes],
        "people": [
            {
                "name": person[0],
                "community": person[1],
                "grids": {
                    "before": [code_before.get(code, code) for code in grids_of(person, people[0])],
                    "after": grids_of(person, people[1]),
                },
                **found.of_person(person),
            }
            for person in sorted(concerned)
        ],
    }


def _under_new_codes(before: GeoDataFrame, after: GeoDataFrame, code_before: Mapping[str, str]) -> GeoDataFrame:
    """The grids before a change, those that only get another code under it and in the community to which they go."""
    new_code = {old: new for new, old in code_before.items()}
    community = dict(zip(after["code"], texts(after, "community"), strict=True))
    renamed = before.assign(code=[new_code.get(code, code) for code in before["code"]])
    if "community" not in before:
        return renamed
    own = zip(renamed["code"], before["community"], strict=True)
    return renamed.assign(community=[community[code] if code in code_before else one for code, one in own])


def _grid(code: str, then: GeoDataFrame, now: GeoDataFrame) -> dict[str, Any]:
    """What a grid is called, who leads it, and whether it was there before and is there afterwards."""
    there = [frame[frame["code"] == code].to_dict("records") for frame in (then, now)]
    shown = (there[1] or there[0])[0]
    leader = shown.get("leader")
    return {
        "code": code,
        "name": shown.get("name"),
        "leader": None if pd.isna(leader) else leader,
        "state": "changed" if all(there) else "created" if there[1] else "retired",
    }


def _told_before(code: str, code_before: Mapping[str, str]) -> dict[str, Any]:
    return {"state": "renumbered", "code_before": code_before[code]} if code in code_before else {"code_before": None}
