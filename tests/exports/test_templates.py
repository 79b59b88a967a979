"""Templates: every heading is understood, every word is allowed, and a filled one is taken without being told how."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from python_calamine import CalamineWorkbook

from geo_app.exports.template_columns import TEMPLATES, heading, words_of
from geo_app.exports.templates import write
from geo_app.imports.columns import HEADINGS, recognise
from geo_app.imports.kinds import cameras, routes
from geo_app.locale import translator
from tests.imports.conftest import Desk


def made(kind: str, folder: Path, language: str = "en") -> Path:
    path = folder / f"{kind}.xlsx"
    write(kind, path, translator(language))
    return path


def filled(kind: str, folder: Path) -> Path:
    """The template with the row that its second sheet shows as an example, as a spreadsheet would save it."""
    empty, full = made(kind, folder), folder / "filled.xlsx"
    example = [row[4] for row in CalamineWorkbook.from_path(str(empty)).get_sheet_by_name("说明").to_python()[1:]]
    cells = "".join(
        f'<c r="{chr(65 + place)}2" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
        for place, value in enumerate(example)
        if value != ""
    )
    with zipfile.ZipFile(empty) as before, zipfile.ZipFile(full, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</sheetData>", f'<row r="2">{cells}</row></sheetData>'.encode())
            after.writestr(name, content)
    return full


def test_there_is_a_template_for_every_kind() -> None:
    assert set(TEMPLATES) == set(HEADINGS)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_every_heading_of_a_template_means_what_it_was_made_for(kind: str, tmp_path: Path) -> None:
    sheet = CalamineWorkbook.from_path(str(made(kind, tmp_path))).get_sheet_by_name(kind).to_python()
    names = [field.name for field in TEMPLATES[kind]]
    found = recognise(kind, sheet[0])
    assert found.found == dict(zip(names, sheet[0], strict=True)) and found.unknown == ()


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_filled_template_is_taken_without_being_told_how(desk: Desk, tmp_path: Path, kind: str) -> None:
    if kind == "grid_people":
        desk.grids("340523100001001")
    report = desk.take(kind, filled(kind, tmp_path), source="template")
    assert (report.read, report.stored, report.quarantined) == (1, 1, 0), report.reasons


def test_every_allowed_word_is_taken(desk: Desk) -> None:
    words = next(field.words for field in TEMPLATES["cameras"] if field.name == "kind")
    assert words == ("球机", "枪机", "卡口")
    lines = [f"{place:020d},{word},118.3,31.7" for place, word in enumerate(words)]
    desk.take("cameras", desk.text("c.csv", "\n".join(["设备编码,摄像机类型,经度,纬度", *lines])))
    assert [row[0] for row in desk.rows("SELECT kind FROM camera ORDER BY code")] == ["dome", "bullet", "checkpoint"]


def test_words_are_the_first_chinese_ones_and_their_own_where_there_is_none() -> None:
    assert words_of(routes.MODES) == ("步巡", "车巡")
    assert words_of({"a": "x", "乙": "y"}) == ("乙", "x")
    assert "半球" in words_of(cameras.KINDS, every=True)


def test_lists_comments_and_text_cells_are_in_the_workbook(tmp_path: Path) -> None:
    book = zipfile.ZipFile(made("incidents", tmp_path))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count('type="list"') == 5 and "群众报警" in sheet
    assert book.read("xl/comments1.xml").decode().count("<comment ") == len(TEMPLATES["incidents"])
    assert 'formatCode="@"' in book.read("xl/styles.xml").decode()  # text, whatever somebody types
    assert re.search(r"<f>", sheet) is None


def test_a_comment_says_what_how_and_whether(tmp_path: Path) -> None:
    book = zipfile.ZipFile(made("cameras", tmp_path))
    comments = book.read("xl/comments1.xml").decode()
    assert "One of: 球机、枪机、卡口." in comments and "Must be there." in comments and "May be empty." in comments
    assert heading("cameras", "code") == "设备编码"
