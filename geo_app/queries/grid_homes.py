"""Where people live, as well as the county's files tell it; the best that there is counts:

1. points with households and people stay where they are;
2. a count of a whole grid, by its code, is spread over the dwellings that stand where the grid was when it was counted,
   in proportion to their floor space, else over its addresses, else put into its middle. A later count overrides an
   earlier one of the same land; one of after the day that is asked for is taken only where there is no other;
3. without counts the households that grids say of themselves, spread likewise;
4. without these each address, or each dwelling, stands for a household; how many people there are is then unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries.packed_points import POINT, points
from grid_boundaries.impact import Units, members

KINDS = ("grids", "population", "addresses", "buildings")
STOREY_M = 3.0
# Words of kinds of buildings in which people live, and of those of which nobody said what they are.
DWELLINGS = frozenset(
    [
        "building",
        "yes",
        "house",
        "residential",
        "apartments",
        "detached",
        "semidetached_house",
        "terrace",
        "bungalow",
        "dormitory",
        "farm",
        "住宅",
        "居民楼",
        "住宅楼",
        "民房",
        "民居",
        "公寓",
        "宿舍",
        "商住",
        "商住楼",
        "自建房",
        "农房",
        "平房",
        "楼房",
    ]
)
LATER = 10**6  # days: what was counted after the day comes before all that was counted until then
COUNTED = ("households", "people")


@dataclass(frozen=True, eq=False)
class Homes:
    """Points in EPSG:4326, the households and people at each, NaN where unknown, and where that is from: points, counts,
    grids, addresses, dwellings, or None where nobody knows anything."""

    points: np.ndarray
    households: np.ndarray
    people: np.ndarray
    known_from: str | None


def homes(session: Session, county: County, day: date, addresses: np.ndarray) -> Homes:
    """Where people live on a day, as far as the scope sees it; addresses: their points in EPSG:4326."""
    exact = points(session, county, day, "population", {name: name for name in COUNTED})
    lived_in, floor_space = dwellings(session, county, day)
    spots, weights = (lived_in, floor_space) if len(lived_in) else (addresses, np.ones(len(addresses)))
    counts = _counts(session, GRID_COUNTS, county, day)
    known_from = "counts"
    if len(exact[POINT]):
        known_from = "points"
        # What is known better is not spread over the grid once more.
        counts = counts[_held(counts, exact[POINT]) == 0]
    elif not len(counts):
        known_from = "grids"
        counts = _counts(session, OWN_COUNTS, county, day)
        if not len(counts):
            return _each_one(addresses, lived_in)
    spread = _spread(counts, spots, weights)
    both = {name: np.concatenate([exact[name], spread[name]]) for name in (POINT, *COUNTED)}
    return Homes(both[POINT], both["households"], both["people"], known_from)


def _each_one(addresses: np.ndarray, dwellings: np.ndarray) -> Homes:
    found, known_from = (addresses, "addresses") if len(addresses) else (dwellings, "dwellings")
    unknown = np.full(len(found), np.nan)
    return Homes(found, np.ones(len(found)), unknown, known_from if len(found) else None)


def _spread(counts: GeoDataFrame, spots: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Households and people at each spot, a grid's in proportion to the weights of its spots, turn by turn."""
    middles = shapely.point_on_surface(counts.geometry.to_numpy()[_held(counts, spots) == 0])
    spots, weights = np.concatenate([spots, middles]), np.concatenate([weights, np.ones(len(middles))])
    found = {name: np.full(len(spots), np.nan) for name in COUNTED}
    at = Units(spots, {})
    for _, of_turn in counts.groupby("turn", sort=True):
        inside = members(of_turn, at)
        held = inside.T @ weights
        spot, grid = inside.nonzero()
        share = weights[spot] / held[grid]
        for name, column in found.items():
            told = whole(of_turn[name].to_numpy(dtype=float)[grid] * share, grid)
            column[spot] = np.where(np.isnan(told), column[spot], told)  # one who counts households counts no people
    return {POINT: spots, **found}


