"""Headings that are the initials of Chinese ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_app.imports.columns import HEADINGS, recognise
from geo_app.imports.initials import are_initials, readings, usual


@pytest.mark.parametrize(
    ("kind", "heading", "name"),
    [
        ("incidents", "BJSJ", "reported_at"),
        ("incidents", "sfdz", "address"),  # 事发地址
        ("incidents", "AFDZ", "address"),  # 案发地址
        ("incidents", "JQLB", "category"),  # 警情类别
        ("incidents", "CJ_SJ", "departed_at"),  # 出警时间
        ("incidents", "qssj", "acknowledged_at"),  # 签收时间
        ("incidents", "SJXQ", "description"),  # 事件详情
        ("areas", "XZQHDM", "code"),  # 行政区划代码
        ("places", "zdcs", "is_key"),  # 重点场所
        ("places", "CDCS", "is_key"),  # the same, by somebody who reads 重 otherwise
        ("grids", "wgz", "leader_name"),  # 网格长, of which 长 may be c or z
        ("grids", "WGC", "leader_name"),
        ("cameras", "gbbm", "code"),  # 国标编码
        ("tracks", "GPSSJ", "at"),  # GPS时间
        ("incidents", "jd", "longitude"),
        # Known codes are known, whatever they might be the initials of.
        ("tracks", "JD", "longitude"),  # not 精度
        ("addresses", "DZBM", "key"),
        ("areas", "GAJGJGDM", "police_code"),
    ],
)
def test_initials_of_a_known_heading_are_recognised(kind, heading, name) -> None:
    assert recognise(kind, [heading]).found == {name: heading}


def test_initials_that_fit_two_names_are_taken_for_neither_and_shown_with_both() -> None:
    found = recognise("addresses", ["XZ"])  # 乡镇, 小组
    assert found.found == {}
    assert found.candidates == {"XZ": ("town", "villager_group")}
    found = recognise("addresses", ["XZ", "乡镇"])
    assert found.found == {"town": "乡镇", "villager_group": "XZ"}  # one of them is known by now


def test_the_usual_reading_of_a_word_goes_before_a_rare_one() -> None:
    assert recognise("incidents", ["cjsj"]).found == {"departed_at": "cjsj"}  # 出警时间; 接 may be read with a q or j
    assert recognise("duty", ["bz"]).found == {"team_name": "bz"}  # 班组; in 班次 only by a rare reading


@pytest.mark.parametrize("heading", ["r", "Y", "n", "1", "BJSJ1", "报BJ", "bj sj x", "", "neighbourhood"])
def test_one_letter_and_what_is_not_only_letters_are_no_initials(heading) -> None:
    assert recognise("incidents", [heading]).found in ({}, {"y": "Y"})


ALIASES = {alias for names in HEADINGS.values() for aliases in names.values() for alias in aliases}


@given(st.sampled_from(sorted(alias for alias in ALIASES if len(readings(alias)) > 1)), st.data())
def test_any_choice_of_readings_is_the_initials_of_a_word(word, data) -> None:
    chosen = "".join(data.draw(st.sampled_from(sorted(one))) for one in readings(word))
    assert are_initials(chosen, word) and are_initials(chosen.upper(), word)
    assert not are_initials(chosen + "a", word) and not are_initials(chosen[1:], word)
    assert are_initials(usual(word), word)
