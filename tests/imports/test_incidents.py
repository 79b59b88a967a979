"""Incidents: times, keys, categories, who called, and positions that nobody knew."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geo_app.imports.rows import PORTION
from tests.imports.counted import balanced, quarantine

HEAD = "number,longitude,latitude"
SPOT = "118.351,31.742"


def test_chinese_headings_of_a_real_export_are_recognised(desk) -> None:
    content = (
        "序号,事件单编号,报警人,联系电话,报警时间,警情类别,事发地址,事件详情,经度,纬度\n"
        "1,J001,王某,13800000000,2026-11-22 08:30:00,治安,和州路 1 号,门口有人争吵,118.351,31.742\n"
    )
    report = desk.take("incidents", desk.text("a.csv", content, "gb18030"))
    assert report.stored == 1
    rows = desk.rows(
        "SELECT number, reported_at, occurred_from, category, arrived_address, description, match_level FROM incident"
    )
    at = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
    assert rows == [("J001", at, at, "治安", "和州路 1 号", "门口有人争吵", "given")]


def test_who_called_is_kept_apart_from_what_arrived(desk) -> None:
    file = desk.text("a.csv", f"{HEAD},报警人,联系电话\n1,{SPOT},王某,13800000000\n2,{SPOT},,\n")
    desk.take("incidents", file)
    assert desk.rows("SELECT name, telephone FROM incident_caller") == [("王某", "13800000000")]
    assert "王某" not in str(desk.rows("SELECT arrived, description FROM incident"))
    assert "王某" not in str(desk.rows("SELECT details FROM audit_entry"))
    assert desk.take("incidents", file).unchanged == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found(desk, encoding: str, delimiter: str) -> None:
    content = f"{HEAD},警情类别\n1,{SPOT},纠纷\n".replace(",", delimiter)
    desk.take("incidents", desk.text("a.csv", content, encoding))
    assert desk.rows("SELECT category FROM incident") == [("纠纷",)]


def test_a_decimal_comma_is_read(desk) -> None:
    desk.take("incidents", desk.text("a.csv", "number;经度;纬度\n1;118,351;31,742\n"))
    assert desk.rows("SELECT ST_X(geom), ST_Y(geom) FROM incident") == [(118.351, 31.742)]


@pytest.mark.parametrize(
    ("written", "begins", "ends"),
    [
        ("2026-11-22 08:30:00", "2026-11-22T00:30:00", "2026-11-22T00:30:00"),
        ("2026/11/22 08:30", "2026-11-22T00:30:00", "2026-11-22T00:30:00"),
        ("2026-11-22T08:30:00+09:00", "2026-11-21T23:30:00", "2026-11-21T23:30:00"),
        ("2026-11-22T08:30:00Z", "2026-11-22T08:30:00", "2026-11-22T08:30:00"),
        ("20261122083000", "2026-11-22T00:30:00", "2026-11-22T00:30:00"),
        ("2026年11月22日", "2026-11-21T16:00:00", "2026-11-22T15:59:59"),
        ("2026-11-22", "2026-11-21T16:00:00", "2026-11-22T15:59:59"),
        ("20261122", "2026-11-21T16:00:00", "2026-11-22T15:59:59"),
        ("2026-02", "2026-01-31T16:00:00", "2026-02-28T15:59:59"),
        ("2026", "2025-12-31T16:00:00", "2026-12-31T15:59:59"),
    ],
)
def test_times_are_local_to_the_county_and_a_day_is_a_range(desk, written: str, begins: str, ends: str) -> None:
    desk.take("incidents", desk.text("a.csv", f"{HEAD},occurred_at\n1,{SPOT},{written}\n"))
    at = [datetime.fromisoformat(word).replace(tzinfo=UTC) for word in (begins, ends)]
    assert desk.rows("SELECT occurred_from, occurred_to FROM incident") == [tuple(at)]


def occurred(desk) -> list[tuple[str | None, str | None]]:
    """From when to when each incident happened, on the county's clock."""
    rows = desk.rows("SELECT occurred_from, occurred_to FROM incident ORDER BY number")
    local = ZoneInfo("Asia/Shanghai")
    return [tuple(at and f"{at.astimezone(local):%Y-%m-%d %H:%M:%S}" for at in row) for row in rows]


