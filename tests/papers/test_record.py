"""The record of a change: all that a form has to say, maps of before and after, the same bytes each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from geopandas import GeoSeries

from geo_app.papers import Impact, RecordOfChange, Review, record
from geo_app.papers.grid_maps import number_of
from geo_app.papers.paper import pdf
from tests.papers.made import COMMUNITY, PRINTING, SRID, grids, split, square
from tests.papers.reading import A4_MM, Paper

ZONE = ZoneInfo("Asia/Shanghai")
CHANGE = RecordOfChange(
    county="演示县", number="340523-000007", title="第二网格拆分", reason_code="real_change", reason="户数超过标准", status="approved",
    author="李强", drafted_on=date(2026, 10, 3), surveyed_on=date(2026, 9, 28), approved_on=date(2026, 10, 20),
    effective_on=date(2026, 11, 1), document_number="演政网〔2026〕7号",
    reviews=(
        Review("赵敏", "send_back", "北侧应沿道路中心线", datetime(2026, 10, 9, 16, 5, tzinfo=ZONE), "演示镇"),
        Review("钱进", "approve", "", datetime(2026, 10, 20, 9, 0, tzinfo=ZONE), "区县"),
    ),
)  # fmt: skip


def made(change: RecordOfChange = CHANGE, **more: Any) -> bytes:
    before = grids()
    after, came_from = split(before)
    return record(replace(change, came_from=came_from), before, after, PRINTING, metric_srid=SRID, **more)


@pytest.fixture(scope="module")
def paper() -> Paper:
    streets = GeoSeries([square(0, width=4).boundary], crs=4326)
    impact = Impact(("网格", "户数"), ((f"{COMMUNITY}801", 160), (f"{COMMUNITY}802", None)))
    return Paper(made(streets=streets, impact=impact, source="演示县网格"))


def test_the_form_says_who_what_why_and_three_days_apart(paper: Paper) -> None:
    first = paper.pages[0]
    for said in (
        "网格调整备案表",
        "演示县",
        "340523-000007",
        "第二网格拆分",
        "户数超过标准",
        "李强",
        "演政网〔2026〕7号",
    ):
        assert said in first, said
    for label, day in (("勘测日期", "2026-09-28"), ("批准日期", "2026-10-20"), ("生效日期", "2026-11-01")):
        assert label + day in first, label


def test_each_review_stands_in_it_with_its_comment_and_its_time(paper: Paper) -> None:
    assert "赵敏已退回北侧应沿道路中心线2026-10-0916:05" in paper.text
    assert "钱进已批准—2026-10-2009:00" in paper.text


def test_grids_that_went_and_came_name_each_other(paper: Paper) -> None:
    old, one, other = (f"{COMMUNITY}{number}" for number in ("002", "801", "802"))
    assert f"撤销{old}第2网格" in paper.text and f"新增{one}甲" in paper.text and f"新增{other}乙" in paper.text
    row = paper.text.split(f"撤销{old}")[1].split("新增")[0]
    assert one in row and other in row
    assert "撤销1个,新设2个,变动0个" in paper.text


def test_two_maps_with_scale_legend_north_source_and_date_lie_on_a_page_of_their_own(paper: Paper) -> None:
    *upright, lying = paper.sizes_mm()
    assert set(upright) == {A4_MM} and lying == A4_MM[::-1]
    words = paper.pages[-1]
    for said in (
        "调整前", "调整后,2026-11-01起生效", "比例尺1:", "EPSG:4548", "资料来源:演示县网格", "打印于2026-11-0209:30", "撤销的网格", "新设网格",
        f"{COMMUNITY}802",
    ):  # fmt: skip
        assert said in words, said
    assert words.count("北") >= 2
    new = (paper.picture(len(paper) - 1) == (0xDC, 0xE9, 0xFB)).all(axis=2)
    half = new.shape[1] // 2
    assert new[:, :half].sum() < 1000 < new[:, half:].sum()  # the legend is on the left, what is new on the right


def test_every_page_says_who_printed_it_and_that_grids_are_no_boundaries(paper: Paper) -> None:
    for number, words in enumerate(paper.pages, start=1):
        assert "网格线不作为行政区域界线的依据" in words
        assert f"{number}/{len(paper)}" in words
    assert "由王芳于2026-11-0209:30打印" in paper.pages[0]


def test_who_prints_it_lies_faintly_over_every_page() -> None:
    one, other = (Paper(made_by(name)) for name in ("王芳", "李强"))
    for number in range(len(one)):
        first, second = (paper.picture(number).astype(int) for paper in (one, other))
        pale = (first.min(axis=2) > 180) & (second.min(axis=2) > 180)
        assert ((np.abs(first - second).max(axis=2) > 3) & pale).sum() > 300


def made_by(name: str) -> bytes:
    before = grids()
    after, _ = split(before)
    return record(CHANGE, before, after, replace(PRINTING, by=name), metric_srid=SRID)


def test_it_can_be_signed_by_everybody_of_the_chain() -> None:
    words = Paper(made(replace(CHANGE, chain=("Drafter", "甲村", "乙镇")))).text
    assert words.count("签字(盖章)") == 3
    assert "申报人甲村乙镇" in words


def test_its_type_lies_in_the_file(paper: Paper) -> None:
    assert paper.fonts_are_inside()


def test_the_same_change_printed_at_the_same_moment_is_the_same_file() -> None:
    assert made() == made()
    assert made() != made(replace(CHANGE, title="另一个"))


def test_a_grid_that_only_got_another_name_is_told() -> None:
    before = grids()
    after = before.assign(name=["第1网格", "第2网格", "新名", "第4网格"])
    words = Paper(record(CHANGE, before, after, PRINTING, metric_srid=SRID)).text
    assert "变动1个" in words and f"名称变动{COMMUNITY}003新名" in words


def test_a_change_of_police_areas_is_none_of_grids() -> None:
    before = grids()
    after = before.assign(name=["第1网格", "第2网格", "新名", "第4网格"])
    words = Paper(record(replace(CHANGE, subject="police"), before, after, PRINTING, metric_srid=SRID)).text
    assert "警务区撤销0个" in words and "网格调整备案表" not in words


def test_a_grid_that_only_got_another_code_is_one_row_with_both_codes_and_sizes() -> None:
    before = grids()
    old, new = f"{COMMUNITY}002", f"{COMMUNITY}801"
    after = before.assign(code=before["code"].where(before["code"] != old, new))
    words = Paper(record(replace(CHANGE, came_from={new: (old,)}), before, after, PRINTING, metric_srid=SRID)).text
    assert "撤销0个,新设0个,变动0个,换编号1个" in words
    assert f"编号变动{new}第2网格基础网格{COMMUNITY}105.11105.11{old}" in words  # hectares before and after
    assert f"撤销{old}" not in words and f"新增{new}" not in words


def test_a_change_that_changes_nothing_has_no_record() -> None:
    with pytest.raises(ValueError, match="the same"):
        record(CHANGE, grids(), grids(), PRINTING, metric_srid=SRID)


def test_the_frames_given_stay_as_they_are() -> None:
    before = grids()
    after, _ = split(before)
    kept = before.copy(), after.copy()
    record(CHANGE, before, after, PRINTING, metric_srid=SRID)
    assert before.equals(kept[0]) and after.equals(kept[1])


def test_E01_what_people_typed_is_text_and_asks_for_nothing() -> None:
    evil = '<img src="http://127.0.0.1:9/x"><script>alert(1)</script>{{ 7 * 7 }}${x}'
    before = grids(name=[evil] * 4)
    after, _ = split(before)
    change = replace(CHANGE, title=evil, reason=evil, author=evil, reviews=(Review(evil, "approve", evil),))
    words = Paper(record(change, before, after, replace(PRINTING, by=evil), metric_srid=SRID)).text
    assert '<imgsrc="http://127.0.0.1:9/x"><script>alert(1)</script>{{7*7}}${x}' in words


@pytest.mark.parametrize("asked", ["http://127.0.0.1:9/x.png", "file:///etc/hostname"])
def test_E02_a_page_that_asks_for_something_is_not_printed(asked: str) -> None:
    from weasyprint.urls import FatalURLFetchingError

    with pytest.raises(FatalURLFetchingError):
        pdf(f'<img src="{asked}">')


def test_in_english_nothing_is_left_in_chinese() -> None:
    before = grids(name=[f"Grid {n}" for n in range(4)])
    after, _ = split(before)
    after = after.assign(name=[f"Grid {n}" for n in range(len(after))])
    change = RecordOfChange(
        "Demo", "7", "Split", "real_change", author="Li", reviews=(Review("Zhao", "approve", "good"),)
    )
    words = Paper(record(change, before, after, replace(PRINTING, by="Wang", language="en"), metric_srid=SRID)).text
    assert "Recordofachangeofgrids" in words and "ZhaoApprovedgood" in words
    assert [sign for sign in words if "\u4e00" <= sign <= "\u9fff"] == []


def test_a_neighbour_carries_the_number_that_tells_it_from_the_others() -> None:
    assert [number_of(code) for code in ("340523100001007", "340523001002", "340523002000")] == ["007", "002", "002"]
