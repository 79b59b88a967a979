"""Addresses taken apart: every character has its part, and the fields hold what the text says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.incidents.address import KINDS, Address, Relation, normalise, parse

PIECES = (
    "历阳镇",
    "和州路",
    "20号",
    "与",
    "交叉口",
    "对面50米",
    "(旁)",
    "3幢",
    "二单元",
    "K47+100",
    "小区",
    "村",
    " ",
    "-",
    "5",
    "A",
    "弄",
    "😀",
    "ｋ",
)


def fields(text: str) -> dict[str, object]:
    """What of an address is not empty."""
    address = parse(text)
    names = [name for name in Address.__slots__ if name not in ("raw", "parts")]
    return {name: value for name in names if (value := getattr(address, name)) not in ("", None)}


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)))
def test_any_text_is_covered_once_by_known_kinds(text: str) -> None:
    address = parse(text)
    assert "".join(text[part.start : part.end] for part in address.parts) == text
    assert all(part.kind in KINDS and part.start < part.end for part in address.parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "历阳镇和州路20号对面50米",
            {"town": "历阳镇", "road": "和州路", "number": "20", "relation": Relation("opposite", 50.0)},
        ),
        ("善厚集镇菜市场旁边", {"town": "善厚集镇", "place": "菜市场", "relation": Relation("beside", None)}),
        ("历阳镇太阳河村第三组二十号", {"town": "历阳镇", "community": "太阳河村", "group": "3组", "number": "20"}),
        ("和州路832弄125号", {"road": "和州路", "lane": "832", "lane_number": "125"}),
        ("和州路20-24号", {"road": "和州路", "number": "20", "number_to": "24"}),
        ("S210 k47+100", {"road": "S210", "stake_m": 47100.0}),
        ("10XX ALBERNI ST", {"road": "ALBERNI ST", "number": "10XX"}),
    ],
)
def test_fields_hold_what_the_text_says(text: str, expected: dict[str, object]) -> None:
    assert fields(text) == expected


@pytest.mark.parametrize("house", ["海棠小区3幢", "海棠小区3栋", "海棠小区３号楼", "海棠小区三号楼"])
def test_words_for_a_house_are_made_alike(house: str) -> None:
    assert normalise(house) == "海棠小区3幢"
    assert fields(house) == {"estate": "海棠小区", "building": "3"}
