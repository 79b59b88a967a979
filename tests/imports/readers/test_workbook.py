"""Workbooks: sheets, titles, merged headings, cells as what they say, and workbooks that would do harm."""

from __future__ import annotations

import datetime as dt
import re
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pytest
import xlsxwriter

from geo_app.imports.columns import recognise
from geo_app.imports.problems import FileRejected
from geo_app.imports.readers import workbook_safety
from geo_app.imports.readers.gdal import only
from geo_app.imports.readers.workbook import serial_to_text
from geo_app.imports.reading import read_file
from geo_app.imports.rows import Rows, joined

Write = Callable[[xlsxwriter.Workbook], Any]


def book(folder: Path, write: Write, name: str = "a.xlsx", **options: Any) -> Path:
    with xlsxwriter.Workbook(folder / name, options) as made:
        write(made)
    return folder / name


def rows_of(path: Path, kind: str = "incidents", layer: str | None = None) -> Rows:
    return joined(list(read_file(path, kind, layer)))


def rejected(path: Path, kind: str = "incidents", layer: str | None = None) -> FileRejected:
    with pytest.raises(FileRejected) as caught:
        rows_of(path, kind, layer)
    return caught.value


def sheets(**cells: list[list[Any]]) -> Write:
    def write(made: xlsxwriter.Workbook) -> None:
        for name, rows in cells.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)

    return write


TABLE = [["编号", "地址"], ["1", "和州路"]]


def test_D05_dates_as_text_as_cells_and_as_serials_can_all_be_told(tmp_path: Path) -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        moment, day, clock, hours = (
            made.add_format({"num_format": form})
            for form in ("yyyy-mm-dd hh:mm:ss", 'yyyy"年"m"月"d"日"', "hh:mm", "[h]:mm:ss")
        )
        sheet.write_row(0, 0, ["编号", "事发时间"])
        sheet.write_string(1, 1, "2026年1月2日8时30分")
        sheet.write_datetime(2, 1, dt.datetime(2026, 1, 2, 8, 30, 59), moment)
        sheet.write_datetime(3, 1, dt.datetime(2026, 1, 2), day)
        sheet.write_number(4, 1, 46024.35416666, moment)  # as other programs round 08:30
        sheet.write_number(5, 1, 46024 + 8.5 / 24)
        sheet.write_datetime(6, 1, dt.time(8, 30), clock)
        sheet.write_number(7, 1, 1.5, hours)
        for row in range(1, 8):
            sheet.write_number(row, 0, row)

    times = rows_of(book(tmp_path, write)).table["事发时间"]
    assert times.tolist() == [
        "2026年1月2日8时30分", "2026-01-02 08:30:59", "2026-01-02", "2026-01-02 08:30:00", pytest.approx(46024 + 8.5 / 24), "08:30:00",
        "36:00:00",
    ]  # fmt: skip
    assert serial_to_text(times)[4] == "2026-01-02 08:30:00"


def test_only_numbers_that_can_be_days_become_times() -> None:
    given = pd.Series(
        [46024, 46024.999999, "46024.25", 2026, 20260102, "2026-01-02", None, "", True, np.nan], dtype=object
    )
    assert serial_to_text(given).tolist()[:8] == [
        "2026-01-02 00:00:00", "2026-01-03 00:00:00", "2026-01-02 06:00:00", 2026, 20260102, "2026-01-02", None, "",
    ]  # fmt: skip
    same = pd.Series([1, 2])
    assert serial_to_text(same) is same


def test_long_codes_stay_exact_and_those_that_lost_digits_stay_recognisable(tmp_path: Path) -> None:
    table = rows_of(book(tmp_path, sheets(a=[["编号", "x"], [1234567890123, 0.1], [340523199001011234, -5.0]]))).table
    assert table["编号"].tolist() == [1234567890123, pytest.approx(3.4052319900101e17)]
    assert [type(cell) for cell in table["编号"]] == [int, float]
    assert table["x"].tolist() == [0.1, -5]


MERGED: list[tuple[list[tuple[int, int, int, int, str]], list[list[str]], list[str]]] = [
    # Merged cells as (first row, first column, last row, last column, text), other rows, headings that come out.
    (
        [(0, 0, 0, 4, "和县警情台账"), (1, 0, 2, 0, "接警单编号"), (1, 1, 1, 2, "事发"), (1, 3, 1, 4, "位置")],
        [[], [], ["", "时间", "地址", "经度", "纬度"], ["1", "2026-01-02", "和州路", "118.35", "31.74"]],
        ["接警单编号", "事发时间", "事发地址", "经度", "纬度"],
    ),
    (
        [(0, 0, 1, 0, "number"), (0, 1, 0, 2, "caller")],
        [[], ["", "name", "telephone"], ["1", "张三", "138"]],
        ["number", "caller name", "caller telephone"],
    ),
    ([(0, 0, 0, 1, "标题")], [[], ["编号", "地址"], ["1", "和州路"]], ["编号", "地址"]),
    ([], [["报表"], ["单位", "", "", "制表"], ["编号", "地址", "x", "y", "z"], ["1", "2", "3", "4", "5"]], ["编号", "地址", "x", "y", "z"]),
]  # fmt: skip


