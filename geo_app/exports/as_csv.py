"""CSV in UTF-8 with a mark at the beginning, so that a spreadsheet opens Chinese."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from geo_app.exports.cells import clean, quoted
from geo_app.exports.table import Table, Type

CELL: Mapping[Type, Callable[[Any], Any]] = {
    "text": quoted,
    "time": str,
    "json": clean,
    "number": repr,
    "whole": str,
    "truth": lambda value: "true" if value else "false",
}


def write(table: Table, path: Path) -> int:
    """Writes the rows; how many there were. Notes stand in a column ``notice``: a line above the headings would break
    the file for most programs."""
    note = " ".join(table.notes)
    more = ["notice"] if note else []
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([heading.name for heading in table.headings] + more)
        count = 0
        for portion in table.portions:
            columns = [
                [None if value is None else CELL[heading.type](value) for value in column]
                for heading, column in zip(table.headings, portion.columns, strict=True)
            ]
            columns += [[quoted(note)] * len(portion) for _ in more]
            writer.writerows(zip(*columns, strict=True))
            count += len(portion)
    return count
