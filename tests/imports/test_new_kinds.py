"""Addresses and aliases, buildings, population, posts, places, categories: what is kept of each, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from geo_app.imports.columns import HEADINGS
from geo_app.imports.kinds import KINDS
from geo_app.imports.problems import FileRejected
from geo_app.models import Area
from geo_app.queries.counties import COUNTED, rows_by_kind
from tests.imports.counted import balanced, quarantine

SPOT = "POINT (118.351 31.742)"
HOUSE = "POLYGON ((118.35 31.74, 118.3501 31.74, 118.3501 31.7401, 118.35 31.7401, 118.35 31.74))"
GRID = "POLYGON ((118.35 31.74, 118.36 31.74, 118.36 31.75, 118.35 31.75, 118.35 31.74))"


# Addresses


def test_an_address_without_a_point_is_kept(desk) -> None:
    file = desk.text(
        "a.csv",
        "标准地址编码,标准地址,街道,社区,道路,门牌号,小区,楼栋,单元,经度,纬度\n"
        "A1,和县历阳镇环城社区环城路12号,历阳镇,环城社区,环城路,12号,,,,118.351,31.742\n"
        "A2,和县历阳镇文昌苑3栋2单元,历阳镇,,,,文昌苑,3栋,2单元,,\n"
        "A3,和县历阳镇零点路1号,历阳镇,,零点路,1号,,,,0,0\n",
    )
    report = desk.take("addresses", file)
    assert (report.stored, report.quarantined, report.unplaced) == (3, 0, 2)
    rows = desk.rows(
        "SELECT source_key, town, community, road, number, estate, building, unit, ST_AsText(geom) FROM address ORDER BY id"
    )
    assert rows == [
        ("A1", "历阳镇", "环城社区", "环城路", "12号", None, None, None, "POINT(118.351 31.742)"),
        ("A2", "历阳镇", None, None, None, "文昌苑", "3栋", "2单元", None),
        ("A3", "历阳镇", None, "零点路", "1号", None, None, None, None),
    ]
    assert desk.rows("SELECT arrived_datum, arrived_x, arrived_y FROM address WHERE source_key = 'A1'") == [
        ("EPSG:4326", 118.351, 31.742)
    ]


def test_an_address_of_parts_is_put_together_as_its_language_does(desk) -> None:
    features = [
        (SPOT, {"addr:street": "环城路", "addr:housenumber": "12号"}),
        (SPOT, {"addr:street": "Rue Grimaldi", "addr:housenumber": "12"}),
        (SPOT, {"addr:housenumber": ""}),
    ]
    report = desk.take("addresses", desk.geojson("a.geojson", *features))
    assert desk.rows("SELECT full_text FROM address ORDER BY id") == [("环城路12号",), ("Rue Grimaldi 12",)]
    assert balanced(report) and quarantine(desk) == [(3, "address")]


def test_a_changed_address_keeps_its_id_and_its_past(desk) -> None:
    desk.take("addresses", desk.text("a.csv", "id,address\n1,老地址\n2,不变\n"))
    report = desk.take("addresses", desk.text("a.csv", "id,address,lon,lat\n1,新地址,118.351,31.742\n2,不变,,\n"))
    assert (report.stored, report.updated) == (0, 2)  # the second one learned that its file has a system
    rows = desk.rows("SELECT full_text, upper_inf(recorded) FROM address WHERE source_key = '1' ORDER BY id")
    assert rows == [("新地址", True), ("老地址", False)]


def test_vancouvers_addresses_are_all_taken_and_the_same_file_again_changes_nothing(desk_of, shared_data) -> None:
    desk = desk_of("van", 32610, "America/Vancouver")
    file = shared_data("vancouver/addresses.csv")
    report = desk.take("addresses", file)
    assert (report.read, report.stored, report.quarantined, report.unplaced) == (29348, 29348, 0, 0)
    whole = pd.read_csv(file)
    rows = desk.rows("SELECT source_key, full_text, ST_X(geom), ST_Y(geom) FROM address WHERE source_key = '17'")
    expected = whole[whole.id == 17].iloc[0]
    assert rows == [("17", expected.address, expected.longitude, expected.latitude)]
    again = desk.take("addresses", file)
    assert (again.stored, again.updated, again.unchanged) == (0, 0, 29348)


# Aliases


def test_an_alias_names_its_address_by_key_by_text_or_by_point(desk) -> None:
    file = desk.text(
        "a.csv",
        "别名,标准地址编码,标准地址,经度,纬度\n"
        "老粮站,A1,,,\n"
        "供销社,,和县历阳镇环城路12号,,\n"
        "大槐树,,,118.351,31.742\n"
        "无处,,,,\n"
        ",A2,,,\n"
        "老粮站,A3,,,\n",
    )
    report = desk.take("aliases", file)
    assert balanced(report) and quarantine(desk) == [(5, "alias"), (6, "alias"), (7, "key")]
    rows = desk.rows("SELECT alias, address_key, address_text, geom IS NOT NULL FROM address_alias ORDER BY id")
    assert rows == [
        ("老粮站", "A1", None, False),
        ("供销社", None, "和县历阳镇环城路12号", False),
        ("大槐树", None, None, True),
    ]
    assert report.unplaced == 0
    corrected = desk.text("a.csv", "别名,标准地址编码\n老粮站,A9\n")
    assert desk.take("aliases", corrected).updated == 1
    assert desk.rows("SELECT address_key FROM address_alias WHERE alias = '老粮站' AND upper_inf(recorded)") == [
        ("A9",)
    ]


# Buildings


def test_a_building_has_an_outline_and_may_have_a_height(desk) -> None:
    features = [
        (HOUSE, {"id": 1, "名称": "县政府", "height": "12 m", "层数": "3层", "building": "yes"}),
        (HOUSE, {"id": 2, "height": 0, "kind": "school"}),
        (HOUSE, {"id": 3, "height": -1}),
        (SPOT, {"id": 4}),
        (HOUSE, {"id": 5, "height": "high"}),
    ]
    report = desk.take("buildings", desk.geojson("a.geojson", *features))
    rows = desk.rows(
        "SELECT source_key, name, kind, height_m, levels, ST_NumGeometries(geom) FROM building ORDER BY id"
    )
    assert rows == [("1", "县政府", "building", 12.0, 3.0, 1), ("2", "", "school", None, None, 1)]
    assert balanced(report) and quarantine(desk) == [(3, "range"), (4, "geometry"), (5, "number")]


def test_storeys_in_the_column_of_heights_are_storeys_and_no_metres(desk) -> None:
    file = desk.geojson(
        "a.geojson",
        (HOUSE, {"id": 1, "高度": "18层"}),
        (HOUSE, {"id": 2, "高度": "6F"}),
        (HOUSE, {"id": 3, "高度": "54米", "层数": "18层"}),
        (HOUSE, {"id": 4, "高度": "7 层楼", "层数": 7}),
        (HOUSE, {"id": 5, "高度": "7层", "层数": 6}),
        (HOUSE, {"id": 6, "高度": "60ft"}),
        (HOUSE, {"id": 7, "高度": "", "层数": "12 m"}),
        (HOUSE, {"id": 8, "高度": 12.5}),
    )
    report = desk.take("buildings", file)
    rows = desk.rows("SELECT source_key, height_m, levels FROM building ORDER BY id")
    assert rows == [("1", None, 18), ("2", None, 6), ("3", 54, 18), ("4", None, 7), ("8", 12.5, None)]
    assert balanced(report)
    assert [(row.line, row.reason, bool(row.remedy)) for row in desk.quarantine()] == [
        (5, "the height says 7 storeys, and the column of storeys 6", True),
        (6, "height_m '60ft' is no number", True),
        (7, "levels '12 m' is no number", True),
    ]


def test_the_parts_of_a_cut_building_are_kept_under_one_key_and_the_same_outline_is_not(desk) -> None:
    moved = shapely.transform(shapely.from_wkt(HOUSE), lambda xy: np.add(xy, [0.0001, 0]))
    file = desk.geojson("a.geojson", (HOUSE, {"id": 7}), (moved, {"id": 7}), (HOUSE, {"id": 7}))
    report = desk.take("buildings", file)
    assert (report.stored, report.quarantined) == (2, 1)
    assert quarantine(desk) == [(3, "key")]
    assert desk.take("buildings", file).unchanged == 2


@pytest.mark.filterwarnings("ignore:Several features with id")
def test_lujiazuis_buildings_are_all_taken_and_its_points_wait(desk_of, shared_data) -> None:
    """1,475 outlines; 318 points stand for entrances, addresses and buildings whose outline is elsewhere in the file."""
    desk = desk_of("lujiazui", 4549)
    report = desk.take("buildings", shared_data("lujiazui/buildings.geojson"))
    assert (report.read, report.stored, report.quarantined) == (1793, 1475, 318)
    assert report.reasons == {"geometry": 318}
    rows = desk.rows("SELECT name, height_m, address FROM building WHERE source_key = '40778072'")
    assert rows == [("上海国际会议中心", 20.0, "滨江大道 2727")]
    outlines = [
        feature["properties"]
        for feature in json.loads(shared_data("lujiazui/buildings.geojson").read_text("utf-8"))["features"]
        if feature["geometry"]["type"] == "Polygon"
    ]
    heights = sum(outline["height"] for outline in outlines if outline.get("height"))
    assert desk.rows("SELECT count(*), sum(height_m) FROM building") == [(len(outlines), pytest.approx(heights))]
    again = desk.take("buildings", shared_data("lujiazui/buildings.geojson"))
    assert (again.stored, again.updated, again.unchanged, again.quarantined) == (0, 0, 1475, 318)


# Population


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_comma_is_a_thousand_in_counts_and_a_decimal_in_degrees_in_whatever_file(desk, delimiter: str) -> None:
    cells = [["网格编码", "户数", "经度", "纬度"], ["1", '"1,234"', '"118,351"', '"31,742"']]
    file = desk.text("a.csv", "\n".join(delimiter.join(row) for row in cells) + "\n")
    assert desk.take("population", file).stored == 1
    assert desk.rows("SELECT households, ST_X(geom), ST_Y(geom) FROM population") == [(1234, 118.351, 31.742)]


def test_rows_of_totals_are_no_people(desk) -> None:
    file = desk.text(
        "a.csv",
        "序号,网格编码,户数,人口\n"
        "1,340523100001001,120,350\n"
        "小 计,,120,350\n"
        "2,340523100001002,80,200\n"
        "3,合计：,200,550\n"
        ",总计,200,550\n"
        ",,200,550\n"
        "Total:,,200,550\n",
    )
    report = desk.take("population", file)
    assert balanced(report) and report.reasons == {"total": 4, "geometry": 1}
    assert [(row.line, row.reason) for row in desk.quarantine() if row.code == "total"] == [
        (3, "a row of totals: its first cell or its name is '小 计'"),
        (5, "a row of totals: its first cell or its name is '合计：'"),
        (6, "a row of totals: its first cell or its name is '总计'"),
        (8, "a row of totals: its first cell or its name is 'Total:'"),
    ]
    assert desk.rows("SELECT sum(people) FROM population") == [(550,)]


def test_people_are_counted_by_grid_or_by_point(desk) -> None:
    file = desk.text(
        "a.csv",
        "网格编码,户数,人口,统计日期,经度,纬度\n"
        "340523100001001,120,350,2026-01-01,,\n"
        ",5,12,2026-01-01,118.351,31.742\n"
        ",5,12,2026-01-01,118.351,31.742\n"
        ",1,1,2026-01-01,,\n"
        "340523100001002,,,2026-01-01,,\n"
        "340523100001003,1.5,1,2026-01-01,,\n"
        "340523100001004,-1,1,2026-01-01,,\n"
        "340523100001001,121,350,2026-01-01,,\n"
        "340523100001001,121,351,2026-02-01,,\n",
    )
    report = desk.take("population", file)
    assert balanced(report) and report.unplaced == 0
    assert quarantine(desk) == [(5, "geometry"), (6, "number"), (7, "number"), (8, "range"), (9, "key")]
    rows = desk.rows("SELECT grid_code, households, people, counted_on, geom IS NULL FROM population ORDER BY id")
    assert rows == [
        ("340523100001001", 120, 350, date(2026, 1, 1), True),
        (None, 5, 12, date(2026, 1, 1), False),
        (None, 5, 12, date(2026, 1, 1), False),
        ("340523100001001", 121, 351, date(2026, 2, 1), True),
    ]
    again = desk.take("population", file)
    assert (again.stored, again.updated, again.unchanged) == (0, 0, 4)


def test_people_of_a_grid_that_is_not_there_are_told(desk) -> None:
    file = desk.text("a.csv", "grid_code,people\n34052300100001,5\n34052300100002,7\n")
    [told] = [one for one in desk.take("population", file).warnings if "grid that is not there" in str(one)]
    assert str(told).startswith("2 rows name a grid that is not there, for example 34052300100001")
    desk.take("grids", desk.geojson("g.geojson", (GRID, {"code": "34052300100001"})))
    [told] = [one for one in desk.take("population", file).warnings if "grid that is not there" in str(one)]
    assert str(told).startswith("1 rows name a grid that is not there, for example 34052300100002")


def test_people_of_a_grid_belong_to_the_town_in_which_the_grid_lies(desk, database) -> None:
    """Whether the grid is there before the count or comes after it."""
    county = shapely.box(118.3, 31.7, 118.4, 31.8).wkt
    desk.take(
        "areas",
        desk.geojson(
            "areas.geojson",
            (county, {"code": "340523", "name": "和县"}),
            (GRID, {"code": "340523100", "name": "历阳镇"}),
        ),
    )
    town = desk.rows("SELECT id FROM area WHERE code = '340523100'")[0][0]
    count = desk.text("a.csv", "grid_code,people\n340523100001001,12\n")
    desk.take("population", count)
    grid = desk.geojson("grids.geojson", (GRID, {"code": "340523100001001", "name": "g"}))
    assert desk.rows("SELECT admin_area_id <> :town FROM population", town=town) == [(True,)]
    desk.take("grids", grid)
    assert desk.rows("SELECT admin_area_id = :town FROM population", town=town) == [(True,)]
    desk.take("population", count, source="another")
    assert desk.rows("SELECT admin_area_id = :town FROM population", town=town) == [(True,), (True,)]
    with database.owner_session() as owner:
        assert owner.get(Area, town).level == "town"


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
        ("aliases", "alias,address_key\na,1\n", "addresses"),
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
