"""Roads in a Chinese address: where the name of one ends, and where it begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layers.incidents.address.words import ESTATE_ENDS, LANE_OF_A_ROAD, PLACES, PLACING, ROAD_ON, ZONES

if TYPE_CHECKING:
    from layers.incidents.address.chinese import Scan

ENDS = frozenset("路街道巷弄同线速")
JOINING = "与和及跟同交至到"
_BEFORE_A_JOIN = ("road", "number", "crossing", "lane", "stake", "sub_number")
# Other words with these characters: 铁路, 专线, 隧道, 跆拳道.
_NO_LINE, _NO_WAY = "专在热流沿无", "隧通渠频轨管跆拳街柔味武车报"
# What is named after a road: 大学路新村, 人民路小学. A road before them is a part of their names.
_GOES_ON = re.compile(
    "小区|新村|公寓|宿舍|社区|街道|小学|中学|农贸市场|菜市场|菜场|居委会|派出所|商城|花园|别墅|镇(?![政江])|乡(?!政)|村|桥(?!头)|区(?!政)|步行街|广场|立交|大厦"
)
# What of a road's name is not its own: 南二路 of 中山南二路.
_END = re.compile("(?:[东西南北中]?[支一二三四五六七八九十]*(?:大道|大街|公路|支路|路|街|道|巷|胡同))$")
_NUMBERED = re.compile("[0-9]+号[东西南北]?(?:大街|大道|路|街|巷)$")
_TWO_OWN = ("公园", "工业", "园区", "大学", "学院", "商业", "步行", "国道", "省道", "县道", "广场", "机场", "高速")
_SAID_BEFORE = "在于从由往去是"


def road(scan: Scan, at: int) -> int:
    """Take a road, or a town of streets (街道), that ends at a mark; return where to go on, 0 where none ends."""
    s, begin, end = scan.s, scan.start, at + 1
    character, length = s[at], end - begin
    if character == "街" and s.startswith(("道", "办事处"), end):
        return _town_of_streets(scan, end)
    if _is_another_word(s, at, length) or s[begin:end] in ("国道", "省道", "县道", "乡道"):
        return 0
    if not (length > 2 and LANE_OF_A_ROAD.match(s, end)):
        if _GOES_ON.match(s, end) or (
            ROAD_ON.match(s, end) and not (length > 2 and s.startswith(("路口", "街口"), end))
        ):
            return 0
        if scan.last() == "road" and s.startswith("段", end):
            return 0
    return take(scan, end)


def take(scan: Scan, end: int) -> int:
    """Take what waits before end as a road; what stands before its own name is cut off. Returns end."""
    s, begin = scan.s, scan.start
    if s[begin] in JOINING and end - begin >= 3 and scan.parts and scan.parts[-1][0] in _BEFORE_A_JOIN:
        begin = scan.take("crossing", begin, begin + 1)
    own = begin + own_name(s[begin:end])
    if own > begin:
        _take_before(scan, own)
    return scan.take("road", own, end)


def own_name(waiting: str) -> int:
    """Return where a road's own name begins in a text that ends with it.

    Nearly all roads have at most three characters before 南路, 二街 and the like. Where four or more wait, all but the last
    two are mostly a town or village written without its suffix (乔司迎宾路).
    """
    numbered = _NUMBERED.search(waiting)
    if numbered is not None:
        return numbered.start() if numbered.start() >= 2 else 0
    found = _END.search(waiting)
    if found is None or found.start() < 4 or not waiting.isalpha():
        return 0
    if found.start() == 4 and waiting[2:4] in _TWO_OWN:
        return 0
    return found.start() - 2


def own_length(name: str) -> int:
    """Return how many characters stand before 南路, 二街 and the like; 0 where a text ends with no road."""
    found = _END.search(name)
    return 0 if found is None else found.start()


def _take_before(scan: Scan, end: int) -> None:
    """Name what stands before a road's own name."""
    s, begin = scan.s, scan.start
    if s[end - 1] in _SAID_BEFORE:
        scan.take("other", begin, end)
    elif end - begin > 3 or scan.known & PLACING or s.endswith(PLACES + ESTATE_ENDS + ZONES, begin, end):
        scan.put("", end, end)
    else:
        scan.take("community" if scan.known & {"town", "community"} else "town", begin, end)


def _town_of_streets(scan: Scan, end: int) -> int:
    s, length = scan.s, end - scan.start
    if s.startswith("道", end):
        end += 1
    if length < 2 or (scan.known & {"road", "number"} and length < 3):
        return 0
    if s.startswith("办事处", end):
        end += 3
    return scan.divisions(scan.put("town", scan.start, end))


def _is_another_word(s: str, at: int, length: int) -> bool:
    character, before = s[at], s[at - 1]
    if character == "路":
        return (
            s.startswith("口", at + 1) or (s.startswith("桥", at + 1) and length < 3) or (before == "铁" and length < 4)
        )
    if character == "线":
        return length > 5 or before in _NO_LINE
    if character == "速":
        return before != "高" or length < 4 or s.startswith(("公路", "路", "收费", "交"), at + 1)
    if character == "同":
        return before != "胡"
    return character == "道" and before in _NO_WAY
