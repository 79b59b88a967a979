"""The density of 200,000 incidents on 512 × 512 cells, against the plain way and against KDEpy, in the same run.

The plain way counts each case in its own cell and smooths with a Gaussian filter: the least that any density does.
Times are those of the processor, so that a busy machine changes little.
"""

import time
from dataclasses import replace

import numpy as np
import pytest
from KDEpy import FFTKDE
from pyproj import CRS
from scipy import ndimage

from layers.incidents.density import Surface, density_surface
from layers.incidents.density_raster import density_raster, round_breaks
from layers.incidents.spread import spread_surface

SIDE, CELLS, BANDWIDTH = 40_000.0, 512, 500.0
CELL = SIDE / CELLS
WEST, SOUTH = 610_000.0, 3_500_000.0
BOX = (WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)


@pytest.fixture(scope="module")
def incidents() -> np.ndarray:
    """Towns of different size and a scatter between them, all inside the box."""
    rng = np.random.default_rng(7)
    towns = rng.uniform(8_000, SIDE - 8_000, (12, 2))
    near = towns[rng.choice(12, 160_000, p=rng.dirichlet(np.ones(12)))] + rng.normal(0, 1500, (160_000, 2))
    places = np.vstack([near, rng.uniform(0, SIDE, (40_000, 2))])
    return np.clip(places, 1, SIDE - 1) + np.array((WEST, SOUTH))


def plain(xy: np.ndarray) -> np.ndarray:
    column, row = ((xy - (WEST, SOUTH)) / CELL).astype(np.intp).T
    counts = np.bincount(row * CELLS + column, minlength=CELLS**2).reshape(CELLS, CELLS)
    return ndimage.gaussian_filter(counts.astype(float), BANDWIDTH / CELL, mode="constant") * (1e6 / CELL**2)


def kdepy(xy: np.ndarray) -> np.ndarray:
    """The same surface, its rows from the north. KDEpy asks that the grid reach beyond every case, and cuts its kernel
    where it is below a ten-thousandth: in kilometres that is far out, in metres it would be close in.
    """
    around = 8
    axis = (np.arange(-around, CELLS + around) + 0.5) * CELL / 1000
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    places = (xy - (WEST, SOUTH)) / 1000
    found = FFTKDE("gaussian", bw=BANDWIDTH / 1000).fit(places).evaluate(grid).reshape(len(axis), len(axis))
    return len(xy) * found.T[::-1][around:-around, around:-around]


def processor_time(work, rounds: int = 7) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return float(np.median(times))


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
def test_density_of_200000_incidents(benchmark, incidents, kernel):
    ways = {"plain": processor_time(lambda: plain(incidents)), "kdepy": processor_time(lambda: kdepy(incidents), 3)}

    def surface() -> Surface:
        return density_surface(incidents, None, BANDWIDTH, CELL, BOX, kernel=kernel)

    found = benchmark.pedantic(surface, rounds=15, warmup_rounds=2)
    assert found.values.shape == (CELLS, CELLS)
    if kernel == "gaussian":
        oracle = kdepy(incidents)
        off = np.abs(found.values - oracle).max() / oracle.max()
        benchmark.extra_info["off KDEpy, share of the maximum"] = round(float(off), 5)
        assert off < 0.01
    if benchmark.stats is not None:
        median = benchmark.stats.stats.median
        for name, seconds in ways.items():
            benchmark.extra_info[f"time ÷ {name}"] = round(median / seconds, 2)
        assert median < 2 * ways["plain"]
        assert median < ways["kdepy"]


@pytest.mark.benchmark(timer=time.process_time)
def test_cases_and_picture_of_a_surface(benchmark, incidents):
    surface = density_surface(incidents, None, BANDWIDTH, CELL, BOX, crs=CRS(4548))
    breaks = round_breaks(float(surface.values.max()))

    def picture():
        return density_raster(replace(surface), breaks, tuple("abcdef"))  # a copy has not counted its cases yet

    raster = benchmark.pedantic(picture, rounds=7, warmup_rounds=1)
    benchmark.extra_info["kilobytes"] = len(raster.png) // 1000
    if benchmark.stats is not None:
        assert benchmark.stats.stats.median < 0.5


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("rough", [0.0, 0.4])
def test_density_of_incidents_of_which_some_are_known_to_a_radius(benchmark, incidents, rough):
    """Without radii it is as fast as before; with them it takes a pass for each rung of bandwidths."""
    rng = np.random.default_rng(8)
    usual = rng.choice([30, 80, 150, 400, 1000, 3000], len(incidents)) * rng.uniform(0.7, 1.4, len(incidents))
    radius = np.where(rng.random(len(incidents)) < rough, usual, 0.0)
    exact = processor_time(lambda: density_surface(incidents, None, BANDWIDTH, CELL, BOX), 15)

    def surface() -> Surface:
        return spread_surface(incidents, radius, None, BANDWIDTH, CELL, BOX)

    found = benchmark.pedantic(surface, rounds=15, warmup_rounds=2)
    assert found.values.shape == (CELLS, CELLS)
    if benchmark.stats is not None:
        ratio = benchmark.stats.stats.median / exact
        benchmark.extra_info["time ÷ without radii"] = round(ratio, 2)
        assert ratio < (1.3 if rough == 0 else 20)
