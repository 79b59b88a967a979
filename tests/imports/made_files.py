"""Made files of every kind: rows that are good, and rows that each have one fault. All of it is invented."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import shapely

from tests.imports.conftest import Desk

Cells = list[str]
Faulty = tuple[Cells, str]  # what a row says, and the code of what is wrong with it
SPOT, NEAR = ["118.351", "31.742"], ["118.352", "31.743"]
FAR = ["10", "10"]
WAY, CROSSING = "LINESTRING (118.351 31.742, 118.352 31.743)", "LINESTRING (118.36 31.742, 118.361 31.743)"
STILL = "LINESTRING (118.351 31.742, 118.351 31.742)"
BOW = "POLYGON ((118.35 31.74, 118.36 31.75, 118.36 31.74, 118.35 31.75, 118.35 31.74))"
POINT = "POINT (118.351 31.742)"


def square(number: int, width: float = 0.01) -> str:
    """A square; those of different numbers lie apart."""
    west = 118.35 + 0.02 * number
    return str(shapely.box(west, 31.70, west + width, 31.71))


class Row(NamedTuple):
    """A row in quarantine as it has to be: its line, its code, what its file says."""

    line: int
    code: str
    content: dict[str, str]


@dataclass(frozen=True)
class Made:
    """Rows of a kind. alone: faulty by themselves; beside: faulty only beside the good ones, which stand above them."""

    headings: str
    good: list[Cells]
    alone: list[Faulty]
    beside: list[Faulty] = field(default_factory=list)

    def write(self, desk: Desk, *, good: bool = True) -> tuple[Path, list[Row]]:
        """A CSV file of all rows, or of those that are faulty by themselves; and what has to wait of it."""
        faulty = self.alone + (self.beside if good else [])
        above = self.good if good else []
        headings = self.headings.split(",")
        path = desk.folder / "made.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *above, *(cells for cells, _ in faulty)])
        first = 2 + len(above)
        return path, list(self._waiting(headings, faulty, first))

    def _waiting(self, headings: list[str], faulty: list[Faulty], first: int) -> Iterator[Row]:
        for line, (cells, code) in enumerate(faulty, start=first):
            yield Row(line, code, {heading: cell for heading, cell in zip(headings, cells, strict=True) if cell})


MADE = {
    "areas": Made(
        "code,name,parent,WKT",
        [["A1", "历阳镇", "", square(0)], ["A2", "一社区", "A1", square(1)]],
        [
            (["A3", "弯", "", BOW], "geometry"),
            (["A4", "点", "", POINT], "geometry"),
            (["A5", "乱", "", "POLYGON ((1"], "geometry"),
            (["A6", "无", "", ""], "geometry"),
            (["", "无码", "", square(2)], "key"),
            (["A7", "孤", "nobody", square(3)], "parent"),
            (["A8", "孤之下", "A7", square(4)], "parent"),
        ],
        [(["A1", "又", "", square(5)], "key")],
    ),
    "grids": Made(
        "code,name,kind,households,WKT",
        [["G1", "一", "basic", "12", square(0)], ["G2", "二", "", "", square(1)]],
        [
            (["G3", "弯", "", "", BOW], "geometry"),
            (["G4", "多", "", "many", square(2)], "number"),
            (["G5", "怪", "round", "", square(3)], "choice"),
            (["", "无码", "", "", square(4)], "key"),
        ],
        [(["G1", "又", "", "", square(5)], "key"), (["G6", "叠", "", "", square(0, 0.02)], "overlap")],
    ),
    "incidents": Made(
        "number,longitude,latitude,reported_at,valid,报警人",
        [["1", *SPOT, "2026-05-01 08:00:00", "是", "王某"], ["2", *NEAR, "", "", ""], ["3", "", "", "", "", ""], ["", *SPOT, "", "", ""]],
        [
            (["4", *SPOT, "yesterday", "", ""], "time"),
            (["5", *SPOT, "", "perhaps", ""], "truth"),
            (["6", "east", "31.742", "", "", ""], "number"),
        ],
        [(["1", *SPOT, "", "", "张某"], "key"), (["7", *FAR, "", "", ""], "far_away")],
    ),
    "categories": Made(
        "code,parent_code,name,valid",
        [["10", "", "刑事", "是"], ["1001", "10", "盗窃", ""]],
        [(["1101", "11", "孤", ""], "parent"), (["12", "", "", ""], "name"), (["13", "", "疑", "perhaps"], "truth")],
        [(["10", "", "又", ""], "key")],
    ),
    "addresses": Made(
        "id,address,longitude,latitude",
        [["1", "和州路1号", *SPOT], ["2", "和州路2号", "", ""], ["", "和州路5号", *SPOT]],
        [(["3", "", *SPOT], "address"), (["4", "和州路4号", "east", "31.7"], "number")],
        [(["1", "和州路1号", *NEAR], "key"), (["6", "和州路6号", *FAR], "far_away")],
    ),
    "aliases": Made(
        "alias,standard_address,longitude,latitude",
        [["老百货", "和州路1号", "", ""], ["钟楼", "", *SPOT]],
        [(["", "和州路2号", "", ""], "alias"), (["哪里", "", "", ""], "alias")],
        [(["老百货", "和州路3号", "", ""], "key")],
    ),
    "places": Made(
        "id,name,kind,is_key,longitude,latitude",
        [["1", "一小", "school", "是", *SPOT], ["2", "农行", "bank", "", *NEAR]],
        [(["3", "哪里", "bank", "", "", ""], "geometry"), (["4", "疑", "bank", "perhaps", *SPOT], "truth")],
        [(["1", "又", "bank", "", *SPOT], "key"), (["5", "远", "bank", "", *FAR], "far_away")],
    ),
    "posts": Made(
        "id,name,kind,response_minutes,longitude,latitude",
        [["1", "城关", "派出所", "", *SPOT], ["2", "东门", "快反点", "3", *NEAR]],
        [(["3", "怪", "tower", "", *SPOT], "choice"), (["4", "慢", "派出所", "soon", *SPOT], "number")],
        [(["1", "又", "派出所", "", *SPOT], "key"), (["5", "远", "派出所", "", *FAR], "far_away")],
    ),
    "roads": Made(
        "id,name,highway,WKT",
        [["1", "和州路", "primary", WAY], ["2", "历阳路", "residential", CROSSING]],
        [
            (["3", "1 号线", "rail", WAY], "no_street"),
            (["4", "不动", "", STILL], "no_length"),
            (["5", "点", "", POINT], "geometry"),
            (["6", "无", "", ""], "geometry"),
        ],
    ),
    "buildings": Made(
        "id,name,height_m,WKT",
        [["1", "一号楼", "12", square(0)], ["2", "二号楼", "", square(1)], ["", "x", "", square(3)]],
        [(["3", "点", "", POINT], "geometry"), (["4", "高", "tall", square(2)], "number")],
        [(["1", "又", "12", square(0)], "key")],
    ),
    "waters": Made(
        "id,name,waterway,WKT",
        [["1", "青河", "river", WAY], ["1", "青河", "river", square(0)], ["", "塘", "池塘", square(1)]],
        [(["2", "点", "", POINT], "geometry"), (["3", "无", "", ""], "geometry"), (["4", "结", "", BOW], "geometry")],
        [(["1", "又", "river", WAY], "key")],
    ),
    "cameras": Made(
        "code,name,bearing,field_of_view,longitude,latitude",
        [["1", "路口", "90", "60", *SPOT], ["2", "校门", "", "", *NEAR], ["", "无码", "", "", *SPOT]],
        [
            (["3", "上", "upwards", "", *SPOT], "range"),
            (["4", "宽", "", "400", *SPOT], "range"),
            (["5", "疑", "", "wide", *SPOT], "number"),
        ],
        [(["1", "又", "", "", *SPOT], "key"), (["6", "远", "", "", *FAR], "far_away")],
    ),
    "routes": Made(
        "name,mode,departures,WKT",
        [["一线", "车巡", "8:30", WAY], ["二线", "foot", "", CROSSING]],
        [
            (["三线", "fly", "", WAY], "choice"),
            (["四线", "", "noon", WAY], "time"),
            (["五线", "", "", STILL], "geometry"),
            (["", "", "", WAY], "name"),
        ],
        [(["一线", "", "", WAY], "key")],
    ),
    "tracks": Made(
        "device_code,at,longitude,latitude,speed_mps",
        [["car 1", "2026-03-01 08:00:00", *SPOT, "10"], ["car 2", "2026-03-01 08:00:00", *NEAR, ""]],
        [
            (["", "2026-03-01 08:00:00", *SPOT, ""], "key"),
            (["car 3", "", *SPOT, ""], "time"),
            (["car 3", "1999-03-01 08:00:00", *SPOT, ""], "time"),
            (["car 3", "2026-03-01 08:00:00", "", "", ""], "geometry"),
        ],
        [
            (["car 1", "2026-03-01 08:00:00", *NEAR, ""], "key"),
            (["car 4", "2026-03-01 08:00:00", *FAR, ""], "far_away"),
        ],
    ),
    "duty": Made(
        "班组,姓名,人员类别,值班日期,值班时间",
        [["一组", "张三", "民警", "2026-05-01", "08:30-17:30"], ["一组", "李四", "辅警", "2026-05-01", "22:00-06:00"]],
        [
            (["一组", "王五", "shepherd", "2026-05-01", "08:30-17:30"], "choice"),
            (["", "王五", "民警", "2026-05-01", "08:30-17:30"], "name"),
            (["一组", "王五", "民警", "someday", "08:30-17:30"], "time"),
            (["一组", "王五", "民警", "2026-05-01", "late"], "time"),
        ],
        [(["一组", "张三", "民警", "2026-05-01", "08:30-12:00"], "key")],
    ),
    "grid_people": Made(
        "网格编码,职务,姓名,联系电话,任职日期,任职至",
        [["G1", "网格长", "李", "1", "", ""], ["G1", "专职", "王", "", "2026-01-01", "2026-06-30"]],
        [
            (["", "网格长", "周", "1", "", ""], "grid_code"),
            (["G2", "网格长", "", "1", "", ""], "name"),
            (["G2", "书记", "周", "1", "", ""], "choice"),
            (["G2", "网格长", "周", "1", "someday", ""], "time"),
            (["G2", "网格长", "周", "1", "2026-03-01", "2026-02-01"], "time"),
            (["G9", "网格长", "周", "1", "", ""], "grid"),
        ],
        [(["G1", "网格长", "周", "1", "", ""], "leader"), (["G1", "网格长", "李", "2", "", ""], "key")],
    ),
    "population": Made(
        "grid_code,households,people,longitude,latitude",
        [["G1", "10", "32", "", ""], ["", "3", "", *SPOT]],
        [(["", "3", "", "", ""], "geometry"), (["G2", "few", "", "", ""], "number"), (["G3", "", "", "", ""], "number")],
        [(["G1", "11", "", "", ""], "key"), (["", "1", "", *FAR], "far_away")],
    ),
}  # fmt: skip
