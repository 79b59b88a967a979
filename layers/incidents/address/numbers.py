"""Numbers in a Chinese address: which of them is the road's, and which a house's, a floor's or a room's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layers.incidents.address.alike import NUMERALS
from layers.incidents.address.words import ESTATE_ENDS, PLACES

if TYPE_CHECKING:
    from layers.incidents.address.chinese import Scan

UNITS = {
    "号楼": "building", "幢": "building", "栋": "building", "座": "building", "#楼": "building", "单元": "unit", "楼": "floor", "排": "building",
    "层": "floor", "F": "floor", "室": "room", "号房": "room", "弄": "lane", "支弄": "sub_number", "组": "group", "队": "group",
    "号院": "number", "铺": "room", "号铺": "room", "档": "room", "商位": "room", "房间": "room", "办公室": "room", "号馆": "building", "号厂房": "building", "号": "", "#": "",
}  # fmt: skip
_UNIT = "号楼|号铺|号馆|号厂房|铺(?!子)|档|商位|房间|办公室|号房(?![间产])|号院(?!内)|幢|栋|座|#楼|单元|楼|层|F(?![A-Z0-9])|室|弄|支弄|组|队|排|号|#"
_NUMBER = re.compile(rf"([0-9]+(?:[A-Z](?![A-Z]))?)((?:[-~、至到/]+[0-9]+(?:[A-Z](?![A-Z]))?)*)({_UNIT})?")
_HIGHWAY = re.compile(r"[0-9]{2,4}(?:国道|省道|县道|乡道)|[GSXYC][0-9]{2,4}(?:国道|省道|县道|线)?(?![0-9号室])")
_DISTANCE = re.compile(r"(?:约)?[0-9]+(?:\.[0-9]+)?(?:多)?(?:米|公里|千米|M\b)(?:左右|处|远|开外)*")
_STAKE = re.compile(r"D?K[0-9]+(?:\+[0-9]+(?:\.[0-9]+)?)?(?:米?处)?|[0-9]+(?:\.[0-9]+)?公里(?:\+?[0-9]+米)?处?")
_TAIL = re.compile(f"第?[{NUMERALS}]+$")
_SIDE_TAIL = re.compile("[东西南北中前后左右]$")
MARKS = "排号弄幢栋单室层楼组队"
_NUMERAL_UNIT = re.compile("号楼|号院|号(?![线桥库]|[大东西南北]*[街路])|幢|栋|单元|室|层|楼|弄|组|队|排")
_GOES_ON = re.compile("[东西南北]?[大]?[路街巷道](?!头)|[东西南北]?大道|国道")
_NAMED = re.compile("门(?![诊面市卫])|库|线|桥|码头|地块|仓")
_IN_A_NAME = re.compile("[\u4e00-\u9fff](?<![区期里公米交与和北东南西对旁附])|S店")
_BEFORE_A_NUMBER = ("road", "place", "estate", "building", "unit", "number", "lane", "community", "sub_number", "floor", "room", "group", "zone")
_ATTACHED = re.compile("[附副付]$")
_LATIN = re.compile(r"[A-Z]+")
_LETTERED = re.compile(r"[A-Z][0-9]{0,3}(号楼|幢|栋|座|塔?楼|单元|室|梯|馆|排)|([A-Z]-?[0-9]{1,5})(?:室|号)?|([A-Z])(?=-[0-9])")


def context(scan: Scan, unit: str) -> str:
    """What a number is that has no unit of its own, or 号, by what stands before it."""
    last = scan.last()
    if last in ("road", "community", "town", "group", "zone", "crossing"):
        return "number"
    if last == "lane":
        return "sub_number"
    if last in ("place", "estate"):
        return "number" if unit and "number" not in scan.known else "building"
    if last == "number":
        return "building"
    if last == "building":
        return "room"
    if last in ("unit", "floor"):
        return "room"
    return "number" if unit else "room"


def digits(scan: Scan, at: int) -> int:
    """A number that begins here; where to go on."""
    s = scan.s
    for kind, pattern in (("road", _HIGHWAY), ("stake", _STAKE), ("relation", _DISTANCE)):
        found = pattern.match(s, at)
        if found is not None:
            return scan.put(kind, at, found.end())
    found = _NUMBER.match(s, at)
    assert found is not None
    unit = found[3]
    end = found.end()
    if unit is None and not found[2] and _IN_A_NAME.match(s, end) and (scan.start < at or scan.last() not in _BEFORE_A_NUMBER):
        return end
    if unit in (None, "号") and (_GOES_ON.match(s, end) or _NAMED.match(s, end)):
        return end
    if unit is None and (part := re.compile("[区期](?![域间])").match(s, end)) is not None:
        if scan.start < at and not s.endswith(PLACES + ESTATE_ENDS + ("城",), scan.start, at):
            return scan.put("place", scan.start, part.end())
        return scan.put("place", at, part.end())
    if (
        unit is None
        and found[2]
        and scan.last() != "road"
        and scan.start == at
        or found[2]
        and scan.start < at
        and unit is None
    ):
        end = found.end(1)
    begin = at
    if scan.start < at and s[at - 1] in "附副付":
        begin = at - 1
        return scan.put("sub_number", begin, found.end())
    if scan.start < begin:
        scan.put("", begin, begin)
    kind = UNITS.get(unit or "", "") or context(scan, unit or "")
    if unit is None and kind == "building" and scan.last() == "building":
        kind = "unit"
    if (
        unit is None
        and kind == "room"
        and scan.last() == "building"
        and re.match(r"-+[0-9]+-+[0-9]|-+[0-9]+-", s[end:])
    ):
        kind = "unit"
    if kind == "room" and scan.last() == "building" and unit is None and re.match(r"-[0-9]", s[end : end + 2]):
        kind = "unit"
    return scan.put(kind, begin, end)


def numerals(scan: Scan, at: int) -> int:
    """A number in Chinese numerals whose unit is at this mark; 0 where there is none."""
    s = scan.s
    unit = _NUMERAL_UNIT.match(s, at)
    if unit is None or scan.start >= at:
        return 0
    found = _TAIL.search(s, scan.start, at)
    if found is None and unit[0] in ("幢", "栋", "单元"):
        found = _SIDE_TAIL.search(s, scan.start, at)
    if found is None:
        return 0
    if unit[0] == "号" and found[0] == "一" and found.start() - scan.start >= 2 and s[found.start() - 1] != "村" and not s.endswith(PLACES + ESTATE_ENDS, scan.start, found.start()):
        # 半山一号 is a name.
        return scan.put("place", scan.start, unit.end())
    if found.start() > scan.start:
        scan.put("", found.start(), found.start())
    kind = UNITS[unit[0]] or context(scan, "号")
    return scan.put(kind, found.start(), unit.end())


def letters(scan: Scan, at: int) -> int:
    """What begins with a Latin letter; where to go on."""
    s = scan.s
    for kind, pattern in (("stake", _STAKE), ("road", _HIGHWAY)):
        found = pattern.match(s, at)
        if found is not None and (scan.start == at or kind == "stake") and scan.last() not in ("place", "estate", "floor", "building"):
            return scan.put(kind, at, found.end())
    found = _LETTERED.match(s, at)
    if found is not None:
        if scan.start < at:
            scan.put("", at, at)
        if found[1]:
            kind = UNITS.get(found[1], "building")
            return scan.put(kind, at, found.end())
        if found[3] and scan.last() not in ("", "building"):
            return scan.put("building", at, found.end())
        if found[2]:
            return scan.put("room" if scan.last() != "road" else "number", at, found.end())
    found = _LATIN.match(s, at)
    assert found is not None
    return found.end()
