"""What every reader hands over, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from pyproj import CRS


@dataclass(frozen=True)
class Rows:
    """The rows of a file as they arrived.

    table: attributes under the file's own headings, index 0, 1, 2…
    geometry: shapely geometries in ``crs`` (x, y order), None where a row has none; None when the format has none.
    crs: the system that the file itself names, None when it names none.
    decimal_comma: ``1,234`` is a little more than one; otherwise nobody can tell.
    unit, numbers: what a row is called in the file: "line" 7, "feature" 3, "way" 1234.
    """

    table: pd.DataFrame
    geometry: np.ndarray | None
    crs: CRS | None
    unit: str
    numbers: np.ndarray
    warnings: tuple[str, ...] = field(default=())
    decimal_comma: bool = False

    def __len__(self) -> int:
        return len(self.table)

    def where(self, row: int) -> str:
        """The name of a row in the file."""
        return f"{self.unit} {self.numbers[row]}"

    def file_lines(self) -> np.ndarray | None:
        """Line or feature numbers to keep; None where the numbers are identities of another system."""
        return self.numbers if self.unit in ("line", "feature") else None
