"""The beginning of a file, for whoever decides how it is to be read: headings, first rows, positions with their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo_app.imports.angles import angles_of
from geo_app.imports.problems import Problems
from geo_app.imports.readers.shapes import of_text
from geo_app.imports.reading import POSITIONS, Plan, read_file, recognised
from geo_app.imports.rows import Rows
from geo_app.imports.values import text
from geo_app.imports.words import word_counts

POINTS = 20_000  # so many positions tell a datum
SHOWN = 20


@dataclass(frozen=True)
class Sample:
    """What a file begins with. ``x``, ``y`` are coordinates as they arrived, ``texts`` what each row's own text names.

    unit and numbers: what the first rows are called in the file. named: the system that the file itself names.
    candidates: a heading that may mean several of our names, and these. words: our name, where it has a choice of words
    → a word of the file, how often it stands there, and ours for it or None.
    """

    headings: list[str]
    first: list[list[str]]
    unit: str
    numbers: list[int]
    columns: dict[str, str]
    unknown: list[str]
    candidates: dict[str, list[str]]
    words: dict[str, list[list[Any]]]
    named: str | None
    x: list[float]
    y: list[float]
    texts: list[str]
    rows: int
    is_all: bool
    shapes: list[str]


def sample(plan: Plan) -> Sample:
    """The sample of a file read as ``plan`` says. Raises FileRejected."""
    portions = read_file(plan.path, plan.kind, plan.layer)
    rows = next(portions)
    rest = next(portions, None)
    headings = [str(heading) for heading in rows.table.columns]
    columns = recognised(plan, headings)
    x, y = _positions(rows, columns.found)
    texts = _texts(rows, columns.found)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if len(known) > POINTS:  # from the whole portion: files are often sorted by place
        known = known[np.linspace(0, len(known) - 1, POINTS).astype(int)]
    first = rows.table.head(SHOWN)
    return Sample(
        headings=[str(heading) for heading in rows.table.columns],
        first=[[str(cell)[:200] for cell in row] for row in zip(*(text(first[name]) for name in first), strict=True)],
        unit=rows.unit,
        numbers=[int(number) for number in rows.numbers[:SHOWN]],
        columns=columns.found,
        unknown=list(columns.unknown),
        candidates={heading: list(names) for heading, names in columns.candidates.items()},
        words={
            name: [list(one) for one in counted]
            for name, counted in word_counts(rows.table, columns.found, plan.kind).items()
        },
        named=rows.crs.to_string()[:200] if rows.crs is not None else None,
        x=x[known].tolist(),
        y=y[known].tolist(),
        texts=texts.iloc[known].tolist(),
        rows=len(rows),
        is_all=rest is None,
        shapes=_shapes(rows),
    )


def _positions(rows: Rows, found: dict[str, str]) -> tuple[np.ndarray, np.ndarray]:
    shapes = rows.geometry
    if shapes is None and "wkt" in found:
        shapes = of_text(text(rows.table[found["wkt"]]))
    if shapes is not None:
        bounds = shapely.bounds(shapes)
        return (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    for east, north in POSITIONS:
        if east in found and north in found:
            ignored = Problems("", rows)
            x, y = (angles_of(rows.table[found[name]], name, ignored)[0] for name in (east, north))
            return x, y
    nowhere = np.full(len(rows), np.nan)
    return nowhere, nowhere


def _texts(rows: Rows, found: dict[str, str]) -> pd.Series:
    """Address, name and description of each row: where a known road or place may be named."""
    texts = pd.Series("", index=rows.table.index, dtype=object)
    for name in ("address", "name", "road", "description"):
        if name in found:
            texts = texts + " " + text(rows.table[found[name]])
    return texts.str.strip()


def _shapes(rows: Rows) -> list[str]:
    if rows.geometry is None:
        return []
    return sorted({shape.geom_type for shape in rows.geometry if shape is not None})
