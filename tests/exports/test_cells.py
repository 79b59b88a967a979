"""Texts on their way through a file: the same again, and never a formula."""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo_app.exports import as_csv, as_geojson, as_gpkg, as_xlsx
from geo_app.exports.cells import quoted
from geo_app.exports.table import Heading, Portion, Table
from geo_app.imports.reading import read_file
from geo_app.imports.systems import parse_system
from geo_app.imports.values import text
from tests.exports.made import TEXTS

WGS84 = parse_system("EPSG:4326")
FORMS = ("csv", "xlsx", "geojson", "gpkg")


def through(form: str, words: list[str]) -> list[str]:
    """Texts written to a file and read again as the importer reads them."""
    headings = (Heading("place", "whole"), Heading("said"), Heading("more"))
    table = Table("places", headings, [Portion([list(range(len(words))), words, ["x"] * len(words)])])
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{form}"
        if form == "csv":
            as_csv.write(table, path)
        elif form == "xlsx":
            as_xlsx.write(table, path)
        elif form == "geojson":
            as_geojson.write(table, path, WGS84)
        else:
            as_gpkg.write(table, path, WGS84)
        found = pd.concat([rows.table for rows in read_file(path, "places")])
    return text(found["said"]).tolist()


def as_stored(word: str) -> str:
    """A text as an import stores it."""
    return text(pd.Series([word], dtype=object))[0]


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40, deadline=None)
@given(words=st.lists(TEXTS, min_size=1, max_size=40))
@example(words=["=1+1", "'=1+1", "''=1", "-5", "+8613900000000", "@x", "a\r\nb\rc", "007", "340523001001001123", "＝1"])
@example(words=["_x000D_", "\x01", "a\x00b", "\ud800", "\ufeffx", '"', "'", "a;b", "\u2028", "nan", "1.0", "\x1fx\x85"])
def test_a_text_is_the_same_after_it_was_exported_and_imported(form: str, words: list[str]) -> None:
    stored = [as_stored(word) for word in words]
    harmless = [word.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd") for word in stored]
    assert through(form, stored) == (harmless if form == "xlsx" else stored)


@given(word=TEXTS)
@example(word="\t=1")
@example(word=" =1")
@example(word="'=1")
@example(word="－1")
def test_D08_no_cell_of_a_csv_begins_like_a_formula(word: str) -> None:
    cell = quoted(word)
    assert not cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) or re.fullmatch(r"-\d+(\.\d+)?", cell)


def test_D08_a_workbook_and_a_csv_hold_formulas_as_text(tmp_path: Path) -> None:
    words = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "-5", "=1"]
    table = Table("places", (Heading("a"), Heading("n", "number")), [Portion([words, [-1.5] * 7])])
    as_xlsx.write(table, tmp_path / "a.xlsx")
    sheet = zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and sheet.count('t="inlineStr"') == len(words) + 2
    as_csv.write(table, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.reader(file))[1:]
    assert [cell for cell, _ in cells] == ["'=cmd|' /C calc'!A0", "'+1+1", "'-2+3", "'@SUM(1)", "'=1", "-5", "'=1"]
    assert {number for _, number in cells} == {"-1.5"}


def test_a_file_of_somebody_else_loses_the_apostrophe_that_guards_a_formula_too() -> None:
    assert [as_stored(word) for word in ("'=1", "'-5", "'a'", "''", "it's")] == ["=1", "-5", "'a'", "''", "it's"]
