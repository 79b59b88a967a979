"""The fields of an address out of its parts."""

from __future__ import annotations

import re

from layers.incidents.address.alike import numeral
from layers.incidents.address.parts import Address, Part, Relation
from layers.incidents.address.western import street

_FIGURES = "[甲乙丙丁]?[0-9A-Z零一二三四五六七八九十百千两]+"
_VALUE = re.compile(rf"[^0-9A-Z零一二三四五六七八九十百千两甲乙丙丁]*({_FIGURES})(?:号?[-~、至到/]+([0-9A-Z]+))?")
_METRES = re.compile(r"([0-9]+(?:\.[0-9]+)?)(米|公里|千米|M|里)")
_STAKE = re.compile(r"D?K?([0-9]+(?:\.[0-9]+)?)(?:公里)?(?:\+?([0-9]+(?:\.[0-9]+)?))?")
_SIDES = (
    ("对", "opposite"), ("东南", "southeast"), ("东北", "northeast"), ("西南", "southwest"), ("西北", "northwest"),
    ("东", "east"), ("西", "west"), ("南", "south"), ("北", "north"), ("后", "behind"), ("前", "front"), ("门口", "front"),
    ("旁", "beside"), ("隔壁", "beside"), ("边", "beside"), ("侧", "beside"), ("附近", "near"), ("内", "inside"), ("里面", "inside"),
    ("楼", "inside"), ("外", "front"),
)  # fmt: skip
_SIMPLE = ("province", "city", "county", "town", "community", "group", "zone", "estate", "place")


def value(text: str) -> tuple[str, str]:
    """The number in a text such as 20-24号: ("20", "24"); letters stay, numerals become digits."""
    found = _VALUE.match(text)
    if found is None:
        return text, ""
    return numeral(found[1]), found[2] or ""


def address(raw: str, parts: tuple[Part, ...], western: bool) -> Address:
    """Put the parts of a text into the fields of an address."""
    fields: dict[str, object] = {}
    roads: list[str] = []
    crossing = False
    for part in parts:
        kind, text = part.kind, part.text
        if kind in ("separator", "other", "country"):
            continue
        if kind == "road":
            text = street(text) if western else text
            # G40沪陕高速公路 is one road of two names.
            if text not in roads and not (roads and roads[-1][-1:].isdigit() and "高速" in text):
                roads.append(text)
        elif kind == "community" and "community" in fields:
            fields.setdefault("group", text)  # 考塘村大徐村: the second is a hamlet
        elif kind in _SIMPLE:
            fields.setdefault(kind, text)
        elif kind == "number":
            if "number" not in fields:
                fields["number"], fields["number_to"] = value(text)
        elif kind == "sub_number":
            if "lane" in fields and "lane_number" not in fields and "附" not in text and "弄" not in text:
                fields["lane_number"] = value(text)[0]
            else:
                fields.setdefault("sub_number", value(text)[0])
        elif kind in ("lane", "building", "unit", "floor", "room"):
            fields.setdefault(kind, value(text)[0])
        elif kind == "stake":
            fields.setdefault("stake_m", _stake(text))
        elif kind == "relation":
            _relate(fields, text)
        elif kind == "remark":
            fields.setdefault("remark", text.strip("()"))
        elif kind == "crossing":
            crossing = True
    if roads:
        fields["road"] = roads[0]
        if len(roads) > 1 and (crossing or "number" not in fields):
            fields["crossing"] = roads[1]
    return Address(raw, parts, **fields)  # type: ignore[arg-type]


def _stake(text: str) -> float:
    found = _STAKE.match(text)
    if found is None:
        return 0.0
    return float(found[1]) * 1000 + float(found[2] or 0)


def _relate(fields: dict[str, object], text: str) -> None:
    side = next((name for word, name in _SIDES if word in text), "")
    found = _METRES.search(text)
    metres = None
    if found is not None:
        metres = float(found[1]) * {"公里": 1000, "千米": 1000, "里": 500}.get(found[2], 1)
    before = fields.get("relation")
    if isinstance(before, Relation):
        side, metres = before.side or side, metres if before.metres is None else before.metres
    fields["relation"] = Relation(side, metres)
