"""What a road with a number in an address may mean."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import hypot

import numpy as np

from layers.incidents.address import Address
from layers.incidents.gazetteer.build import Gazetteer
from layers.incidents.gazetteer.calibration import WITHIN, share_within
from layers.incidents.gazetteer.entries import block, whole
from layers.incidents.gazetteer.learning import PLOT_M, exactness
from layers.incidents.gazetteer.spots import Spot
from layers.incidents.gazetteer.streets import Street
from layers.incidents.gazetteer.western import stem, without_side
from layers.incidents.geocode.answer import Candidate

LEAST_ROAD_M = 150.0  # a road of which less is known is longer than that
TRUST = {"exact": 1.0, "type": 0.95, "homophone": 0.9, "slip": 0.8, "side": 0.7, "short": 0.7, "within": 0.9}


def streets_named(gazetteer: Gazetteer, name: str) -> list[tuple[Street, str]]:
    """Return the streets that a name may mean, with how it was found: exact, type or side (of a western street),
    homophone, slip, short."""
    names = [(name, "exact")] if name in gazetteer.by_road else []
    if not names and name.isascii():
        for key, how in ((stem(name), "type"), (without_side(stem(name)), "side")):
            names = [(other, how) for other in gazetteer.stems.get(key, ())]
            if names:
                break
    names = names or [(known, "within") for known in _ending(gazetteer, name)]
    if not names:
        return streets_alike(gazetteer, name)
    return [(gazetteer.streets[at], how) for other, how in names for at in gazetteer.by_road[other]]


def _ending(gazetteer: Gazetteer, name: str) -> list[str]:
    """The longest known road that a name ends with: 梅陇路 of 徐区梅陇路, whose county lost a character."""
    ends = (name[at:] for at in range(1, len(name) - 2)) if not name.isascii() else ()
    return list(islice((end for end in ends if end in gazetteer.by_road), 1))


def streets_alike(gazetteer: Gazetteer, name: str) -> list[tuple[Street, str]]:
    """Return the streets of other names that a name may mean: homophone, slip, short."""
    alike = gazetteer.road_names.alike(name)
    return [(gazetteer.streets[at], found.how) for found in alike for at in gazetteer.by_road[found.name]]


def numbered(
    gazetteer: Gazetteer, address: Address, streets: list[tuple[Street, str]]
) -> Iterator[tuple[Candidate, float, Street]]:
    """Yield candidates for a number on streets, with the trust in the name and the street."""
    for street, spelt in streets:
        for found in _on(gazetteer, street, address):
            how = found.how if spelt in ("exact", "type", "side", "within") else f"{found.how}+{spelt}"
            yield _as(found, how), TRUST[spelt], street


def _as(found: Candidate, how: str) -> Candidate:
    return Candidate(found.x, found.y, found.level, found.score, found.radius_m, found.matched, how)


def _on(gazetteer: Gazetteer, street: Street, address: Address) -> Iterator[Candidate]:
    number, lane = address.number, address.lane
    if number and address.building:
        yield from _spots(
            gazetteer,
            street,
            "building",
            street.buildings.get((number, address.building), ()),
            f"{number}号{address.building}幢",
        )
    if number and block(number):
        yield from _block(gazetteer, street, number)
        return
    if number and number in street.houses:
        yield from _spots(gazetteer, street, "number", street.houses[number], f"{number}号", number)
        return
    if lane and not number:
        doors = street.doors.get((lane, address.lane_number), ())
        if doors:
            yield from _spots(gazetteer, street, "number", doors, f"{lane}弄{address.lane_number}号")
            return
        if lane in street.lanes:
            yield from _lane(gazetteer, street, lane)
            return
    if number or lane:
        yield from _guessed(gazetteer, street, number or lane, "号" if number else "弄")
    else:
        centre = street.centre
        # A crossing that nobody knows of is most likely where the road has no known address.
        radius = max(centre.spread_m, LEAST_ROAD_M) * (2.0 if address.crossing else 1.0)
        yield Candidate(centre.x, centre.y, "road", share_within(radius), radius, street.name, "centre")


def _spots(
    gazetteer: Gazetteer, street: Street, level: str, found: tuple[Spot, ...], text: str, number: str = ""
) -> Iterator[Candidate]:
    shares = _shares(street, number, found)
    for at, spot in enumerate(found):
        how, scale = exactness(street.numbers, number, (spot, *found[:at], *found[at + 1 :]))
        radius, right = gazetteer.learned[how](scale)
        yield Candidate(
            spot.x,
            spot.y,
            level,
            right * shares[at],
            radius,
            f"{street.name}{text}",
            "exact",
        )


def _shares(street: Street, number: str, found: tuple[Spot, ...]) -> list[float]:
    """The trust in each of several places of one number: by their points, and by where the numbers beside it expect it."""
    value = whole(number)
    at = street.numbers.position(value) if value is not None else -1
    guess = street.numbers.guess(value, without=at) if value is not None else None
    if len(found) == 1 or guess is None:
        return [spot.share for spot in found]
    near = [1 + (hypot(spot.x - guess.x, spot.y - guess.y) / max(guess.scale_m, PLOT_M)) ** 2 for spot in found]
    weights = [spot.share / away for spot, away in zip(found, near, strict=True)]
    return [weight / sum(weights) for weight in weights]


def _lane(gazetteer: Gazetteer, street: Street, lane: str) -> Iterator[Candidate]:
    for spot in street.lanes[lane]:
        radius, right = gazetteer.learned["repeated" if spot.n > 1 else "single"](max(spot.spread_m, 50.0))
        yield Candidate(spot.x, spot.y, "estate", right * spot.share, radius, f"{street.name}{lane}弄", "exact")


def _guessed(gazetteer: Gazetteer, street: Street, text: str, unit: str) -> Iterator[Candidate]:
    number = whole(text)
    guess = street.numbers.guess(number) if number is not None else None
    if guess is None:
        return
    radius, right = gazetteer.learned[guess.how](guess.scale_m)
    level = "number" if guess.how == "interpolated" and radius <= 200 else "road"
    yield Candidate(guess.x, guess.y, level, right, radius, street.name, guess.how)


def _block(gazetteer: Gazetteer, street: Street, number: str) -> Iterator[Candidate]:
    first, last = block(number)  # type: ignore[misc]
    numbers = street.numbers
    inside = [at for at, known in enumerate(numbers.number) if first <= known <= last]
    if not inside:
        guess = numbers.guess((first + last) // 2)
        if guess is None:
            return
        radius, right = gazetteer.learned[guess.how](guess.scale_m)
        yield Candidate(guess.x, guess.y, "road", right, radius, f"{number} {street.name}", guess.how)
        return
    x, y = np.array([numbers.x[at] for at in inside]), np.array([numbers.y[at] for at in inside])
    middle = ((x.min() + x.max()) / 2, (y.min() + y.max()) / 2) if len(inside) > 1 else (x[0], y[0])
    half = numbers.metres_each * (last - first) / 2
    radius = max(float(np.quantile(np.hypot(x - middle[0], y - middle[1]), WITHIN)), min(half, 100.0))
    yield Candidate(
        float(middle[0]), float(middle[1]), "road", share_within(radius), radius, f"{number} {street.name}", "exact"
    )
