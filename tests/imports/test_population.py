"""People by grid or by place: what counts, what does not, and where they belong."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from geo_app.models import Area
from tests.imports.counted import balanced, quarantine

GRID = "POLYGON ((118.35 31.74, 118.36 31.74, 118.36 31.75, 118.35 31.75, 118.35 31.74))"


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
