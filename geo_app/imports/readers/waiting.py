"""Rows out of quarantine, as the server writes them for the reader: a row a line, with its number in the first file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from geo_app.imports.rows import PORTION, Rows


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The rows with all headings that any of them has; what a row does not say is missing."""
    with path.open(encoding="utf-8") as lines:
        first = json.loads(next(lines))
        headings: dict[str, None] = {}
        for line in lines:
            headings |= dict.fromkeys(json.loads(line)["content"])
    with path.open(encoding="utf-8") as lines:
        next(lines)
        while block := [json.loads(line) for line in islice(lines, PORTION)]:
            columns = {heading: [row["content"].get(heading) for row in block] for heading in headings}
            table = pd.DataFrame(columns, dtype=object, index=pd.RangeIndex(len(block)))
            numbers = np.array([row["number"] for row in block], dtype=np.int64)
            yield Rows(table, None, None, first["unit"], numbers, decimal_comma=first["decimal_comma"])


def write(path: Path, unit: str, decimal_comma: bool, rows: Iterator[tuple[int, dict[str, str]]]) -> None:
    """What ``read`` reads."""
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"unit": unit, "decimal_comma": decimal_comma}) + "\n")
        for number, content in rows:
            file.write(json.dumps({"number": number, "content": content}, ensure_ascii=False) + "\n")