@pytest.mark.parametrize(("merged", "rows", "headings"), MERGED)
def test_D05_merged_headings_of_two_rows_become_what_is_recognised(
    tmp_path: Path, merged: list[tuple[int, int, int, int, str]], rows: list[list[str]], headings: list[str]
) -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        for number, row in enumerate(rows, start=2):
            for column, cell in enumerate(row, start=1):
                if cell:
                    sheet.write_string(number, column, cell)
        for top, left, bottom, right, text in merged:
            sheet.merge_range(top + 2, left + 1, bottom + 2, right + 1, text)

    found = rows_of(book(tmp_path, write))
    assert found.table.columns.tolist() == headings
    assert len(found) == 1
    assert found.numbers.tolist() == [len(rows) + 2]  # two rows above, counted from 1
    if "事发时间" in headings:
        assert set(recognise("incidents", headings).found) >= {"number", "occurred_from", "address", "longitude"}


def test_cells_merged_over_several_rows_stand_in_each_of_them(tmp_path: Path) -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        sheet.merge_range(0, 1, 0, 5, "和县网格户数")
        sheet.write_row(1, 1, ["乡镇", "社区", "网格编码", "户数", "备注"])
        for row, (code, count) in enumerate([("1", 120), ("2", ""), ("3", 80), ("4", 90)], start=2):
            sheet.write_row(row, 3, [code, count])
        sheet.merge_range(2, 1, 4, 1, "历阳镇")
        sheet.merge_range(2, 4, 3, 4, 120)
        sheet.merge_range(2, 5, 3, 5, "")
        sheet.merge_range(3, 2, 4, 2, "城南")
        sheet.write(5, 1, "乌江镇")
        sheet.merge_range(6, 1, 8, 5, "说明：户数以派出所为准")  # three rows high, and one row of the table

    rows = rows_of(book(tmp_path, write), "population")
    assert rows.table.to_numpy().tolist() == [
        ["历阳镇", "", "1", 120, ""],
        ["历阳镇", "城南", "2", "", ""],
        ["历阳镇", "城南", "3", 80, ""],
        ["乌江镇", "", "4", 90, ""],
        ["说明：户数以派出所为准", "", "", "", ""],
    ]
    assert rows.numbers.tolist() == [3, 4, 5, 6, 7]
    assert [str(one) for one in rows.warnings] == [
        "Cells that are merged over several rows stand in each of them: 乡镇, 社区.",
        "Numbers that are merged over several rows were given to the first one: 户数. Write how many there are in each"
        " row.",
    ]


def test_D05_hidden_sheets_are_not_read_unless_they_are_named(tmp_path: Path) -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        sheets(警情=TABLE, 旧=[["编号"], ["9"]])(made)
        made.worksheets()[1].hide()

    rows = rows_of(book(tmp_path, write))
    assert rows.table["编号"].tolist() == ["1"]
    assert [str(warning) for warning in rows.warnings] == ["Other sheets were not read: 旧."]
    assert rows_of(tmp_path / "a.xlsx", layer="旧").table["编号"].tolist() == ["9"]
    assert rejected(tmp_path / "a.xlsx", layer="没有").problems[0].code == "layers"


def test_of_several_sheets_the_only_one_with_rows_or_the_one_named_like_the_kind_is_read(tmp_path: Path) -> None:
    path = book(tmp_path, sheets(说明=[], Sheet2=TABLE))
    assert len(rows_of(path)) == 1
    path = book(tmp_path, sheets(警情类别=[["代码"], ["7"]], 和县警情=TABLE))
    assert rows_of(path, "categories").table["代码"].tolist() == ["7"]
    path = book(tmp_path, sheets(甲=TABLE, 乙=TABLE))
    assert "甲, 乙" in rejected(path).message
    assert len(rows_of(path, layer="乙")) == 1


def test_empty_rows_and_columns_are_left_out_and_filled_ones_without_a_heading_are_kept(tmp_path: Path) -> None:
    rows = [["编号", "", "地址", "", ""], ["1", "", "a", "", ""], [], ["2", "", "b", "", "备注"], ["", "", "", " ", ""]]
    found = rows_of(book(tmp_path, sheets(a=rows)))
    assert found.table.columns.tolist() == ["编号", "地址", "column 5"]
    assert found.table.to_numpy().tolist() == [["1", "a", ""], ["2", "b", "备注"]]
    assert found.numbers.tolist() == [2, 4]


