"""The numbers of the grids under the pen: while a line is dragged, before anything is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import grid_units
from geo_app.queries.impact_measures import together
from grid_boundaries.coverage import area_m2
from grid_boundaries.held_land import touched
from grid_boundaries.impact import numbers

COUNTED = ("households", "people", "incidents")


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
    columns = [name for name in COUNTED if name in known.units.columns]
    then, now = (_figures(frame, numbers(frame, known.units, columns, codes), codes) for frame in (before, after))
    nothing = dict.fromkeys((*COUNTED, "area_m2", "leader"))
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
        leader = row.get("leader")
        found[row["code"]] = {
            "name": row.get("name"),
            **{name: round(float(sums.at[row["code"], name])) if name in sums else None for name in COUNTED},
            "area_m2": round(area_m2(row["geometry"])),
            "leader": None if pd.isna(leader) else leader,
        }
    return found
