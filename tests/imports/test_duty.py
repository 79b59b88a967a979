"""People on duty: teams, their members, their shifts, and who is out in which."""

from __future__ import annotations

import shapely

from geo_app.imports.problems import FileRejected
from tests.imports.counted import balanced, quarantine

HEAD = "班组,姓名,警号,人员类别,值班日期,值班时间\n"
OUT = (
    "SELECT t.name, m.name, to_char(s.starts_at AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI'),"
    " to_char(s.ends_at AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI')"
    " FROM shift_member p JOIN shift s ON s.id = p.shift_id JOIN team_member m ON m.id = p.team_member_id"
    " JOIN team t ON t.id = s.team_id AND t.id = m.team_id ORDER BY s.starts_at, s.ends_at, m.id"
)
LIST = (
    HEAD + "一组,张三,034501,民警,2026-05-01,08:30-17:30\n"
    "一组,李四,,辅警,2026-05-01,08:30-17:30\n"
    "一组,李四,,辅警,2026-05-02,22:00-06:00\n"
    "二组,王五,,志愿者,2026-05-01,18:00-21:00\n"
)


def counts(desk) -> tuple[int, ...]:
    tables = ("team", "team_member", "shift", "shift_member")
    return tuple(desk.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables)


def test_a_list_becomes_teams_their_members_and_who_is_out_when(desk) -> None:
    report = desk.take("duty", desk.text("a.csv", LIST))
    assert (report.read, report.stored, report.quarantined, report.unplaced) == (4, 4, 0, 0)
    assert desk.rows(OUT) == [
        ("一组", "张三", "05-01 08:30", "05-01 17:30"),
        ("一组", "李四", "05-01 08:30", "05-01 17:30"),
        ("二组", "王五", "05-01 18:00", "05-01 21:00"),
        ("一组", "李四", "05-02 22:00", "05-03 06:00"),
    ]
    assert counts(desk) == (2, 3, 3, 4)
    rows = desk.rows("SELECT name, number, rank FROM team_member ORDER BY id")
    assert rows == [("张三", "034501", "officer"), ("李四", None, "auxiliary"), ("王五", None, "volunteer")]


def test_the_same_list_again_changes_nothing_whatever_its_name(desk) -> None:
    desk.take("duty", desk.text("a.csv", LIST))
    before = desk.rows("SELECT kind, version FROM data_version ORDER BY kind")
    report = desk.take("duty", desk.text("b.csv", LIST))
    assert (report.stored, report.updated, report.unchanged) == (0, 0, 4)
    assert counts(desk) == (2, 3, 3, 4)
    assert [row for row in desk.rows("SELECT kind, version FROM data_version ORDER BY kind") if row[0] != "x"] == before


def test_a_corrected_list_moves_people_and_counts_each_row(desk) -> None:
    desk.take("duty", desk.text("a.csv", LIST))
    corrected = (
        LIST.replace("张三,034501,民警,2026-05-01,08:30-17:30", "张三,034501,民警,2026-05-01,08:30-12:00")
        .replace("王五,,志愿者", "王五,,辅警")
        + "二组,赵六,,民警,2026-05-01,18:00-21:00\n"
    )  # fmt: skip
    report = desk.take("duty", desk.text("a.csv", corrected))
    assert (report.stored, report.updated, report.unchanged) == (1, 2, 2)
    assert desk.rows(OUT)[:2] == [
        ("一组", "张三", "05-01 08:30", "05-01 12:00"),
        ("一组", "李四", "05-01 08:30", "05-01 17:30"),
    ]
    assert desk.rows("SELECT rank FROM team_member WHERE name = '王五'") == [("auxiliary",)]
    assert desk.take("duty", desk.text("a.csv", corrected)).unchanged == 5


def test_a_shift_that_nobody_is_left_in_goes(desk) -> None:
    desk.take("duty", desk.text("a.csv", HEAD + "一组,张三,,民警,2026-05-01,08:30-17:30\n"))
    desk.take("duty", desk.text("a.csv", HEAD + "一组,张三,,民警,2026-05-01,08:30-18:30\n"))
    assert counts(desk) == (1, 1, 1, 1)
    assert desk.rows(OUT) == [("一组", "张三", "05-01 08:30", "05-01 18:30")]


def test_a_number_that_is_learned_later_stays_with_its_person(desk) -> None:
    desk.take("duty", desk.text("a.csv", HEAD + "一组,张三,,民警,2026-05-01,08:30-17:30\n"))
    report = desk.take("duty", desk.text("b.csv", HEAD + "一组,张三,034501,民警,2026-05-01,08:30-17:30\n"))
    assert (report.stored, report.updated) == (0, 1)
    assert desk.rows("SELECT name, number FROM team_member") == [("张三", "034501")]
    report = desk.take("duty", desk.text("c.csv", HEAD + "一组,张三,,民警,2026-05-01,08:30-17:30\n"))
    assert report.unchanged == 1
    assert desk.rows("SELECT name, number FROM team_member") == [("张三", "034501")]


