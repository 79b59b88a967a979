"""Areas form trees, grids form a partition, and every row knows where it lies."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shapely
from sqlalchemy import text

from geo_app.imports.problems import FileRejected

WEST, EAST = shapely.box(118.30, 31.70, 118.35, 31.80), shapely.box(118.35, 31.70, 118.40, 31.80)
INSIDE_WEST = shapely.box(118.30, 31.70, 118.32, 31.80)


def take_tree(desk):
    return desk.take(
        "areas",
        desk.geojson(
            "areas.geojson",
            (INSIDE_WEST, {"code": "340523100001", "name": "一社区", "level": "社区", "parent": "340523100"}),
            (WEST, {"code": "340523100", "name": "历阳镇", "level": "镇"}),
            (EAST, {"code": "340523101", "name": "沈巷镇", "level": "镇"}),
            (WEST, {"code": "S1", "name": "西派出所", "tree": "公安", "level": "派出所"}),
        ),
    )


def test_areas_come_in_as_trees_whatever_their_order_in_the_file(desk) -> None:
    assert take_tree(desk).stored == 4
    rows = desk.rows(
        "SELECT c.code, c.tree, c.level, p.code FROM area c JOIN area p ON p.id = c.parent_id ORDER BY c.code"
    )
    assert rows == [
        ("340523100", "admin", "town", "340523"), ("340523100001", "admin", "community", "340523100"),
        ("340523101", "admin", "town", "340523"), ("S1", "police", "station", "340523"),
    ]  # fmt: skip
    assert take_tree(desk).unchanged == 4


def test_what_stands_above_the_county_waits_and_says_why_and_the_county_may_be_of_any_rank(desk) -> None:
    whole = shapely.box(118.30, 31.70, 118.40, 31.80)
    file = desk.geojson(
        "areas.geojson",
        (whole.buffer(1), {"code": "34", "name": "安徽省", "level": "省", "parent": ""}),
        (whole.buffer(0.5), {"code": "3405", "name": "马鞍山市", "level": "city", "parent": "34"}),
        (whole, {"code": "340523", "name": "和县", "level": "市", "parent": "3405"}),
        (WEST, {"code": "340523200", "name": "某乡", "level": "乡", "parent": "340523"}),
    )
    report = desk.take("areas", file)
    assert (report.read, report.stored, report.updated, report.quarantined) == (4, 1, 1, 2)
    assert desk.rows("SELECT level FROM area WHERE tree = 'admin' ORDER BY code") == [("county",), ("town",)]
    assert [(row.code, row.reason, bool(row.remedy)) for row in desk.quarantine()] == [
        ("choice", f"an area of level '{level}' stands above the county, which is the uppermost of its areas", True)
        for level in ("省", "city")
    ]


def test_a_row_belongs_to_the_deepest_area_of_each_tree_or_to_the_root(desk) -> None:
    take_tree(desk)
    points = {"deep": (118.31, 31.75), "west": (118.33, 31.75), "east": (118.38, 31.75), "out": (118.45, 31.75)}
    content = "number,longitude,latitude\n" + "".join(f"{name},{x},{y}\n" for name, (x, y) in points.items())
    desk.take("incidents", desk.text("a.csv", content))
    rows = desk.rows(
        "SELECT number, a.code, p.code FROM incident i JOIN area a ON a.id = admin_area_id"
        " JOIN area p ON p.id = police_area_id"
    )
    assert {row[0]: row[1:] for row in rows} == {
        "deep": ("340523100001", "S1"), "west": ("340523100", "S1"), "east": ("340523101", "340523"),
        "out": ("340523", "340523"),
    }  # fmt: skip


def test_rows_that_were_there_before_learn_of_new_areas(desk) -> None:
    desk.take("roads", desk.geojson("r.geojson", ("LINESTRING (118.31 31.75, 118.311 31.75)", {})))
    desk.take("incidents", desk.text("a.csv", "number,longitude,latitude\n1,118.31,31.75\n"))
    take_tree(desk)
    for table in ("incident", "street", "street_piece"):
        rows = desk.rows(f"SELECT a.code FROM {table} t JOIN area a ON a.id = t.admin_area_id")
        assert set(rows) == {("340523100001",)}


@pytest.mark.parametrize(
    "parents",
    [{"A": "nobody"}, {"A": "B", "B": "A"}, {"A": "A"}, {"A": "nobody", "B": "A"}],
    ids=["unknown", "circle", "itself", "below one that waits"],
)
def test_an_area_that_hangs_nowhere_waits_and_the_others_are_taken(desk, parents: dict[str, str]) -> None:
    features = [(WEST, {"code": code, "parent": parent}) for code, parent in parents.items()]
    report = desk.take("areas", desk.geojson("a.geojson", *features, (EAST, {"code": "C", "parent": None})))
    assert (report.read, report.stored, report.quarantined) == (len(parents) + 1, 1, len(parents))
    assert desk.rows("SELECT code FROM area WHERE parent_id IS NOT NULL") == [("C",)]
    waiting = desk.quarantine()
    assert [(row.line, row.code, row.content["code"]) for row in waiting] == [
        (line, "parent", code) for line, code in enumerate(parents, start=1)
    ]
    assert all(repr(parents[row.content["code"]]) in row.reason and row.remedy for row in waiting)
    assert shapely.from_wkt(waiting[0].content["WKT"]).equals(WEST)


def parent_of(desk, code: str) -> str:
    statement = "SELECT p.code FROM area c JOIN area p ON p.id = c.parent_id WHERE c.code = :code"
    return desk.rows(statement, code=code)[0][0]


def test_an_area_moves_to_another_parent_and_stays_where_the_file_names_none(desk) -> None:
    take_tree(desk)
    community = {"code": "340523100001", "name": "一社区", "level": "社区"}
    moved = desk.geojson("areas.geojson", (INSIDE_WEST, community | {"parent": "340523101"}))
    report = desk.take("areas", moved)
    assert (report.stored, report.updated, report.unchanged) == (0, 1, 0)
    assert parent_of(desk, "340523100001") == "340523101"
    assert desk.take("areas", moved).unchanged == 1
    report = desk.take("areas", desk.geojson("areas.geojson", (INSIDE_WEST, community | {"name": "二社区"})))
    assert (report.updated, parent_of(desk, "340523100001")) == (1, "340523101")


@pytest.mark.parametrize("parent", ["nobody", "340523100001"], ids=["unknown", "own child"])
def test_an_area_that_is_there_is_not_hung_nowhere_either(desk, parent: str) -> None:
    take_tree(desk)
    before = desk.contents("area")
    report = desk.take("areas", desk.geojson("areas.geojson", (WEST, {"code": "340523100", "parent": parent})))
    assert (report.read, report.updated, report.quarantined) == (1, 0, 1)
    assert [(row.line, row.code) for row in desk.quarantine()] == [(1, "parent")]
    assert (parent_of(desk, "340523100"), desk.contents("area")) == ("340523", before)


def test_the_county_itself_gets_its_outline_and_later_files_are_held_against_it(desk) -> None:
    outline = shapely.box(118.0, 31.5, 118.5, 32.0)
    report = desk.take("areas", desk.geojson("a.geojson", (outline, {"code": "340523", "name": "和县"})))
    assert (report.stored, report.updated) == (0, 1)
    with pytest.raises(FileRejected) as caught:
        desk.take("places", desk.geojson("b.geojson", ("POINT (117.0 30.0)", {"name": "x"})))
    assert caught.value.problems[0].code == "far_away"


def test_wards_in_british_metres_come_in_as_areas(desk_of, shared_data) -> None:
    desk = desk_of("lancashire", 27700, "Europe/London")
    path = shared_data("lancashire/wards_epsg27700.gpkg")
    assert desk.take("areas", path).stored == 271
    assert desk.rows("SELECT name FROM area WHERE code = 'E05001643'") == [("Anchorsholme",)]
    assert desk.take("areas", path).unchanged == 271


def grid(code: str, shape, **more):
    return (shape, {"code": code, "name": f"网格{code[-1]}", **more})


FIRST, SECOND, THIRD = "340523100001001", "340523100001002", "340523100001003"


def test_grids_come_in_as_one_filed_change_on_the_lattice(desk) -> None:
    shifted = shapely.transform(WEST, lambda xy: xy + 1e-9)
    report = desk.take(
        "grids", desk.geojson("g.geojson", grid(FIRST, shifted, 网格长="李某", 户数="320"), grid(SECOND, EAST))
    )
    assert (report.stored, report.warnings) == (2, ())
    rows = desk.rows(
        "SELECT code, kind, households, w.name, ST_XMax(geom) FROM grid g LEFT JOIN grid_worker w"
        " ON w.grid_stable_id = g.stable_id AND role = 'grid_leader' ORDER BY code"
    )
    assert rows == [(FIRST, "basic", 320, "李某", 118.35), (SECOND, "basic", None, None, 118.4)]
    assert desk.rows("SELECT kind, status FROM grid_change") == [("import", "filed")]


def test_a_grid_that_overlaps_waits_with_both_names_and_the_others_are_taken(desk) -> None:
    wide, apart = shapely.box(118.34, 31.70, 118.40, 31.80), shapely.box(118.50, 31.70, 118.55, 31.80)
    file = desk.geojson("g.geojson", grid(FIRST, WEST), grid(SECOND, wide), grid(THIRD, apart))
    report = desk.take("grids", file)
    assert (report.read, report.stored, report.quarantined) == (3, 2, 1)
    assert desk.rows("SELECT code FROM grid ORDER BY code") == [(FIRST,), (THIRD,)]
    [row] = desk.quarantine()
    assert (row.line, row.code, row.content["code"], row.content["name"]) == (2, "overlap", SECOND, "网格2")
    assert FIRST in row.reason and SECOND in row.reason and row.remedy
    assert shapely.from_wkt(row.content["WKT"]).equals(wide)


def test_a_grid_that_overlaps_one_that_is_there_waits_with_both_names(desk) -> None:
    desk.take("grids", desk.geojson("g.geojson", grid(FIRST, WEST)))
    before = desk.contents("grid", "grid_change")
    wide = shapely.box(118.34, 31.70, 118.40, 31.80)
    report = desk.take("grids", desk.geojson("h.geojson", grid(SECOND, wide)))
    assert (report.read, report.stored, report.quarantined) == (1, 0, 1)
    [row] = desk.quarantine()
    assert (row.line, row.code) == (1, "overlap")
    assert f"grid {FIRST}" in row.reason and SECOND in row.reason
    assert desk.contents("grid", "grid_change") == before


def test_of_three_grids_one_above_the_other_one_is_taken(desk) -> None:
    file = desk.geojson("g.geojson", grid(FIRST, WEST), grid(SECOND, WEST), grid(THIRD, WEST))
    report = desk.take("grids", file)
    assert (report.read, report.stored, report.quarantined) == (3, 1, 2)
    assert len({row.line for row in desk.quarantine()}) == 2


def test_a_grid_that_has_to_stay_keeps_out_what_would_overlap_it(desk) -> None:
    desk.take("grids", desk.geojson("g.geojson", grid(FIRST, WEST), grid(SECOND, EAST)))
    before = desk.contents("grid", "grid_change")
    wider, overlapping = shapely.box(118.30, 31.70, 118.38, 31.80), shapely.box(118.36, 31.70, 118.40, 31.80)
    report = desk.take("grids", desk.geojson("g.geojson", grid(FIRST, wider), grid(SECOND, overlapping)))
    assert (report.read, report.updated, report.quarantined) == (2, 0, 2)
    assert desk.contents("grid", "grid_change") == before


def test_a_gap_and_an_odd_code_are_warnings(desk) -> None:
    ring = shapely.box(118.30, 31.70, 118.40, 31.80).difference(shapely.box(118.34, 31.74, 118.36, 31.76))
    report = desk.take("grids", desk.geojson("g.geojson", grid("A1", ring)))
    assert any("gaps" in str(warning) for warning in report.warnings)
    assert any("pattern" in str(warning) for warning in report.warnings)
    assert (report.stored, report.quarantined) == (1, 0)


def test_a_moved_line_makes_new_versions_and_incidents_follow(desk) -> None:
    desk.take("grids", desk.geojson("g.geojson", grid(FIRST, WEST), grid(SECOND, EAST)))
    desk.take("incidents", desk.text("a.csv", "number,longitude,latitude\n1,118.345,31.75\n"))
    stable = dict(tuple(row) for row in desk.rows("SELECT code, stable_id FROM grid"))
    assert desk.rows("SELECT grid_stable_id FROM incident") == [(stable[FIRST],)]
    west, east = shapely.box(118.30, 31.70, 118.34, 31.80), shapely.box(118.34, 31.70, 118.40, 31.80)
    report = desk.take("grids", desk.geojson("g.geojson", grid(FIRST, west), grid(SECOND, east)))
    assert (report.stored, report.updated) == (0, 2)
    assert desk.rows("SELECT grid_stable_id FROM incident") == [(stable[SECOND],)]
    now = desk.rows(
        "SELECT code, stable_id, ST_XMin(geom) FROM grid WHERE upper_inf(recorded) AND valid @> CAST(:day AS date)"
        " ORDER BY code",
        day=desk.today(),
    )
    assert now == [(FIRST, stable[FIRST], 118.30), (SECOND, stable[SECOND], 118.34)]
    then = desk.rows(
        "SELECT ST_XMin(geom) FROM grid WHERE upper_inf(recorded) AND valid @> CAST(:day AS date) ORDER BY code",
        day=desk.today() - timedelta(days=1),
    )
    assert then == [(118.30,), (118.35,)]


def test_a_file_of_another_name_moves_lines_and_splits_from_today_on(desk) -> None:
    desk.take("grids", desk.geojson("2025.geojson", grid(FIRST, WEST), grid(SECOND, EAST)))
    west, east = shapely.box(118.30, 31.70, 118.34, 31.80), shapely.box(118.34, 31.70, 118.38, 31.80)
    third = shapely.box(118.38, 31.70, 118.40, 31.80)
    report = desk.take("grids", desk.geojson("2026.geojson", grid(FIRST, west), grid(SECOND, east), grid(THIRD, third)))
    assert (report.stored, report.updated) == (1, 2)
    edges = "SELECT ST_XMax(geom) FROM grid WHERE upper_inf(recorded) AND valid @> CAST(:day AS date) ORDER BY code"
    assert desk.rows(edges, day=desk.today() - timedelta(days=1)) == [(118.35,), (118.40,)]
    assert desk.rows(edges, day=desk.today()) == [(118.34,), (118.38,), (118.40,)]


def test_a_new_leader_keeps_the_grid_and_what_was_known_before(desk) -> None:
    desk.take("grids", desk.geojson("g.geojson", grid(FIRST, WEST, 网格长="李某")))
    report = desk.take("grids", desk.geojson("g.geojson", grid(FIRST, WEST, 网格长="张某")))
    assert (report.stored, report.updated) == (0, 1)
    assert desk.rows("SELECT count(*) FROM grid") == [(1,)]
    today = desk.today()
    known = "SELECT name, lower(valid), upper(valid) FROM grid_worker WHERE {}upper_inf(recorded) ORDER BY id"
    assert desk.rows(known.format("")) == [("李某", None, today), ("张某", today, None)]
    assert desk.rows(known.format("NOT ")) == [("李某", None, None)]


def test_another_telephone_of_the_same_leader_is_a_correction(desk) -> None:
    def take(leader: str | None, phone: str | None) -> tuple[int, int, int]:
        report = desk.take("grids", desk.geojson("g.geojson", grid(FIRST, WEST, 网格长=leader, 网格长电话=phone)))
        return report.stored, report.updated, report.unchanged

    now = "SELECT name, telephone, lower(valid) FROM grid_worker WHERE upper_inf(recorded) AND valid @> CAST(:day AS date)"
    assert take("李某", "05550000001") == (1, 0, 0)
    assert take("李某", "05550000002") == (0, 1, 0)
    assert desk.rows(now) == [("李某", "05550000002", None)]
    assert take("李某", "05550000002") == (0, 0, 1)
    assert take(None, "05550000003") == (0, 1, 0)  # nobody leads it, yet somebody can be called
    assert desk.rows(now) == [("", "05550000003", desk.today())]
    assert take(None, None) == (0, 1, 0)
    assert desk.rows(now) == []
    desk.take(
        "grids", desk.geojson("h.geojson", (WEST, {"code": FIRST, "网格员": "王某"}))
    )  # does not speak of leaders
    assert desk.rows("SELECT count(*) FROM grid_worker WHERE role = 'grid_leader'") == [(5,)]


def test_a_leader_appointed_for_a_later_day_takes_over_then_whoever_a_file_names_until_then(desk) -> None:
    desk.take("grids", desk.geojson("g.geojson", grid(FIRST, WEST, 网格长="李某")))
    later = desk.today() + timedelta(days=30)
    with desk.database.owner_session() as owner:
        owner.execute(text("UPDATE grid_worker SET valid = daterange(NULL, :day)"), {"day": later})
        owner.execute(
            text(
                "INSERT INTO grid_worker (county_id, admin_area_id, police_area_id, grid_stable_id, role, name, valid)"
                " SELECT county_id, admin_area_id, police_area_id, grid_stable_id, role, '周某', daterange(:day, NULL)"
                " FROM grid_worker"
            ),
            {"day": later},
        )
    desk.take("grids", desk.geojson("g.geojson", grid(FIRST, WEST, 网格长="张某")))
    held = "SELECT name, lower(valid), upper(valid) FROM grid_worker WHERE upper_inf(recorded) ORDER BY 2 NULLS FIRST"
    assert desk.rows(held) == [("李某", None, desk.today()), ("张某", desk.today(), later), ("周某", later, None)]


def test_workers_of_grids_come_and_go_with_the_files(desk) -> None:
    def take(first: str, second: str) -> tuple[int, int, int]:
        rows = [(WEST, {"code": "1", "网格员": first}), (EAST, {"code": "2", "网格员": second})]
        report = desk.take("grids", desk.geojson("a.geojson", *rows), source="grids")
        return report.stored, report.updated, report.unchanged

    def workers() -> list[tuple[str, str]]:
        return desk.rows(
            "SELECT g.code, w.name FROM grid_worker w JOIN grid g ON g.stable_id = w.grid_stable_id WHERE"
            " upper_inf(w.recorded) AND w.valid @> CAST(:day AS date) AND upper_inf(g.recorded) ORDER BY w.id"
        )

    assert take("李明、王芳", "") == (2, 0, 0)
    assert workers() == [("1", "李明"), ("1", "王芳")]
    assert take("李明,王芳", "") == (0, 0, 2)
    assert take("王芳", "赵强/钱进") == (0, 2, 0)
    assert workers() == [("1", "王芳"), ("2", "赵强"), ("2", "钱进")]
    assert (
        len(desk.rows("SELECT * FROM grid_worker WHERE name = '李明' AND upper_inf(recorded)")) == 1
    )  # he did work there
    desk.take("grids", desk.geojson("b.geojson", (WEST, {"code": "1"})), source="others")  # does not speak of them
    assert ("1", "王芳") in workers()
