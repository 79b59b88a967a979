"""What the headings of a file mean: those of real exports, in whatever form somebody wrote them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_app.imports.columns import HEADINGS, recognise

# The headings that ../shared/DOMAIN.md names, with what they mean in a file of incidents; what others take from them.
IN_INCIDENTS = {
    "序号": None, "事件单编号": "number", "报警人": "caller_name", "联系电话": "caller_telephone",
    "报警时间": "reported_at", "所属分局": None, "辖区单位": None, "警情类别": "category", "警情类型": "category_type",
    "警情细类": "category_subtype", "警情明细": "description", "处理结果": None, "风险等级": None, "事发地址": "address",
    "事件详情": "description", "jjdbh": "number", "bjrxm": "caller_name", "lxdh": "caller_telephone",
    "afdz": "address", "xzb": "x", "yzb": "y", "bjnr": "description", "bjsj": "reported_at", "jjdwdm": None,
    "JQBH": "number", "SACS_DZMC": "address", "SACS_DQJD": "longitude", "SACS_DQWD": "latitude", "GAJGJGDM": None,
}  # fmt: skip
ANYWHERE = {"xzb": "x", "yzb": "y", "SACS_DQJD": "longitude", "SACS_DQWD": "latitude"}
EXPECTED = {
    "incidents": IN_INCIDENTS,
    "places": dict.fromkeys(IN_INCIDENTS) | ANYWHERE | {"SACS_DZMC": "address"},
    "cameras": dict.fromkeys(IN_INCIDENTS) | ANYWHERE,
    "areas": dict.fromkeys(IN_INCIDENTS) | ANYWHERE | {"GAJGJGDM": "police_code"},
}
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
WRITTEN = {
    "as it is": lambda heading: heading,
    "wide": lambda heading: heading.translate(WIDE),
    "apart": " ".join,
    "small": str.lower,
    "large": str.upper,
    "starred": lambda heading: f"*{heading}",
    "explained": lambda heading: heading if heading in ANYWHERE else f"{heading}（必填）",
}


@pytest.mark.parametrize("way", WRITTEN)
@pytest.mark.parametrize(
    ("kind", "heading", "name"),
    [(kind, heading, name) for kind, expected in EXPECTED.items() for heading, name in expected.items()],
)
def test_each_heading_of_real_exports_means_what_it_should_however_it_is_written(kind, heading, name, way) -> None:
    written = WRITTEN[way](heading)
    found = recognise(kind, ["其他一", written, "其他二"]).found
    assert found == ({} if name is None else {name: written})


def test_the_headings_of_one_export_are_told_apart() -> None:
    found = recognise("incidents", [heading for heading in IN_INCIDENTS if not heading.isascii()])
    assert found.found == {
        "number": "事件单编号", "caller_name": "报警人", "caller_telephone": "联系电话", "reported_at": "报警时间",
        "category": "警情类别", "category_type": "警情类型", "category_subtype": "警情细类", "address": "事发地址", "description": "事件详情",
    }  # fmt: skip
    assert found.unknown == (
        "序号", "所属分局", "辖区单位", "警情明细", "处理结果", "风险等级"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "heading", "name"),
    [
        ("incidents", "报警时间（年月日）", "reported_at"),
        ("incidents", "经度(°)", "longitude"),
        ("incidents", "纬度[WGS84]", "latitude"),
        ("incidents", "X坐标（米）", "x"),
        ("roads", "长度（米）", "length"),
        ("roads", "长度(m)", "length"),
        ("population", "*户数", "households"),
        ("population", "总人口(人):", "people"),
        ("cameras", "可视距离【米】", "range_m"),
        ("posts", "响应时间(分钟)", "response_minutes"),
        ("tracks", "速度(km/h)", "speed_kmh"),
        # Another unit or another datum would be read wrongly without a word.
        ("roads", "长度(km)", None),
        ("posts", "响应时间(秒)", None),
        ("tracks", "速度(m/s)", None),
        ("incidents", "经度(GCJ02)", None),
    ],
)
def test_brackets_behind_a_heading_are_no_part_of_it_but_a_measure_keeps_its_unit(kind, heading, name) -> None:
    assert recognise(kind, [heading]).found == ({} if name is None else {name: heading})


def test_what_somebody_said_wins_over_what_is_known_that_over_brackets_and_these_over_initials() -> None:
    headings = ["SFDZ", "地址(补充)", "address", "where"]
    for said, found in (({"address": "where"}, "where"), ({}, "address")):
        assert recognise("incidents", headings, said).found == {"address": found}
    assert recognise("incidents", headings[:2]).found == {"address": "地址(补充)"}
    assert recognise("incidents", headings[:1]).found == {"address": "SFDZ"}
    assert recognise("incidents", headings, {"address": ""}).found == {}


def test_of_two_headings_that_are_the_same_without_their_brackets_neither_is_taken() -> None:
    found = recognise("incidents", ["经度(度)", "经度(WGS84)", "纬度"])
    assert found.found == {"latitude": "纬度"}
    assert found.candidates == {"经度(度)": ("longitude",), "经度(WGS84)": ("longitude",)}


def test_of_two_headings_that_fit_a_name_the_surer_one_means_it() -> None:
    found = recognise("incidents", ["地址（旧）", "事发地址（新）"])
    assert found.found == {"address": "事发地址（新）"}
    assert found.unknown == ("地址（旧）",)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(HEADINGS)),
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.text("abcdjsxyz", min_size=1, max_size=5),
            st.sampled_from([alias for names in HEADINGS.values() for aliases in names.values() for alias in aliases]),
        ),
        max_size=20,
    ),
)
def test_a_heading_means_one_thing_or_nothing_and_only_what_means_nothing_may_mean_several(kind, headings) -> None:
    recognised = recognise(kind, headings)
    used = list(recognised.found.values())
    assert len(used) == len(set(used))
    assert not set(used) & set(recognised.unknown)
    assert set(used) | set(recognised.unknown) <= set(headings)
    assert set(recognised.candidates) <= set(recognised.unknown)
