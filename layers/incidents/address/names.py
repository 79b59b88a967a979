"""Names in a Chinese address and the words that they end with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layers.incidents.address.divisions import Division, divisions

if TYPE_CHECKING:
    from layers.incidents.address.chinese import Scan

ESTATES = (
    "小区", "花园", "花苑", "家园", "新村", "公寓", "佳苑", "嘉苑", "雅苑", "名苑", "景苑", "锦苑", "嘉园", "佳园",
    "名园", "豪园", "山庄", "别墅", "人家", "华庭", "豪庭", "华府", "名都", "公馆", "宿舍", "苑", "庭", "府", "邸",
)  # fmt: skip
PLACES = (
    "公司", "大厦", "广场", "市场", "中心", "酒店", "宾馆", "饭店", "医院", "学院", "大学", "中学", "小学", "学校",
    "幼儿园", "超市", "商城", "大楼", "银行", "集团", "工厂", "车站", "商厦", "商场", "公园", "派出所", "加油站",
    "居委会", "村委会", "管委会", "委员会", "卫生院", "卫生室", "政府", "法院", "检察院", "商铺", "仓库", "网吧",
    "步行街", "厂",
)  # fmt: skip
ZONES = ("开发区", "高新区", "经济区", "保税区", "新区", "工业区", "工业园区", "工业园", "产业园", "科技园", "园区")
ROADS = ("大道", "路", "街", "道", "巷", "弄", "胡同", "线")
MARKS = tuple(
    "省市区县旗州镇乡道街路巷弄线同村社组队园苑庄墅家庭府都馆舍邸司厦场心店院学校行团厂站所会室库吧号幢栋座单层楼"
)
_RELATION = re.compile(
    "(?:(?:往|向|朝|以)?[东南西北]{1,2}(?:面|侧|边|方向|首|头)?|对面|前面|后面|旁边?|前方?|后)?"
    "(?:约|大约)?[0-9.零一二三四五六七八九十百千两几]+(?:多)?(?:米|公里|千米|里路?)(?:左右|处|开外|远)*"
    "|(?:斜?对面|正?对过|对门|附近|周边|旁边|隔壁|边上|门口|门前|大门口|院内|楼下|楼上|路边|路旁|后面|前面|里面|外面|后门|内|旁|边|中间|之间)+"
    "|(?:往|向|朝|以)?(?:东南|东北|西南|西北|东|西|南|北)(?:面|侧|边|首|头|角|段)"
    "|(?:交叉路?口|交汇处?|交界处?|交接处?|交口|交叉|路口|十字路口|丁字路口|三岔路口|相交处?)"
)
_CROSSINGS = ("交", "路口", "十字", "丁字", "三岔", "相交")
MARKS_OF_RELATIONS = "对附周旁隔边门大院楼后前里外内中之往向朝以东西南北交路十丁三约相斜正"
_ROAD_ON = re.compile("[东西南北中前后上下]?[支一二三四五六七八九十]*(?:路|街|大道|巷|弄|道(?!观))")
_JOIN = "与和及跟同交至到"


def short_division(scan: Scan, found: Division, begin: int, end: int) -> bool:
    """Whether a name without its suffix (金华) is the city here, and not the beginning of another name (金华路)."""
    s = scan.s
    if end == len(s) or _ROAD_ON.match(s, end):
        return False
    after = divisions().at(s, end)
    if after is not None and after.level != "province":
        return True
    if found.level == "province":
        return False
    town = re.compile("[\u4e00-\u9fff]{1,4}?(?:镇|乡|街道|村)").match(s, end)
    return bool(scan.parts and scan.last() in ("province", "city")) or town is not None


def relation(scan: Scan, at: int) -> int:
    """A relation or the word of a crossing that begins here; 0 where none does."""
    found = _RELATION.match(scan.s, at)
    if found is None or not (scan.parts or scan.start < at):
        return 0
    word = found[0]
    if word in ("边", "内", "旁") and found.end() < len(scan.s) and scan.start == at:
        return 0
    after = scan.s[found.end() : found.end() + 1]
    if after and after in "路街村镇乡巷道门苑园区桥庄":
        return 0
    kind = "crossing" if word.startswith(_CROSSINGS) else "relation"
    return scan.put(kind, at, found.end())


def ends(scan: Scan, at: int) -> int:
    """A name that ends with the character at a mark; where to go on, 0 where none ends."""
    s, begin, end = scan.s, scan.start, at + 1
    length = end - begin
    if length < 2:
        return 0
    character = s[at]
    known = scan.known
    placed = "road" in known or "place" in known or "estate" in known
    if character in "路街道巷弄同线":
        return _road(scan, at)
    if (
        character in "镇乡"
        and not placed
        and 3 <= length <= 6
        and not _ROAD_ON.match(s, end)
        and s[end : end + 1] not in ("区", "中", "小")
    ):
        return scan._divisions(scan.put("town", begin, end))
    if character in "省市县旗州区" and not placed and _division(scan, at):
        level = {"省": "province", "州": "city", "市": "city"}.get(character, "county")
        if level == "city" and "city" in known:
            level = "county"
        return scan._divisions(scan.put(level, begin, end))
    if (
        character == "村"
        and "road" not in known
        and 2 <= length <= 6
        and not _ROAD_ON.match(s, end)
        and s[end : end + 1] not in "委民"
    ):
        if not s.endswith("新村", begin, end) and not s.startswith(("小区", "公寓", "大道", "花园"), end):
            return scan.put("community", begin, end)
    if character == "区" and s.endswith("社区", begin, end) and length > 2 and "road" not in known:
        return scan.put("community", begin, end)
    word = s[begin:end]
    if word.endswith(ZONES) and not _ROAD_ON.match(s, end):
        return scan.put("zone", begin, end)
    if word.endswith(PLACES + ESTATES) and _stands(s, end):
        kind = "estate" if word.endswith(ESTATES) else "place"
        return scan.put(kind, begin, end)
    return 0


def _stands(s: str, end: int) -> bool:
    """Whether a place may end here: no road or longer place goes on."""
    return not _ROAD_ON.match(s, end) and not s.startswith(
        PLACES + ESTATES + ("村", "社区", "站", "城", "部", "楼", "大"), end
    )


def _division(scan: Scan, at: int) -> bool:
    s, begin, end = scan.s, scan.start, at + 1
    word = s[begin:end]
    if not 3 <= len(word) <= 5 or _ROAD_ON.match(s, end) or s.startswith("场", end):
        return False
    if s[at] == "区" and (word.endswith(ZONES) or word[-2] in "小社园校景厂库东西南北中AB一二三四五六七八九十"):
        return False
    return not (scan.known - {"country", "province", "city", "county", "separator"})


def _road(scan: Scan, at: int) -> int:
    s, begin, end = scan.s, scan.start, at + 1
    if s[at] == "街" and s.startswith("道", end):
        if not _ROAD_ON.match(s, end + 1):
            if end + 1 - begin >= 3:
                return scan._divisions(scan.put("town", begin, end + 1))
        return 0
    if s[at] == "路" and s.startswith("口", end) and not s.startswith("镇", end + 1):
        return 0
    if s[at] == "同" and s[at - 1] != "胡" or s[at] == "线" and end - begin > 5:
        return 0
    if s[at] == "道" and s[at - 1] in "隧通渠频轨管跆":
        return 0
    if s[begin] in _JOIN and scan.parts and scan.parts[-1][0] in ("road", "number", "crossing") and end - begin >= 3:
        scan.put("crossing", begin, begin + 1)
        begin += 1
    if _ROAD_ON.match(s, end) and not s.startswith("路口", end):
        return 0
    return scan.put("road", begin, end)


def settle(scan: Scan, end: int) -> None:
    """Name what waits before end, which no word of its own ended."""
    s, begin = scan.s, scan.start
    while (found := divisions().at(s, begin)) is not None and begin + len(found.name) == end:
        scan.parts.append((found.level, begin, end))
        scan.known.add(found.level)
        scan.start = end
        return
    word = s[begin:end]
    kind = "place"
    if word.endswith(ESTATES):
        kind = "estate"
    elif len(word) < 2 or not any("\u4e00" <= character <= "\u9fff" or character.isalpha() for character in word):
        kind = "other"
    scan.parts.append((kind, begin, end))
    scan.known.add(kind)
    scan.start = end
