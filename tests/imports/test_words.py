"""Words of a file that stand for ours."""

from __future__ import annotations

import pandas as pd
import pytest

from geo_app.imports.columns import names
from geo_app.imports.kinds import KINDS
from geo_app.imports.kinds.base import County
from geo_app.imports.process import read_sample
from geo_app.imports.reading import Plan
from geo_app.imports.words import CHOICES, choices, proposed_categories, word_counts

COUNTY = County(1, "340523", "和县", 4548, "Asia/Shanghai")


def test_words_are_counted_with_what_they_are_taken_for() -> None:
    table = pd.DataFrame(
        {
            "事件种类": ["警情", "矛盾纠纷", "警情", "投诉", None, "-", " 警情 "],
            "发现方式": ["群众报警", "电话", "电话", "CALL", "", "null", "巡逻发现"],
            "是否有效": ["是", "否", "有效", "不详", "", "", ""],
            "类别": ["盗窃", "盗窃", "诈骗", None, "", "", "盗窃"],
            "其他": list("abcdefg"),
        }
    )
    found = {"case_kind": "事件种类", "discovered_by": "发现方式", "valid": "是否有效", "category": "类别"}
    assert word_counts(table, found, "incidents") == {
        "case_kind": [("警情", 3, "incident"), ("投诉", 1, None), ("矛盾纠纷", 1, "dispute")],
        "discovered_by": [("电话", 2, None), ("CALL", 1, "call"), ("巡逻发现", 1, "patrol"), ("群众报警", 1, "call")],
        "valid": [("不详", 1, None), ("否", 1, "no"), ("是", 1, "yes"), ("有效", 1, "yes")],
        "category": [("盗窃", 3, "盗窃"), ("诈骗", 1, "诈骗")],
    }


def test_yes_and_no_mean_what_the_heading_asks() -> None:
    for heading, yes in (("是否封闭", "closed"), ("是否开放", "open")):
        table = pd.DataFrame({heading: ["是", "封闭"]})
        counted = word_counts(table, {"estate_access": heading}, "places")["estate_access"]
        assert {word: ours for word, _, ours in counted} == {"是": yes, "封闭": "closed"}


def test_a_kind_of_camera_that_is_not_known_is_shown_as_such_though_it_is_taken_for_the_usual_one() -> None:
    table = pd.DataFrame({"类型": ["球机", "高空瞭望", "*"]})
    assert word_counts(table, {"kind": "类型"}, "cameras")["kind"] == [
        ("*", 1, None), ("球机", 1, "dome"), ("高空瞭望", 1, None)
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_choice_has_a_column_and_takes_its_own_words(kind) -> None:
    assert set(choices(kind)) <= set(names(kind))
    for name, known in CHOICES.get(kind, {}).items():
        assert set(known.values()) <= {word.casefold() for word in known}, name


def test_categories_are_proposed_from_the_countys_code_table() -> None:
    codes = {"0101": "盗窃", "0102": "抢劫", "02": "纠纷", "0002": "求助", "A1": "交通 事故"}
    words = [
        "0101",
        "101",
        "0102 抢劫",
        "盗窃(0101)",
        "２",
        "02",
        "ａ1",
        "盗窃",
        "诈骗",
        "0101 抢劫",
        "A1-交通事故",
        "",
    ]
    assert proposed_categories(words, codes) == {
        "0101": "盗窃",
        "101": "盗窃",  # a workbook took the zero away
        "0102 抢劫": "抢劫",
        "盗窃(0101)": "盗窃",
        "02": "纠纷",
        "ａ1": "交通 事故",
        "A1-交通事故": "交通 事故",
        # 2 may be 02 or 0002; 盗窃 is a name already; 0101 is not the code of 抢劫.
    }


def test_a_sample_shows_the_words_and_the_headings_that_may_mean_several_things(tmp_path) -> None:
    path = tmp_path / "地址.csv"
    path.write_text("DZMC,XZ,演示数据\n和平路1号,历阳镇,是\n和平路2号,历阳镇,否\n", encoding="utf-8")
    sample = read_sample(Plan(path, "addresses", COUNTY))
    assert sample.columns == {"full_text": "DZMC", "simulated": "演示数据"}
    assert sample.candidates == {"XZ": ["town", "villager_group"]}
    assert sample.words == {"simulated": [["否", 1, "no"], ["是", 1, "yes"]]}
