"""Provinces to hamlets in a Chinese address: those in the list without their suffix, and those in no list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layers.incidents.address.divisions import Division, divisions
from layers.incidents.address.roads import own_length
from layers.incidents.address.words import (
    ESTATE_ENDS,
    GENERAL_ZONE,
    GOES_ON,
    NUMBERED_STREET,
    PLACES,
    PLACING,
    ROAD_ON,
    STREET,
    STREET_OF_A_LETTER,
    ZONES,
)

if TYPE_CHECKING:
    from layers.incidents.address.chinese import Scan

DIVISION_ENDS = frozenset("省市县旗州盟区")
_LEVELS = {"省": "province", "州": "city", "盟": "city", "市": "city"}
_PLACEHOLDERS = ("市辖区", "其它区", "其他区", "城区")
_NO_CITY, _AFTER_NO_CITY = "超城夜门都菜", ("场", "民", "花园", "心", "政府", "人民")
_NO_COUNTY = "一二三四五六七八九十ABCDEFGH0123456789小社园校景厂库街商务易宅组牧"
_TOWN = re.compile("[\u4e00-\u9fff]{1,4}?(?:镇|乡|街道|经济|开发区)|[\u4e00-\u9fff][^小园社校新业发城商贸][区县]")
_HAN = re.compile("[\u4e00-\u9fffA-Z]*")
_HAN_TWICE = re.compile("[\u4e00-\u9fff]{2}")
_HAN_OR_DIGIT = re.compile("[\u4e00-\u9fff0-9]")
_NO_GROUP = "消大中部车支军纵舰球卫乐梯团分剧突击"
_WITH_GROUPS = ("community", "town", "place", "county", "estate", "group")


def short_division(scan: Scan, found: Division, end: int) -> bool:
    """Whether a name without its suffix (金华) is that city, and not the beginning of another name (金华路, 金华镇)."""
    s = scan.s
    if scan.last() == "community":  # no county lies in a village: 张湾 is a hamlet there
        return False
    after = divisions().at(s, end)
    if after is not None and not after.short:
        return True
    if end == len(s) or ROAD_ON.match(s, end) or s.startswith(("镇", "乡", "村", "街道", "社区", "大道"), end):
        return False
    if after is not None and after.level != "province" and not ROAD_ON.match(s, end + len(after.name)):
        return True
    if found.level == "province" or STREET_OF_A_LETTER.match(s, end) or GENERAL_ZONE.match(s, end):
        return False
    if _TOWN.match(s, end):
        return True
    if s.startswith(GOES_ON, end):
        return False
    run = _HAN.match(s, end)
    rest = run[0] if run is not None else ""
    if rest.endswith(("路", "街", "道", "巷")):
        return own_length(rest) >= 2  # 天台山东路 is a road, 萧山博奥路 one in 萧山
    if scan.last() in ("province", "city", "country"):
        return True
    # 杭州职业技术学院 is the name of one, 杭州国际商贸城 lies in 杭州.
    of_the_city = rest.endswith(("学院", "大学", "医院"))
    return found.level == "city" and len(rest) >= 5 and rest.endswith(PLACES + ESTATE_ENDS) and not of_the_city


def division(scan: Scan, at: int) -> int:
    """Take a province, city or county that ends at a mark; return where to go on, 0 where none ends."""
    s, begin, end = scan.s, scan.start, at + 1
    if not scan.known & PLACING and end - begin > 3:
        found = divisions().before(s, begin, end)
        if found is not None and end - len(found.name) != begin + 1 and not ROAD_ON.match(s, end):
            return scan.divisions(scan.put(found.level, end - len(found.name), end))
    if not _is_unknown_division(scan, at):
        return 0
    level = _LEVELS.get(s[at], "county")
    if level == "city" and "city" in scan.known:
        level = "county"
    return scan.divisions(scan.put(level, begin, end))


def _is_unknown_division(scan: Scan, at: int) -> bool:
    s, begin, end = scan.s, scan.start, at + 1
    word = s[begin:end]
    if word in _PLACEHOLDERS:
        return True
    if scan.known - {"country", "province", "city", "county", "separator"}:
        return False
    if not 3 <= len(word) <= 4 or ROAD_ON.match(s, end):
        return False
    if s[at] == "市":
        return not s.startswith(_AFTER_NO_CITY, end) and word[-2] not in _NO_CITY
    if s[at] == "区":
        if word.endswith(ZONES) or len(word) > 3 or word[-2] in _NO_COUNTY:
            return False
        return bool(scan.known & {"province", "city"}) or end < len(s)
    return s[at] in "省县" or word.endswith("自治州")


def town(scan: Scan, at: int) -> int:
    """Take a 镇 or 乡 that ends at a mark; return where to go on, 0 where none ends."""
    s, begin, end = scan.s, scan.start, at + 1
    length = end - begin
    if scan.known & PLACING or STREET.match(s, end) or s.startswith(("区", "政府"), end):
        return 0
    if s[at] == "乡" and s.startswith("镇", end):
        return 0
    of_one_letter = length == 2 and s[at] == "镇" and scan.last() in ("city", "county")
    if not of_one_letter and not 3 <= length <= 6:
        return 0
    return scan.divisions(scan.put("town", begin, end))


def village(scan: Scan, at: int) -> int:
    """Take a village that ends at a mark; a 自然村 is a hamlet, of kind group. Returns where to go on, 0 for none."""
    s, begin, end = scan.s, scan.start, at + 1
    if STREET.match(s, end) or end - begin > 8:
        return 0
    if scan.known & {"road", "number"} and not ("road" not in scan.known or _HAN_TWICE.match(s, end)):
        return 0  # 钱王大街西瓜村 may be any place; where more follows, that lies in the village
    if s.endswith(("新村", "度假村", "度假山村", "农村"), begin, end) and not s.endswith("行政新村", begin, end):
        return 0
    if s.startswith("委会", end) and _HAN_OR_DIGIT.match(s, end + 2):
        return scan.put("community", begin, end + 2)
    if s.startswith(("委", "民委", "民小组", "民组", "道", "镇"), end):
        return 0
    if s.startswith("村", end) and not s.startswith(("村委", "村民"), end):
        return 0
    return scan.put("group" if s.endswith("自然村", begin, end) else "community", begin, end)


def neighbourhood(scan: Scan, end: int) -> int:
    """Take a 社区 that ends here; return where to go on, 0 where none ends."""
    s, begin = scan.s, scan.start
    if (
        STREET.match(s, end)
        or not 3 < end - begin <= 8
        or s.startswith("居委", end)
        or {"road", "number"} <= scan.known
    ):
        return 0
    return scan.put("community", begin, end)


def group(scan: Scan, at: int) -> int:
    """Take a group of a village (第三组, 栗家队) that ends at a mark; return where to go on, 0 where none ends."""
    s, begin, end = scan.s, scan.start, at + 1
    if s[at - 1] in _NO_GROUP or s.startswith(("团", "部", "长"), end) or scan.last() not in _WITH_GROUPS:
        return 0
    return scan.put("group", begin, end) if end - begin <= 6 else 0


def zone(scan: Scan, end: int) -> int:
    """Take a 开发区, 工业园 and the like that ends here; return where to go on, 0 where none ends."""
    s = scan.s
    while s.startswith(("区", "园"), end):
        end += 1
    street = ROAD_ON.match(s, end)
    if street is not None and (end - scan.start < 4 or (street.end() - end < 3 and not NUMBERED_STREET.match(s, end))):
        return 0
    return scan.put("zone", scan.start, end)
