"""What kind of data a file holds, guessed by its headings, its geometries and its name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo_app.imports.columns import MARKS, POSITION, Recognised, recognise
from geo_app.imports.kinds import KINDS

# What a file is called says more than a column that any kind may have, and less than two of its own.
NAMED = 1.5
WORDS = {
    "incidents": (
        "incident", "crime", "call", "assault", "offence", "burglar", "robber", "theft", "antisocial", "警情", "报警",
        "接警", "案件", "110",
    ),
    "areas": (
        "area", "ward", "district", "neighbourhood", "neighborhood", "boundar", "communit", "township", "行政区", "区划",
        "辖区", "社区", "乡镇",
    ),
    "grids": ("grid", "网格"),
    "roads": ("road", "street", "highway", "link", "network", "道路", "路网", "街道"),
    "buildings": ("building", "建筑", "楼栋"),
    "waters": ("water", "river", "hydro", "lake", "水系", "河流", "水域", "湖泊"),
    "places": ("poi", "place", "school", "hospital", "bank", "学校", "小学", "中学", "医院", "银行", "场所", "单位"),
    "posts": ("post", "点位", "警务站", "检查站", "卡点", "堵截点"),
    "addresses": ("address", "地址", "门牌"),
    "aliases": ("alias", "别名"),
    "cameras": ("camera", "cctv", "摄像", "监控", "卡口", "探头"),
    "routes": ("route", "patrol", "巡逻", "巡线", "必巡线"),
    "tracks": ("gps", "track", "trace", "轨迹", "定位"),
    "duty": ("duty", "shift", "roster", "值班", "排班", "勤务"),
    "grid_people": ("网格员", "网格长", "网格人员", "grid_people", "grid_workers"),
    "population": ("population", "household", "人口", "户数"),
    "categories": ("categor", "类别", "代码表"),
}  # fmt: skip
# What a file of a kind cannot be without: one name of each group.
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "areas": (("code", "name"),), "grids": (("code",),), "posts": (("kind",), ("key", "name")),
    "addresses": (("full_text", "road", "number", "estate", "building", "community", "villager_group", "town"),),
    "aliases": (("alias",),), "routes": (("key", "name"),), "tracks": (("device_code",), ("at",)),
    "duty": (("team_name",), ("person",), ("person_rank",)), "population": (("households", "people"),),
    "categories": (("code",), ("name",)), "grid_people": (("grid_code",), ("role",), ("name",)),
}  # fmt: skip
# Which is meant where nothing else tells: the commoner one.
LIKELIER = ("incidents", "places", "roads", "areas")
TIE = 0.1


@dataclass(frozen=True)
class KindGuess:
    """A kind that a file may be, how much speaks for it, and what: headings, the surest first, and a word of its name."""

    kind: str
    score: float
    headings: tuple[str, ...]
    named: str | None = None


def kinds_for(headings: Iterable[str], shapes: Sequence[str], file_name: str) -> tuple[KindGuess, ...]:
    """The kinds that a file may be, the likeliest first; empty when it can be none.

    shapes: the types of its geometries, such as Point; none for a table, whose columns may hold positions.
    """
    headings = list(headings)
    found = {kind: recognise(kind, headings) for kind in KINDS}
    meant = [{name: heading for name, heading in one.found.items() if name not in SHARED} for one in found.values()]
    guesses = []
    for kind, recognised in found.items():
        if not _can_be(kind, recognised, shapes):
            continue
        weights = {
            heading: 1 / sum(heading in one.values() for one in meant)
            for name, heading in recognised.found.items()
            if name not in SHARED
        }
        word = _word_of(kind, file_name)
        if weights or word:
            score = sum(weights.values()) + NAMED * (word is not None) + TIE * (kind in LIKELIER)
            sure = sorted(weights, key=lambda heading: -weights[heading])
            guesses.append(KindGuess(kind, round(score, 3), tuple(sure), word))
    return tuple(sorted(guesses, key=lambda guess: -guess.score))


SHARED = frozenset(POSITION) | frozenset(MARKS)  # said of any kind


def _can_be(kind: str, recognised: Recognised, shapes: Sequence[str]) -> bool:
    if not all(any(name in recognised for name in group) for group in NEEDED.get(kind, ())):
        return False
    allowed = KINDS[kind].shapes
    if shapes:
        return any(shape in allowed for shape in shapes)
    if not KINDS[kind].needs_geometry or "wkt" in recognised:
        return True
    has_points = any(x in recognised and y in recognised for x, y in (("longitude", "latitude"), ("x", "y")))
    return has_points and "Point" in allowed


def _word_of(kind: str, file_name: str) -> str | None:
    plain = unicodedata.normalize("NFKC", file_name).casefold()
    return next((word for word in WORDS.get(kind, ()) if word in plain), None)
