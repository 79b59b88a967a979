"""Counts of the grids of a day as counts of another day's grids, by what the county's data know of where things are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import grid_homes
from geo_app.queries.grid_history import history
from geo_app.queries.packed_points import POINT, points
from grid_boundaries.lineage import as_of
from grid_boundaries.restating import ADDRESSES, HOW, WEIGHT, restate

# By what a count is shared out where a grid's land is another one's now, the best first.
BY = ("addresses", "households", "floor_space", "area")
COUNT = "count"


@dataclass(frozen=True, eq=False)
class Restated:
    """``counts``: code and name of each grid (None and "": the land where no grid is that the scope sees), count, and
    ``by``: unchanged, one of `BY`, or nowhere. ``by``: the best that there was. ``unknown``: codes that no grid of the
    first day has, or none that the scope sees; their counts are in no row.
    """

    counts: pd.DataFrame
    by: str
    unknown: tuple[str, ...]


def restated(session: Session, county: County, counts: Mapping[str, float], first: date, last: date) -> Restated:
    """Counts by code of the grids of ``first`` on the grids of ``last``, an equal or later day; the sum stays the same.

    A grid whose land holds none of the places that the counts are shared out by is shared out by area.
    """
    versions, links = history(session, county)
    known = set(as_of(versions, first)["code"])
    told = [code for code in counts if code in known]
    frame = pd.DataFrame({"code": told, "day": first, COUNT: [float(counts[code]) for code in told]})
    by, places = _places(session, county, first)
    found = restate(frame, versions, links, last, addresses=places)
    now = as_of(versions, last)
    names = dict(zip(now["code"], now["name"], strict=True))
    rows = pd.DataFrame(
        {
            "code": found["code"],
            "name": [names.get(code, "") for code in found["code"]],
            COUNT: found[COUNT],
            "by": [by if how == HOW[ADDRESSES] else how for how in found["how"]],
        }
    )
    return Restated(rows, by, tuple(sorted(counts.keys() - known)))


def _places(session: Session, county: County, day: date) -> tuple[str, GeoDataFrame | None]:
    """The best places of a day that a county has to share counts out by, with their weights.

    Not all of `grid_homes`: what it spreads over a grid without dwellings lies in the middle, and a split would give all
    of it to one half.
    """
    addresses = points(session, county, day, "address")[POINT]
    if len(addresses):
        return "addresses", _frame(addresses, np.ones(len(addresses)))
    homes = points(session, county, day, "population", {"households": "households"})
    households = np.nan_to_num(homes["households"])
    if households.any():
        return "households", _frame(homes[POINT], households)
    dwellings, floor_space = grid_homes.dwellings(session, county, day)
    if len(dwellings):
        return "floor_space", _frame(dwellings, floor_space)
    return "area", None


def _frame(places: np.ndarray, weights: np.ndarray) -> GeoDataFrame:
    return GeoDataFrame({WEIGHT: weights}, geometry=places, crs=4326)
