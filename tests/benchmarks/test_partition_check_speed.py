"""Checking and mending 10,000 grids of 100 corners: whole, after one edit, and when a tenth was drawn apart.

The peer of the check is what Shapely does of it: valid geometries, edges that do not match, and the union; it tells
neither codes nor communities nor slivers. The full check shares work out to the processors and is measured on the clock;
the other times are those of the processor, so that a busy machine changes little.
"""

import time
from functools import cache

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.coverage import check, check_near, repair
from grid_boundaries.schema import normalise, snap

SIDE, CORNERS = 100, 24  # of the square, and on each side of a grid between its ends
TOGETHER = 5  # grids on each side of a community


@cache
def county() -> tuple[GeoDataFrame, shapely.Geometry, GeoDataFrame]:
    """Grids of some 300 m with bent lines, their outline and their communities of 25 grids."""
    chance = np.random.default_rng(1)
    ends = np.stack(np.meshgrid(np.arange(SIDE + 1), np.arange(SIDE + 1), indexing="ij"), axis=-1).astype(float)
    ends += chance.uniform(-0.2, 0.2, ends.shape)
    along = np.linspace(0, 1, CORNERS + 2)[:, None]

    def lines(start: np.ndarray, end: np.ndarray) -> np.ndarray:
        places = start[..., None, :] * (1 - along) + end[..., None, :] * along
        places[..., 1:-1, :] += chance.uniform(-0.01, 0.01, places[..., 1:-1, :].shape)
        return places

    across, up = lines(ends[:-1], ends[1:]), lines(ends[:, :-1], ends[:, 1:])
    rings = np.concatenate(
        [across[:, :-1, :-1], up[1:, :, :-1], across[:, 1:, :0:-1], up[:-1, :, ::-1]], axis=2
    ).reshape(SIDE * SIDE, -1, 2)
    shapes = snap(shapely.polygons(rings * 0.003 + (118.0, 31.0)))
    column, row = np.divmod(np.arange(SIDE * SIDE), SIDE)
    community = column // TOGETHER * (SIDE // TOGETHER) + row // TOGETHER
    codes = np.array(
        [f"340523{100 + number // 100:03d}{number % 100 + 1:03d}" for number in range(community.max() + 1)]
    )
    nth = column % TOGETHER * TOGETHER + row % TOGETHER + 1
    grids = normalise(
        GeoDataFrame(
            {"code": [f"{codes[c]}{n:03d}" for c, n in zip(community, nth, strict=True)]}, geometry=shapes, crs=4326
        )
    ).assign(community=codes[community])
    outlines = [shapely.coverage_union_all(shapes[community == number]) for number in range(len(codes))]
    return grids, shapely.coverage_union_all(shapes), GeoDataFrame({"code": codes}, geometry=outlines, crs=4326)


@pytest.mark.benchmark(timer=time.perf_counter)
def test_full_check_of_10000_grids(benchmark):
    grids, parent, communities = county()
    shapes = grids.geometry.to_numpy()
    start = time.perf_counter()
    assert shapely.is_valid(shapes).all() and shapely.coverage_invalid_edges(shapes).size
    assert shapely.coverage_union_all(shapes).area > 0
    plain = time.perf_counter() - start
    faults = benchmark.pedantic(lambda: check(grids, parent, communities=communities), rounds=7, warmup_rounds=1)
    assert faults == [] and len(grids) == 10_000
    assert shapely.get_num_coordinates(shapes).min() > 100
    if benchmark.stats is not None:
        benchmark.extra_info["times what Shapely takes for a part of it"] = round(
            benchmark.stats.stats.median / plain, 2
        )
        assert benchmark.stats.stats.median < 1.5


@pytest.mark.benchmark(timer=time.process_time)
def test_check_around_two_grids_of_10000(benchmark):
    grids, parent, communities = county()
    codes = grids["code"].iloc[[5050, 5051]].tolist()
    faults = benchmark.pedantic(
        lambda: check_near(grids, codes, parent, communities=communities), rounds=30, warmup_rounds=3
    )
    assert faults == []
    if benchmark.stats is not None:
        assert benchmark.stats.stats.median < 0.020


@pytest.mark.benchmark(timer=time.process_time)
def test_repair_of_10000_grids_of_which_100_were_drawn_again(benchmark):
    grids, parent, _ = county()
    chance = np.random.default_rng(2)
    shapes = grids.geometry.to_numpy().copy()
    rows = chance.choice(len(shapes), 100, replace=False)

    def off(xy: np.ndarray) -> np.ndarray:
        return xy + np.append(moved := chance.uniform(-1e-6, 1e-6, (len(xy) - 1, 2)), moved[:1], axis=0)

    shapes[rows] = [shapely.transform(shape, off) for shape in shapes[rows]]
    drawn = grids.set_geometry(shapes, crs=4326)
    mended = benchmark.pedantic(lambda: repair(drawn, parent), rounds=1)
    assert [fault for fault in check(mended.grids, parent) if not fault.is_near] == []
    benchmark.extra_info["moves"] = len(mended.moves)
