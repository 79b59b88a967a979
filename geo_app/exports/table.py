"""What every writer takes: headings, and rows a portion at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

# A time is text, local to the county; json is the text of an object or a list.
Type = Literal["text", "number", "whole", "truth", "time", "json"]
# Unknown is how OGR calls what may be lines or outlines.
Shape = Literal["Point", "LineString", "MultiPolygon", "Unknown"]


@dataclass(frozen=True)
class Heading:
    """What a column is called, and what stands in it; a cell may always be None."""

    name: str
    type: Type = "text"


@dataclass(frozen=True)
class Portion:
    """Some rows, by column in the order of the headings; ``shapes`` are shapely geometries, None where a row has none."""

    columns: Sequence[Sequence[Any]]
    shapes: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.columns[0])


@dataclass(frozen=True)
class Table:
    """Rows to be written, once. ``shape``: the type of all their geometries (EPSG:4326 until they are moved), None
    where the kind has none. ``notes``: what whoever gets the file has to know, in his language."""

    name: str
    headings: tuple[Heading, ...]
    portions: Iterable[Portion]
    shape: Shape | None = None
    notes: tuple[str, ...] = ()