def test_what_is_empty_of_a_date_in_parts_makes_it_a_range(desk) -> None:
    content = (
        f"{HEAD},YEAR,MONTH,DAY,HOUR,MINUTE\n1,{SPOT},2026,5,1,8,30\n2,{SPOT},2026,5,1,,\n3,{SPOT},2026,5,1,8,\n"
        f"4,{SPOT},2026,5,,,\n5,{SPOT},2026,,,,\n6,{SPOT},,,,,\n7,{SPOT},2026,5,1,0,0\n8,{SPOT},2026,5,1,,0\n"
        f"9,{SPOT},2026,,1,,\n9a,{SPOT},2026,5,,8,0\n"
    )
    report = desk.take("incidents", desk.text("a.csv", content))
    whole_day = ("2026-05-01 00:00:00", "2026-05-01 23:59:59")
    assert occurred(desk) == [
        ("2026-05-01 08:30:00", "2026-05-01 08:30:00"),
        whole_day,
        ("2026-05-01 08:00:00", "2026-05-01 08:00:00"),
        ("2026-05-01 00:00:00", "2026-05-31 23:59:59"),
        ("2026-01-01 00:00:00", "2026-12-31 23:59:59"),
        (None, None),
        ("2026-05-01 00:00:00", "2026-05-01 00:00:00"),
        whole_day,
    ]
    assert balanced(report) and quarantine(desk) == [(10, "time"), (11, "time")]


def test_a_row_that_does_not_say_when_it_happened_counts_from_when_it_was_reported(desk) -> None:
    content = (
        f"{HEAD},事发时间,发生时间止,报警时间\n"
        f"1,{SPOT},2026-05-01 08:00,,2026-05-01 09:00\n"
        f"2,{SPOT},,,2026-05-01 09:00\n"
        f"3,{SPOT},-,,2026-05-01\n"
        f"4,{SPOT},,,\n"
        f"5,{SPOT},,2026-05-01 08:30,2026-05-01 09:00\n"
        f"6,{SPOT},昨晚,,2026-05-01 09:00\n"
    )
    report = desk.take("incidents", desk.text("a.csv", content))
    assert occurred(desk) == [
        ("2026-05-01 08:00:00", "2026-05-01 08:00:00"),
        ("2026-05-01 09:00:00", "2026-05-01 09:00:00"),
        ("2026-05-01 00:00:00", "2026-05-01 23:59:59"),
        (None, None),
        (None, "2026-05-01 08:30:00"),
    ]
    assert balanced(report) and quarantine(desk) == [(7, "time")]


@pytest.mark.parametrize("heading", ["month", "报警时间"])
def test_a_month_or_a_day_is_a_range_under_any_heading(desk, heading: str) -> None:
    written, ends = ("2026-02", "2026-02-28T15:59:59") if heading == "month" else ("2026-02-01", "2026-02-01T15:59:59")
    desk.take("incidents", desk.text("a.csv", f"{HEAD},{heading}\n1,{SPOT},{written}\n"))
    at = [datetime.fromisoformat(word).replace(tzinfo=UTC) for word in ("2026-01-31T16:00:00", ends)]
    assert desk.rows("SELECT occurred_from, occurred_to FROM incident") == [tuple(at)]


