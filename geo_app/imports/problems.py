"""What is wrong with a file or a row of it: where, why, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from geo_app.imports.rows import Rows
from geo_app.imports.said import N_ as N_
from geo_app.imports.said import Said as Said
from geo_app.imports.said import filled as filled

SHOWN = 20


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a stable code, the reason, and where in the file (empty for the whole file).

    ``reason`` and ``remedy`` are message ids with ``%(name)s`` for ``params``.
    """

    code: str
    reason: str
    where: str = ""
    remedy: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    def said(self) -> str:
        """The reason in English."""
        return filled(self.reason, self.params)

    def __str__(self) -> str:
        return f"{self.where}: {self.said()}" if self.where else self.said()


def shown_name(name: str) -> str:
    """A file's name as it may stand in a message, a log and the database: printable and of bearable length."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in name)
    return printable if len(printable) <= 120 else f"{printable[:80]}…{printable[-39:]}"


class FileRejected(ValueError):
    """Nothing of a file was stored. ``problems`` are the first ones, ``count`` is how many there are.

    ``message`` and ``remedy`` are English; ``remedy_msgid`` is for translation, with ``params``. ``finding``: where the
    coordinate system is in question, what speaks for each.
    """

    def __init__(self, file: str, problems: Iterable[Problem], remedy: str, count: int | None = None) -> None:
        self.finding: Mapping[str, Any] | None = None
        self.file = shown_name(file)
        self.problems = tuple(problems)[:SHOWN]
        self.count = len(self.problems) if count is None else count
        self.params: Mapping[str, str] = self.problems[0].params if self.problems else {}
        self.remedy_msgid = remedy
        self.remedy = filled(remedy, self.params)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        more = self.count - len(self.problems)
        self.message = f"{self.file}: nothing was stored. {self.count} problem{'s' * (self.count != 1)}:\n{lines}"
        if more > 0:
            self.message += f"\n  … and {more} more"
        super().__init__(f"{self.message}\n{self.remedy}")

    def as_json(self) -> dict[str, Any]:
        """As plain values: message ids with their parameters."""
        said = {"problems": [asdict(one) for one in self.problems], "remedy": self.remedy_msgid, "count": self.count}
        return said if self.finding is None else said | {"finding": dict(self.finding)}

    @classmethod
    def of_json(cls, file: str, said: Mapping[str, Any]) -> FileRejected:
        """What ``as_json`` said of a file."""
        return cls(file, [Problem(**one) for one in said["problems"]], said["remedy"], said["count"])

    @classmethod
    def whole(cls, file: str, code: str, reason: str, remedy: str, **params: object) -> FileRejected:
        """A file that cannot be used at all, for one reason. ``reason`` and ``remedy`` are message ids for ``params``."""
        return cls(file, [Problem(code, reason, params={name: str(value) for name, value in params.items()})], remedy)


class Problems:
    """Collects what is wrong with the rows of a portion; of each row the first thing that was found.

    ``day_orders``: of each column of dates, which of day and month stands first where it shows; for all of the file.
    """

    def __init__(self, file: str, rows: Rows, day_orders: dict[str, set[str]] | None = None) -> None:
        self.file = file
        self.rows = rows
        self.day_orders = {} if day_orders is None else day_orders
        self._found: dict[int, Problem] = {}
        self._at = np.arange(len(rows))  # where each of these rows stands in the portion

    def add(
        self, rows: np.ndarray, code: str, reason: str, remedy: str = "", **params: object | Callable[[int], object]
    ) -> None:
        """Notes a problem of each row in ``rows`` (a mask or row numbers).

        ``reason`` and ``remedy`` are message ids; a parameter may depend on the row.
        """
        numbers = np.flatnonzero(rows) if rows.dtype == bool else rows
        for number in numbers.tolist():
            said = {name: str(value(number) if callable(value) else value) for name, value in params.items()}
            problem = Problem(code, reason, self.rows.where(number), remedy, said)
            self._found.setdefault(int(self._at[number]), problem)

    @property
    def bad(self) -> np.ndarray:
        """A mask of the rows that have a problem."""
        return np.isin(self._at, list(self._found))

    def of_portion(self) -> dict[int, Problem]:
        """Each row of the portion that has a problem, with its problem."""
        return dict(sorted(self._found.items()))

    def only(self, kept: np.ndarray) -> Problems:
        """The same collection, for the rows of a mask."""
        fewer = Problems(self.file, self.rows.only(kept), self.day_orders)
        fewer._found, fewer._at = self._found, self._at[kept]
        return fewer
