"""CSV and its relatives: encoding, delimiter and lines found out; every cell is text until a column's meaning is known.

A file of any length is read block by block. A block of which each line is a row goes to Arrow, which is four times
faster; any other to Python's csv module, which alone tells on which line a row begins when cells have line breaks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from geo_app.imports.problems import N_
from geo_app.imports.readers.encoding import encoding_of
from geo_app.imports.readers.headings import LOOKED_AT, heading_row, named
from geo_app.imports.readers.lines_by_arrow import each_line_a_row
from geo_app.imports.readers.text_blocks import TextBlocks
from geo_app.imports.rows import PORTION, Rows, Spoiled

Readline = Callable[[int], str]
DELIMITERS = (",", "\t", ";", "|")
LONGEST_ROW = 1_000_000  # characters
MOST_LINES = 1_000  # of one row
HARDLY = 1e-3
BEGINNING = 2**18  # characters, in which delimiter and headings are found
SHOWN = 10_000  # characters of a cell in a row that cannot be read


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The rows of a delimited text file; ``numbers`` are the lines on which they begin. Titles above the headings are
    left out."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter, above = _found(file.read(BEGINNING))
    text = TextBlocks(path, encoding)
    begins, headings, lines = next(islice(_rows(text.readline, delimiter), above, None))
    portion = _Portion(named(path, headings or []), delimiter)
    begins += len(lines)
    while block := text.next():
        table = each_line_a_row(block, portion.headings, delimiter, LONGEST_ROW)
        if table is not None:
            yield from portion.of_table(begins, table)
            begins += len(table)
            continue
        text.give_back(block)
        for at, cells, lines in _rows(text.readline, delimiter, begins):
            portion.add(at, cells, lines)
            begins = at + len(lines)
            if text.is_between_blocks():
                break
            if portion.is_full():
                yield portion.taken()
        yield portion.taken()


def _found(beginning: str) -> tuple[str, int]:
    """The delimiter, and how many rows stand above the headings: what gives many names and as many cells below."""
    best, found = 0.0, (DELIMITERS[0], 0)
    for delimiter in DELIMITERS:
        first = [
            cells or []
            for _, cells, _ in islice(_rows(io.StringIO(beginning, newline="").readline, delimiter), LOOKED_AT)
        ]
        filled = next((at for at, cells in enumerate(first) if any(cells)), 0)
        for at in dict.fromkeys((filled, heading_row(first))):
            names = len([cell for cell in first[at] if cell.strip(" ,\t;|")])
            below = [len(cells) for cells in first[at + 1 :] if any(cells)]
            # Below headings that are not the first line something must show that they are headings.
            like = below.count(len(first[at])) / len(below) if below else float(at == filled)
            # Any text has as many cells below one cell; and where no row fits, the headings still tell.
            like = max(like, HARDLY * (at == filled)) if len(first[at]) > 1 else HARDLY * (at == filled)
            if names * like > best:
                best, found = names * like, (delimiter, at)
    return found


def _rows(readline: Readline, delimiter: str, begins: int = 1) -> Iterator[tuple[int, list[str] | None, list[str]]]:
    """The line on which each row begins, its cells (None where its quotes are wrong or it is too long), and its lines.

    The list of lines is good until the next row.
    """
    csv.field_size_limit(LONGEST_ROW)
    lines: list[str] = []
    while True:
        try:
            for cells in csv.reader(_fed(readline, lines), delimiter=delimiter, strict=True):
                yield begins, cells, lines
                begins += len(lines)
                lines.clear()
            return
        except csv.Error:
            yield begins, None, lines
            begins += len(lines)
            lines.clear()


def _fed(readline: Readline, lines: list[str]) -> Iterator[str]:
    """Lines of a file, each noted in ``lines``. Raises csv.Error where the lines of one row are too many or too long."""
    size = 0
    while line := readline(LONGEST_ROW):
        size = len(line) if not lines else size + len(line)
        lines.append(line)
        if size >= LONGEST_ROW or len(lines) > MOST_LINES:
            while len(line) == LONGEST_ROW and line[-1] not in "\r\n":
                line = readline(LONGEST_ROW)
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

    def is_full(self) -> bool:
        return len(self.numbers) + len(self.spoiled) >= PORTION

    def taken(self) -> Rows:
        """The rows since the last time, as a table of text."""
        cells = np.fromiter(self.cells, dtype=object, count=len(self.cells)).reshape(len(self.numbers), self.width)
        table = pd.DataFrame(cells, columns=pd.Index(self.headings, dtype=object), dtype=object)
        rows = self._made(table, np.array(self.numbers, dtype=np.int64), tuple(self.spoiled))
        self.cells, self.numbers, self.spoiled = [], [], []
        return rows

    def of_table(self, begins: int, table: pd.DataFrame) -> Iterator[Rows]:
        """The rows of a table whose first one stands on line ``begins``, without empty ones."""
        for start in range(0, len(table), PORTION):
            part = table.iloc[start : start + PORTION]
            filled = (part != "").any(axis=1).to_numpy()
            numbers = np.arange(begins + start, begins + start + len(part))
            yield self._made(part.loc[filled].reset_index(drop=True), numbers[filled])

    def _made(self, table: pd.DataFrame, numbers: np.ndarray, spoiled: tuple[Spoiled, ...] = ()) -> Rows:
        return Rows(table, None, None, "line", numbers, decimal_comma=self.delimiter == ";", spoiled=spoiled)
