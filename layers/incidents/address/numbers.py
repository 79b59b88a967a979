"""Numbers in a Chinese address: which is the road's, and which a house's, a stair's, a floor's or a room's.

A number is what its unit says. Without a unit, or with 号 that may be any of them, what stands before it decides: after a
road or a village it is the number of the address, after a building a stair or a room.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layers.incidents.address.alike import NUMERALS
from layers.incidents.address.divisions import divisions
from layers.incidents.address.words import ESTATE_ENDS, ESTATES, PLACES

if TYPE_CHECKING:
    from layers.incidents.address.chinese import Scan

UNITS = {
    "号楼": "building", "幢": "building", "栋": "building", "座": "building", "#楼": "building", "排": "building", "号馆": "building",
    "号厂房": "building", "单元": "unit", "楼": "floor", "层": "floor", "F": "floor", "室": "room", "号房": "room", "铺": "room",
    "号铺": "room", "档": "room", "商位": "room", "店面": "room", "门面": "room", "商铺": "room", "店": "room", "房间": "room", "办公室": "room", "弄": "lane", "支弄": "sub_number",
    "组": "group", "队": "group", "号院": "number",
}  # fmt: skip
MARKS = "号弄幢栋单室层楼组队排"
_UNIT = (
    "号楼(?![下上前后旁])|号铺|号馆|号厂房|铺(?!子)|档|商位|店面|门面|商铺|店(?![\u4e00-\u9fff])|房间|办公室|号房(?![间产])|号院(?!内)|幢|栋|座|#楼|单元|楼|层|F(?![A-Z0-9])|室|弄|支弄"
    "|组(?!团)|队|排|号|#"
)
_FIGURES = "[0-9]+(?:[A-Z](?![A-Z]))?"
_NUMBER = re.compile(rf"({_FIGURES})(?:号?([-~、至到/]+)({_FIGURES}))?(?: ?({_UNIT}))?")
_ONE = re.compile(rf"({_FIGURES})(?: ?({_UNIT}))?")
_HIGHWAY = re.compile(r"[0-9]{2,4}(?:国道|省道|县道|乡道)|[GSXYC][0-9]{2,4}(?:(?:国|省|县|乡)道|线|(?![0-9号室]))")
_OF_A_HIGHWAY = re.compile(r"(?:国|省|县|乡)道$")
_NUMBER_OF_A_HIGHWAY = re.compile(r"[0-9]{2,4}(?:线|(?![0-9号米公线]))")
_DISTANCE = re.compile(r"[0-9]+(?:\.[0-9]+)?多?(?:米|公里|千米|M(?![A-Z]))(?:左右|处|远|开外)*")
_STAKE = re.compile(r"D?K[0-9]+(?:\+[0-9]+(?:\.[0-9]+)?)?(?:米?处)?|[0-9]+(?:\.[0-9]+)?公里(?:\+?[0-9]+米)?处?")
_NUMERAL_UNIT = re.compile(
    "号楼(?![下上前后旁])|号院|号(?![线桥库]|[大东西南北]*[街路])|幢|栋|单元|室|层|楼|弄|组(?!团)|队|排"
)
_TAIL = re.compile(f"[第负]?[{NUMERALS}]+$")
_SIDE_TAIL = re.compile("[东西南北中前后左右]$")
_BEFORE_TAIL = re.compile("[甲乙丙丁中新老临]$")
# A street named by its number goes on: 6号大街, 15街; so does a place: 5号库.
_STREET = re.compile("[东西南北]?大?[路街巷道](?![头口])|[东西南北]?大道")
_NAMED = re.compile("门(?![诊面市卫])|库|线|桥|码头|地块|仓|店")
_PART = re.compile("[区期](?![域间])")
_IN_A_NAME = re.compile("[\u4e00-\u9fff](?<![区期里公米交与和北东南西对旁附])|S店")
_BEFORE_A_NUMBER = frozenset(
    [
        "road",
        "place",
        "estate",
        "building",
        "unit",
        "number",
        "lane",
        "community",
        "sub_number",
        "floor",
        "room",
        "group",
        "zone",
    ]
)
# 20号 after these is the number of the address: villages and hamlets, whose names end in many ways.
_HOUSES_OF_THESE = (
    *PLACES,
    *(word for word in ESTATES if word != "新村"),
    "区",
    "期",
    "城",
    "里",
    "坊",
    "府",
    "苑",
    "庭",
)
_SHOPS_OF_THESE = ("市场", "商贸城", "商城", "广场", "大厦", "超市", "商厦", "商场", "城")
_LETTERED = re.compile(
    r"[A-Z][0-9]{0,3}(号楼|幢|栋|座|塔?楼|单元|室|梯|馆|排)|([A-Z]-?[0-9]{1,5})(?:室|号)?|([A-Z])(?=-[0-9])"
)
_MORE = re.compile(r"[-~/_]+[0-9A-Z]")
_LATIN = re.compile(r"[A-Z]+")
_CLOSE = 100  # 20-24号 are houses in a row; 161-4号 and 12-356号 are a house and what is in it


def digits(scan: Scan, at: int) -> int:
    """Take a number that begins here; return where to go on."""
    s = scan.s
    if scan.start < at and _OF_A_HIGHWAY.search(s, scan.start, at):
        found = _NUMBER_OF_A_HIGHWAY.match(s, at)
        if found is not None:  # 省道210线
            return scan.put("road", at - 2, found.end())
    for kind, pattern in (("road", _HIGHWAY), ("stake", _STAKE), ("relation", _DISTANCE)):
        found = pattern.match(s, at)
        if found is not None:
            return scan.put(kind, at, found.end())
    found = _NUMBER.match(s, at)
    assert found is not None
    first, _, second, unit = found.groups()
    if second is not None and not _is_range(scan, at, first, second, unit):
        found = _ONE.match(s, at)
        assert found is not None
        unit = found[2]
    end = found.end()
    if unit in (None, "号"):
        if _NAMED.match(s, end) and not (unit and scan.start == at and scan.last() == "road"):
            return end
        if _STREET.match(s, end):
            return _street(scan, at, end)
    if unit is None:
        part = _PART.match(s, end)
        if part is not None:
            whole = scan.start < at and not s.endswith((*PLACES, *ESTATE_ENDS, "城"), scan.start, at)
            return scan.put("place", scan.start if whole else at, part.end())
        if (
            second is None
            and _IN_A_NAME.match(s, end)
            and ((scan.start < at and len(first) < 3) or (scan.start == at and scan.last() not in _BEFORE_A_NUMBER))
        ):
            return end
    if scan.start < at and s[at - 1] in "附副付":
        return scan.put("sub_number", at - 1, end)
    begin = at
    if at - scan.start == 1 and scan.last() == "road" and _BEFORE_TAIL.search(s, scan.start, at):
        begin = at - 1  # 甲3号
    scan.put("", begin, begin)
    return scan.take(UNITS.get(unit or "") or _context(scan, unit or "", end), begin, end)


def _is_range(scan: Scan, at: int, first: str, second: str, unit: str | None) -> bool:
    """Whether two numbers are the ends of a row of houses."""
    if scan.start == at and scan.last() not in ("road", "community", "town", "group", "crossing", "place", "zone", ""):
        return False
    low, high = (
        int(first.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[-9:]),
        int(second.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[-9:]),
    )
    return 0 < high - low <= _CLOSE and (unit is not None or (scan.start == at and scan.last() == "road"))


def _street(scan: Scan, at: int, end: int) -> int:
    """A street that is a number: in a market it is a row of shops."""
    found = _STREET.match(scan.s, end)
    if found is not None and scan.start == at and scan.last() in ("place", "floor", "room", "building", "estate"):
        return scan.put("building", at, found.end())
    return end


def _context(scan: Scan, unit: str, end: int) -> str:
    """What a number is that has no unit, or 号, by what stands before it and after."""
    s, last = scan.s, scan.last()
    more = _MORE.match(s, end) is not None
    if last in ("road", "community", "town", "group", "crossing"):
        return "number"
    if last == "number":
        return "sub_number" if scan.parts[-1][0] == "separator" else _inside(s, end, more)
    if last == "lane":
        return "sub_number"
    if last in ("place", "estate", "zone"):
        return _after_place(scan, unit, end, more)
    if last == "building":
        return "unit" if more or (unit and end < len(s) and s[end].isdigit()) else "room"
    return "number" if unit and last not in ("unit", "floor", "room") else "room"


def _after_place(scan: Scan, unit: str, end: int, more: bool) -> str:
    s = scan.s
    if not unit:
        return _inside(s, end, more)
    name = next(s[begin:stop] for kind, begin, stop in reversed(scan.parts) if kind in ("place", "estate", "zone"))
    if "number" in scan.known:
        return _inside(s, end, more)
    if name.endswith(_SHOPS_OF_THESE):
        return "building" if more or (end < len(s) and s[end].isdigit()) else "room"
    return "building" if name.endswith(_HOUSES_OF_THESE) or scan.last() == "zone" else "number"


def _inside(s: str, end: int, more: bool) -> str:
    """A house where more numbers follow, a room where it is the last."""
    return "building" if more or end < len(s) else "room"


def numerals(scan: Scan, at: int) -> int:
    """Take a number in Chinese numerals whose unit is at this mark; return where to go on, 0 where there is none."""
    s = scan.s
    unit = _NUMERAL_UNIT.match(s, at)
    if unit is None or scan.start >= at:
        return 0
    found = _TAIL.search(s, scan.start, at)
    if found is None and unit[0] in ("幢", "栋", "单元"):
        found = _SIDE_TAIL.search(s, scan.start, at)
    if found is None:
        return 0
    named = found.start() - scan.start >= 2 and s[found.start() - 1] != "村" and scan.last() != "road"
    if unit[0] == "号" and found[0] == "一" and named and not s.endswith(_HOUSES_OF_THESE, scan.start, found.start()):
        return scan.put("place", scan.start, unit.end())  # 半山一号 is a name
    scan.put("", found.start(), found.start())
    return scan.take(UNITS.get(unit[0]) or _context(scan, "号", unit.end()), found.start(), unit.end())


def letters(scan: Scan, at: int) -> int:
    """Take what begins with a Latin letter; return where to go on."""
    s = scan.s
    stake = _STAKE.match(s, at)
    if stake is not None:
        return scan.put("stake", at, stake.end())
    highway = _HIGHWAY.match(s, at)
    if highway is not None and scan.last() not in ("place", "estate", "floor", "building"):
        return scan.put("road", at, highway.end())
    found = _LETTERED.match(s, at)
    if found is not None:
        scan.put("", at, at)
        if found[1]:
            return scan.take(UNITS.get(found[1], "building"), at, found.end())
        if found[3] and scan.last() not in ("", "building"):
            return scan.take("building", at, found.end())
        if found[2]:
            return scan.take("number" if scan.last() == "road" else "room", at, found.end())
    found = _LATIN.match(s, at)
    assert found is not None
    if scan.start == at and (known := divisions().at(s, found.end())) is not None and not known.short:
        return scan.divisions(scan.take("other", at, found.end()))
    return found.end()
