"""What a change of boundaries means for each grid and each worker: while a line is dragged, and before it is approved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import grid_units
from geo_app.queries.grid_workers import BETWEEN
from geo_app.queries.impact_measures import (
    Measured,
    by_category,
    by_place,
    measured,
    minutes_kept,
    minutes_of_addresses,
    response_minutes,
    together,
)
from grid_boundaries.coverage import area_m2
from grid_boundaries.exchange import exchange
from grid_boundaries.held_land import renumbered, touched
from grid_boundaries.impact import numbers

LIVE = ("households", "people", "incidents")
BAND = (300, 500)  # households of a grid (local): county.settings["households_band"]
PEOPLE_TOO = ("households", "people", "area_m2", "addresses", "incidents", "cameras", "places", "road_m", "route_m", "routes")  # fmt: skip
SIDES = ("before", "after")
Band = tuple[float, float] | None  # None where none is set


def live(
    session: Session,
    county: County,
    day: date,
    before: GeoDataFrame,
    after: GeoDataFrame,
    *,
    among: Collection[str] | None = None,
) -> list[dict[str, Any]]:
    """The numbers of the grids that hold other land, by code: code, name, households, people, area_m2, incidents (valid,
    of the last 365 days), leader, and the same ``before``. None is what nobody knows, and all of a grid that is not
    there before or after.

    before, after: whole coverages as `frames.grids` gives them; code, name, leader and geometry are looked at. among:
    the codes of which alone some may hold other land, all by default; who answers for the others need not be known.
    """
    codes = touched(*((before, after) if among is None else (together(frame, among) for frame in (before, after))))
    known = grid_units.units(session, county, day)
    columns = [name for name in LIVE if name in known.units.columns]
    then, now = (_figures(frame, numbers(frame, known.units, columns, codes), codes) for frame in (before, after))
    nothing = dict.fromkeys((*LIVE, "area_m2", "leader"))
    rows = []
    for code in codes:
        old, new = then.get(code), now.get(code)
        name = (new or old or {}).get("name")
        without = {key: value for key, value in (old or nothing).items() if key != "name"}
        rows.append({"code": code, **nothing, **(new or {}), "name": name, "before": without})
    return rows


def _figures(frame: GeoDataFrame, sums: pd.DataFrame, codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    found = {}
    for row in together(frame, codes).to_dict("records"):
        counted = {name: _whole(sums.at[row["code"], name]) if name in sums else None for name in LIVE}
        leader = row.get("leader")
        found[row["code"]] = {
            "name": row.get("name"),
            **counted,
            "area_m2": _whole(area_m2(row["geometry"])),
            "leader": None if pd.isna(leader) else leader,
        }
    return found


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
    changing = [together(frame, codes) for frame in (before, after)]
    concerned = {person for frame in changing for people in _people(frame) for person in people if with_people}
    codes_of_people = [
        code
        for frame in (before, after)
        for code, people in zip(frame["code"], _people(frame), strict=True)
        if concerned.intersection(people)
    ]
    looked_at = sorted({*codes, *codes_of_people})
    then, now = (together(frame, looked_at) for frame in (before, after))
    known, minutes_to = grid_units.units(session, county, day), minutes_kept
    if codes and not with_people:
        bounds = shapely.total_bounds([*changing[0].geometry, *changing[1].geometry])
        known, minutes_to = known.within(tuple(bounds.tolist())), minutes_of_addresses
    held = by_place(then, now, known)
    parts = [*measured(session, county, day, then, now, known), Measured(*held, by_category(known))]
    of_person = [dict(zip(frame["code"], _people(frame), strict=True)) for frame in (then, now)]
    by_grid = _tables([(one.before, one.after, one.values) for one in parts])
    by_person = _tables([(*_regrouped(one, of_person), one.values) for one in parts])
    to_address = minutes_to(session, county, day, known)
    minutes = [response_minutes(side, known, to_address) for side in held]
    band = tuple(county.settings.get("households_band", BAND)) if banded else None
    categories = list(by_category(known))
    return {
        "day": day.isoformat(),
        "band": band and list(band),
        "households_from": known.households_from,
        "grids": [
            _grid(code, then, now, by_grid, of_person, minutes, band, categories) | _told_before(code, code_before)
            for code in codes
        ],
        "people": [
            {
                "name": person[0],
                "community": person[1],
                "grids": {
                    "before": [code_before.get(code, code) for code in _grids_of(person, of_person[0])],
                    "after": _grids_of(person, of_person[1]),
                },
                **_numbers(by_person.get(person, {}), band, categories, PEOPLE_TOO),
            }
            for person in sorted(concerned)
        ],
    }


def _under_new_codes(before: GeoDataFrame, after: GeoDataFrame, code_before: Mapping[str, str]) -> GeoDataFrame:
    """The grids before a change, those that only get another code under it and in the community to which they go."""
    new_code = {old: new for new, old in code_before.items()}
    community = dict(zip(after["code"], _texts(after, "community"), strict=True))
    renamed = before.assign(code=[new_code.get(code, code) for code in before["code"]])
    if "community" not in before:
        return renamed
    own = zip(renamed["code"], before["community"], strict=True)
    return renamed.assign(community=[community[code] if code in code_before else one for code, one in own])


def _told_before(code: str, code_before: Mapping[str, str]) -> dict[str, Any]:
    return {"state": "renumbered", "code_before": code_before[code]} if code in code_before else {"code_before": None}


Table = dict[Any, dict[str, dict[str, float]]]


def _tables(parts: Sequence[tuple[Any, Any, dict[str, np.ndarray]]]) -> Table:
    """By owner and measure: before, after, gained, lost."""
    found: Table = {}
    for before, after, values in parts:
        for row in exchange(before, after, values).to_dict("records"):
            owner, measure = row.pop("owner"), row.pop("measure")
            found.setdefault(owner, {})[measure] = row
    return found


def _regrouped(one: Measured, of_person: Sequence[dict[str, list[tuple[str, str]]]]) -> tuple[Any, Any]:
    sides = zip((one.before, one.after), of_person, strict=True)
    then, now = (held.by([people.get(str(code), []) for code in held.owners]) for held, people in sides)
    return then, now


def _grid(
    code: str,
    then: GeoDataFrame,
    now: GeoDataFrame,
    tables: Table,
    of_person: Sequence[dict[str, list[tuple[str, str]]]],
    minutes: Sequence[dict[Any, float]],
    band: Band,
    categories: Sequence[str],
) -> dict[str, Any]:
    there = [frame[frame["code"] == code].to_dict("records") for frame in (then, now)]
    shown = (there[1] or there[0])[0]
    told = _numbers(tables.get(code, {}), band, categories, PEOPLE_TOO)
    workers = [set(people.get(code, [])) for people in of_person]
    told["numbers"]["workers"] = {
        "before": len(workers[0]), "after": len(workers[1]),
        "gained": len(workers[1] - workers[0]), "lost": len(workers[0] - workers[1]),
    }  # fmt: skip
    answer = [side.get(code) for side in minutes]
    told["numbers"]["response_minutes"] = {
        **{side: None if value is None else round(value, 1) for side, value in zip(SIDES, answer, strict=True)},
        "gained": None,
        "lost": None,
    }
    leader = shown.get("leader")
    return {
        "code": code,
        "name": shown.get("name"),
        "leader": None if pd.isna(leader) else leader,
        "state": "changed" if all(there) else "created" if there[1] else "retired",
        **told,
    }


def _numbers(
    of_owner: dict[str, dict[str, float]], band: Band, categories: Sequence[str], measures: Sequence[str]
) -> dict[str, Any]:
    numbers_ = {name: _rounded(of_owner[name]) if name in of_owner else None for name in measures}
    moved = {name: _rounded(of_owner[name]) for name in categories if name in of_owner}
    households = numbers_["households"]
    return {
        "numbers": numbers_,
        "categories": {name: row for name, row in moved.items() if any(row.values())},
        "load": {side: None if households is None or band is None else _load(households[side], band) for side in SIDES},
    }


def _load(households: int, band: tuple[float, float]) -> str:
    return "below" if households < band[0] else "above" if households > band[1] else "within"


def _rounded(row: dict[str, float]) -> dict[str, int]:
    return {name: _whole(value) for name, value in row.items()}


def _whole(value: float) -> int:
    return round(float(value))


def _grids_of(person: tuple[str, str], people: dict[str, list[tuple[str, str]]]) -> list[str]:
    return [code for code, names in people.items() if person in names]


def _people(frame: GeoDataFrame) -> list[list[tuple[str, str]]]:
    """Leader and workers of each grid, as name and community."""
    columns = [_texts(frame, column) for column in ("leader", "workers", "community")]
    found = []
    for leader, workers, community in zip(*columns, strict=True):
        names = [name.strip() for name in (leader, *workers.split(BETWEEN))]
        found.append([(name, community) for name in dict.fromkeys(names) if name])
    return found


def _texts(frame: GeoDataFrame, column: str) -> list[str]:
    if column not in frame:
        return [""] * len(frame)
    return ["" if pd.isna(value) else str(value) for value in frame[column]]