def test_cells_with_errors_are_empty_and_formulas_say_what_they_gave(tmp_path: Path) -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["a", "b", "c"])
        sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 1, '="和"&"县"', None, "和县")
        sheet.write_boolean(1, 2, True)

    assert rows_of(book(tmp_path, write)).table.to_numpy().tolist() == [["", "和县", True]]


def test_a_real_workbook_gives_what_gdal_reads_of_it(shared_data: Callable[[str], Path]) -> None:
    path = shared_data("odd-files/aggravated_assaults.xlsx")
    assert rejected(path).problems[0].code == "layers"
    with only("XLSX"):
        oracle = pyogrio.read_dataframe(path, layer="Seattle", read_geometry=False)
    rows = rows_of(path, layer="Seattle")
    assert len(rows) == len(oracle)
    assert rows.table["longitude"].astype(float).tolist() == oracle["longitude"].tolist()
    ours = pd.to_datetime(rows.table["date"], format="ISO8601")
    assert (ours == pd.to_datetime(oracle["date"]).dt.tz_localize(None)).all()


def rewritten(path: Path, **parts: Callable[[bytes], bytes]) -> Path:
    """The workbook with parts changed; a keyword is the end of a part's name, with _ for its dots."""
    other = path.with_name("b.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            for name, change in parts.items():
                if member.filename.replace(".", "_").endswith(name):
                    content = change(content)
            new.writestr(member.filename, content)
    return other


def test_D05_an_entity_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bomb = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    for part in ("sharedStrings_xml", "sheet1_xml", "workbook_xml", "styles_xml", "_rels"):
        path = rewritten(
            book(tmp_path, sheets(a=TABLE)),
            **{part: lambda content: content.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY e0 "x">' + bomb + b"]>", 1)},
        )
        assert rejected(path).problems[0].code == "trap", part


def test_D05_an_external_link_is_not_followed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.xlsx"

        def write(made: xlsxwriter.Workbook) -> None:
            sheet = made.add_worksheet()
            sheet.write_row(0, 0, ["编号", "地址"])
            sheet.write_formula(1, 0, f"='{address}'!A1", None, "1")
            sheet.write_url(1, 1, address, None, "和州路")

        assert rows_of(book(tmp_path, write)).table.to_numpy().tolist() == [["1", "和州路"]]
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


def test_D05_a_million_styled_empty_rows_are_no_rows(tmp_path: Path) -> None:
    row = b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/><c r="B%d" s="1"></c></row>'
    styled = b"".join(row % (number, number, number) for number in range(3, 1_000_003))
    path = rewritten(
        book(tmp_path, sheets(a=TABLE)),
        sheet1_xml=lambda content: content.replace(b"</sheetData>", styled + b"</sheetData>"),
    )
    assert rows_of(path).numbers.tolist() == [2]


def test_D05_cells_at_both_ends_of_a_sheet_are_refused(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row></sheetData>'
    path = rewritten(book(tmp_path, sheets(a=TABLE)), sheet1_xml=lambda content: content.replace(b"</sheetData>", far))
    assert rejected(path).problems[0].code == "trap"


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is(tmp_path: Path) -> None:
    path = rewritten(
        book(tmp_path, sheets(a=TABLE)),
        sheet1_xml=lambda content: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', content),
    )
    assert len(rows_of(path)) == 1


def test_addresses_of_cells_are_found_across_the_pieces_in_which_a_sheet_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path, sheets(a=[["编号"]] + [[str(number)] for number in range(300)]))
    monkeypatch.setattr(workbook_safety, "MOST_CELLS", 300)
    for size in (1, 7, 64, 1000):
        monkeypatch.setattr(workbook_safety, "CHUNK", size)
        with pytest.raises(FileRejected):
            workbook_safety.check(path)
    monkeypatch.setattr(workbook_safety, "MOST_CELLS", 301)
    workbook_safety.check(path)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.xlsx", b"PK\x03\x04 and nothing else", "unreadable"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unreadable"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "wrong_format"),
        ("a.xls", b"a\tb\n1\t2\n", "wrong_format"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert rejected(tmp_path / name).problems[0].code == code


def test_a_damaged_workbook_is_refused_wherever_the_damage_is(tmp_path: Path) -> None:
    path = book(tmp_path, sheets(a=TABLE))
    for part in ("sharedStrings_xml", "sheet1_xml", "workbook_xml", "styles_xml"):
        for change in (lambda content: content[: len(content) // 2], lambda content: b"", lambda content: b"\xff" * 99):
            other = rewritten(path, **{part: change})
            try:
                rows_of(other)
            except FileRejected as error:
                assert error.problems[0].code in ("unreadable", "empty", "layers")
