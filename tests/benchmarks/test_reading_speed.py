"""Reading files of many rows: how fast, and in how much memory however long they are.

Times are those of the processor, so that a busy machine changes little. The rows are made (演示数据).
"""

from __future__ import annotations

import csv
import resource
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
import xlsxwriter

from geo_app.imports.reading import read_file

HEADINGS = [
    "接警单编号",
    "报警时间",
    "警情类别",
    "事发地址",
    "报警人",
    "联系电话",
    "经度",
    "纬度",
    "报警内容",
    "处理结果",
]
ROWS = 300_000
MOST_MEMORY = 200 * 2**20  # bytes above what the libraries take, for a file of any length


def calls(count: int, content: str) -> list[list[str]]:
    return [
        [f"3405230000{n:08d}", f"2026-01-{1 + n % 28:02d} 08:{n % 60:02d}:00", "盗窃", f"和州路{n % 999}号", "张三",
         "13800000000", f"{118 + n / 1e6:.6f}", f"{31 + n / 1e6:.6f}", content, "已处理"]
        for n in range(count)
    ]  # fmt: skip


def delimited(path: Path, rows: int, content: str, encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(calls(rows, content))


def workbook(path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("警情")
        for number, row in enumerate([HEADINGS, *calls(rows, "电动车被盗")]):
            sheet.write_row(number, 0, row)


def layer(path: Path, rows: int) -> None:
    places = shapely.points(np.random.default_rng(1).uniform((118, 31), (119, 32), (rows, 2)))
    frame = gpd.GeoDataFrame({"code": np.arange(rows), "name": "和州路"}, geometry=places, crs=4326)
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path, encoding="utf-8")


# Format → name, how it is written, the least rows a second.
FORMATS: dict[str, tuple[str, Callable[[Path, int], None], int]] = {
    "csv of which each line is a row": ("a.csv", lambda path, rows: delimited(path, rows, "电动车被盗,求助"), 150_000),
    "csv with line breaks in its cells": ("a.csv", lambda path, rows: delimited(path, rows, "电动车\n被盗"), 100_000),
    "csv in GB18030": ("a.csv", lambda path, rows: delimited(path, rows, "电动车被盗", "gb18030"), 100_000),
    "xlsx": ("a.xlsx", workbook, 10_000),
    "geopackage": ("a.gpkg", layer, 50_000),
    "flatgeobuf": ("a.fgb", layer, 50_000),
    "shapefile": ("a.shp", layer, 50_000),
    "geoparquet": ("a.parquet", layer, 50_000),
}


@pytest.mark.parametrize("name", FORMATS)
def test_files_of_many_rows_are_read_fast(name: str, tmp_path: Path, benchmark) -> None:  # type: ignore[no-untyped-def]
    file, write, least = FORMATS[name]
    rows = ROWS if benchmark.enabled else 3_000
    rows = rows // 10 if file == "a.xlsx" else rows
    write(tmp_path / file, rows)

    def read() -> int:
        return sum(len(rows) for rows in read_file(tmp_path / file, "incidents"))

    begin = time.process_time()
    count = benchmark.pedantic(read, rounds=1)
    speed = count / (time.process_time() - begin)
    benchmark.extra_info["rows a second"] = round(speed)
    benchmark.extra_info["MB at most"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    assert count == rows
    assert not benchmark.enabled or speed > least


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    peaks = []
    for content in ("电动车被盗", "电动车被盗\n" * 20):
        delimited(tmp_path / "a.csv", ROWS, content)
        tracemalloc.start()
        for rows in read_file(tmp_path / "a.csv", "incidents"):
            del rows
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (tmp_path / "a.csv").stat().st_size > 100 * 2**20
    assert max(peaks) < MOST_MEMORY
