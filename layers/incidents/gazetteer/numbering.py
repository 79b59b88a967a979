"""Where a house number lies on a street of which other numbers are known."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import hypot, sqrt
from typing import NamedTuple

import numpy as np

ACROSS_M = 30.0  # a number of the other side is so much less sure


class Guess(NamedTuple):
    """A place in metres, a scale of its error in metres, and how: "interpolated" between two, "nearest" to one."""

    x: float
    y: float
    scale_m: float
    how: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The known numbers of a street in rising order, each once, with their places; metres_each: along it per number."""

    number: tuple[int, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    metres_each: float

    @classmethod
    def of(cls, known: dict[int, tuple[float, float]], usual_each: float) -> Numbers:
        """From places by number. usual_each: metres per number where this street does not tell."""
        number = sorted(known)
        x, y = [known[one][0] for one in number], [known[one][1] for one in number]
        return cls(tuple(number), tuple(x), tuple(y), metres_each(number, x, y) or usual_each)

    def guess(self, number: int, without: int = -1) -> Guess | None:
        """Return where a number lies; None without any known one. without: the position of a known one to forget."""
        here = bisect_left(self.number, number)
        best: Guess | None = None
        for step in (2, 1):  # the own side of the street, then both
            low, high = self._beside(number, here, step, without)
            found = self._between(number, low, high, step)
            if found is not None and (best is None or found.scale_m + ACROSS_M < best.scale_m):
                best = found
        return best

    def position(self, number: int) -> int:
        """Return the position of a known number, −1 where it is not known."""
        at = bisect_left(self.number, number)
        return at if at < len(self.number) and self.number[at] == number else -1

    def _beside(self, number: int, here: int, step: int, without: int) -> tuple[int, int]:
        """Positions of the nearest known number from below and, not equal, from above; −1 for none."""
        known, n = self.number, len(self.number)
        low = here if here < n and known[here] == number else here - 1
        while low >= 0 and (low == without or (known[low] - number) % step):
            low -= 1
        high = here + 1 if here < n and known[here] == number else here
        while high < n and (high == without or (known[high] - number) % step):
            high += 1
        return low, high if high < n else -1

    def _between(self, number: int, low: int, high: int, step: int) -> Guess | None:
        if low < 0 and high < 0:
            return None
        if low < 0 or high < 0:
            only = max(low, high)
            away = abs(self.number[only] - number) * self.metres_each
            return Guess(self.x[only], self.y[only], away, "nearest")
        part = (number - self.number[low]) / (self.number[high] - self.number[low])
        ax, ay, bx, by = self.x[low], self.y[low], self.x[high], self.y[high]
        scale = hypot(bx - ax, by - ay) * sqrt(part * (1 - part))
        return Guess(ax + part * (bx - ax), ay + part * (by - ay), scale, "interpolated")


def metres_each(number: list[int], x: list[float], y: list[float]) -> float | None:
    """Return the usual metres from a number to the next; None where fewer than three numbers tell."""
    if len(number) < 3:
        return None
    steps = np.hypot(np.diff(x), np.diff(y)) / np.diff(number)
    return float(np.median(steps))