def test_two_people_of_one_name_are_told_apart_by_their_numbers(desk) -> None:
    file = desk.text(
        "a.csv", HEAD + "一组,张伟,1,民警,2026-05-01,08:30-17:30\n一组,张伟,2,辅警,2026-05-01,08:30-17:30\n"
    )
    desk.take("duty", file)
    assert desk.rows("SELECT number, rank FROM team_member ORDER BY id") == [("1", "officer"), ("2", "auxiliary")]
    assert desk.take("duty", file).unchanged == 2


def test_two_of_one_name_with_numbers_leave_one_without_alone(desk) -> None:
    desk.take("duty", desk.text("a.csv", HEAD + "一组,张伟,,民警,2026-05-01,08:30-17:30\n"))
    both = HEAD + "一组,张伟,1,民警,2026-05-01,08:30-17:30\n一组,张伟,2,辅警,2026-05-01,08:30-17:30\n"
    assert desk.take("duty", desk.text("b.csv", both)).stored == 2
    assert desk.take("duty", desk.text("b.csv", both)).unchanged == 2


def test_one_with_a_number_and_one_without_are_one_person_once_the_number_is_known(desk) -> None:
    desk.take("duty", desk.text("a.csv", HEAD + "一组,张三,1,民警,2026-05-01,08:30-17:30\n"))
    both = HEAD + "一组,张三,1,民警,2026-05-02,08:30-17:30\n一组,张三,,民警,2026-05-02,08:30-17:30\n"
    report = desk.take("duty", desk.text("b.csv", both))
    assert (report.stored, report.unchanged) == (1, 1)
    assert counts(desk)[1] == 1


def test_what_cannot_be_a_shift_waits(desk) -> None:
    file = desk.text(
        "a.csv",
        HEAD + "一组,张三,,民警,2026-05-01,白班\n"
        "一组,张三,,民警,2026-05-01,08:30-11:30 13:30-17:30\n"
        "一组,张三,,民警,,08:30-11:30\n"
        "一组,张三,,队长,2026-05-01,08:30-11:30\n"
        "一组,张三,,,2026-05-01,08:30-11:30\n"
        ",张三,,民警,2026-05-01,08:30-11:30\n"
        "一组,,,民警,2026-05-01,08:30-11:30\n"
        "一组,张三,,民警,2026-05-01,08:30-11:30\n"
        "一组,张三,,民警,2026-05-01,08:30-12:30\n",
    )
    report = desk.take("duty", file)
    assert balanced(report) and report.stored == 1
    assert quarantine(desk) == [
        (2, "time"), (3, "time"), (4, "time"), (5, "choice"), (6, "choice"), (7, "name"), (8, "name"), (10, "key"),
    ]  # fmt: skip


def test_a_shift_may_be_told_by_two_times(desk) -> None:
    head = "team,name,rank,starts,ends\n"
    rows = (
        "a,x,officer,2026-05-01 20:00,2026-05-02 08:00\n"
        "a,y,officer,2026-05-01 20:00,2026-05-01 08:00\n"
        "a,z,officer,2026-05-01 20:00,2026-05-05 08:00\n"
        "a,w,officer,2026-05-01 20:00,\n"
    )
    report = desk.take("duty", desk.text("a.csv", head + rows))
    assert balanced(report) and quarantine(desk) == [(3, "time"), (4, "time"), (5, "time")]
    assert desk.rows(OUT) == [("a", "x", "05-01 20:00", "05-02 08:00")]
    try:
        desk.take("duty", desk.text("b.csv", "team,name,rank,starts\na,x,officer,2026-05-01 20:00\n"))
    except FileRejected as refused:
        assert refused.problems[0].code == "columns"
    else:
        raise AssertionError("a file without ends was taken")


def test_a_team_belongs_to_the_station_that_the_list_names(desk) -> None:
    whole = shapely.box(118.3, 31.7, 118.4, 31.8).wkt
    police = {"tree": "police", "level": "station", "code": "340523001", "name": "城关派出所"}
    desk.take("areas", desk.geojson("areas.geojson", (whole, police)))
    station = desk.rows("SELECT id FROM area WHERE code = '340523001'")[0][0]
    head = "派出所,班组,姓名,人员类别,日期,时段\n"
    rows = "城关派出所,一组,张三,民警,2026-05-01,08:30-17:30\n340523001,一组,李四,民警,2026-05-01,08:30-17:30\n"
    rows += "东门派出所,一组,王五,民警,2026-05-01,08:30-17:30\n,二组,赵六,民警,2026-05-01,08:30-17:30\n"
    report = desk.take("duty", desk.text("a.csv", head + rows))
    assert balanced(report) and quarantine(desk) == [(4, "station")]
    found = desk.rows("SELECT name, police_area_id = :station FROM team ORDER BY name", station=station)
    assert found == [("一组", True), ("二组", False)]
    assert desk.rows(
        "SELECT DISTINCT s.police_area_id = t.police_area_id FROM shift s JOIN team t ON t.id = s.team_id"
    ) == [(True,)]
    assert desk.rows("SELECT content ->> '派出所' FROM quarantine_row") == [("东门派出所",)]
    again = desk.take("duty", desk.text("a.csv", HEAD + "一组,张三,,民警,2026-05-01,08:30-17:30\n"))
    assert again.unchanged == 1  # a list that names no station means the team that there is
