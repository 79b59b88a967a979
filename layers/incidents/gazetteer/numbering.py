"""Where a house number lies on a street of which other numbers are known."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import hypot, sqrt
from typing import NamedTuple

import numpy as np

LEADING = 9  # numbers at the end of a street that lead beyond it
ASKED = 10_000  # so many numbers tell enough
MOST_EACH = 1.5  # of the usual metres a number: a jump at the end of a street is no stride


class Guess(NamedTuple):
    """A place in metres, a scale of its error in metres, and how: "interpolated" between two, "nearest" to the last one."""

    x: float
    y: float
    scale_m: float
    how: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The known numbers of a street in rising order, each once, with their places; metres_each: along it per number; own:
    how much the neighbours of a number's own side of the street count, 0 to 1, beside the nearest ones of both sides."""

    number: tuple[int, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    metres_each: float
    own: float = 1.0

    @classmethod
    def of(cls, known: dict[int, tuple[float, float]], usual_each: float) -> Numbers:
        """From places by number. usual_each: metres per number where this street does not tell."""
        number = sorted(known)
        x, y = [known[one][0] for one in number], [known[one][1] for one in number]
        return cls(tuple(number), tuple(x), tuple(y), metres_each(number, x, y) or usual_each)

    def guess(self, number: int, without: int = -1) -> Guess | None:
        """Return where a number lies; None without any known one. without: the position of a known one to forget.

        Between known numbers it is between what the neighbours of its own side of the street say, who know the side, and
        the nearest of both sides, who are nearer. Beyond the last known number it is some way on, as the last ones lead.
        """
        here = bisect_left(self.number, number)
        both = self._between(number, *self._beside(number, here, 1, without))
        own = self._between(number, *self._beside(number, here, 2, without))
        if both is None:
            return self._beyond(number, without)
        if own is None:
            return both
        a, b = self.own, 1 - self.own
        return Guess(a * own.x + b * both.x, a * own.y + b * both.y, a * own.scale_m + b * both.scale_m, "interpolated")

    def position(self, number: int) -> int:
        """Return the position of a known number, −1 where it is not known."""
        at = bisect_left(self.number, number)
        return at if at < len(self.number) and self.number[at] == number else -1

    def _beside(self, number: int, here: int, step: int, without: int) -> tuple[int, int]:
        """Positions of the nearest known number from below and, not equal, from above, of a side with a step of two; −1 for none."""
        known, n = self.number, len(self.number)
        low = here if here < n and known[here] == number else here - 1
        while low >= 0 and (low == without or (known[low] - number) % step):
            low -= 1
        high = here + 1 if here < n and known[here] == number else here
        while high < n and (high == without or (known[high] - number) % step):
            high += 1
        return low, high if high < n else -1

    def _between(self, number: int, low: int, high: int) -> Guess | None:
        if low < 0 or high < 0:
            return None
        part = (number - self.number[low]) / (self.number[high] - self.number[low])
        ax, ay, bx, by = self.x[low], self.y[low], self.x[high], self.y[high]
        scale = hypot(bx - ax, by - ay) * sqrt(part * (1 - part))
        return Guess(ax + part * (bx - ax), ay + part * (by - ay), scale, "interpolated")

    def _beyond(self, number: int, without: int) -> Guess | None:
        known = [at for at in range(len(self.number)) if at != without]
        if not known:
            return None
        ends = known[:LEADING] if number < self.number[known[0]] else known[: -LEADING - 1 : -1]
        near, far = ends[0], ends[-1]
        away = abs(self.number[near] - number)
        chord = hypot(self.x[near] - self.x[far], self.y[near] - self.y[far])
        if chord == 0:
            return Guess(self.x[near], self.y[near], away * self.metres_each, "nearest")
        each = min(chord / abs(self.number[near] - self.number[far]), MOST_EACH * self.metres_each)
        # The more numbers lead there, the more they are followed; never farther than twice the way that they came.
        on = min(away * each * len(ends) / (len(ends) + 1), 2 * chord) / chord
        return Guess(
            self.x[near] + on * (self.x[near] - self.x[far]),
            self.y[near] + on * (self.y[near] - self.y[far]),
            away * self.metres_each,
            "nearest",
        )


def judged_by_side(streets: Sequence[Numbers]) -> list[Numbers]:
    """Return the streets with the weight of the own side that places most of their own numbers best: all of it where
    entries stand at their doors, half where they scatter wider than the street."""
    every = max(1, sum(len(street.number) for street in streets) // ASKED)
    tried = {own: [replace(street, own=own) for street in streets] for own in (1.0, 0.5)}
    errors = {own: float(np.median([*_errors(those[::every])] or [0.0])) for own, those in tried.items()}
    return tried[1.0] if errors[1.0] <= errors[0.5] else tried[0.5]


def _errors(streets: Sequence[Numbers]) -> Iterator[float]:
    for street in streets:
        for at in range(1, len(street.number) - 1):
            guess = street.guess(street.number[at], without=at)
            if guess is not None:
                yield hypot(guess.x - street.x[at], guess.y - street.y[at])


def metres_each(number: list[int], x: list[float], y: list[float]) -> float | None:
    """Return the usual metres from a number to the next; None where fewer than three numbers tell."""
    if len(number) < 3:
        return None
    steps = np.hypot(np.diff(x), np.diff(y)) / np.diff(number)
    return float(np.median(steps))
