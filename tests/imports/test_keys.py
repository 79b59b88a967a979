"""Rows without a key are known again by what they say, whatever the form in which a file says it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from geo_app.imports.same_words import same_words
from geo_app.imports.seen import Seen
from geo_app.imports.values import keys_by_content
from geo_app.models import County
from geo_app.queries import frames
from geo_app.queries.terms import Terms
from tests.imports.conftest import Desk

SAME = [
    ("118.30", "118.3", 118.3, "1.183e2", "１１８.30", " 118.3\u3000", np.float32(118.3)),
    ("118", "118.0", 118, 118.0, "１１８"),
    ("0.00001", "1e-05", 1e-05, "1E-5"),
    ("1.5E+20", 1.5e20, "150000000000000000000"),
    ("2026-01-02 08:30:00", "2026/1/2 8:30", "2026-01-02T08:30", "2026.01.02 8:30:00", dt.datetime(2026, 1, 2, 8, 30)),
    ("2026-01-02", "2026-01-02 00:00:00", "2026/1/2", dt.date(2026, 1, 2), pd.Timestamp("2026-01-02")),
    ("8:30", "08:30:00", dt.time(8, 30)),
    ("和州路 １２号", "和州路  12号", "\t和州路\n12号 "),
    ("true", "TRUE", True),
    ("", None, np.nan, "  ", "\u3000"),
    ("=1+1", "'=1+1"),
]
DIFFERENT = ["0118", "118", "00118", "118.01", "1180", "3E2", "300", "13900000000", "-118", "+118", "1.2.3", "是", "否"]


def word(cell: Any) -> str | None:
    return same_words(pd.Series([cell], dtype=object))[0].as_py()


@pytest.mark.parametrize("cells", SAME, ids=lambda cells: repr(cells[0]))
def test_cells_that_mean_the_same_count_as_the_same(cells: tuple[Any, ...]) -> None:
    assert len({word(cell) for cell in cells}) == 1
    together = same_words(pd.Series([*cells, "beside", 7], dtype=object)).to_pylist()
    assert together == [word(cells[0])] * len(cells) + ["beside", "7"]


def test_codes_telephones_and_numbers_with_zeros_before_them_stay_apart() -> None:
    assert len({word(cell) for cell in DIFFERENT}) == len(DIFFERENT)
    assert word("340523001001001123") == "340523001001001123"


@settings(deadline=None)
@given(st.lists(st.text(max_size=8) | st.floats(allow_nan=False) | st.integers() | st.none(), max_size=6))
def test_a_cell_counts_the_same_alone_and_beside_others_and_once_is_enough(cells: list[Any]) -> None:
    together = same_words(pd.Series(cells, dtype=object)).to_pylist()
    assert together == [word(cell) for cell in cells]
    assert same_words(pd.Series(together, dtype=object)).to_pylist() == together


def test_positions_count_to_the_centimetre_and_equal_rows_by_their_ordinal() -> None:
    points = shapely.points([118.35, 118.35000000001, 118.3500003], 31.7)
    keys = keys_by_content(pd.DataFrame({"a": ["x", "x ", "x"]}), points, Seen(), np.arange(3))
    first, second, third = (key.split(":") for key in keys)
    assert first[0] == second[0] != third[0]
    assert [first[1], second[1], third[1]] == ["1", "2", "1"]


def workbook(path: Path, *rows: list[Any]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell, *[time] * isinstance(cell, dt.datetime))
    return path


def test_a_table_sent_again_in_another_form_doubles_nothing(desk: Desk) -> None:
    first = "报警时间,警情类别,经度,纬度,损失\n2026-05-01 08:30:00,盗窃,118.30,31.70,10.50\n2026-05-01 08:30:00,盗窃,118.30,31.70,10.50\n"
    desk.take("incidents", desk.text("a.csv", first), source="110")
    other = "纬度,经度,警情类别,接警时间,损失 ,空\n31.7,118.3, 盗窃 ,2026/5/1 8:30,１０.5,\n31.7,118.3,盗窃,2026-5-1 8:30,10.5,\n"
    other = other.replace("接警时间", "报警时间")
    again = desk.take("incidents", desk.text("b.csv", other), source="110")
    assert (again.read, again.stored, again.quarantined) == (2, 0, 0)
    row = [31.7, 118.3, "盗窃", dt.datetime(2026, 5, 1, 8, 30), 10.5]
    book = workbook(desk.folder / "c.xlsx", ["纬度", "经度", "警情类别", "报警时间", "损失"], row, row)
    assert desk.take("incidents", book, source="110").stored == 0
    said = {"报警时间": "2026-05-01 08:30:00", "警情类别": "盗窃", "损失": 10.5}
    shapes = desk.geojson("d.geojson", *[("POINT (118.3 31.7)", said)] * 2)
    assert desk.take("incidents", shapes, source="110").stored == 0
    assert desk.rows("SELECT count(*) FROM incident") == [(2,)]


def test_a_file_read_anew_with_columns_that_somebody_named_has_the_same_rows(desk: Desk) -> None:
    file = desk.text("a.csv", "警情类别,东经数,北纬数,啥\n盗窃,118.3,31.7,a\n")
    desk.take("incidents", file, source="110")
    again = desk.take(
        "incidents", file, "EPSG:4326", source="110", columns={"x": "东经数", "y": "北纬数", "description": "啥"}
    )
    assert (again.stored, again.updated) == (0, 1)


POLE = "118.351,31.742"


def test_two_cameras_without_a_code_hang_on_one_pole(desk: Desk) -> None:
    file = desk.text("a.csv", f"name,bearing,longitude,latitude\nA,90,{POLE}\nA,270,{POLE}\nA,270,{POLE}\n,,{POLE}\n")
    for stored in (4, 0):
        report = desk.take("cameras", file, source="a")
        assert (report.stored, report.quarantined) == (stored, 0)
    assert sorted(row[0] for row in desk.rows("SELECT name FROM camera")) == ["118.351000,31.742000", "A", "A", "A"]
    with desk.database.session(desk.scope_now(), read_only=True) as session:
        county = session.scalars(select(County)).one()
        assert frames.cameras(session, county, Terms(desk.today()))["code"].tolist() == ["", "", "", ""]


@pytest.mark.parametrize(
    ("kind", "table", "text"),
    [
        ("incidents", "incident", f"number,category,longitude,latitude\n7,a,{POLE}\n,a,{POLE}\n,a,{POLE}\n,b,{POLE}\n"),
        ("cameras", "camera", f"code,bearing,longitude,latitude\n7,90,{POLE}\n,90,{POLE}\n,90,{POLE}\n,180,{POLE}\n"),
        ("places", "place", f"key,name,longitude,latitude\n7,a,{POLE}\n,a,{POLE}\n,a,{POLE}\n,,{POLE}\n"),
        ("posts", "post", f"key,kind,longitude,latitude\n7,卡点,{POLE}\n,卡点,{POLE}\n,卡点,{POLE}\n,警务站,{POLE}\n"),
        ("addresses", "address", "key,full_text\n7,a\n,a\n,a\n,b\n"),
        ("aliases", "address_alias", "key,alias,address_text\n7,a,x\n,a,x\n,b,x\n,c,y\n"),
        ("population", "population", f"key,people,longitude,latitude\n7,1,{POLE}\n,1,{POLE}\n,1,{POLE}\n,2,{POLE}\n"),
        (
            "buildings",
            "building",
            "key,name,wkt\n"
            + "".join(
                f'{key},a,"POLYGON (({at} 31.7,{at + 0.001:.3f} 31.7,{at + 0.001:.3f} 31.701,{at} 31.7))"\n'
                for key, at in (("7", 118.3), ("", 118.31), ("", 118.32), ("", 118.32))
            ),
        ),
        (
            "roads",
            "street",
            "key,name,wkt\n7,a,\"LINESTRING (118.3 31.7,118.3 31.71)\"\n,a,\"LINESTRING (118.31 31.7,118.31 31.71)\"\n"
            ",a,\"LINESTRING (118.32 31.7,118.32 31.71)\"\n,b,\"LINESTRING (118.33 31.7,118.33 31.71)\"\n",
        ),
    ],
)  # fmt: skip
def test_rows_whose_key_is_empty_are_known_by_what_they_say(desk: Desk, kind: str, table: str, text: str) -> None:
    file = desk.text("a.csv", text)
    first = desk.take(kind, file, source="a")
    assert (first.stored, first.quarantined) == (4, 0), desk.quarantine()
    again = desk.take(kind, file, source="a")
    assert (again.unchanged, again.stored, again.updated) == (4, 0, 0)
    keys = [row[0] for row in desk.rows(f"SELECT source_key FROM {table}")]
    assert len(keys) == len(set(keys)) == 4 and "7" in keys and "" not in keys
