"""Where a table's headings stand, and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from geo_app.imports.problems import N_, FileRejected

LOOKED_AT = 10  # rows
NUMBER = re.compile(r"\s*[-+]?[\d.,:/\- ]*\d[\d.,:/\- ]*\s*")


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows has the headings; 0 when none has any cell.

    It is the first row with anything in it, unless that is a title: one cell or two above a row of many names.
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in rows[:LOOKED_AT]]
    first = next((at for at, count in enumerate(filled) if count), 0)
    if not filled or filled[first] > 2:
        return first
    needed = max(3, 2 * filled[first] + 1)
    for at in range(first + 1, len(filled)):
        if filled[at] >= needed and 2 * filled[at] >= max(filled) and not any(map(NUMBER.fullmatch, rows[at])):
            return at
    return first


def named(path: Path, cells: Sequence[str]) -> list[str]:
    """A heading for each column, none twice; ``column 3`` for one that has none. Raises FileRejected for equal ones."""
    headings = [" ".join(cell.split()) for cell in cells]
    doubled = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    if doubled:
        raise FileRejected.whole(
            path.name,
            "columns",
            N_("Two columns have the same heading: %(headings)s."),
            N_("Rename one of them."),
            headings=", ".join(doubled)[:500],
        )
    return [heading or _free_heading(number, headings) for number, heading in enumerate(headings, start=1)]


def _free_heading(number: int, headings: list[str]) -> str:
    heading = f"column {number}"
    while heading in headings:
        heading = f"unnamed {heading}"
    return heading