def test_the_date_of_a_shapefile_is_a_day_and_no_midnight(desk) -> None:
    pyogrio.raw.write(
        desk.folder / "a.shp",
        geometry=np.array([shapely.to_wkb(shapely.Point(118.351, 31.742))], dtype=object),
        field_data=[np.array(["1"], dtype=object), np.array(["2026-11-22"], dtype="datetime64[D]")],
        fields=np.array(["number", "date"], dtype=object),
        geometry_type="Point",
        crs="EPSG:4326",
        driver="ESRI Shapefile",
    )
    desk.take("incidents", desk.folder / "a.shp")
    at = [datetime.fromisoformat(word).replace(tzinfo=UTC) for word in ("2026-11-21T16:00:00", "2026-11-22T15:59:59")]
    assert desk.rows("SELECT occurred_from, occurred_to FROM incident") == [tuple(at)]


def test_the_finest_category_that_is_filled_in_is_the_category_and_the_others_are_kept(desk) -> None:
    content = (
        f"{HEAD},警情类别,警情类型,警情细类,反馈类别\n"
        f"1,{SPOT},刑事,盗窃,盗窃电动车,\n2,{SPOT},刑事,盗窃,-,\n3,{SPOT},刑事,,,\n4,{SPOT},刑事,盗窃,盗窃电动车,纠纷\n"
    )
    desk.take("incidents", desk.text("a.csv", content))
    rows = desk.rows("SELECT category FROM incident ORDER BY number")
    assert rows == [("盗窃电动车",), ("盗窃",), ("刑事",), ("纠纷",)]
    [(arrived,)] = desk.rows("SELECT arrived FROM incident WHERE number = '1'")
    assert (arrived["警情类别"], arrived["警情类型"], arrived["警情细类"]) == ("刑事", "盗窃", "盗窃电动车")


def test_a_row_of_totals_is_no_incident_and_what_only_speaks_of_one_is(desk) -> None:
    content = f"类别,数量,{HEAD}\n盗窃,1,1,{SPOT}\n合计,1,,,\n,1,总计,,\n盗窃,合计,2,{SPOT}\n合计金额争议,1,3,{SPOT}\n"
    report = desk.take("incidents", desk.text("a.csv", content))
    assert balanced(report) and (report.stored, report.reasons) == (3, {"total": 2})


def test_the_category_of_the_feedback_overrides_that_of_the_intake(desk) -> None:
    content = f"{HEAD},接警类别,反馈类别\n1,{SPOT},治安,纠纷\n2,{SPOT},治安,\n"
    desk.take("incidents", desk.text("a.csv", content))
    rows = desk.rows("SELECT category, category_intake, category_feedback FROM incident ORDER BY number")
    assert rows == [("纠纷", "治安", "纠纷"), ("治安", "治安", None)]


def test_a_changed_row_is_updated_and_the_rest_left_alone(desk) -> None:
    desk.take("incidents", desk.text("a.csv", f"{HEAD},警情类别\n1,{SPOT},治安\n2,{SPOT},治安\n"))
    before = desk.rows("SELECT number, id FROM incident ORDER BY 1")
    report = desk.take(
        "incidents", desk.text("a.csv", f"{HEAD},警情类别\n2,{SPOT},纠纷\n1,{SPOT},治安\n3,{SPOT},治安\n")
    )
    assert (report.stored, report.updated, report.unchanged) == (1, 1, 1)
    assert desk.rows("SELECT number, id FROM incident WHERE number < '3' ORDER BY 1") == before
    assert desk.rows("SELECT category FROM incident ORDER BY number") == [("治安",), ("纠纷",), ("治安",)]


def test_numbers_that_another_source_knows_are_told_of(desk) -> None:
    content = f"{HEAD}\n1,{SPOT}\n2,{SPOT}\n"
    desk.take("incidents", desk.text("october.csv", content))
    report = desk.take("incidents", desk.text("november.csv", content))
    warnings = [str(warning) for warning in report.warnings]
    assert any("2 of these numbers" in warning and "name october as the source" in warning for warning in warnings)
    same = desk.take("incidents", desk.text("december.csv", content), source="november")
    assert same.unchanged == 2


