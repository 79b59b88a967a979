"""Posts, places, kinds of case, categories: what is kept of each, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo_app.imports.columns import HEADINGS
from geo_app.imports.kinds import KINDS
from geo_app.imports.problems import FileRejected
from geo_app.queries.counties import COUNTED, rows_by_kind
from tests.imports.counted import balanced, quarantine

SPOT = "POINT (118.351 31.742)"
HOUSE = "POLYGON ((118.35 31.74, 118.3501 31.74, 118.3501 31.7401, 118.35 31.7401, 118.35 31.74))"
GRID = "POLYGON ((118.35 31.74, 118.36 31.74, 118.36 31.75, 118.35 31.75, 118.35 31.74))"


# Posts


def test_a_post_is_named_by_its_kind_in_either_language(desk) -> None:
    file = desk.text(
        "a.csv",
        "编号,名称,类型,响应时间(分钟),值守时间,班组,备注,经度,纬度\n"
        "1,城关派出所,派出所,5,,,有车,118.351,31.742\n"
        "2,东门警务站,警务站,3,24小时,一组,夜间,118.352,31.742\n"
        "3,学校门口,必到点,,07:30-08:30 16:00-17:30,二组,,118.353,31.742\n"
        "4,西埠检查站,堵截点,,22:00-06:00,,,118.354,31.742\n"
        "5,南门,control_point,,,,,118.355,31.742\n"
        "6,公园,公园,,,,,118.356,31.742\n"
        "7,北门,卡点,,早晚,,,118.357,31.742\n"
        "8,无处,卡点,,,,,,\n"
        "9,无类,,,,,,118.358,31.742\n",
    )
    report = desk.take("posts", file)
    assert balanced(report)
    assert quarantine(desk) == [(7, "choice"), (8, "time"), (9, "geometry"), (10, "choice")]
    rows = desk.rows("SELECT name, kind, response_minutes, details FROM post ORDER BY id")
    rows = [(*row[:3], {name: value for name, value in row[3].items() if value}) for row in rows]
    assert rows == [
        ("城关派出所", "police_station", 5.0, {"备注": "有车"}),
        ("东门警务站", "response_post", 3.0, {"备注": "夜间", "hours": "00:00-24:00", "team": "一组"}),
        ("学校门口", "mandatory_point", None, {"hours": "07:30-08:30 16:00-17:30", "team": "二组"}),
        ("西埠检查站", "control_point", None, {"hours": "22:00-06:00"}),
        ("南门", "control_point", None, {}),
    ]
    assert desk.rows("SELECT DISTINCT arrived_datum, arrived_y FROM post") == [("EPSG:4326", 31.742)]
    told = desk.rows("SELECT params ->> 'choices' FROM quarantine_row WHERE file_line = 7")
    assert told == [("control_point, mandatory_point, police_station, response_post",)]
    assert desk.take("posts", file).unchanged == 5


# Places


def test_a_place_says_who_may_enter_when_it_is_manned_and_when_school_is(desk) -> None:
    features = [
        (SPOT, {"名称": "文昌苑", "类型": "小区", "是否封闭": "是", "物业": "甲"}),
        (SPOT, {"名称": "老街", "类型": "小区", "是否封闭": "开放"}),
        (SPOT, {"名称": "一中", "类型": "学校", "学期": "2026-02-16/2026-07-03 2026-09-01/2027-01-15"}),
        (SPOT, {"名称": "收费站", "类型": "卡点", "值守时间": "08:00-20:00"}),
        (SPOT, {"名称": "某苑", "类型": "小区", "是否封闭": "半封闭"}),
        (SPOT, {"名称": "二中", "类型": "学校", "学期": "秋季"}),
        (SPOT, {"名称": "站", "类型": "卡点", "值守时间": "白天"}),
    ]
    report = desk.take("places", desk.geojson("a.geojson", *features))
    assert balanced(report) and quarantine(desk) == [(5, "choice"), (6, "time"), (7, "time")]
    assert desk.rows("SELECT name, details FROM place ORDER BY id") == [
        ("文昌苑", {"物业": "甲", "estate_access": "closed"}),
        ("老街", {"estate_access": "open"}),
        ("一中", {"terms": "2026-02-16/2026-07-03 2026-09-01/2027-01-15"}),
        ("收费站", {"hours": "08:00-20:00"}),
    ]


def test_yes_and_no_mean_what_the_heading_asks(desk) -> None:
    desk.take("places", desk.geojson("a.geojson", (SPOT, {"name": "a", "是否开放": "是"})))
    desk.take("places", desk.geojson("b.geojson", (SPOT, {"name": "b", "是否开放": "否"})))
    rows = desk.rows("SELECT name, details ->> 'estate_access' FROM place ORDER BY name")
    assert rows == [("a", "open"), ("b", "closed")]


def test_a_place_keeps_the_coordinates_that_arrived(desk) -> None:
    desk.take("places", desk.text("a.csv", "name,x,y\na,628021.75,3514038.37\n"), crs="EPSG:4548")
    rows = desk.rows("SELECT arrived_datum, arrived_x, arrived_y, round(ST_X(geom)::numeric, 3) FROM place")
    assert [(a, b, c, float(d)) for a, b, c, d in rows] == [("EPSG:4548", 628021.75, 3514038.37, 118.351)]


# Incidents


@pytest.mark.parametrize(
    ("said", "meant"),
    [("警情", "incident"), ("矛盾纠纷", "dispute"), ("隐患", "hazard"), ("dispute", "dispute"), ("", "incident")],
)
def test_a_case_is_of_the_kind_that_its_word_means(desk, said: str, meant: str) -> None:
    desk.take("incidents", desk.text("a.csv", f"number,事件种类\n1,{said}\n"))
    assert desk.rows("SELECT case_kind FROM incident") == [(meant,)]


@pytest.mark.parametrize(
    ("said", "meant"),
    [("群众报警", "call"), ("巡逻发现", "patrol"), ("网格上报", "grid"), ("grid", "grid"), ("", None)],
)
def test_a_case_was_discovered_as_its_word_says(desk, said: str, meant: str | None) -> None:
    desk.take("incidents", desk.text("a.csv", f"number,发现方式\n1,{said}\n"))
    assert desk.rows("SELECT discovered_by FROM incident") == [(meant,)]


def test_words_for_a_case_that_nobody_knows_wait_with_the_choices(desk) -> None:
    report = desk.take("incidents", desk.text("a.csv", "number,事件种类,发现方式\n1,案件,\n2,,梦见\n3,警情,巡逻发现\n"))
    assert balanced(report) and quarantine(desk) == [(2, "choice"), (3, "choice")]
    rows = desk.rows("SELECT params ->> 'choices' FROM quarantine_row ORDER BY file_line")
    assert rows == [("dispute, hazard, incident",), ("call, grid, patrol",)]


# Categories


def test_a_code_table_has_four_levels_and_its_flags(desk) -> None:
    file = desk.text(
        "a.csv",
        "代码,上级代码,名称,是否有效,可防性\n"
        "0101,01,盗窃,,是\n"
        "01,,刑事,是,\n"
        "010101,0101,入户盗窃,,是\n"
        "01010101,010101,撬门,是,是\n"
        "09,,骚扰电话,否,否\n",
    )
    report = desk.take("categories", file)
    assert (report.read, report.stored, report.quarantined, report.unplaced) == (5, 5, 0, 0)
    rows = desk.rows("SELECT code, parent_code, name, valid, preventable FROM incident_category ORDER BY code")
    assert rows == [
        ("01", None, "刑事", True, None),
        ("0101", "01", "盗窃", True, True),
        ("010101", "0101", "入户盗窃", True, True),
        ("01010101", "010101", "撬门", True, True),
        ("09", None, "骚扰电话", False, False),
    ]
    again = desk.take("categories", file)
    assert (again.stored, again.updated, again.unchanged) == (0, 0, 5)
    changed = desk.text("b.csv", "代码,名称\n01,刑事案件\n09,骚扰电话\n10,其他\n")
    report = desk.take("categories", changed)
    assert (report.stored, report.updated, report.unchanged) == (1, 1, 1)
    assert desk.rows("SELECT name, parent_code FROM incident_category WHERE code = '0101'") == [("盗窃", "01")]


def test_a_code_without_a_place_in_the_table_waits_and_so_does_what_hangs_below_it(desk) -> None:
    desk.take("categories", desk.text("a.csv", "code,parent,name\n1,,a\n2,1,b\n"))
    file = desk.text(
        "b.csv",
        "code,parent,name\n3,2,c\n4,3,d\n5,4,too deep\n6,nowhere,e\n7,6,f\n8,9,g\n9,8,h\n,1,i\n3,2,again\n11,1,\n",
    )
    report = desk.take("categories", file)
    assert balanced(report) and (report.stored, report.updated) == (2, 0)
    rows = desk.rows("SELECT code, parent_code FROM incident_category ORDER BY code")
    assert rows == [("1", None), ("2", "1"), ("3", "2"), ("4", "3")]
    assert quarantine(desk) == [
        (4, "parent"), (5, "parent"), (6, "parent"), (7, "parent"), (8, "parent"), (9, "key"), (10, "key"),
        (11, "name"),
    ]  # fmt: skip
    waits = desk.rows("SELECT content FROM quarantine_row WHERE file_line = 4")
    assert waits == [({"code": "5", "parent": "4", "name": "too deep"},)]


def test_a_code_that_would_hang_below_itself_waits(desk) -> None:
    desk.take("categories", desk.text("a.csv", "code,parent,name\n1,,a\n2,1,b\n"))
    report = desk.take("categories", desk.text("b.csv", "code,parent,name\n1,2,a\n3,,c\n"))
    assert (report.stored, report.quarantined) == (1, 1)
    assert desk.rows("SELECT code, parent_code FROM incident_category ORDER BY code") == [
        ("1", None), ("2", "1"), ("3", None),
    ]  # fmt: skip


# All of them


def test_every_kind_has_headings_and_is_counted(desk) -> None:
    assert set(KINDS) == set(HEADINGS) == set(COUNTED) - {"pieces"}
    desk.take("addresses", desk.text("a.csv", "id,address\n1,a\n"))
    with desk.database.owner_session() as owner:
        (county,) = rows_by_kind(owner)
    assert {kind: count for kind, count in county.rows.items() if count} == {"addresses": 1}


@pytest.mark.parametrize(
    ("kind", "file", "key"),
    [
        ("addresses", "id,address\n1,a\n", "addresses"),
        ("aliases", "alias,address_key\na,1\n", "aliases"),
        ("population", "grid_code,people\n1,1\n", "population"),
        ("categories", "code,name\n1,a\n", None),
    ],
)
def test_a_dry_run_says_what_would_be_and_leaves_everything_as_it_is(
    desk, kind: str, file: str, key: str | None
) -> None:
    before = desk.rows("SELECT kind, version FROM data_version ORDER BY kind")
    report = desk.take(kind, desk.text("a.csv", file), dry_run=True)
    assert (report.read, report.stored) == (1, 1)
    assert desk.rows("SELECT kind, version FROM data_version ORDER BY kind") == before
    desk.take(kind, desk.text("a.csv", file))
    if key:
        assert key in {row[0] for row in desk.rows("SELECT kind FROM data_version")}


def test_a_file_without_the_columns_of_its_kind_is_refused_as_a_whole(desk, tmp_path: Path) -> None:
    for kind in ("addresses", "aliases", "population", "categories", "duty", "tracks"):
        with pytest.raises(FileRejected) as caught:
            desk.take(kind, desk.text("a.csv", "foo,经度,纬度\n1,118.351,31.742\n"))
        assert caught.value.problems[0].code == "columns", kind
