"""Coverage and gaps of a large town: 50,000 pieces, 200 routes, one of them changed.

The answer is computed whole each time; only the pieces, which do not change, are made ready beforehand. The peer is
the plain way: buffer the routes, intersect piece by piece. Times are those of the processor, so that a busy machine
changes little.
"""

import time

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries

from layers.gaps.index import gap_index
from layers.patrols.coverage import share_of, share_seen
from layers.patrols.presence import hours_without, visits_of
from layers.patrols.sight import SIGHT_M, Pieces, sightings

METRIC = 4548
BLOCK_M = 80.0


def town(pieces: int) -> GeoSeries:
    """A square town of straight streets with a slight bend in each, so that nothing lies on an axis."""
    side = round((pieces / 2) ** 0.5)
    x, y = np.meshgrid(np.arange(side) * BLOCK_M, np.arange(side) * BLOCK_M)
    corners = np.stack([628000 + x + 0.1 * y, 3514000 + y - 0.07 * x], axis=-1)
    across = np.stack([corners[:, :-1], corners[:, 1:]], axis=2).reshape(-1, 2, 2)
    up = np.stack([corners[:-1], corners[1:]], axis=2).reshape(-1, 2, 2)
    ends = np.concatenate([across, up])
    middle = ends.mean(axis=1, keepdims=True) + np.array([1.5, 2.0])
    return GeoSeries(shapely.linestrings(np.concatenate([ends[:, :1], middle, ends[:, 1:]], axis=1)), crs=METRIC)


def plan(streets: GeoSeries, routes: int, steps: int = 45, seed: int = 1) -> GeoDataFrame:
    """Routes of some 3.6 km that turn at random corners."""
    rng = np.random.default_rng(seed)
    west, south, east, north = streets.total_bounds
    turns = rng.integers(0, 4, (routes, steps))
    moves = np.array([[1, -0.07], [0.1, 1], [-1, 0.07], [-0.1, -1]])[turns] * BLOCK_M
    start = rng.uniform((west, south), (east, north), (routes, 1, 2))
    columns = {"departures": [[8.5, 14.0, 20.0]] * routes, "speed_mps": 1.2}
    ways = shapely.linestrings(np.concatenate([start, start + np.cumsum(moves, axis=1)], axis=1))
    return GeoDataFrame(columns, geometry=ways, crs=METRIC)


@pytest.mark.benchmark(timer=time.process_time)
def test_coverage_and_gaps_of_50000_pieces_and_200_routes_with_one_changed(benchmark):
    streets = town(50_000)
    rng = np.random.default_rng(2)
    requirement = rng.choice(np.array(["A", "B", "C", "none"], dtype=object), len(streets))
    near = rng.integers(0, 20, len(streets))
    ready = Pieces.of(streets)
    ready.tree.query(streets.iloc[0])  # a tree is built at its first question
    routes = plan(streets, 200)
    changed = iter(plan(streets, 500, seed=3).geometry)

    def one_changed():
        routes.loc[0, "geometry"] = next(changed)
        found = sightings(ready, routes.geometry)
        visits = visits_of(ready, routes, found, SIGHT_M)
        return gap_index(requirement, share_of(ready, found), hours_without(visits, streets.index), near)

    gaps = benchmark.pedantic(one_changed, rounds=15, warmup_rounds=2)
    assert len(gaps) == len(streets) > 49_000
    assert 0.05 < gaps["seen"].mean() < 0.5
    benchmark.extra_info["pieces"] = len(streets)
    if benchmark.stats is not None:
        assert benchmark.stats.stats.median < 0.150


@pytest.mark.benchmark(timer=time.process_time)
def test_coverage_against_a_loop_over_pieces(benchmark):
    streets, routes = town(4_000), plan(town(4_000), 20)
    start = time.process_time()
    view = shapely.union_all(shapely.buffer(routes.geometry.to_numpy(), SIGHT_M, quad_segs=16))
    plain = np.array([street.intersection(view).length / street.length for street in streets])
    loop = time.process_time() - start
    share = benchmark(share_seen, streets, routes.geometry)
    assert np.abs(share - plain).max() < 0.02
    if benchmark.stats is not None:
        benchmark.extra_info["times faster than the loop"] = round(loop / benchmark.stats.stats.median, 1)
        assert loop / benchmark.stats.stats.median > 2
