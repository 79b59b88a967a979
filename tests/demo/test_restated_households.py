"""How near to the truth counts come that are carried over to cut grids: 示范县 knows the households of every house.

Its households are made from floors, so that floor space is better here than it can be where people really live.
"""

from __future__ import annotations

import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame

from geo_app.demo.county.file_forms import degrees
from geo_app.demo.county.model import Model, make_county
from grid_boundaries.impact import Units, numbers
from grid_boundaries.lineage import as_of
from grid_boundaries.restating import restate
from tests.grid_boundaries.board import day, history, linked


@pytest.fixture(scope="module")
def county() -> Model:
    return make_county(1, 0.03)


def cut_in_two(codes: list[str], shapes: list[shapely.Geometry]) -> GeoDataFrame:
    """Versions: each grid until day 1, from then on its western and its eastern half."""
    rows = [(code, None, 1, shape) for code, shape in zip(codes, shapes, strict=True)]
    for code, shape in zip(codes, shapes, strict=True):
        west, south, east, north = shape.bounds
        middle = round(shape.centroid.x, 7)
        halves = shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)
        rows += [(f"{code}-{nth}", 1, None, shape.intersection(half)) for nth, half in enumerate(halves)]
    return history(*((number, *row, "real_change") for number, row in enumerate(rows)))


def test_households_of_cut_grids_are_nearest_by_floor_space_then_by_addresses_then_by_land(county: Model) -> None:
    shapes = list(degrees(county.grids).to_crs(4326).geometry)
    versions = cut_in_two(county.grids["code"].tolist(), shapes)
    houses = county.houses
    doors = degrees(houses.set_geometry(houses.representative_point())).geometry.to_numpy()
    units = Units(doors, {"households": houses["households"].to_numpy(dtype=float)})
    counts = numbers(as_of(versions, day(0)), units).rename_axis("code").reset_index().assign(day=day(0))
    assert counts["households"].tolist() == county.grids.sort_values("code")["households"].tolist()
    truth = numbers(as_of(versions, day(2)), units)["households"]

    addresses = GeoDataFrame(geometry=doors, crs=4326)
    space = (houses.area * houses["floors"] * (houses["kind"] != "public")).to_numpy()
    misplaced = {}
    for name, places in (("land", None), ("addresses", addresses), ("floor space", addresses.assign(weight=space))):
        found = restate(counts, versions, linked(), day(2), addresses=places).dropna(subset=["code"])
        told = pd.Series(found["households"].to_numpy(), index=found["code"]).reindex(truth.index)
        misplaced[name] = float((told - truth).abs().sum() / truth.sum() / 2)
    print({name: f"{share:.1%} of the households in the wrong half" for name, share in misplaced.items()})
    assert misplaced["floor space"] < misplaced["addresses"] < misplaced["land"]
    assert misplaced["floor space"] < 0.05
