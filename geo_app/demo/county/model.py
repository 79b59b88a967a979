"""The whole county, made from a seed and a scale; the same again from the same seed, scale and version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_app.demo.county.addresses import as_typed, make_addresses
from geo_app.demo.county.areas import make_areas
from geo_app.demo.county.calls import make_calls
from geo_app.demo.county.grids import make_grids
from geo_app.demo.county.houses import make_houses
from geo_app.demo.county.land import Land, chance, make_land, outline_of
from geo_app.demo.county.patrols import make_duty, make_routes, make_tracks
from geo_app.demo.county.streets import make_streets, make_town_streets
from geo_app.demo.county.things import make_cameras, make_places, make_posts, make_stations

CODE, NAME, OUTLINE = "340599", "示范县", "340523"
LEAST, MOST = 0.005, 100.0
# How the coordinates of a call arrived: in WGS84, in GCJ-02 without a word, not at all, or as (0, 0).
ARRIVED, SHARES = ("WGS84", "GCJ-02", "none", "zero"), (0.93, 0.02, 0.04, 0.01)


@dataclass(frozen=True)
class Model:
    """Everything in a county, in metres of ``land.srid``; the columns are those of the functions that made it."""

    seed: int
    scale: float
    land: Land
    towns: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    grids: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    houses: gpd.GeoDataFrame
    addresses: pd.DataFrame
    places: gpd.GeoDataFrame
    stations: gpd.GeoDataFrame
    posts: gpd.GeoDataFrame
    cameras: gpd.GeoDataFrame
    calls: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    duty: pd.DataFrame
    tracks: pd.DataFrame


def make_county(
    seed: int = 1, scale: float = 1.0, outline: str = OUTLINE, say: Callable[[str], None] = lambda what: None
) -> Model:
    """A county inside the outline of a real one (its code). ``say`` is told what is made next. Raises NoOutline, and
    ValueError for a scale out of range."""
    if not LEAST <= scale <= MOST:
        raise ValueError(f"The scale must be from {LEAST} to {MOST:g}.")
    say("land and towns")
    land = make_land(seed, scale, outline_of(outline))
    in_towns = make_town_streets(seed, land)
    town_lines = np.array([shapely.LineString(one.line) for one in in_towns[0]], dtype=object)
    towns, communities = make_areas(seed, land, town_lines)
    villages = communities[~communities["urban"]].reset_index(drop=True)
    say("streets")
    streets = make_streets(seed, land, towns["name"].tolist(), villages, in_towns)
    say("houses")
    houses, blocks = make_houses(seed, land, streets)
    say("grids")
    grids = make_grids(seed, communities, houses, town_lines)
    # A community too small for a face of its own has become part of its neighbour.
    kept = np.unique(grids["community"])
    grids["community"] = np.searchsorted(kept, grids["community"])
    communities = communities.iloc[kept].reset_index(drop=True)
    # A community is the union of its grids, a town of its communities: so that they share every vertex.
    communities = communities.set_geometry(_unions(grids, "community", len(communities)), crs=land.srid)
    towns = towns.set_geometry(_unions(communities, "town", len(towns)), crs=land.srid)
    say("addresses and places")
    addresses = make_addresses(seed, towns, communities, streets, houses, blocks)
    places = make_places(seed, towns, blocks)
    stations = make_stations(towns, communities)
    say("calls")
    calls = make_calls(seed, scale, land, streets, houses, addresses["text"])
    town_of = addresses["town"].to_numpy(dtype=str)[np.maximum(calls["house"].to_numpy(), 0)]
    calls["typed"], calls["typed_how"] = as_typed(seed, calls["address"].to_numpy(), town_of)
    calls["arrived"] = chance(seed, "datums").choice(ARRIVED, len(calls), p=SHARES)
    say("patrols and cameras")
    routes = make_routes(seed, stations, streets, calls)
    return Model(
        seed, scale, land, towns, communities, grids, streets, houses, addresses, places, stations,
        make_posts(seed, land, stations, streets, blocks), make_cameras(seed, scale, land, streets, places), calls, routes,
        make_duty(seed, stations), make_tracks(seed, routes),
    )  # fmt: skip


def _unions(parts: gpd.GeoDataFrame, of: str, count: int) -> np.ndarray:
    whole = parts[of].to_numpy()
    return np.array(
        [shapely.coverage_union_all(parts.geometry.to_numpy()[whole == one]) for one in range(count)], dtype=object
    )
