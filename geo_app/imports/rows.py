"""What every reader hands over, whatever the format: the rows of a file, a portion at a time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from pyproj import CRS

from geo_app.imports.said import Said

PORTION = 20_000  # rows: enough to be fast, few enough that a file of any length needs little memory


@dataclass(frozen=True)
class Spoiled:
    """A row that no table can hold: too many cells, a malformed geometry. ``content``: what can be shown of it.

    reason is a message id with ``%(name)s`` for ``params``.
    """

    number: int
    code: str
    reason: str
    content: dict[str, str]
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """Rows of a file as they arrived. All portions of a file have the same headings.

    table: attributes under the file's own headings, index 0, 1, 2…
    geometry: shapely geometries in ``crs`` (x, y order), None where a row has none; None when the format has none.
    crs: the system that the file itself names, None when it names none.
    decimal_comma: ``1,234`` is a little more than one; otherwise nobody can tell.
    unit, numbers: what a row is called in the file: "line" 7, "feature" 3, "way" 1234.
    spoiled: rows that stand in the file and not in ``table``.
    """

    table: pd.DataFrame
    geometry: np.ndarray | None
    crs: CRS | None
    unit: str
    numbers: np.ndarray
    warnings: tuple[Said, ...] = field(default=())
    decimal_comma: bool = False
    spoiled: tuple[Spoiled, ...] = ()

    def __len__(self) -> int:
        return len(self.table)

    def where(self, row: int) -> str:
        """The name of a row in the file."""
        return f"{self.unit} {self.numbers[row]}"

    def file_lines(self) -> np.ndarray | None:
        """Line or feature numbers to keep; None where the numbers are identities of another system."""
        return self.numbers if self.unit in ("line", "feature", "row") else None

    def only(self, kept: np.ndarray) -> Rows:
        """The rows of a mask, numbered anew from 0."""
        geometry = None if self.geometry is None else self.geometry[kept]
        table = self.table.loc[kept].reset_index(drop=True)
        return replace(self, table=table, geometry=geometry, numbers=self.numbers[kept])


def joined(portions: list[Rows]) -> Rows:
    """All portions of a file as one. Raises ValueError for none."""
    if len(portions) == 1:
        return portions[0]
    first = portions[0]
    has_shapes = first.geometry is not None
    return replace(
        first,
        table=pd.concat([portion.table for portion in portions], ignore_index=True),
        geometry=np.concatenate([portion.geometry for portion in portions]) if has_shapes else None,
        numbers=np.concatenate([portion.numbers for portion in portions]),
        warnings=tuple(dict.fromkeys(warning for portion in portions for warning in portion.warnings)),
        spoiled=tuple(spoiled for portion in portions for spoiled in portion.spoiled),
    )
