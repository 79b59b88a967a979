"""How much of everything that a change of boundaries may move each grid holds before and after, by measure.

Streets, routes and posts are those of the whole county, so that a grid's numbers do not depend on who asks; the rest is
what the scope sees.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pyproj import Transformer
from scipy.sparse import csr_array
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import frames, grid_units, network
from geo_app.queries.grid_units import GridUnits
from geo_app.queries.kept import Kept
from geo_app.queries.packed_points import POINT, points
from geo_app.queries.terms import Terms
from grid_boundaries.exchange import Held, overlay
from grid_boundaries.impact import members
from layers.grids.numbers import street_lengths
from layers.roads.reach import seconds_to
from layers.roads.speeds import SPEED_KMH, speed_mps

POINTS = ("households", "people", "addresses", "incidents", "cameras", "places")
# From where somebody sets out when a call comes.
SETS_OUT = ("police_station", "response_post")
ROUND_ABOUT_M = 5.0  # a street beside a grid may run along its line
OTHERWISE = "unclassified"  # the class of a street that has none, or one without a speed
_minutes: Kept[np.ndarray] = Kept(4)


@dataclass(frozen=True, eq=False)
class Measured:
    """What each grid holds of the same things before and after, and by measure what one of them is worth."""

    before: Held
    after: Held
    values: dict[str, np.ndarray]


def measured(
    session: Session, county: County, day: date, before: GeoDataFrame, after: GeoDataFrame, known: GridUnits
) -> Iterator[Measured]:
    """Land, points, roads and routes of the grids of two frames; metres and square metres."""
    land_before, land_after, area = overlay(before, after)
    yield Measured(land_before, land_after, {"area_m2": area})
    yield Measured(*by_place(before, after, known), {name: known.units.columns[name] for name in POINTS if name in known.units.columns})  # fmt: skip
    streets = network.streets(session, county, day)
    yield _metres("road_m", streets.pieces.series, before, after, county)
    paths = frames.whole_county(session, county, Terms(day), "paths").to_crs(county.metric_srid)
    routes = _metres("route_m", paths.geometry, before, after, county)
    yield routes
    passes = [Held(held.owners, csr_array((held.share > 0).astype(float))) for held in (routes.before, routes.after)]
    yield Measured(passes[0], passes[1], {"routes": np.ones(passes[0].share.shape[0])})


def by_place(before: GeoDataFrame, after: GeoDataFrame, known: GridUnits) -> tuple[Held, Held]:
    """Which grid holds which unit, before and after."""
    then, now = (Held(tuple(frame["code"]), members(frame, known.units)) for frame in (before, after))
    return then, now


def by_category(known: GridUnits) -> dict[str, np.ndarray]:
    """For each category of incidents which of the units are such ones."""
    there = np.unique(known.category[known.category >= 0]).tolist()
    return {known.categories[number]: (known.category == number).astype(float) for number in there}


def minutes_of_addresses(session: Session, county: County, day: date, known: GridUnits) -> np.ndarray:
    """Minutes from the nearest post to each address of the units, along the streets; infinite where nobody comes."""
    return _travelled(session, county, day, known) / 60


def minutes_kept(session: Session, county: County, day: date, known: GridUnits) -> np.ndarray:
    """The same of all addresses of a county, kept in the process while nothing of it changes."""
    kinds = ("addresses", "streets", "posts")
    return _minutes.get(
        grid_units.key(session, county, kinds, day), lambda: minutes_of_addresses(session, county, day, known)
    )


def response_minutes(held: Held, known: GridUnits, minutes: np.ndarray) -> dict[Any, float]:
    """The median of the minutes to the addresses of each grid; without the grids that have no address which a street leads
    to."""
    share = held.share[known.is_address].tocoo()
    found = pd.DataFrame({"grid": share.col, "minutes": minutes[share.row]})
    median = found[np.isfinite(found["minutes"])].groupby("grid")["minutes"].median()
    return {held.owners[int(grid)]: float(value) for grid, value in median.items()}


def _metres(what: str, lines: GeoSeries, before: GeoDataFrame, after: GeoDataFrame, county: County) -> Measured:
    """Metres of the lines that come near the grids; what lies on a line between two counts by half for each."""
    then, now = (frame.geometry.to_crs(county.metric_srid) for frame in (before, after))
    shapes = np.concatenate([then.to_numpy(), now.to_numpy()])
    near = shapely.STRtree(lines.to_numpy()).query(shapes, predicate="dwithin", distance=ROUND_ABOUT_M)[1]
    chosen = lines.iloc[np.unique(near)].reset_index(drop=True)
    sides = [
        Held(tuple(frame["code"]), street_lengths(chosen, grids)) for frame, grids in ((before, then), (after, now))
    ]
    return Measured(sides[0], sides[1], {what: np.ones(len(chosen))})


def _travelled(session: Session, county: County, day: date, known: GridUnits) -> np.ndarray:
    """Seconds to each address, infinite where nobody comes."""
    addresses = known.units.points[known.is_address]
    streets = network.streets(session, county, day)
    if not len(streets.ids):
        return np.full(len(addresses), np.inf)
    chosen = "geom IS NOT NULL AND kind = ANY (:kinds)"
    posts = points(session, county, day, "post", where=chosen, values={"kinds": list(SETS_OUT)})[POINT]
    rows = session.execute(
        text(
            "SELECT p.id, s.road_class FROM street_piece p JOIN street s ON s.id = p.street_id"
            " WHERE p.county_id = :county AND p.valid @> CAST(:day AS date) AND upper_inf(p.recorded)"
        ),
        {"county": county.id, "day": day},
    ).all()
    known_class = pd.Series({row.id: row.road_class for row in rows if row.road_class in SPEED_KMH}, dtype=object)
    road_class = known_class.reindex(streets.ids).fillna(OTHERWISE).to_numpy()
    piece_s = streets.length_m / speed_mps(road_class)
    to_metres = Transformer.from_crs(4326, county.metric_srid, always_xy=True)
    xy = [np.column_stack(to_metres.transform(*shapely.get_coordinates(places).T)) for places in (posts, addresses)]
    return seconds_to(streets.network, piece_s, xy[0], xy[1])


def together(frame: GeoDataFrame, codes: Collection[str]) -> GeoDataFrame:
    """The rows of these codes."""
    return frame[frame["code"].isin(list(codes))].reset_index(drop=True)
