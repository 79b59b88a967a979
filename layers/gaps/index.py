"""Gaps: what each street piece asks for, what planned patrols give, and where that is too little."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from layers.coordinates import require_same_crs
from layers.errors import FrameError, ParameterError
from layers.incidents.hotspots import REACH_M, hot_streets, nearest_piece, number_within
from layers.patrols.coverage import is_seen, share_of
from layers.patrols.presence import hours_without, visits_of
from layers.patrols.sight import SIGHT_M, Pieces, sightings

EVERY_HOURS: Mapping[str, float] = {"A": 2.0, "B": 8.0, "C": 24.0}
NO_REQUIREMENT = "none"
KEY_PLACE_M = 100.0
HOT_SHARE = 0.5
ROUNDING_HOURS = 1e-6  # a patrol every two hours sharp is one also after its way has been added to it


def requirement_classes(
    pieces: GeoSeries,
    incidents: GeoSeries,
    key_places: GeoSeries,
    addresses: GeoSeries | None = None,
    *,
    hot_share: float = HOT_SHARE,
    reach_m: float = REACH_M,
    key_place_m: float = KEY_PLACE_M,
) -> np.ndarray:
    """Return the class of each piece: "A" hot, "B" near a key place, "C" in use, "none".

    All in one projected CRS in metres. A: the smallest street length that holds `hot_share` of the incidents,
    each given to its nearest piece within `reach_m`. B: others within `key_place_m` of a school or another
    key place. C: others to which an incident or an address was given.
    Raises CoordinateError on degrees or on two systems, ParameterError on a share outside (0, 1].
    """
    number = _given(incidents, pieces, reach_m)
    in_use = number > 0
    if addresses is not None:
        in_use |= _given(addresses, pieces, reach_m) > 0
    require_same_crs(pieces, key_places, "pieces and key places")
    near = np.zeros(len(pieces), dtype=bool)
    places = key_places.to_numpy()
    near[shapely.STRtree(pieces.to_numpy()).query(places, predicate="dwithin", distance=key_place_m)[1]] = True
    hot = hot_streets(shapely.length(pieces.to_numpy()), number, hot_share)
    return np.select([hot, near, in_use], ["A", "B", "C"], NO_REQUIREMENT).astype(object)


def gap_index(
    requirement: np.ndarray,
    share_seen: np.ndarray,
    longest_without: np.ndarray,
    incidents_near: np.ndarray,
    *,
    every_hours: Mapping[str, float] = EVERY_HOURS,
    asked: Collection[str] = ("A", "B"),
) -> pd.DataFrame:
    """Return what is asked of each piece, what it gets, whether that is a gap, and the gaps' order.

    requirement: class of each piece. share_seen: 0..1. longest_without: hours, infinite for never.
    incidents_near: counts. every_hours: how often a class asks for a patrol. asked: classes that can be gaps.
    Returns columns share_seen, seen, requirement, every_hours (NaN for none), hours_without, incidents_near,
    is_gap and rank (1 for the gap with most incidents near; among equals the longest without a patrol;
    missing for no gap). Raises ParameterError when the inputs differ in length or a class is unknown.
    """
    if len({len(requirement), len(share_seen), len(longest_without), len(incidents_near)}) != 1:
        raise ParameterError("one value for each piece is needed of every input")
    unknown = {*asked, *pd.unique(requirement)} - {*every_hours, NO_REQUIREMENT}
    if unknown:
        raise ParameterError(f"unknown requirement classes: {', '.join(sorted(map(str, unknown)))}")
    every = np.full(len(requirement), np.nan)
    wanted = np.zeros(len(requirement), dtype=bool)
    for name, hours in every_hours.items():
        members = requirement == name
        every[members] = hours
        wanted |= members & (name in asked)
    without = np.asarray(longest_without, dtype=float)
    gap = wanted & (without > every + ROUNDING_HOURS)
    order = np.lexsort((np.arange(len(gap)), -without, -np.asarray(incidents_near), ~gap))
    rank = np.zeros(len(gap), dtype=np.int64)
    rank[order] = np.arange(1, len(gap) + 1)
    return pd.DataFrame(
        {
            "share_seen": np.asarray(share_seen, dtype=float),
            "seen": is_seen(share_seen),
            "requirement": requirement,
            "every_hours": every,
            "hours_without": without,
            "incidents_near": np.asarray(incidents_near, dtype=np.int64),
            "is_gap": gap,
            "rank": pd.arrays.IntegerArray(rank, ~gap),
        }
    )


def patrol_gaps(
    streets: GeoDataFrame,
    routes: GeoDataFrame,
    incidents: GeoSeries,
    key_places: GeoSeries,
    addresses: GeoSeries | None = None,
    *,
    sight_m: float = SIGHT_M,
    asked: Collection[str] = ("A", "B"),
) -> GeoDataFrame:
    """Return the streets' columns with those of `gap_index`, one row a piece, in the streets' order and CRS.

    streets: pieces. routes: lines with `departures` (hours of the day) and `speed_mps`. All in one projected
    CRS in metres. Raises CoordinateError, FrameError, ParameterError as the functions it is made of.
    """
    if not streets.index.is_unique:
        raise FrameError("the index of the streets must be unique")
    ready = Pieces.of(streets.geometry)
    found = sightings(ready, routes.geometry, sight_m)
    visits = visits_of(ready, routes, found, sight_m)
    index = gap_index(
        requirement_classes(streets.geometry, incidents, key_places, addresses),
        share_of(ready, found),
        hours_without(visits, streets.index),
        number_within(streets.geometry, incidents),
        asked=asked,
    )
    return streets.assign(**{name: index[name].array for name in index.columns})


def _given(points: GeoSeries, pieces: GeoSeries, reach_m: float) -> np.ndarray:
    nearest = nearest_piece(points, pieces, reach_m)
    return np.bincount(nearest[nearest >= 0], minlength=len(pieces))
