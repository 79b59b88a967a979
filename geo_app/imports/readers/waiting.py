"""Rows out of quarantine, as the server writes them for the reader: a row a line, with its number in the first file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

import numpy as np
import pandas as pd

from geo_app.imports.rows import PORTION, Rows


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The rows with all headings that any of them has; what a row does not say is missing. Rows of one portion are
    called by one name: lines, ways."""
    with path.open(encoding="utf-8") as lines:
        decimal_comma = json.loads(next(lines))["decimal_comma"]
        headings: dict[str, None] = {}
        for line in lines:
            headings |= dict.fromkeys(json.loads(line)["content"])
    with path.open(encoding="utf-8") as lines:
        next(lines)
        for unit, rows in groupby(map(json.loads, lines), itemgetter("unit")):
            while block := list(islice(rows, PORTION)):
                columns = {heading: [row["content"].get(heading) for row in block] for heading in headings}
                table = pd.DataFrame(columns, dtype=object, index=pd.RangeIndex(len(block)))
                numbers = np.array([row["number"] for row in block], dtype=np.int64)
                yield Rows(table, None, None, unit, numbers, decimal_comma=decimal_comma)


def write(path: Path, decimal_comma: bool, rows: Iterable[tuple[str, int, dict[str, str]]]) -> None:
    """What ``read`` reads: of each row what it is called, its number and its cells."""
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"decimal_comma": decimal_comma}) + "\n")
        for unit, number, content in rows:
            row = {"unit": unit, "number": number, "content": content}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
