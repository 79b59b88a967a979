"""A million incident rows of CSV to PostGIS: checked, grid assigned, in one transaction, in little memory.

The rows are made: numbers, times, categories, addresses and points in the outline of a made county of 500 square grids.
"""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import mapping

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.queries.scopes import of_county
from geo_app.services.imports import ImportReport, import_file

ROWS = int(os.environ.get("GEO_BENCH_ROWS", "1000000"))
WEST, SOUTH, SIZE = 118.2, 31.6, 0.01  # 25 × 20 grids of 0.01°
COLUMNS, LINES = 25, 20
CATEGORIES = ("刑事", "治安", "交通", "纠纷", "群众求助", "其他")
STREETS = ("和州路", "历阳路", "人民路", "文昌路", "环城南路", "得胜路", "海棠路", "陋室街")
MOST_MEMORY = 600 * 2**20
FLOOR = 20_000  # rows a second; asked for are 40,000 on a machine that does nothing else


def write_incidents(path: Path, rows: int) -> None:
    """Made incidents, as a call system exports them."""
    generator = np.random.default_rng(20261125)
    xy = generator.random((rows, 2)) * (COLUMNS * SIZE, LINES * SIZE) + (WEST, SOUTH)
    category = generator.integers(0, len(CATEGORIES), rows)
    street = generator.integers(0, len(STREETS), rows)
    house = generator.integers(1, 400, rows)
    begin = datetime(2024, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["事件单编号", "报警时间", "警情类别", "事发地址", "经度", "纬度", "事件详情"])
        for row in range(rows):
            at = begin + timedelta(seconds=60 * row)
            writer.writerow(
                [f"JJ{2024000000000 + row}", f"{at:%Y-%m-%d %H:%M:%S}", CATEGORIES[category[row]],
                 f"历阳镇{STREETS[street[row]]}{house[row]}号", f"{xy[row, 0]:.7f}", f"{xy[row, 1]:.7f}",
                 f"报警人称在{STREETS[street[row]]}附近有情况"]
            )  # fmt: skip


@pytest.fixture
def gridded(database: Database, county: County, county_scope: Scope, tmp_path: Path) -> Scope:
    """和县 with 500 square grids and 10 towns."""
    squares = [
        (f"{340523000000000 + line * COLUMNS + column + 1}",
         shapely.box(*np.round((WEST + column * SIZE, SOUTH + line * SIZE, WEST + (column + 1) * SIZE, SOUTH + (line + 1) * SIZE), 7)))
        for line in range(LINES) for column in range(COLUMNS)
    ]  # fmt: skip
    towns = [
        (f"340523{100 + town}", shapely.box(*np.round((WEST, SOUTH + 2 * town * SIZE, WEST + COLUMNS * SIZE, SOUTH + 2 * (town + 1) * SIZE), 7)))
        for town in range(LINES // 2)
    ]  # fmt: skip
    for kind, shapes in (("areas", towns), ("grids", squares)):
        features = [
            {"type": "Feature", "properties": {"code": code, "name": code}, "geometry": mapping(shape)}
            for code, shape in shapes
        ]
        path = tmp_path / f"{kind}.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        report = import_file(database, county_scope, county.code, kind, path)
        assert report.stored == len(shapes), report
    with database.owner_session() as owner:
        scope = of_county(owner, county.code)
    assert scope is not None
    return scope


class Memory(threading.Thread):
    """Watches the memory of this process's children, the reader and the server that it is made of: what several of them
    share, as a process shares with the one it was forked from, is counted once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.2):
            self.most = max(self.most, sum(map(_proportional, _descendants(os.getpid()))))


def _descendants(pid: int) -> list[int]:
    children = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _parent(entry) == pid]
    return children + [far for child in children for far in _descendants(child)]


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError):
        return -1


def _proportional(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/smaps_rollup").read_text().split("\nPss:")[1].split()[0]) * 1024
    except (OSError, IndexError):  # it has just ended
        return 0


def test_a_million_incidents_from_csv(
    benchmark, database: Database, county: County, gridded: Scope, tmp_path: Path
) -> None:
    rows = ROWS if benchmark.enabled else 20_000
    path = tmp_path / "110.csv"
    write_incidents(path, rows)
    memory = Memory()
    memory.start()
    began = time.process_time()
    report: ImportReport = benchmark.pedantic(
        import_file, (database, gridded, county.code, "incidents", path), rounds=1, iterations=1
    )
    memory.over.set()
    assert (report.read, report.stored, report.quarantined) == (rows, rows, 0)
    with database.session(gridded, read_only=True) as session:
        from sqlalchemy import text

        placed = session.execute(text("SELECT count(*), count(grid_stable_id) FROM incident")).one()
    assert tuple(placed) == (rows, rows)
    own = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
    benchmark.extra_info |= {
        "rows_per_second": round(rows / report.seconds),
        "seconds": report.seconds,
        "own_processor_seconds": round(time.process_time() - began, 1),
        "readers_peak_mb": round(memory.most / 2**20),
        "own_peak_mb": round(int(own) / 1024),
        "load": round(os.getloadavg()[0], 1),
        "processes": len(multiprocessing.active_children()),
    }
    print(benchmark.extra_info)
    assert memory.most < MOST_MEMORY
    assert not benchmark.enabled or rows / report.seconds > FLOOR
