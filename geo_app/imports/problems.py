"""What is wrong with a file, said all at once: where, why, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from geo_app.imports.rows import Rows

SHOWN = 20


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a stable code, the reason, and where in the file (empty for the whole file)."""

    code: str
    reason: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}" if self.where else self.reason


def shown_name(name: str) -> str:
    """A file's name as it may stand in a message, a log and the database: printable and of bearable length."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in name)
    return printable if len(printable) <= 120 else f"{printable[:80]}…{printable[-39:]}"


class FileRejected(ValueError):
    """Nothing of a file was stored. ``problems`` are the first ones, ``count`` is how many there are."""

    def __init__(self, file: str, problems: Iterable[Problem], remedy: str, count: int | None = None) -> None:
        self.file = shown_name(file)
        self.problems = tuple(problems)[:SHOWN]
        self.count = len(self.problems) if count is None else count
        self.remedy = remedy
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        more = self.count - len(self.problems)
        self.message = f"{self.file}: nothing was stored. {self.count} problem{'s' * (self.count != 1)}:\n{lines}"
        if more > 0:
            self.message += f"\n  … and {more} more"
        super().__init__(f"{self.message}\n{remedy}")

    @classmethod
    def whole(cls, file: str, code: str, reason: str, remedy: str) -> FileRejected:
        """A file that cannot be used at all, for one reason."""
        return cls(file, [Problem(code, reason)], remedy)


class Problems:
    """Collects what is wrong with the rows of one file."""

    def __init__(self, file: str, rows: Rows) -> None:
        self.file = file
        self.rows = rows
        self._first: list[Problem] = []
        self._remedies: list[str] = []
        self.count = 0

    def add(self, rows: np.ndarray, code: str, reason: str | Callable[[int], str], remedy: str = "") -> None:
        """Notes a problem of each row in ``rows`` (a mask or row numbers); ``reason`` may depend on the row."""
        numbers = np.flatnonzero(rows) if rows.dtype == bool else rows
        self.count += len(numbers)
        for number in numbers[:SHOWN].tolist():
            said = reason if isinstance(reason, str) else reason(number)
            self._first.append(Problem(code, said, self.rows.where(number)))
        if len(numbers) and remedy and remedy not in self._remedies:
            self._remedies.append(remedy)

    def raise_if_any(self) -> None:
        """Raises FileRejected when anything was noted."""
        if self.count:
            remedy = " ".join(self._remedies) or "Correct these rows in the file and import it again."
            raise FileRejected(self.file, self._first, remedy, self.count)
