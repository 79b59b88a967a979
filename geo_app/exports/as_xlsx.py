"""Workbooks: every cell is what it is called, none is a formula; long tables go on in a second sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import xlsxwriter

from geo_app.errors import N_
from geo_app.exports.cells import clean, literal
from geo_app.exports.table import Heading, Table

MOST_ROWS = 1_048_575  # of a sheet, below its headings
LONGEST_CELL = 32_767
NOTES = "说明"
TOO_LONG = N_("%(count)s cells held more than a workbook can and were left empty: take CSV, GeoJSON or GeoPackage.")


def write(table: Table, path: Path, *, translate: Any = str, most_rows: int = MOST_ROWS) -> int:
    """Writes the rows; how many there were. Notes stand in a sheet of their own and below each printed page.

    What is longer than a cell can be is left out, and the notes say how often. ``most_rows``: of a sheet.
    """
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheets = _Sheets(book, table, most_rows)
        for portion in table.portions:
            for row in zip(*portion.columns, strict=True):
                sheets.add(row)
        notes = list(table.notes)
        if sheets.too_long:
            notes.append(translate(TOO_LONG) % {"count": sheets.too_long})
        if notes:
            sheet = book.add_worksheet(NOTES)
            sheet.set_column(0, 0, 100)
            for number, note in enumerate(notes):
                sheet.write_string(number, 0, note)
    return sheets.rows


class _Sheets:
    """The sheets of a table, begun as they are needed."""

    def __init__(self, book: xlsxwriter.Workbook, table: Table, most_rows: int) -> None:
        self.book, self.table, self.most_rows = book, table, most_rows
        self.bold = book.add_format({"bold": True})
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.rows = self.too_long = 0
        self.numbers = count(1)
        self.next = 0
        self._begin()

    def add(self, row: Sequence[Any]) -> None:
        """Writes one row below the others."""
        if self.next > self.most_rows:
            self._begin()
        for place, (heading, value) in enumerate(zip(self.table.headings, row, strict=True)):
            if value is not None:
                self._write(place, heading, value)
        self.next += 1
        self.rows += 1

    def _begin(self) -> None:
        number = next(self.numbers)
        name = self.table.name if number == 1 else f"{self.table.name} {number}"
        self.sheet = self.book.add_worksheet(name)
        self.sheet.freeze_panes(1, 0)
        if self.table.notes:
            # An ampersand begins a code in there, and more than 255 characters are refused.
            self.sheet.set_footer("&L" + " ".join(self.table.notes).replace("&", "&&")[:240])
        for place, heading in enumerate(self.table.headings):
            self.sheet.set_column(place, place, 20 if heading.type == "time" else 14)
            self.sheet.write_string(0, place, heading.name, self.bold)
        self.next = 1

    def _write(self, place: int, heading: Heading, value: Any) -> None:
        if heading.type == "truth":
            self.sheet.write_boolean(self.next, place, value)
        elif heading.type in ("number", "whole") and float(f"{value:.16G}") == value:  # as the library writes them
            self.sheet.write_number(self.next, place, value)
        elif heading.type == "time" and (moment := _as_serial(value)):
            self.sheet.write_datetime(self.next, place, moment, self.time)
        else:
            word = clean(value) if heading.type == "json" else literal(value)
            # Two characters that XML has no way to write.
            word = word.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
            if len(word.encode("utf-16-le")) > 2 * LONGEST_CELL:
                self.too_long += 1
            elif word:
                self.sheet.write_string(self.next, place, word)


def _as_serial(time: str) -> datetime | None:
    """A time that the numbers of a workbook hold to the second; others stay text."""
    if len(time) != len("2026-01-02 03:04:05") or time < "1901":
        return None
    return datetime.fromisoformat(time)
