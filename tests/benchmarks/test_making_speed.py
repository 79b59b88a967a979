"""What becomes of 200,000 made calls between the reader and the database: their rows made and packed, and times read.

Times are those of the processor, on one core; what reading the file takes is measured beside it and taken away.
"""

import time

import numpy as np
import pandas as pd
import pytest

from geo_app.imports.kinds.base import County
from geo_app.imports.packing import as_copied
from geo_app.imports.positions import Whereabouts
from geo_app.imports.problems import Problems
from geo_app.imports.reading import Plan, portions, read_file
from geo_app.imports.rows import Rows
from geo_app.imports.values import instants
from tests.benchmarks.made_calls import write_calls

ROWS = 200_000
COUNTY = County(1, "340523", "和县", 4548, "Asia/Shanghai")
WHERE = Whereabouts((118.0, 31.4, 118.7, 32.0), 1.0, "its outline")
MOST = 18  # microseconds a row


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return Plan(write_calls(tmp_path_factory.mktemp("calls") / "calls.csv", ROWS), "incidents", COUNTY, WHERE)


def microseconds_a_row(work) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) / ROWS * 1e6


@pytest.mark.benchmark(timer=time.process_time)
def test_rows_of_200000_calls(benchmark, plan):
    made = sum(len(portion.made) for portion in portions(plan))
    assert made == ROWS
    reading = min(microseconds_a_row(lambda: list(read_file(plan.path, "incidents"))) for _ in range(3))
    benchmark.pedantic(lambda: list(portions(plan)), rounds=3)
    if benchmark.stats is not None:
        making = benchmark.stats.stats.min / ROWS * 1e6 - reading
        benchmark.extra_info["µs a row, reading"] = round(reading, 1)
        benchmark.extra_info["µs a row, all that follows"] = round(making, 1)
        assert making < MOST


@pytest.mark.benchmark(timer=time.process_time)
def test_packing_20000_rows(benchmark, plan):
    table = next(portions(plan)).made
    benchmark.pedantic(lambda: as_copied(table), rounds=10, warmup_rounds=1)
    if benchmark.stats is not None:
        benchmark.extra_info["µs a row"] = round(benchmark.stats.stats.min / len(table) * 1e6, 2)
        assert benchmark.stats.stats.min / len(table) * 1e6 < 5


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize(
    "format",
    ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d%H%M%S", "%Y年%m月%d日%H时%M分%S秒", "%d/%m/%Y %H:%M",
     "%Y-%m-%dT%H:%M:%S+08:00"],
)  # fmt: skip
def test_20000_times_of_one_form(benchmark, format):
    rng = np.random.default_rng(1)
    moments = pd.Series(np.datetime64("2025-01-01T00:00:00") + rng.integers(0, 30_000_000, 20_000))
    words = moments.dt.strftime(format)
    rows = Rows(pd.DataFrame(index=range(len(words))), None, None, "line", np.arange(len(words)))
    found, _ = benchmark.pedantic(
        lambda: instants(words, "Asia/Shanghai", "time", Problems("a.csv", rows)), rounds=15, warmup_rounds=2
    )
    local = found.dt.tz_convert("Asia/Shanghai").dt.tz_localize(None)
    assert (moments - local).max() < pd.Timedelta(minutes=1) and (moments >= local).all()
    if benchmark.stats is not None:
        assert benchmark.stats.stats.min < 0.02