def test_rows_without_a_number_are_known_by_what_they_say_and_equals_stay(desk) -> None:
    content = f"longitude,latitude,警情类别\n{SPOT},治安\n{SPOT},治安\n{SPOT},纠纷\n"
    assert desk.take("incidents", desk.text("a.csv", content)).stored == 3
    assert desk.take("incidents", desk.text("a.csv", content)).unchanged == 3
    assert desk.take("incidents", desk.text("a.csv", content + f"{SPOT},治安\n")).stored == 1
    assert len(desk.rows("SELECT * FROM incident")) == 4


def test_what_arrived_is_kept_beside_what_was_made_of_it(desk) -> None:
    file = desk.text("a.csv", "number,x,y,颜色\n1,628021.75,3514038.37,红\n")
    desk.take("incidents", file, "EPSG:4548", source="110")
    row = desk.rows(
        "SELECT source, source_key, file_line, arrived, arrived_datum, arrived_x, arrived_y,"
        " round(ST_X(geom)::numeric, 3), round(ST_Y(geom)::numeric, 3) FROM incident"
    )[0]
    arrived = {"number": "1", "x": "628021.75", "y": "3514038.37", "颜色": "红"}
    assert row[:7] == ("110", "1", 2, arrived, "EPSG:4548", 628021.75, 3514038.37)
    assert [float(value) for value in row[7:]] == [118.351, 31.742]


def test_the_origin_means_that_the_position_was_not_known(desk) -> None:
    report = desk.take("incidents", desk.text("a.csv", f"{HEAD}\n1,{SPOT}\n2,0,0\n"))
    assert (report.stored, report.unplaced) == (2, 1)
    assert any("1 rows have the position (0, 0)" in str(warning) for warning in report.warnings)
    assert desk.rows("SELECT geom IS NULL, match_level FROM incident ORDER BY number") == [
        (False, "given"),
        (True, "none"),
    ]


def test_vancouver_keeps_every_row_even_those_without_a_position_and_those_that_say_the_same(
    desk_of, shared_data
) -> None:
    desk, path = desk_of("vancouver", 32610, "America/Vancouver"), shared_data("vancouver/incidents_2020.csv")
    desk.take("areas", shared_data("vancouver/neighbourhoods.geojson"))
    report = desk.take("incidents", path, "EPSG:32610")
    assert (report.read, report.stored, report.quarantined, report.unplaced) == (37512, 37512, 0, 3751)
    placed, areas = desk.rows("SELECT count(geom), count(DISTINCT admin_area_id) FROM incident")[0]
    assert (placed, areas) == (33761, 23)
    first = desk.rows("SELECT occurred_from FROM incident WHERE file_line = 2")
    assert first == [(datetime(2020, 6, 19, 10, 40, tzinfo=UTC),)]
    table = pd.read_csv(path, dtype=str)
    doubled = {int(row) + 2 for row in table.index[table.duplicated()]}
    assert len(doubled) == 1739
    again_said = desk.rows("SELECT file_line FROM incident WHERE source_key NOT LIKE :first", first="%:1")
    assert {row[0] for row in again_said} == doubled
    before = desk.contents("incident", "data_version")
    again = desk.take("incidents", path, "EPSG:32610")
    assert (again.stored, again.updated, again.unchanged, again.quarantined) == (0, 0, 37512, 0)
    assert desk.contents("incident", "data_version") == before


def test_rows_that_say_the_same_are_counted_on_from_portion_to_portion(desk) -> None:
    content = f"longitude,latitude,警情类别\n{SPOT},纠纷\n" + f"{SPOT},治安\n" * (PORTION + 1)
    assert desk.take("incidents", desk.text("a.csv", content)).stored == PORTION + 2
    last = desk.rows("SELECT count(DISTINCT source_key) FROM incident WHERE category = '治安'")
    assert last == [(PORTION + 1,)]
    before = desk.contents("incident", "data_version")
    assert desk.take("incidents", desk.text("a.csv", content)).unchanged == PORTION + 2
    assert desk.contents("incident", "data_version") == before
    report = desk.take("incidents", desk.text("a.csv", content + f"{SPOT},治安\n{SPOT},纠纷\n"))
    assert (report.stored, report.unchanged) == (2, PORTION + 2)


