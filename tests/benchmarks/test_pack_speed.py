"""The PDF of an inspection pack of 40 communities with 160 grids: the processor's seconds for its maps and its type."""

import time
from datetime import date

import numpy as np
import pytest
from geopandas import GeoDataFrame, GeoSeries

from geo_app.papers.inspection import inspect
from geo_app.papers.inspection_pdf import About, inspection_pdf
from tests.papers.made import DAY, PRINTING, SRID, square
from tests.papers.reading import Paper

ACROSS, DOWN, OF_COMMUNITY = 16, 10, 4
MOST_S = 30.0


@pytest.fixture(scope="module")
def inspection():
    cells = [(column, row) for row in range(DOWN) for column in range(ACROSS)]
    of = [f"{340523100001 + row * ACROSS // OF_COMMUNITY + column // OF_COMMUNITY}" for column, row in cells]
    grids = GeoDataFrame(
        {
            "code": [f"{code}{column % OF_COMMUNITY + 1:03d}" for code, (column, _) in zip(of, cells, strict=True)],
            "name": "网格", "kind": "basic", "leader": "张三", "leader_telephone": "0555-1234567", "workers": "李四",
            "households": 400, "community": of, "community_name": "演示村", "town_name": "演示镇",
        },
        geometry=[square(*cell) for cell in cells], crs=4326,
    )  # fmt: skip
    whole = grids.dissolve("community").reset_index()
    outlines = GeoDataFrame(
        {"code": whole["community"], "name": "演示村", "town": "演示镇"}, geometry=whole.geometry, crs=4326
    )
    return inspect(grids, outlines, DAY)


@pytest.mark.benchmark(timer=time.process_time)
def test_pdf_of_40_communities(benchmark, inspection):
    streets = GeoSeries([square(x, y, 0.5, 0.5).boundary for x in np.arange(0, 16, 0.5) for y in range(10)], crs=4326)
    about = About("演示县", "340523", SRID, date(2026, 1, 1))
    made = benchmark.pedantic(lambda: inspection_pdf(inspection, [], about, PRINTING, streets), rounds=1)
    assert len(Paper(made)) >= 40
    if benchmark.stats is not None:
        assert benchmark.stats.stats.min < MOST_S
