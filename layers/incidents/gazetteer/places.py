"""Places and estates by their names, short names and common names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot
from typing import NamedTuple

import numpy as np

from layers.incidents.gazetteer.calibration import Calibration
from layers.incidents.gazetteer.names import TELLING, Names, is_slip
from layers.incidents.gazetteer.spots import Point, Spot, spots

MOST_OF_ONE = 3  # points of one name that are asked for
MOST = 60  # names that a short form may stand for before it says nothing
_BRACKETS = re.compile(r"\([^()]*\)?")
_REGION = re.compile(r".{1,5}?(?:省|市|新区|区|县|镇|乡|街道)(?=..)")


class Match(NamedTuple):
    """A name that may be meant; how: "exact", "homophone", "slip", "part" (it holds the text) or "whole" (the text holds it)."""

    name: str
    how: str


@dataclass(frozen=True, slots=True)
class Places:
    """spots by name; alike: names by their forms without brackets and region; grams: positions in `forms` by two characters;
    learned: radius and share right by how far the points of a name spread."""

    spots: dict[str, tuple[Spot, ...]]
    estates: frozenset[str]
    alike: dict[str, tuple[str, ...]]
    forms: tuple[str, ...]
    grams: dict[str, np.ndarray]
    names: Names
    regions: frozenset[str]
    learned: Calibration

    def find(self, text: str) -> list[Match]:
        """Return the names that a text may mean, the surest kind only."""
        if text in self.spots:
            return [Match(text, "exact")]
        if len(text) < 2:
            return []
        bare = _bare(text, self.regions)
        if bare in self.alike:
            return [Match(name, "exact") for name in self.alike[bare]]
        for how, forms in (
            ("homophone", [found.name for found in self.names.find(bare)]),
            ("part", self._holding(bare)),
            ("slip", self._slips(bare)),
            ("whole", self._within(bare)),
        ):
            if forms:
                return [Match(name, how) for form in forms for name in self.alike[form]]
        return []

    def _holding(self, text: str) -> list[str]:
        """Forms that hold the whole text."""
        grams = {text[at : at + 2] for at in range(len(text) - 1)}
        if len(text) < 3 or not grams <= self.grams.keys():
            return []
        found = min((self.grams[gram] for gram in grams), key=len)
        if len(found) > 20 * MOST:
            for gram in grams:
                found = np.intersect1d(found, self.grams[gram], assume_unique=True)
        holding = [self.forms[at] for at in found.tolist() if text in self.forms[at]]
        return holding if len(holding) <= MOST else []

    def _slips(self, text: str) -> list[str]:
        """Forms one slip away, two where eight characters or more are left."""
        if len(text) < 4 or text.isascii():
            return []
        rare = sorted((self.grams[gram] for gram in _grams(text) if gram in self.grams), key=len)[
            : 3 if len(text) < 8 else 5
        ]
        counted = Counter(at for those in rare if len(those) <= 2000 for at in those.tolist())
        most = [self.forms[at] for at, _ in counted.most_common(40)]
        found = [form for form in most if is_slip(text, form)]
        return found or ([form for form in most if is_two_slips(text, form)] if len(text) >= 8 else [])

    def _within(self, text: str) -> list[str]:
        """The longest forms, of four characters or more, that the text holds."""
        for length in range(len(text) - 1, 3, -1):
            found = [part for at in range(len(text) - length + 1) if (part := text[at : at + length]) in self.alike]
            if found:
                return found
        return []


def places(named: Iterable[tuple[str, bool, Point]]) -> Places:
    """From (name, whether an estate, point in metres)."""
    points: dict[str, list[Point]] = defaultdict(list)
    estates = set()
    for name, is_estate, point in named:
        points[name].append(point)
        if is_estate:
            estates.add(name)
    regions = _regions(points)
    alike: dict[str, dict[str, None]] = defaultdict(dict)
    for name in sorted(points):
        alike[_bare(name, regions)][name] = None
    forms = tuple(alike)
    grams: dict[str, list[int]] = defaultdict(list)
    for at, form in enumerate(forms):
        for gram in set(_grams(form)):
            grams[gram].append(at)
    return Places(
        {name: tuple(spots(those)) for name, those in points.items()},
        frozenset(estates),
        {form: tuple(names) for form, names in alike.items()},
        forms,
        {gram: np.array(those, dtype=np.int32) for gram, those in grams.items()},
        Names.of(forms, slips=False),
        regions,
        _learned(points.values()),
    )


def _learned(named: Iterable[list[Point]]) -> Calibration:
    """How far from a place what bears its name lies, by how far apart all else does: each point as the others place it."""
    cases: list[tuple[float, float]] = []
    for points in named:
        for at in range(min(len(points), MOST_OF_ONE) if len(points) > 1 else 0):
            x, y = points[at]
            # Of a name in several places each has its share: what is learned is how far off the right one is.
            away, spread = min(
                (hypot(spot.x - x, spot.y - y), spot.spread_m) for spot in spots(points[:at] + points[at + 1 :])
            )
            cases.append((spread, away))
    return Calibration.fit(*np.array(cases).reshape(-1, 2).T)


def _regions(names: Iterable[str]) -> frozenset[str]:
    """What many names begin with that ends as a region does: 上海市, 静安区."""
    counted = Counter(found[0] for name in names if (found := _REGION.match(name)))
    least = max(5, sum(counted.values()) // 200)
    return frozenset(region for region, n in counted.items() if n >= least)


def _bare(name: str, regions: frozenset[str]) -> str:
    """A name without brackets and without the regions that it begins with, if three characters are left."""
    bare = _BRACKETS.sub("", name)
    while True:
        for length in range(6, 1, -1):
            head = bare[:length]
            if len(bare) >= length + 3 and (head in regions or (head + "市" in regions or head + "区" in regions)):
                bare = bare[length:]
                break
        else:
            return bare if len(bare) >= 2 else name


def _grams(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def is_two_slips(written: str, name: str) -> bool:
    """Whether one or two characters are wrong in texts of one length, none of them one that tells names apart."""
    if len(written) != len(name):
        return False
    wrong = [(a, b) for a, b in zip(written, name, strict=True) if a != b]
    return 1 <= len(wrong) <= 2 and not any(a in TELLING or b in TELLING for a, b in wrong)
