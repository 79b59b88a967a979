"""Cells of a sheet that are merged over several rows: what the first row says stands in each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from python_calamine import CalamineSheet

from geo_app.imports.columns import HEADINGS, recognise
from geo_app.imports.problems import N_, Said

# One number for several rows is that of all of them together: in each it would be counted again and again.
TOGETHER = ("households", "people")


class MergedDown:
    """Fills rows one after another. Of a cell that spans columns too, only the first column has the value."""

    def __init__(self, kind: str, sheet: CalamineSheet, begins: int, columns: Sequence[int], names: list[str]) -> None:
        """begins: the first row below the headings. columns: of each cell of a row, its column counted from the sheet's
        first one; names: their headings."""
        self._names = names
        found = recognise(kind, names).found if kind in HEADINGS else {}
        self._shared = {names.index(found[name]) for name in TOGETHER if name in found}
        at_column = {column: at for at, column in enumerate(columns)}
        left = (sheet.start or (0, 0))[1]
        self._first: dict[int, list[tuple[int, int]]] = {}  # row → the cells that begin there, with their last rows
        for (top, column), (bottom, _) in sheet.merged_cell_ranges or []:
            at = at_column.get(column - left)
            if at is not None and begins <= top < bottom:
                self._first.setdefault(top, []).append((at, bottom))
        self._open: dict[int, tuple[int, Any]] = {}  # cell → its last row, and what it says
        self._filled: Counter[int] = Counter()

    def fill(self, row: int, cells: list[Any]) -> None:
        """Fills the cells of a row, counted from 0. One that has no cell of its own stays empty: it is the height of
        the row above."""
        has_own = any(cell != "" for cell in cells)
        for at, (last, value) in list(self._open.items()):
            if last < row:
                del self._open[at]
            elif has_own and cells[at] == "" and value != "":
                self._filled[at] += 1
                if at not in self._shared:
                    cells[at] = value
        for at, last in self._first.pop(row, ()):
            self._open[at] = (last, cells[at])

    def told(self) -> list[Said]:
        """What to know of the rows since the last time."""
        names = {shared: [self._names[at] for at in sorted(self._filled) if (at in self._shared) == shared]
                 for shared in (False, True)}  # fmt: skip
        self._filled.clear()
        said = []
        if names[False]:
            told = N_("Cells that are merged over several rows stand in each of them: %(columns)s.")
            said.append(Said(told, {"columns": ", ".join(names[False])}))
        if names[True]:
            told = N_(
                "Numbers that are merged over several rows were given to the first one: %(columns)s. Write how many"
                " there are in each row."
            )
            said.append(Said(told, {"columns": ", ".join(names[True])}))
        return said
