"""Numbers in a Chinese address: which of them is the road's, and which a house's, a floor's or a room's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layers.incidents.address.alike import NUMERALS

if TYPE_CHECKING:
    from layers.incidents.address.chinese import Scan

UNITS = {
    "号楼": "building", "幢": "building", "栋": "building", "座": "building", "#楼": "building", "单元": "unit", "楼": "floor",
    "层": "floor", "F": "floor", "室": "room", "号房": "room", "弄": "lane", "支弄": "sub_number", "组": "group", "队": "group",
    "号院": "number", "号": "", "#": "",
}  # fmt: skip
_UNIT = "号楼|号房|号院(?!内)|幢|栋|座|#楼|单元|楼|层|F(?![A-Z0-9])|室|弄|支弄|组|队|号|#"
_NUMBER = re.compile(rf"([0-9]+[A-Z]?)((?:[-~、至到/]+[0-9]+[A-Z]?)*)({_UNIT})?")
_HIGHWAY = re.compile(r"[0-9]{2,4}(?:国道|省道|县道|乡道)|[GSXYC][0-9]{2,4}(?:国道|省道|县道|线)?(?![0-9号室])")
_DISTANCE = re.compile(r"(?:约)?[0-9]+(?:\.[0-9]+)?(?:多)?(?:米|公里|千米|M\b)(?:左右|处|远|开外)*")
_STAKE = re.compile(r"D?K[0-9]+(?:\+[0-9]+(?:\.[0-9]+)?)?(?:米?处)?|[0-9]+(?:\.[0-9]+)?公里(?:\+?[0-9]+米)?处?")
_TAIL = re.compile(f"第?[{NUMERALS}]+$")
_NUMERAL_UNIT = re.compile("号楼|号院|号(?![线桥])|幢|栋|单元|室|层|楼|弄|组|队")
_GOES_ON = re.compile("[路街道巷区期排门库线桥店]|大道|国道|厂")
_ATTACHED = re.compile("[附副付]$")
_LATIN = re.compile(r"[A-Z]+")
_LETTERED = re.compile(r"[A-Z][0-9]{0,3}(号楼|幢|栋|座|楼|单元|室)|([A-Z]-?[0-9]{1,5})(?:室|号)?|([A-Z])(?=-[0-9])")


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
    if unit is None and _GOES_ON.match(s, end) or unit == "号" and _GOES_ON.match(s, end):
        return end
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
    if found is None:
        return 0
    if found.start() > scan.start:
        scan.put("", found.start(), found.start())
    kind = UNITS[unit[0]] or context(scan, "号")
    return scan.put(kind, found.start(), unit.end())


def letters(scan: Scan, at: int) -> int:
    """What begins with a Latin letter; where to go on."""
    s = scan.s
    for kind, pattern in (("stake", _STAKE), ("road", _HIGHWAY)):
        found = pattern.match(s, at)
        if found is not None:
            return scan.put(kind, at, found.end())
    found = _LETTERED.match(s, at)
    if found is not None:
        if scan.start < at:
            scan.put("", at, at)
        if found[1]:
            kind = UNITS[found[1]]
            return scan.put(kind, at, found.end())
        if found[3] and scan.last() not in ("", "building"):
            return scan.put("building", at, found.end())
        if found[2]:
            return scan.put("room" if scan.last() != "road" else "number", at, found.end())
    found = _LATIN.match(s, at)
    assert found is not None
    return found.end()
