"""Positions of devices: known by device and time, kept in the partitions of their days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd

from tests.imports.counted import balanced, quarantine

HEAD = "设备编号,定位时间,经度,纬度,速度,方向角,精度\n"


def test_a_position_goes_to_its_day_with_its_speed_in_metres_a_second(desk) -> None:
    file = desk.text(
        "a.csv",
        HEAD + "car 1,2026-03-01 07:59:59,118.351,31.742,36,360,5\n"  # the last second of the day before, in UTC
        "car 1,2026-03-01 08:00:00,118.351,31.742,-1,-1,\n"
        "car 2,2026-03-01 08:00:00,118.352,31.742,,90,12.5\n",
    )
    report = desk.take("tracks", file)
    assert (report.read, report.stored, report.quarantined) == (3, 3, 0)
    rows = desk.rows(
        "SELECT d.code, f.tableoid::regclass::text, f.speed_mps, f.heading, f.accuracy_m, ST_X(f.geom)"
        " FROM fix f JOIN device d ON d.id = f.device_id ORDER BY d.code, f.at"
    )
    assert rows == [
        ("car 1", "fix_20260228", 10.0, 0.0, 5.0, 118.351),
        ("car 1", "fix_20260301", None, None, None, 118.351),
        ("car 2", "fix_20260301", None, 90.0, 12.5, 118.352),
    ]


def test_the_same_message_again_changes_nothing(desk) -> None:
    message = "car 1,2026-03-01 08:00:00,118.351,31.742,36,0,5\n"
    report = desk.take("tracks", desk.text("a.csv", HEAD + message + message))
    assert (report.read, report.stored, report.unchanged, report.quarantined) == (2, 1, 1, 0)
    report = desk.take("tracks", desk.text("b.csv", HEAD + message))
    assert (report.stored, report.updated, report.unchanged) == (0, 0, 1)
    report = desk.take("tracks", desk.text("c.csv", HEAD + message.replace("118.351", "118.3515")))
    assert (report.stored, report.updated, report.unchanged) == (0, 1, 0)
    assert desk.rows("SELECT ST_X(geom) FROM fix") == [(118.3515,)]
    assert desk.rows("SELECT count(*) FROM device") == [(1,)]


def test_of_two_positions_at_one_time_the_first_in_the_file_holds(desk) -> None:
    one, other = (f"car 1,2026-03-01 08:00:00,{lon},31.742,,,\n" for lon in ("118.351", "118.352"))
    file = desk.text("a.csv", HEAD + one + other + one + other)
    report = desk.take("tracks", file)
    assert balanced(report) and (report.stored, report.unchanged) == (1, 1)
    assert quarantine(desk) == [(3, "key"), (5, "key")]
    assert desk.rows("SELECT ST_X(geom) FROM fix") == [(118.351,)]
    assert desk.take("tracks", file).unchanged == 2


def test_times_that_cannot_be_wait(desk) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=12)).strftime("%Y-%m-%d %H:%M:%S")
    file = desk.text(
        "a.csv",
        HEAD + f"car 1,{soon},118.351,31.742,,,\n"
        "car 1,1999-12-31 08:00:00,118.351,31.742,,,\n"
        "car 1,,118.351,31.742,,,\n"
        "car 1,noon,118.351,31.742,,,\n"
        ",2026-03-01 08:00:00,118.351,31.742,,,\n"
        "car 1,2026-03-01 08:00:00,,,,,\n"
        "car 1,2026-03-01 08:00:01,118.351,31.742,500,,\n"
        "car 1,2026-03-01 08:00:02,118.351,31.742,,400,\n"
        "car 1,2000-01-01 09:00:00,118.351,31.742,,,\n",
    )
    report = desk.take("tracks", file)
    assert balanced(report) and report.stored == 1
    assert quarantine(desk) == [
        (2, "time"), (3, "time"), (4, "time"), (5, "time"), (6, "key"), (7, "geometry"), (8, "range"), (9, "range"),
    ]  # fmt: skip
    assert desk.rows("SELECT to_regclass('fix_19991231') IS NULL, to_regclass('fix_20000101') IS NULL") == [
        (True, False)
    ]


def test_a_speed_without_a_unit_is_said_to_be_metres_a_second(desk) -> None:
    head = "device,time,lon,lat,speed\n"
    report = desk.take("tracks", desk.text("a.csv", head + "a,2026-03-01 08:00:00,118.351,31.742,12\n"))
    assert any("names no unit" in str(warning) for warning in report.warnings)
    assert desk.rows("SELECT speed_mps FROM fix") == [(12.0,)]


def test_xians_cars_are_all_taken_and_the_same_file_again_changes_nothing(desk_of, shared_data) -> None:
    """2,241 positions of 12 cars on one afternoon, without a repetition."""
    file = shared_data("xian/gps.csv")
    desk = desk_of("xian", 4545)
    report = desk.take("tracks", file)
    assert (report.read, report.stored, report.quarantined) == (2241, 2241, 0)
    rows = desk.rows("SELECT count(DISTINCT device_id), count(*), min(at), max(at) FROM fix")
    said = pd.to_datetime(pd.read_csv(file, encoding="utf-8-sig").time).dt.tz_localize("Asia/Shanghai")
    assert rows == [(12, 2241, said.min(), said.max())]
    assert desk.rows("SELECT DISTINCT tableoid::regclass::text FROM fix") == [("fix_20220512",)]
    again = desk.take("tracks", file)
    assert (again.stored, again.updated, again.unchanged) == (0, 0, 2241)
    sparse = desk.take("tracks", shared_data("xian/gps_sparse.csv"))
    assert (sparse.read, sparse.stored) == (67, 67)
