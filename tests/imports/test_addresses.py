"""Standard addresses and their aliases: what is kept of each, and what is refused."""

from __future__ import annotations

import pandas as pd

from tests.imports.counted import balanced, quarantine

SPOT = "POINT (118.351 31.742)"


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
