"""CSV and its relatives: encoding, delimiter and lines found out; every cell is text until a column's meaning is known."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo_app.imports.problems import SHOWN, FileRejected, Problem
from geo_app.imports.rows import Rows

DELIMITERS = (",", "\t", ";", "|")
LONGEST_CELL = 1_000_000


def read(path: Path, kind: str) -> Rows:
    """The rows of a delimited text file with one line of headings; ``numbers`` are lines of the file."""
    text = _text(path)
    csv.field_size_limit(LONGEST_CELL)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        headings = _headings(path, next((cells for cells in reader if any(map(str.strip, cells))), []))
        rows, lines, ragged = _rows(reader, len(headings))
    except csv.Error as error:
        raise FileRejected.whole(
            path.name, "wrong_format", f"Line {reader.line_num}: {error}", "Save it again as CSV in UTF-8."
        ) from error
    if ragged:
        raise FileRejected(
            path.name,
            [
                Problem("columns", f"it has {found} cells, the headings are {len(headings)}", f"line {line}")
                for line, found in ragged[:SHOWN]
            ],
            "Put quotes around cells that contain the delimiter.",
            len(ragged),
        )
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(headings)
    table = pd.DataFrame(
        {name: pd.Series(cells, dtype=object) for name, cells in zip(headings, columns, strict=True)},
        index=pd.RangeIndex(len(rows)),
    )
    return Rows(table, None, None, "line", np.array(lines, dtype=int), decimal_comma=delimiter == ";")


def _text(path: Path) -> str:
    content = path.read_bytes()
    if not content.strip():
        raise FileRejected.whole(path.name, "empty", "The file is empty.", "Export it again from where it came.")
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise FileRejected.whole(
        path.name, "wrong_format", "This is no text in UTF-8, UTF-16 or GB18030.", "Save it again as CSV in UTF-8."
    )


def _delimiter(text: str) -> str:
    """The one that stands most often in the line of headings."""
    heading = re.search(r"^.*[^\s,;|].*$", text, re.MULTILINE)
    return max(DELIMITERS, key=heading[0].count if heading else text.count)


def _headings(path: Path, cells: list[str]) -> list[str]:
    headings = [cell.strip() for cell in cells]
    doubled = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    if doubled:
        raise FileRejected.whole(
            path.name, "columns", f"Two columns have the same heading: {', '.join(doubled)}.", "Rename one of them."
        )
    return [heading or _free_heading(number, headings) for number, heading in enumerate(headings, start=1)]


def _free_heading(number: int, headings: list[str]) -> str:
    """A heading for a column that has none, and that no other column has."""
    heading = f"column {number}"
    while heading in headings:
        heading = f"unnamed {heading}"
    return heading


def _rows(reader: Any, width: int) -> tuple[list[list[str]], list[int], list[tuple[int, int]]]:
    """Cells, the line on which each row begins, and lines with another number of cells. Blank lines are left out."""
    rows: list[list[str]] = []
    lines: list[int] = []
    ragged: list[tuple[int, int]] = []
    begins = reader.line_num + 1
    for cells in reader:
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) == width:
            rows.append(cells)
            lines.append(begins)
        elif any(cells):
            ragged.append((begins, len(cells)))
        begins = reader.line_num + 1
    return rows, lines, ragged
