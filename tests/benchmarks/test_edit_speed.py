"""Edits of 10,000 grids of 100 vertices: each with the check of its neighbourhood, on a whole county's frame.

Times are those of the processor, so that a busy machine changes little.
"""

import time
from functools import cache

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.codes import Numbering
from grid_boundaries.errors import EditError
from grid_boundaries.operations import run
from grid_boundaries.schema import DIGITS

SIDE = 100
CELL = 0.005
POINTS = 25  # on each side of a grid
WEST, SOUTH = 118.0, 31.4
CODES = Numbering(pattern=r"\d{6}", digits=3)


@cache
def county() -> GeoDataFrame:
    """Bent cells of 100 vertices in communities of 100 grids, each line shared to the bit."""
    rng = np.random.default_rng(1)
    steps = SIDE * POINTS + 1
    along = np.linspace(0, SIDE, steps)
    from_corner = np.abs(along - np.round(along))  # so that lines keep apart where they meet
    bend = 0.3 * from_corner * rng.uniform(-1, 1, (2, SIDE + 1, steps))
    bend[:, [0, -1]] = 0
    flat = np.broadcast_to(along, (SIDE + 1, steps))
    line = np.arange(SIDE + 1)[:, None]
    across = _place(flat, line + bend[0])  # west to east, by row
    up = _place(line + bend[1], flat)  # south to north, by column
    shapes, codes, communities = [], [], []
    for y in range(SIDE):
        for x in range(SIDE):
            west_east, south_north = (slice(n * POINTS, (n + 1) * POINTS + 1) for n in (x, y))
            ring = [
                across[y, west_east],
                up[x + 1, south_north],
                across[y + 1, west_east][::-1],
                up[x, south_north][::-1],
            ]
            shapes.append(shapely.MultiPolygon([shapely.Polygon(np.concatenate([side[:-1] for side in ring]))]))
            community = f"{y // 10 * 10 + x // 10:03d}"
            communities.append(community)
            codes.append(f"{community}{y % 10 * 10 + x % 10 + 1:03d}")
    columns = {"code": codes, "name": codes, "kind": "basic", "leader": "王", "community": communities}
    return GeoDataFrame(columns, geometry=shapes, crs=4326)


def _place(x, y):
    return np.round(np.stack(np.broadcast_arrays(WEST + CELL * x, SOUTH + CELL * y), axis=-1), DIGITS)


def at(x, y):
    return [WEST + CELL * x, SOUTH + CELL * y]


def path(*points):
    return [at(x, y) for x, y in points]


OPERATIONS = {
    "split": {"op": "split", "code": "044045", "line": path((43.8, 44.4), (44.4, 44.6), (45.2, 44.5))},
    "merge": {"op": "merge", "codes": ["044045", "044046", "044055"]},
    "move": {"op": "move", "codes": ["044045", "044046"], "line": path((45, 44), (45.3, 44.5), (45, 45))},
    "transfer": {
        "op": "transfer",
        "from": "044045",
        "to": "044046",
        "area": path((44.6, 44.3), (45.3, 44.3), (45.3, 44.7), (44.6, 44.7)),
    },
    "carve": {"op": "carve", "area": path((44.6, 44.6), (45.3, 44.6), (45.3, 45.3), (44.6, 45.3))},
    "drag": {"op": "drag", "at": at(45, 45), "to": at(45.02, 45.03)},
    "describe": {"op": "describe", "code": "044045", "name": "河东"},
}


def fresh(grids, operation):
    """Grids as they come from a database: no geometry remembers its box from the edit before."""
    stored = shapely.to_wkb(grids.geometry.to_numpy())
    return lambda: ((grids.set_geometry(shapely.from_wkb(stored), crs=4326), operation, CODES), {})


@pytest.mark.parametrize("op", OPERATIONS)
@pytest.mark.benchmark(timer=time.process_time)
def test_an_edit_of_10000_grids_of_100_vertices_with_the_check_around(benchmark, op):
    grids = county()
    edit = benchmark.pedantic(run, setup=fresh(grids, OPERATIONS[op]), rounds=20, warmup_rounds=2)
    assert edit.changed or edit.created
    benchmark.extra_info["grids"] = len(grids)
    benchmark.extra_info["vertices"] = int(shapely.get_num_coordinates(grids.geometry.to_numpy()).sum())
    if benchmark.stats is not None:
        assert benchmark.stats.stats.median < 0.050


@pytest.mark.benchmark(timer=time.process_time)
def test_a_gap_in_10000_grids_is_filled(benchmark):
    grids = county()
    gap = {"op": "fill", "gap": at(44.5, 44.5), "code": "044046"}
    holed = grids[grids["code"] != "044045"].reset_index(drop=True)
    edit = benchmark.pedantic(run, setup=fresh(holed, gap), rounds=20, warmup_rounds=2)
    assert edit.changed == ("044046",)
    if benchmark.stats is not None:
        assert benchmark.stats.stats.median < 0.050


@pytest.mark.benchmark(timer=time.process_time)
def test_a_refusal_is_as_fast_as_an_edit(benchmark):
    grids = county()

    def refused():
        with pytest.raises(EditError, match="inside"):
            run(grids, {"op": "split", "code": "044045", "line": path((43.8, 44.4), (44.4, 44.6))}, CODES)

    benchmark.pedantic(refused, rounds=20, warmup_rounds=2)
    if benchmark.stats is not None:
        assert benchmark.stats.stats.median < 0.050