def test_a_number_that_stood_in_an_earlier_portion_waits(desk) -> None:
    rows = [f"{n},{SPOT}\n" for n in range(PORTION + 2)] + [f"0,{SPOT}\n", f"{PORTION + 1},{SPOT}\n"]
    report = desk.take("incidents", desk.text("a.csv", HEAD + "\n" + "".join(rows)))
    assert (report.read, report.stored, report.quarantined) == (PORTION + 4, PORTION + 2, 2)
    assert [(row.line, row.reason) for row in desk.quarantine()] == [
        (PORTION + 4, "number '0' is already on line 2"),
        (PORTION + 5, f"number '{PORTION + 1}' is already on line {PORTION + 3}"),
    ]


def test_what_another_source_knows_is_counted_over_the_whole_file(desk) -> None:
    rows = "".join(f"{n},{SPOT}\n" for n in range(PORTION + 2))
    desk.take("incidents", desk.text("october.csv", f"{HEAD}\n{rows}"))
    report = desk.take("incidents", desk.text("november.csv", f"{HEAD}\n{rows}"))
    said = [str(warning) for warning in report.warnings]
    assert [warning for warning in said if "of these numbers" in warning] == [
        f"{PORTION + 2} of these numbers are known from the source october too and now stand twice; if both are one"
        " system, name october as the source (--source)."
    ]


def test_an_import_leaves_a_batch_and_an_audit_entry(desk) -> None:
    report = desk.take("incidents", desk.text("a.csv", f"{HEAD}\n1,{SPOT}\n"))
    batch = desk.rows(
        "SELECT kind, file_name, length(file_sha256), crs, mapping, rows_read, rows_stored, finished_at IS NOT NULL"
        " FROM import_batch"
    )
    mapping = {"number": "number", "longitude": "longitude", "latitude": "latitude"}
    assert batch == [("incidents", "a.csv", 64, "EPSG:4326", mapping, 1, 1, True)]
    assert desk.rows("SELECT action, login, object_kind, outcome FROM audit_entry") == [
        ("import:write", "command line", "import_batch", "done")
    ]
    assert report.read == report.stored + report.updated + report.unchanged + report.quarantined


def test_another_caller_is_a_change_and_one_that_is_no_longer_named_goes(desk) -> None:
    head = "number,报警人,联系电话,经度,纬度\n"

    def take(*callers: str) -> tuple[int, int]:
        rows = "".join(f"{n},{caller},118.351,31.742\n" for n, caller in enumerate(callers))
        report = desk.take("incidents", desk.text("a.csv", head + rows), source="110")
        assert report.read == report.stored + report.updated + report.unchanged
        return report.updated, report.unchanged

    def callers() -> list[tuple[str, str, str]]:
        return desk.rows(
            "SELECT i.number, c.name, c.telephone FROM incident_caller c JOIN incident i ON i.id = c.incident_id ORDER BY 1"
        )

    take("王某,13800000000", "李某,", ",")
    assert callers() == [("0", "王某", "13800000000"), ("1", "李某", None)]
    assert take("王某,13800000000", "李某,", ",") == (0, 3)
    assert take("张某,13800000000", "李某,", ",13900000000") == (2, 1)
    assert callers() == [("0", "张某", "13800000000"), ("1", "李某", None), ("2", None, "13900000000")]
    assert take("张某,", ",", ",13900000000") == (2, 1)
    assert callers() == [("0", "张某", None), ("2", None, "13900000000")]
