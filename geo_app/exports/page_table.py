"""What a table of a page is: for whom it is made, and how its columns become a table of a file."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from geo_app.errors import N_
from geo_app.exports.files import Translate
from geo_app.exports.table import Heading, Portion, Shape, Table, Type
from geo_app.imports.kinds.shapes import in_parts
from geo_app.models import County
from geo_app.queries.terms import Terms

MADE_UP = N_("computed from demonstration data")
Column = tuple[str, Type, Sequence[Any]]


@dataclass(frozen=True)
class Asked:
    """For whom and under which terms. ``batch``: an import; ``callers``: he may see who called."""

    session: Session
    county: County
    terms: Terms
    translate: Translate
    batch: int | None = None
    callers: bool = False


@dataclass(frozen=True)
class PageTable:
    """A table. ``action``: the permission that it asks for beside exporting; ``audited``: what reading it is called."""

    make: Callable[[Asked], Table]
    action: str | None = None
    audited: str | None = None


def table_of(
    name: str, asked: Asked, columns: Sequence[Column], *notes: str, simulated: bool = False,
    shape: Shape | None = None, shapes: Any = None,
) -> Table:  # fmt: skip
    """A table out of columns: message id of the heading, type, cells. ``simulated`` is said in its notes. ``shapes``:
    the geometry of each row in EPSG:4326, all of type ``shape`` or a part of one."""
    headings = tuple(Heading(asked.translate(title), type) for title, type, _ in columns)
    said = tuple(asked.translate(note) for note in (*notes, *[MADE_UP] * simulated))
    if shapes is not None:
        shapes = np.asarray(shapes, dtype=object)
        if shape == "MultiPolygon":
            shapes = in_parts(shapes)
    return Table(name, headings, [Portion([cells for _, _, cells in columns], shapes)], shape, said)


def rounded(values: Any, digits: int) -> list[float | None]:
    """Numbers for people; None for what is not known or endless."""
    return [round(value, digits) if math.isfinite(value) else None for value in map(float, values)]
