"""Relations in a Chinese address (对面50米, 东侧, 附近) and the words of a crossing (交叉口, 交汇处)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layers.incidents.address import roads

if TYPE_CHECKING:
    from layers.incidents.address.chinese import Scan

_SIDE = "(?:东南|东北|西南|西北|东|西|南|北)"
_NUMBER = "[0-9.零一二三四五六七八九十百千两几]+"
_RELATION = re.compile(
    f"(?:(?:往|向|朝|以|朝向|路)?{_SIDE}(?:面|侧|边|方向|首|头|方)?|斜?对面|前面|后面|旁边?|前方?|后方?|向前|往前|附近|处|边)?"
    f"(?:约|大约|还)?{_NUMBER}多?(?:米|公里|千米|里路)(?:左右|处|开外|远|的地方)*"
    "|(?:[斜正]?对面|[斜正]?对过|[斜正]?对门|附近|周边|旁边|隔壁|边上|大?门口|门前|院内|楼下|楼上|后面|前面|里面|外面|内部|后门|中间|之间|旁|内)+"
    f"|(?:往|向|朝|以)?{_SIDE}(?:面|侧|边|首|头|角|方向)|(?:往|向|朝|以){_SIDE}"
    f"|路{_SIDE}(?:面|侧|边|(?![\u4e00-\u9fff]))|路[边旁]|[左右](?:边|侧|面|手边)"
    "|[东西中南北][一二三四]?段|(?:(?<!进)出入?|(?<!出)入)口处?|[拐转]角处?|尽头"
)
_GATE = re.compile("[大小老]?[东南西北正侧](?:大|小)?门(?:口|(?![\u4e00-\u9fff]))")
# Where a gate is one of something; 历阳镇大西门 is a place.
_WITH_GATES = ("place", "estate", "building", "number", "zone")
_OF_A_NUMBER = re.compile("之(?:[0-9]+|[一二三四五六七八九十]+)号?")
_CROSSING = re.compile("(?:十字|丁字|三岔)路?口|(?:交叉|交汇|交界|交接|相交|交)(?:路?口|处)?(?:处|附近)?|路口|岔路?口")
MARKS = "出入拐转尽侧左右对附周旁隔边门大小老院楼后前里外内中之往向朝以东西南北交路十丁三约还相斜正岔处"
# After these words a name goes on: 对面街, 内环路, 东侧村.
_NAME_ON = tuple("路街村镇乡巷道苑园区桥庄")


def relation(scan: Scan, at: int) -> int:
    """Take a relation or a crossing's word that begins at a mark; return where to go on, 0 where none begins."""
    s = scan.s
    if not scan.parts and scan.start == at:
        return 0
    found = _OF_A_NUMBER.match(s, at)
    if found is not None and scan.start == at and scan.last() in ("number", "building", "lane"):
        return scan.put("sub_number", at, found.end())
    found = _CROSSING.match(s, at)
    if found is not None and found[0] != "交":
        return _crossing(scan, at, found.end())
    found = _GATE.match(s, at)
    if found is not None and (scan.last() in _WITH_GATES if scan.start == at else at - scan.start > 1):
        return scan.put("relation", at, found.end())
    found = _RELATION.match(s, at)
    if found is None:
        return 0
    end = found.end()
    if found[0].startswith("路") and scan.start < at:
        roads.take(scan, at + 1)  # 田园路北侧: the road ends here, north of it begins
        return scan.put("relation", at + 1, end)
    if s.startswith(_NAME_ON, end) and not s.startswith(("路东", "路西", "路南", "路北"), end):
        return 0
    if found[0] == "内" and s.startswith(("外", "环", "蒙"), end):
        return 0
    return scan.put("relation", at, end)


def _crossing(scan: Scan, at: int, end: int) -> int:
    s = scan.s
    if s.startswith("路口", at):
        if s.startswith(("镇", "乡", "村", "街"), end):
            return 0
        # 竹林路口 is 竹林路 and its 口; in 竹林路文昌路路口 the road has ended already.
        if scan.start < at:
            at = roads.take(scan, at + 1)
    return scan.put("crossing", at, end)
