"""What a gazetteer says of its own errors: each known thing asked for as if it were not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import hypot

import numpy as np

from layers.incidents.gazetteer.calibration import Calibration
from layers.incidents.gazetteer.entries import whole
from layers.incidents.gazetteer.numbering import Numbers
from layers.incidents.gazetteer.parting import Known
from layers.incidents.gazetteer.spots import Spot, spots
from layers.incidents.gazetteer.streets import Street

ASKED = 20_000  # so many numbers tell enough
MOST_OF_ONE = 4  # entries of one number that are asked for, so that no hospital speaks for a town
PLOT_M = 60.0  # what is known of one number alone reaches no farther than this


def calibrations(streets: tuple[Street, ...], collected: list[Known]) -> dict[str, Calibration]:
    """Return radius and share right by how a number was found: interpolated, nearest, repeated, single."""
    cases: dict[str, list[tuple[float, float]]] = {"interpolated": [], "nearest": [], "repeated": [], "single": []}
    every = max(1, sum(len(street.numbers.number) for street in streets) // ASKED)
    for street, known in list(zip(streets, collected, strict=True))[::every]:
        for how, scale, error in (*_forgotten(street), *_repeated(street.numbers, known)):
            cases[how].append((scale, error))
    return {how: Calibration.fit(*np.array(those).reshape(-1, 2).T) for how, those in cases.items()}


def _forgotten(street: Street) -> Iterator[tuple[str, float, float]]:
    """Each number of a house, as the others place it."""
    numbers = street.numbers
    houses = {whole(number) for number in street.houses}
    for at, number in enumerate(numbers.number):
        guess = numbers.guess(number, without=at) if number in houses else None
        if guess is not None:
            yield guess.how, guess.scale_m, hypot(guess.x - numbers.x[at], guess.y - numbers.y[at])
    yield from _ends(numbers)


def _ends(numbers: Numbers) -> Iterator[tuple[str, float, float]]:
    """The first and the last number, as what is known beyond twice, four times, … as many others places it."""
    n = len(numbers.number)
    for forgotten in (2**power for power in range(1, 12) if 2**power <= n - 2):
        for at, kept in ((0, slice(forgotten, n)), (n - 1, slice(0, n - forgotten))):
            rest = replace(numbers, number=numbers.number[kept], x=numbers.x[kept], y=numbers.y[kept])
            guess = rest.guess(numbers.number[at])
            if guess is not None:
                yield guess.how, guess.scale_m, hypot(guess.x - numbers.x[at], guess.y - numbers.y[at])


def _repeated(numbers: Numbers, known: Known) -> Iterator[tuple[str, float, float]]:
    """An entry of a number that has several, as the others, and as one of the others, place it."""
    for text, points in known.houses.items():
        if len(points) < 2:
            continue
        for at in range(min(len(points), MOST_OF_ONE)):
            rest = points[:at] + points[at + 1 :]
            for those in {1: [rest[:1]]}.get(len(rest), [rest, rest[:1]]):
                found = spots(those)
                how, scale = exactness(numbers, text, tuple(found))
                yield how, scale, hypot(found[0].x - points[at][0], found[0].y - points[at][1])


def exactness(numbers: Numbers, text: str, found: tuple[Spot, ...]) -> tuple[str, float]:
    """Return how a known number is known, "repeated" or "single", and the scale of its error in metres.

    Several entries tell by how far apart they lie; a single one by how far from where its neighbours expect it.
    """
    if found[0].n > 1 or len(found) > 1:
        apart = max((hypot(spot.x - found[0].x, spot.y - found[0].y) for spot in found[1:]), default=0.0)
        return "repeated", found[0].spread_m + apart * (1 - found[0].share)
    number = whole(text)
    at = numbers.position(number) if number is not None else -1
    guess = numbers.guess(number, without=at) if number is not None else None
    if guess is None:
        return "single", PLOT_M
    return "single", max(0.0, hypot(guess.x - found[0].x, guess.y - found[0].y) - guess.scale_m)
