"""CSV and its relatives: encoding, delimiter and lines found out; every cell is text until a column's meaning is known.

A file of any length is read a portion at a time. Python's csv module, not Arrow's: it takes twice as long and is still
five times faster than what comes behind it, and it alone tells on which line a row begins when cells have line breaks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np
import pandas as pd

from geo_app.imports.problems import N_
from geo_app.imports.readers.encoding import encoding_of
from geo_app.imports.readers.headings import LOOKED_AT, heading_row, named
from geo_app.imports.rows import PORTION, Rows, Spoiled

DELIMITERS = (",", "\t", ";", "|")
LONGEST_ROW = 1_000_000  # characters
MOST_LINES = 1_000  # of one row
BEGINNING = 2**18  # characters, in which delimiter and headings are found
SHOWN = 10_000  # characters of a cell in a row that cannot be read


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The rows of a delimited text file; ``numbers`` are the lines on which they begin. Titles above the headings are
    left out."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter, above = _found(file.read(BEGINNING))
    with path.open(encoding=encoding, newline="") as file:
        rows = _rows(file, delimiter)
        _, headings, _ = next(islice(rows, above, None))
        portion = _Portion(named(path, headings or []), delimiter)
        for begins, cells, lines in rows:
            portion.add(begins, cells, lines)
            if len(portion.numbers) + len(portion.spoiled) >= PORTION:
                yield portion.taken()
        yield portion.taken()


def _found(beginning: str) -> tuple[str, int]:
    """The delimiter, and how many rows stand above the headings: what gives many names and as many cells below."""
    best, found = 0.0, (DELIMITERS[0], 0)
    for delimiter in DELIMITERS:
        first = [cells or [] for _, cells, _ in islice(_rows(io.StringIO(beginning, newline=""), delimiter), LOOKED_AT)]
        at = heading_row(first)
        names = len([cell for cell in first[at] if cell.strip(" ,\t;|")])
        below = [len(cells) for cells in first[at + 1 :] if any(cells)]
        # Below headings that are not the first line something must show that they are headings.
        like = below.count(len(first[at])) / len(below) if below else float(not any(map(any, first[:at])))
        if names * like > best:
            best, found = names * like, (delimiter, at)
    return found


def _rows(file: TextIO, delimiter: str) -> Iterator[tuple[int, list[str] | None, list[str]]]:
    """The line on which each row begins, its cells (None where its quotes are wrong or it is too long), and its lines.

    The list of lines is good until the next row.
    """
    csv.field_size_limit(LONGEST_ROW)
    lines: list[str] = []
    begins = 1
    while True:
        try:
            for cells in csv.reader(_fed(file, lines), delimiter=delimiter, strict=True):
                yield begins, cells, lines
                begins += len(lines)
                lines.clear()
            return
        except csv.Error:
            yield begins, None, lines
            begins += len(lines)
            lines.clear()


def _fed(file: TextIO, lines: list[str]) -> Iterator[str]:
    """Lines of a file, each noted in ``lines``. Raises csv.Error where the lines of one row are too many or too long."""
    size = 0
    while line := file.readline(LONGEST_ROW):
        size = len(line) if not lines else size + len(line)
        lines.append(line)
        if size >= LONGEST_ROW or len(lines) > MOST_LINES:
            while len(line) == LONGEST_ROW and line[-1] not in "\r\n":
                line = file.readline(LONGEST_ROW)
            raise csv.Error
        yield line


class _Portion:
    """Collects rows, and hands them over as a table."""

    def __init__(self, headings: list[str], delimiter: str) -> None:
        self.headings, self.delimiter, self.width = headings, delimiter, len(headings)
        self.cells: list[str] = []  # of all rows, one after another: a list for each row would take twice as long
        self.numbers: list[int] = []
        self.spoiled: list[Spoiled] = []

    def add(self, begins: int, cells: list[str] | None, lines: list[str]) -> None:
        """Takes a row; one without anything in it is left out."""
        if cells is not None and len(cells) == self.width:
            if cells[0] or any(cells):
                self.cells.extend(cells)
                self.numbers.append(begins)
        elif cells is None or len(lines) > 1:
            self._one_by_one(begins, cells, lines)
        elif any(cells[self.width :]) or len(cells) < self.width:
            self._spoil(begins, cells)
        else:
            self.add(begins, cells[: self.width], lines)

    def _one_by_one(self, begins: int, cells: list[str] | None, lines: list[str]) -> None:
        """A quote that is never closed takes the lines behind it along: here they are rows of their own again."""
        alone = [next(csv.reader([line[:LONGEST_ROW]], delimiter=self.delimiter), []) for line in lines]
        if cells is not None and not any(len(one) == self.width for one in alone[1:-1]):
            self._spoil(begins, cells)  # its line breaks were meant
            return
        for number, (one, line) in enumerate(zip(alone, lines, strict=True), start=begins):
            if len(line) >= LONGEST_ROW:
                self._spoil(number, one, "too_long", N_("the line is longer than a million characters"))
            elif number == begins and len(lines) > 1:
                self._spoil(number, one, "quote", N_("a quotation mark is opened and never closed"))
            else:
                self.add(number, one, [line])

    def _spoil(self, number: int, cells: list[str], code: str = "columns", reason: str = "") -> None:
        if not any(cells):
            return
        names = self.headings + [f"column {number}" for number in range(self.width + 1, len(cells) + 1)]
        content = {name: cell[:SHOWN] for name, cell in zip(names, cells[:500], strict=False)}
        params = {} if reason else {"found": str(len(cells)), "headings": str(self.width)}
        reason = reason or N_("it has %(found)s cells, the headings are %(headings)s")
        self.spoiled.append(Spoiled(number, code, reason, content, params))

    def taken(self) -> Rows:
        """The rows since the last time, as a table of text."""
        count = len(self.numbers)
        cells = np.fromiter(self.cells, dtype=object, count=len(self.cells)).reshape(count, self.width)
        rows = Rows(
            pd.DataFrame(cells, columns=pd.Index(self.headings, dtype=object), dtype=object),
            None,
            None,
            "line",
            np.array(self.numbers, dtype=np.int64),
            decimal_comma=self.delimiter == ";",
            spoiled=tuple(self.spoiled),
        )
        self.cells, self.numbers, self.spoiled = [], [], []
        return rows