def whole(shares: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """Shares as whole numbers with the same sum for each grid: half a household is none. NaN stays."""
    order = np.argsort(grid, kind="stable")
    # A grid's sum is whole, so what is rounded off at one spot is made up for at the next ones of the same grid.
    reached = np.round(np.cumsum(np.nan_to_num(shares[order])), 6)
    found = np.empty(len(shares))
    found[order] = np.diff(np.floor(reached + 0.5), prepend=0.0)
    return np.where(np.isnan(shares), np.nan, found)


def _held(counts: GeoDataFrame, spots: np.ndarray) -> np.ndarray:
    """How many spots lie in the land of each count; counts of several years overlap."""
    inside = shapely.STRtree(spots).query(counts.geometry.to_numpy(), predicate="intersects")[0]
    return np.bincount(inside, minlength=len(counts))


GRID_COUNTS = """
SELECT p.grid_code AS code, p.households, p.people, coalesce(p.counted_on, CAST(:day AS date)) AS counted_on, p.source,
  ST_AsBinary(g.geom) AS geometry
FROM population p JOIN LATERAL (
  SELECT geom FROM grid g WHERE g.county_id = p.county_id AND g.code = p.grid_code AND upper_inf(g.recorded)
  ORDER BY g.valid @> coalesce(p.counted_on, CAST(:day AS date)) DESC, lower(g.valid) DESC NULLS LAST LIMIT 1
) g ON true
WHERE p.county_id = :county AND p.grid_code IS NOT NULL AND p.geom IS NULL AND p.valid @> CAST(:day AS date)
  AND upper_inf(p.recorded)
ORDER BY p.id
"""
OWN_COUNTS = """
SELECT code, households, NULL AS people, CAST(:day AS date) AS counted_on, '' AS source, ST_AsBinary(geom) AS geometry FROM grid
WHERE county_id = :county AND households IS NOT NULL AND valid @> CAST(:day AS date) AND upper_inf(recorded)
ORDER BY id
"""


def _counts(session: Session, statement: str, county: County, day: date) -> GeoDataFrame:
    """Counts of grids with the land that each counted, and the ``turn`` in which it overrides others."""
    rows = session.execute(text(statement), {"county": county.id, "day": day})
    found = pd.DataFrame.from_records([tuple(row) for row in rows], columns=list(rows.keys()))
    away = np.array([(one - day).days for one in found["counted_on"]], dtype=int)
    # Of what was counted later the last first, then what was counted before, up to the day.
    turn = np.where(away > 0, -away - LATER, away)
    shapes = shapely.from_wkb([bytes(shape) for shape in found.pop("geometry")])
    frame = GeoDataFrame(found.assign(turn=turn), geometry=shapes, crs=4326)
    # One source may tell a grid building by building. Of two that tell the same the last holds; one may tell the
    # households, the other the people.
    frame[[*COUNTED]] = frame[[*COUNTED]].astype(float)
    frame[[*COUNTED]] = frame.groupby(["code", "turn", "source"], dropna=False)[[*COUNTED]].transform(
        "sum", min_count=1
    )
    frame[[*COUNTED]] = frame.groupby(["code", "turn"])[[*COUNTED]].transform("last")
    return frame.drop_duplicates(["code", "turn"], keep="last").reset_index(drop=True)


def dwellings(session: Session, county: County, day: date) -> tuple[np.ndarray, np.ndarray]:
    """Points on dwellings of a day, EPSG:4326, and their floor space, in any one unit; all buildings where none is known as
    a dwelling."""
    found = points(
        session,
        county,
        day,
        "building",
        {
            "space": f"ST_Area(geom) * coalesce(levels, height_m / {STOREY_M}, 1)",
            "dwelling": "(lower(kind) = ANY (:dwellings))::int",
        },
        shape="ST_PointOnSurface(geom)",
        values={"dwellings": sorted(DWELLINGS)},
    )
    lived_in = found["dwelling"] > 0
    if not lived_in.any():
        lived_in = ~lived_in
    return found[POINT][lived_in], np.maximum(found["space"][lived_in], np.finfo(float).tiny)
