"""Grids proposed for a town: 2,000 units to 60 grids, from nothing and from today's.

Times are those of the processor, so that a busy machine changes little.
"""

import time

import numpy as np
import pytest

from grid_boundaries.balance import measure, propose
from tests.grid_boundaries.made_units import board, faults, scattered

UNITS, GRIDS = 2_000, 60


def blocks():
    """A board of blocks whose loads differ as those of blocks do."""
    return board(50, 40, np.round(np.random.default_rng(1).gamma(2, 20, UNITS)))


def houses():
    return scattered(UNITS, 1, width=50, height=40)


def noted(benchmark, found, units, area):
    measured = measure(found.grids, units, "load")
    assert found.worst <= 0.05 and not found.obstacles
    assert measured["contiguous"].all()
    assert faults(found.grids, area) == []
    benchmark.extra_info |= {
        "units": len(units),
        "grids": len(found.grids),
        "greatest deviation, %": round(100 * found.worst, 2),
        "mean compactness": round(float(measured["compactness"].mean()), 3),
        "load moved, %": round(100 * found.moved_load / float(units["load"].sum()), 2),
        "steps": found.steps,
    }
    if benchmark.stats is not None:
        assert benchmark.stats.stats.median < 60


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("made", [blocks, houses])
def test_60_grids_of_2000_units(benchmark, made):
    units, area = made()
    found = benchmark.pedantic(lambda: propose(units, GRIDS, "load", area, seconds=30), rounds=1)
    noted(benchmark, found, units, area)


@pytest.mark.benchmark(timer=time.process_time)
def test_60_grids_of_2000_houses_from_those_of_last_year(benchmark):
    units, area = houses()
    today = propose(units, GRIDS, "load", area, seconds=10).grids
    grown = units["load"] * np.random.default_rng(2).uniform(0.6, 1.6, len(units))
    units = units.assign(load=np.round(grown))
    before = measure(today, units, "load")["deviation"].abs().max()
    found = benchmark.pedantic(lambda: propose(units, GRIDS, "load", area, today, seconds=30), rounds=1)
    noted(benchmark, found, units, area)
    benchmark.extra_info["greatest deviation before, %"] = round(100 * float(before), 2)
    assert found.moved_load < 0.05 * units["load"].sum()
