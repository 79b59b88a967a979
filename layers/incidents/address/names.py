"""Names in a Chinese address, found by the words that they end with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layers.incidents.address.divisions import Division, divisions
from layers.incidents.address.words import (
    BRANCHES,
    ERRANDS,
    ESTATE_ENDS,
    ESTATES,
    GENERAL_ZONE,
    INDOORS,
    LANE_OF_A_ROAD,
    GOES_ON,
    NOTES,
    NUMBERED_STREET,
    OF_A_ROAD,
    PART_OF_PLACE,
    PLACES,
    ROAD_END,
    ROAD_ON,
    ROAD_TO_PLACE,
    STREET,
    STREET_OF_A_LETTER,
    SUFFIXES_OF_TOWNS,
    ZONES,
)

if TYPE_CHECKING:
    from layers.incidents.address.chinese import Scan

MARKS = "省市区县旗州盟镇乡道街路巷弄线同村社组队园苑庄墅家庭府都馆舍邸司厦场心店院学校行团厂站所会室库吧城处楼宫电自期"
_WITH_BRANCHES = ("公司", "银行", "大学", "学院", "医院", "酒店", "集团")
_JOIN = "与和及跟同交至到"
_ADMINISTRATIVE = {"country", "province", "city", "county", "separator", "zone", "town"}
_PLACED = {"road", "place", "estate", "number"}
_ENDS = frozenset(word[-1] for word in PLACES + ESTATES)
_NUMBERED = "一二三四五六七八九十ABCDEFGH0123456789小社园校景厂库街商务易宅组牧"
_HAN_OR_DIGIT = re.compile("[\u4e00-\u9fff0-9]")
_HAN_TWICE = re.compile("[\u4e00-\u9fff]{2}")
_HAN = re.compile("[\u4e00-\u9fffA-Z]*")
_NUMBERED_ROAD = re.compile("[0-9]+号[东西南北]?(?:大街|大道|路|街|巷)$")
_NO_GROUP = "消大中部车支军纵舰球卫乐梯团卫分剧突击"


def short_division(scan: Scan, found: Division, end: int) -> bool:
    """Whether a name without its suffix (金华) is that city, and not the beginning of another name (金华路, 金华镇)."""
    s = scan.s
    after = divisions().at(s, end)
    if after is not None and not after.short:
        return True
    if end == len(s) or ROAD_ON.match(s, end) or s.startswith(("镇", "乡", "村", "街道", "社区", "大道"), end):
        return False
    if after is not None and after.level != "province" and not ROAD_ON.match(s, end + len(after.name)):
        return True
    if found.level == "province" or STREET_OF_A_LETTER.match(s, end) or GENERAL_ZONE.match(s, end):
        return False
    if SUFFIXES_OF_TOWNS.match(s, end):
        return True
    if s.startswith(GOES_ON, end):
        return False
    run = _HAN.match(s, end)
    assert run is not None
    road = ROAD_END.search(run[0])
    if road is not None:
        # 天台山东路 is a road, 萧山博奥路 one in 萧山.
        return road.start() >= 2
    if scan.last() in ("province", "city", "country"):
        return True
    # 杭州职业技术学院 is the name of one, 杭州国际商贸城 lies in 杭州.
    return found.level == "city" and len(run[0]) >= 5 and run[0].endswith(PLACES + ESTATE_ENDS) and not run[0].endswith(("学院", "大学", "医院"))


def ends(scan: Scan, at: int) -> int:
    """Take a name that ends with the character at a mark; return where to go on, 0 where none ends."""
    s, begin, end = scan.s, scan.start, at + 1
    if end - begin < 2:
        return 0
    character = s[at]
    if character in "路街道巷弄同线":
        return _road(scan, at)
    if character in "组队":
        return _group(scan, at)
    if character in "镇乡村" or character == "区" and s[at - 1] == "社":
        taken = _settlement(scan, at)
        if taken:
            return taken
    if character in "省市县旗州盟区" and not scan.known & _PLACED and end - begin > 3:
        found = divisions().before(s, begin, end)
        if found is not None and end - len(found.name) != begin + 1 and not ROAD_ON.match(s, end):
            return scan.divisions(scan.put(found.level, end - len(found.name), end))
    if character in "省市县旗州盟区" and _division(scan, at):
        level = {"省": "province", "州": "city", "盟": "city", "市": "city"}.get(character, "county")
        if level == "city" and "city" in scan.known:
            level = "county"
        return scan.divisions(scan.put(level, begin, end))
    if character in "区园城" and s.endswith(ZONES, begin, end):
        return _zone(scan, end)
    if character == "区" or character == "期":
        return _part_of_place(scan, end)
    if character in _ENDS and s.endswith(PLACES + ESTATES, begin, end) and _stands(s, end):
        kind = "estate" if s.endswith(ESTATES, begin, end) else "place"
        return scan.put(kind, begin, end)
    if character in "处" and s.endswith("办事处", begin, end) and not scan.known & _PLACED and end - begin > 4:
        return scan.put("town", begin, end)
    return 0


def _settlement(scan: Scan, at: int) -> int:
    """A town, village or 社区 that ends here."""
    s, begin, end = scan.s, scan.start, at + 1
    length = end - begin
    character = s[at]
    if STREET.match(s, end) or length > 8:
        return 0
    if character in "镇乡":
        short = length == 2 and character == "镇" and scan.last() in ("city", "county")
        if scan.known & _PLACED or not (short or 3 <= length <= 6) or s.startswith(("区", "政府"), end) or character == "乡" and s.startswith("镇", end):
            return 0
        return scan.divisions(scan.put("town", begin, end))
    if "road" in scan.known and not (character == "区" and "number" not in scan.known):
        # 钱王大街西瓜村 may be any place; where more follows, it lies in the village.
        if character == "区" or not _HAN_TWICE.match(s, end):
            return 0
    if character == "区":
        return scan.put("community", begin, end) if length > 3 and not s.startswith("居委", end) else 0
    if s.endswith(("新村", "度假村", "度假山村", "农村"), begin, end) and not s.endswith("行政新村", begin, end):
        return 0
    if s.startswith("委会", end) and _HAN_OR_DIGIT.match(s, end + 2):
        return scan.put("community", begin, end + 2)
    if s.startswith(("委", "民委", "民小组", "民组", "道", "镇"), end):
        return 0
    if s.startswith("村", end) and not s.startswith(("村委", "村民"), end):
        return 0
    return scan.put("community", begin, end)


def _division(scan: Scan, at: int) -> bool:
    """Whether a county or city that is in no list ends here."""
    s, begin, end = scan.s, scan.start, at + 1
    word = s[begin:end]
    if word in ("市辖区", "其它区", "其他区", "城区"):
        return True
    if scan.known - {"country", "province", "city", "county", "separator"}:
        return False
    if not 3 <= len(word) <= 4 or ROAD_ON.match(s, end):
        return False
    if s[at] == "市":
        return not s.startswith(("场", "民", "花园", "心", "政府", "人民"), end) and word[-2] not in "超城夜门都菜"
    if s[at] == "区":
        if word.endswith(ZONES) or len(word) > 3 or word[-2] in _NUMBERED:
            return False
        return bool(scan.known & {"province", "city"}) or end < len(s)
    return s[at] in "省县" or word.endswith("自治州")


def _zone(scan: Scan, end: int) -> int:
    s = scan.s
    while s.startswith(("区", "园"), end):
        end += 1
    road = ROAD_ON.match(s, end)
    if road is not None and (end - scan.start < 4 or road.end() - end < 3 and not NUMBERED_STREET.match(s, end)):
        return 0
    return scan.put("zone", scan.start, end)


def _part_of_place(scan: Scan, end: int) -> int:
    """A part of an estate or a market, such as 三区, after the name of the whole."""
    s, begin = scan.s, scan.start
    for length in (4, 3, 2):
        at = end - length
        if at < begin:
            continue
        found = PART_OF_PLACE.match(s, at)
        if found is not None and found.end() == end:
            if at > begin and s.endswith(PLACES + ESTATE_ENDS + ("城",), begin, at):
                scan.put("", at, at)
                return scan.put("place", at, end)
            if ROAD_ON.match(s, end):
                return 0
            return scan.put("place", begin, end)
    return 0


def _group(scan: Scan, at: int) -> int:
    s, begin, end = scan.s, scan.start, at + 1
    if s[at - 1] in _NO_GROUP or s.startswith(("团", "部", "长"), end) or scan.last() not in ("community", "town", "place", "county", "estate"):
        return 0
    return scan.put("group", begin, end) if end - begin <= 6 else 0


def _stands(s: str, end: int) -> bool:
    """Whether a place may end here: neither a road nor a longer place goes on."""
    if end == len(s):
        return True
    if ROAD_ON.match(s, end) or STREET_OF_A_LETTER.match(s, end):
        return s.startswith(("小区", "新村"), end - 2) and NUMBERED_STREET.match(s, end) is not None
    if s.startswith(GOES_ON, end):
        return False
    return not s.endswith(_WITH_BRANCHES, 0, end) or BRANCHES.match(s, end) is None


def _road(scan: Scan, at: int) -> int:
    """A road that ends here; 街道 is a town."""
    s, begin, end = scan.s, scan.start, at + 1
    character, length = s[at], end - begin
    if character == "街" and s.startswith("道", end):
        if length < 3 and scan.known & {"road", "number"}:
            return 0
        end += 3 * s.startswith("办事处", end + 1)
        return scan.divisions(scan.put("town", begin, end + 1))
    if character == "街" and s.startswith("办事处", end) and not scan.known & {"road", "number"}:
        return scan.divisions(scan.put("town", begin, end + 3))
    if character == "路" and (s.startswith("口", end) or s.startswith("桥", end) and length < 3 or s[at - 1] == "铁" and length < 4):
        return 0
    if character == "同" and s[at - 1] != "胡" or character == "线" and (length > 5 or s[at - 1] in "专在热流沿无"):
        return 0
    if character == "道" and s[at - 1] in "隧通渠频轨管跆街柔味武车报":
        return 0
    if length > 2 and LANE_OF_A_ROAD.match(s, end):
        pass
    elif ROAD_TO_PLACE.match(s, end) or ROAD_ON.match(s, end) and not (length > 2 and s.startswith(("路口", "街口"), end)):
        return 0
    if s[begin] in _JOIN and length >= 3 and scan.parts and scan.parts[-1][0] in ("road", "number", "crossing", "lane", "stake"):
        scan.start = begin
        scan.parts.append(("crossing", begin, begin + 1))
        scan.start = begin = begin + 1
    own = _own_name(s, begin, end)
    if own > begin:
        _before_a_road(scan, own)
    return scan.put("road", own, end)


def _own_name(s: str, begin: int, end: int) -> int:
    """Where a road's own name begins in what waits before it.

    Of labelled addresses 98 % of the roads have at most three characters before 南路, 二街 and the like. Where four or more
    wait, all but two are a town or village written without its suffix (乔司迎宾路), nine times out of ten.
    """
    numbered = _NUMBERED_ROAD.search(s, begin, end)
    if numbered is not None:
        return numbered.start() if numbered.start() - begin >= 2 else begin
    found = ROAD_END.search(s, begin, end)
    if found is None:
        return begin
    own = found.start() - begin
    if own < 4 or not s[begin:end].isalpha() or own == 4 and s.endswith(OF_A_ROAD, begin, found.start()):
        return begin
    return found.start() - 2


def _before_a_road(scan: Scan, end: int) -> None:
    s, begin = scan.s, scan.start
    if end - begin > 3 or scan.known & _PLACED or s.endswith(PLACES + ESTATE_ENDS + ZONES, begin, end):
        settle(scan, end)
    else:
        scan.take("community" if scan.known & {"town", "community"} else "town", begin, end)


def settle(scan: Scan, end: int) -> None:
    """Name what waits before end, which no word of its own ended."""
    s, begin = scan.s, scan.start
    if end - begin > 3 and s[end - 1] in "东南西北后前旁上下里中内外" and s.endswith(PLACES + ESTATES + ZONES, begin, end - 1):
        settle(scan, end - 1)
        scan.take("relation", end - 1, end)
        return
    note = NOTES.search(s, begin, end)
    if note is not None and note.end() == end:
        if note.start() > begin:
            settle(scan, note.start())
        scan.take("remark", note.start(), end)
        return
    found = divisions().at(s, begin)
    if found is not None and begin + len(found.name) == end and not (found.short and scan.known & _PLACED):
        scan.take(found.level, begin, end)
        return
    if begin + 1 == end and s[begin] in _JOIN and scan.last() in ("road", "number"):
        scan.take("crossing", begin, end)
        return
    word = s[begin:end]
    half = (end - begin) // 2
    if half >= 3 and word == word[:half] * 2:
        settle(scan, begin + half)
        settle(scan, end)
        return
    if s[begin] in "号的" and end - begin > 2:
        scan.take("other", begin, begin + 1)
        settle(scan, end)
        return
    kind = "place"
    if INDOORS.fullmatch(word) or ERRANDS.search(word):
        kind = "remark"
    elif word.endswith(ESTATE_ENDS):
        kind = "estate"
    elif len(word) < 2 or not any("\u4e00" <= character <= "\u9fff" or character.isalpha() for character in word):
        kind = "other"
    scan.take(kind, begin, end)
