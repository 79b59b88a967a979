"""The headings of a sheet: below its titles, in one row or in two of which the upper one spans several columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from python_calamine import CalamineSheet

from geo_app.imports.columns import HEADINGS, recognise
from geo_app.imports.readers.headings import LOOKED_AT, heading_row

HAN = re.compile(r"[㐀-鿿]")
DEEPEST = 3  # rows of headings
Merged = tuple[tuple[int, int], tuple[int, int]]  # (first row, first column), (last row, last column)


@dataclass(frozen=True)
class SheetHeadings:
    """A name for each column from the sheet's first one on, '' for one without; the row after them, counted from 0."""

    names: list[str]
    ends: int


def sheet_headings(kind: str, sheet: CalamineSheet) -> SheetHeadings:
    """The headings of a sheet that has cells."""
    top, left = sheet.start or (0, 0)
    rows = [[str(cell) for cell in row] for row in islice(sheet.iter_rows(), top, top + LOOKED_AT + DEEPEST)]
    # As rows and columns of ``rows``.
    merged = [
        ((first[0] - top, first[1] - left), (last[0] - top, last[1] - left))
        for first, last in sheet.merged_cell_ranges or []
        if top <= first[0] < top + len(rows)
    ]
    titles = _titles(rows, merged)
    first = titles + heading_row(rows[titles:])
    first = min([at for (at, _), (to, _) in merged if titles <= at < first <= to], default=first)
    last = _last(first, len(rows), merged)
    lines = [_spread(rows[at], at, merged) for at in range(first, last + 1)]
    return SheetHeadings(_names(kind, lines), top + last + 1)


def _titles(rows: list[list[str]], merged: list[Merged]) -> int:
    """How many rows at the top are empty, or one cell that spans columns."""
    wide = {first for first, last in merged if last[1] > first[1]}
    for at, row in enumerate(rows):
        filled = [column for column, cell in enumerate(row) if cell.strip()]
        if len(filled) > 1 or (filled and (at, filled[0]) not in wide):
            return at
    return 0


def _last(first: int, count: int, merged: list[Merged]) -> int:
    """The last row of headings that begin in row ``first``: below one that spans columns stand those of its columns."""
    begin = [(start, end) for start, end in merged if start[0] == first]
    last = max([end[0] for _, end in begin], default=first)
    if any(end[1] > start[1] for start, end in begin):
        last = max(last, first + 1)
    return min(last, first + DEEPEST - 1, count - 1)


def _spread(row: list[str], at: int, merged: list[Merged]) -> list[str]:
    """A row of headings in which a cell that spans columns stands in each of them."""
    cells = [" ".join(cell.split()) for cell in row]
    for (top, left), (_, right) in merged:
        if top == at and 0 <= left < len(cells):
            cells[left : right + 1] = [cells[left]] * (min(right, len(cells) - 1) - left + 1)
    return cells


def _names(kind: str, lines: list[list[str]]) -> list[str]:
    """A name for each column out of what stands above one another: both together, or the lower one if only that is known."""
    parts = [list(dict.fromkeys(filter(None, column))) for column in zip(*lines, strict=True)]
    lowest = [column[-1] if column else "" for column in parts]
    names = []
    for column, bottom in zip(parts, lowest, strict=True):
        together = ("" if HAN.search("".join(column)) else " ").join(column)
        alone = lowest.count(bottom) == 1 and _is_known(kind, bottom) and not _is_known(kind, together)
        names.append(bottom if alone else together)
    return names


def _is_known(kind: str, heading: str) -> bool:
    return kind in HEADINGS and bool(recognise(kind, [heading]).found)
