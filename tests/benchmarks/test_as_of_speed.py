"""The coverage of any day of a county of 10,000 grids of 100 vertices, of which each had three versions.

Times are those of the processor, of this process and of the server's, so that a busy machine changes little.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.queries import grid_versions, visible
from geo_app.queries.terms import Terms
from grid_boundaries.difference import difference

SIDE, FEWER = 100, 12  # grids along each side, with and without the benchmarks
POINTS = 25  # vertices on each side of a grid
CELL = 0.005  # degrees
WEST, SOUTH = 118.0, 31.4
_servers: list[int] = []  # processes of the server that work for this one
DAYS = (date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1))


def worked() -> float:
    """Seconds of the processor that this process and its server have worked."""
    spent = [int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9 for pid in _servers]
    return time.process_time() + sum(spent)


def cells(side: int) -> np.ndarray:
    """Squares with a vertex every 25th of a side, on the lattice."""
    steps = np.linspace(0, 1, POINTS, endpoint=False)
    flat = np.zeros(POINTS)
    ring = np.concatenate(
        [np.column_stack(pair) for pair in ((steps, flat), (flat + 1, steps), (1 - steps, flat + 1), (flat, 1 - steps))]
    )
    corners = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), axis=-1).reshape(-1, 1, 2)
    places = np.round((corners + ring) * CELL + (WEST, SOUTH), 7)
    return shapely.multipolygons(shapely.polygons(places)[:, None])


@pytest.fixture
def county_of_many(
    request: pytest.FixtureRequest, database: Database, county: County, county_scope: Scope
) -> tuple[Database, Scope, int]:
    """A county whose grids had a version from each of the days on, the name of each another one."""
    side = FEWER if request.config.getoption("benchmark_disable") else SIDE
    shapes = shapely.to_wkb(cells(side)).tolist()
    with database.owner_session() as owner:
        for begin, end in zip(DAYS, (*DAYS[1:], None), strict=True):
            owner.execute(
                text(
                    "INSERT INTO grid (county_id, admin_area_id, police_area_id, stable_id, code, name, geom, valid)"
                    " SELECT c.id, a.id, p.id, g.nth, lpad(g.nth::text, 15, '0'), CAST(:name AS text) || g.nth,"
                    " ST_GeomFromWKB(g.wkb, 4326), daterange(CAST(:begin AS date), CAST(:end AS date))"
                    " FROM unnest(CAST(:shapes AS bytea[])) WITH ORDINALITY AS g(wkb, nth), county c"
                    " JOIN area a ON a.county_id = c.id AND a.tree = 'admin'"
                    " JOIN area p ON p.county_id = c.id AND p.tree = 'police' WHERE c.code = :county"
                ),
                {"name": f"{begin.year} ", "begin": begin, "end": end, "shapes": shapes, "county": county.code},
            )
    with database.owner_session() as owner:
        owner.execute(text("ANALYZE grid"))
    return database, county_scope, side * side


@pytest.mark.benchmark(timer=worked)
def test_the_coverage_of_a_day_of_10000_grids_of_100_vertices(benchmark, county_of_many, county) -> None:  # type: ignore[no-untyped-def]
    database, scope, count = county_of_many

    def read():  # type: ignore[no-untyped-def]
        with database.session(scope, read_only=True) as session:
            found = visible.county(session, county.code)
            assert found is not None
            return grid_versions.coverage(session, found, Terms(date(2025, 6, 1)))

    with database.session(scope, read_only=True) as session:
        _servers[:] = [session.scalar(text("SELECT pg_backend_pid()"))]  # the pool gives this connection again
    try:
        frame = benchmark.pedantic(read, rounds=9, warmup_rounds=2)
    finally:
        _servers.clear()
    assert len(frame) == count and frame["name"].str.startswith("2025").all()
    assert shapely.get_num_coordinates(frame.geometry.to_numpy()).min() == 4 * POINTS + 1
    benchmark.extra_info["grids"] = count
    if benchmark.stats is not None:
        assert benchmark.stats.stats.median < 0.300


@pytest.mark.benchmark(timer=time.process_time)
def test_what_changed_between_two_days_of_10000_grids_of_which_100_moved(benchmark) -> None:  # type: ignore[no-untyped-def]
    side = FEWER if benchmark.disabled else SIDE
    before = GeoDataFrame({"code": [f"{n:06d}" for n in range(side * side)]}, geometry=cells(side), crs=4326)
    after, first = before.copy(), np.arange(0, side * side, 2 * side)
    land = shapely.box(*(shapely.bounds(before.geometry.to_numpy()[first + 1]) - (0, 0, 0.6 * CELL, 0)).T)
    after.loc[first, "geometry"] = shapely.union(before.geometry.to_numpy()[first], land)
    after.loc[first + 1, "geometry"] = shapely.difference(before.geometry.to_numpy()[first + 1], land)
    found = benchmark.pedantic(difference, (before, after), rounds=7, warmup_rounds=1)
    assert set(found.moved) == {*before["code"].iloc[first], *before["code"].iloc[first + 1]}
    assert len(found.pieces) == len(first) and not found.created and not found.retired
    benchmark.extra_info["grids"] = len(before)
