"""Delimited text: line numbers, ragged rows, encodings, delimiters, titles."""

from __future__ import annotations

import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_app.imports.problems import FileRejected
from geo_app.imports.readers import delimited, text_blocks
from geo_app.imports.readers.lines_by_arrow import each_line_a_row
from geo_app.imports.reading import read_file
from geo_app.imports.rows import Rows, joined

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=8)


def rows_of(folder: Path, content: str | bytes, name: str = "a.csv") -> Rows:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return joined(list(read_file(path, "incidents")))


def rejected(folder: Path, content: str | bytes) -> FileRejected:
    with pytest.raises(FileRejected) as caught:
        rows_of(folder, content)
    return caught.value


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8))
def test_what_was_written_is_read_each_row_on_the_line_where_it_begins(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    written, expected = [], []
    line = 2
    for cells in rows:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(cells)
        if any(cells):
            expected.append((line, list(cells)))
        line += text.getvalue().count("\n")
        written.append(text.getvalue())
    if not expected:
        return
    found = rows_of(tmp_path_factory.mktemp("made"), "one,two,three\n" + "".join(written))
    assert list(zip(found.numbers.tolist(), found.table.to_numpy().tolist(), strict=True)) == expected
    assert found.spoiled == ()


@given(content=st.binary(min_size=1, max_size=200))
def test_any_bytes_are_rows_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    try:
        rows = rows_of(folder, b"name,kind,address\n" + content)
    except FileRejected as error:
        assert error.problems[0].code in ("wrong_format", "empty", "columns")
    else:
        assert len(rows) + len(rows.spoiled) > 0


def test_rows_with_another_number_of_cells_are_spoiled_and_keep_their_lines(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'a,b,c\n1,"x\ny",3\n1,2\n1,2,3,4\n1,2,3,,\n\n,,\n5,6,7\n')
    assert rows.table.to_numpy().tolist() == [["1", "x\ny", "3"], ["1", "2", "3"], ["5", "6", "7"]]
    assert rows.numbers.tolist() == [2, 6, 9]
    assert [(one.number, one.code, one.params, one.content) for one in rows.spoiled] == [
        (4, "columns", {"found": "2", "headings": "3"}, {"a": "1", "b": "2"}),
        (5, "columns", {"found": "4", "headings": "3"}, {"a": "1", "b": "2", "c": "3", "column 4": "4"}),
    ]


def test_a_ragged_row_with_line_breaks_in_a_cell_is_one_row(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'a,b,c\n1,"x\ny\nz",3,4\n5,6,7\n')
    assert rows.table.to_numpy().tolist() == [["5", "6", "7"]]
    assert [(one.number, one.content["b"]) for one in rows.spoiled] == [(2, "x\ny\nz")]


def test_a_quote_that_is_never_closed_costs_its_own_row_and_no_other(tmp_path: Path) -> None:
    many = "".join(f"{number},b,c\n" for number in range(3, 5000))
    rows = rows_of(tmp_path, f'a,b,c\n1,"never closed,c\n{many}')
    assert rows.table["a"].tolist() == [str(number) for number in range(3, 5000)]
    assert rows.numbers.tolist() == list(range(3, 5000))
    assert [(one.number, one.code) for one in rows.spoiled] == [(2, "quote")]


def test_a_quote_that_the_next_one_would_close_takes_no_row_along(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'a,b,c\n1,"open,c\n2,b,c\n3,"sound, and closed",c\n4,b,c\n')
    assert rows.table["a"].tolist() == ["2", "3", "4"]
    assert [one.number for one in rows.spoiled] == [2]


def test_quotes_within_a_cell_are_text(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'a,b,c\n1,5" 的管子,c\n2,"he said "so" here",c\n')
    assert rows.table["b"].tolist() == ['5" 的管子', 'he said so" here"']
    assert rows.spoiled == ()


def test_a_line_of_more_than_a_million_characters_is_spoiled(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, f"a,b\n1,2\n3,{'x' * 2_500_000}\n5,6\n")
    assert rows.table["a"].tolist() == ["1", "5"]
    assert rows.numbers.tolist() == [2, 4]
    assert [(one.number, one.code) for one in rows.spoiled] == [(3, "too_long")]
    assert len(rows.spoiled[0].content["b"]) == delimited.SHOWN


@pytest.mark.long
def test_rows_that_never_end_take_neither_much_memory_nor_much_time(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n" + 'x"y,"z\n' * 200_000)
    tracemalloc.start()
    count = sum(len(rows) + len(rows.spoiled) for rows in read_file(path, "incidents"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count > 1_000
    assert peak < 100 * 2**20


@pytest.mark.parametrize(
    ("content", "headings", "number"),
    [
        ("和县警情台账,,,,\n接警单编号,报警时间,事发地址,经度,纬度\n1,2026-01-02,和州路,118.35,31.74\n", "接警单编号", 3),
        ("\n\n和县警情台账\n单位：派出所,,,制表：张三\n\n编号,时间,地址,备注\n1,2026-01-02,和州路,x\n", "编号", 7),
        ("编号,时间\n1,2026-01-02\n2,2026-01-03\n", "编号", 2),
        ("x;y\n1,5;2,5\n3,25;4,5\n", "x", 2),
        ("名称,lon,lat\n学校,118.35,31.74\n", "名称", 2),
    ],
)  # fmt: skip
def test_headings_stand_below_titles_and_only_there(tmp_path: Path, content: str, headings: str, number: int) -> None:
    rows = rows_of(tmp_path, content)
    assert rows.table.columns[0] == headings
    assert rows.numbers[0] == number
    assert rows.spoiled == ()


@pytest.mark.parametrize(
    ("content", "width", "comma"),
    [
        ("编号;说明\n1;a, b, c, d\n2;e, f\n", 2, True),
        ("编号\t说明\n1\ta, b; c\n2\td, e; f, g\n", 2, False),
        ("a|b|c\n1|2,5|3\n", 3, False),
        ("fecha;longitud;latitud\n2019;-75,56;6,25\n", 3, True),
    ],
)
def test_the_delimiter_is_that_of_the_headings(tmp_path: Path, content: str, width: int, comma: bool) -> None:
    rows = rows_of(tmp_path, content)
    assert len(rows.table.columns) == width
    assert rows.decimal_comma == comma
    assert rows.spoiled == ()


def test_columns_without_a_heading_get_one_and_equal_headings_are_refused(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "a,,column 2\n1,2,3\n").table.columns.tolist() == ["a", "unnamed column 2", "column 2"]
    error = rejected(tmp_path, "a,b,a\n1,2,3\n")
    assert error.problems[0].code == "columns"
    assert "same heading: a" in error.message


@given(text=st.text(st.sampled_from('ab,,"\n\n\r 和'), max_size=40))
def test_a_block_that_arrow_reads_says_what_the_csv_module_says(text: str) -> None:
    headings = ["one", "two"]
    portion = delimited._Portion(headings, ",")
    for at, cells, lines in delimited._rows(io.StringIO(text, newline="").readline, ","):
        portion.add(at, cells, lines)
    slow = portion.taken()
    table = each_line_a_row(text.encode(), headings, ",", 100) if text else None
    if table is not None:
        (fast,) = portion.of_table(1, table)
        assert fast.table.to_numpy().tolist() == slow.table.to_numpy().tolist()
        assert fast.numbers.tolist() == slow.numbers.tolist()
        assert slow.spoiled == ()


@pytest.mark.parametrize("size", [1, 5, 64, 1000])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_size_of_the_blocks_in_which_a_file_is_read_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, encoding: str
) -> None:
    text = "".join(f'{n},"和州路\n{n}号",c\n\n{n},x,y\r\n1,2\n' for n in range(40)) + "9,last,one"
    content = ("a,b,c\n" + text).encode(encoding)
    whole = rows_of(tmp_path, content)
    monkeypatch.setattr(text_blocks, "BLOCK", size)
    blocks = rows_of(tmp_path, content)
    assert len(whole) == 81
    assert blocks.table.to_numpy().tolist() == whole.table.to_numpy().tolist()
    assert blocks.numbers.tolist() == whole.numbers.tolist()
    assert blocks.spoiled == whole.spoiled


def test_a_file_of_one_line_without_end_takes_little_memory(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n" + "和州路,".encode() * 3_000_000)
    tracemalloc.start()
    rows = joined(list(read_file(tmp_path / "a.csv", "incidents")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows.table.to_numpy().tolist() == [["1", "2"]]
    assert [(one.number, one.code) for one in rows.spoiled] == [(3, "too_long")]
    assert peak < 60 * 2**20
