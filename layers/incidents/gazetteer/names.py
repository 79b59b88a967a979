"""Names found in spite of how they are written: by sound, with one slip. Numbers in names never match by likeness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin

NUMERALS = frozenset("0123456789零一二三四五六七八九十百千")
# What tells one name from its sisters: 和州东路 is not 和州西路 with a slip.
TELLING = NUMERALS | frozenset("东西南北中上下前后左右新老大小支")
_LIKE = str.maketrans({"h": None, "g": None})  # zh and z, ing and in sound alike in much of the country


class Found(NamedTuple):
    """A name of the index; how: "exact", "homophone" or "slip"."""

    name: str
    how: str


@lru_cache(maxsize=20_000)
def _sound_of(character: str) -> str:
    read = lazy_pinyin(character, style=Style.NORMAL)[0]
    return read[:1] + read[1:].translate(_LIKE) if read.isalpha() and read.isascii() else character


def sound(name: str) -> str:
    """Return how a name sounds, without tones."""
    return " ".join(map(_sound_of, name))


@dataclass(frozen=True, slots=True)
class Names:
    """Names to be found; those that sound alike, and those from which a character was taken."""

    names: frozenset[str]
    sounds: dict[str, tuple[str, ...]]
    shortened: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, names: Iterable[str], slips: bool = True) -> Names:
        """slips: whether a name is also found with one character wrong, too many, missing or changed about."""
        known = frozenset(name for name in names if name)
        sounds, shortened = defaultdict(list), defaultdict(list)
        for name in sorted(known):
            sounds[sound(name)].append(name)
            if slips and len(name) >= 3:
                for short in {name, *_shorter(name)}:
                    shortened[short].append(name)
        freeze = {key: tuple(those) for key, those in sounds.items() if len(key) > 1}
        return cls(known, freeze, {key: tuple(those) for key, those in shortened.items()})

    def find(self, name: str) -> list[Found]:
        """Return the names meant: the name itself, else those that sound like it, else those one slip away."""
        if name in self.names:
            return [Found(name, "exact")]
        alike = [other for other in self.sounds.get(sound(name), ()) if sounds_like(name, other)]
        if alike:
            return [Found(other, "homophone") for other in alike]
        if len(name) < 3 or not self.shortened:
            return []
        slips: dict[str, None] = {}
        for short in (name, *_shorter(name)):
            for other in self.shortened.get(short, ()):
                if other not in slips and is_slip(name, other):
                    slips[other] = None
        return [Found(other, "slip") for other in slips]


def sounds_like(written: str, name: str) -> bool:
    """Whether texts of one sound differ in nothing that tells names apart."""
    return len(written) == len(name) and all(
        a == b or not (a in TELLING or b in NUMERALS) for a, b in zip(written, name, strict=True)
    )


def is_slip(written: str, name: str) -> bool:
    """Whether one character is wrong, too many, missing or changed about with its neighbour, and none that tells names apart.

    Latin names and those shorter than three characters allow no slip.
    """
    if abs(len(written) - len(name)) > 1 or min(len(written), len(name)) < 2 or name.isascii():
        return False
    head = 0
    while head < min(len(written), len(name)) and written[head] == name[head]:
        head += 1
    tail = 0
    while tail < min(len(written), len(name)) - head and written[-1 - tail] == name[-1 - tail]:
        tail += 1
    ours, theirs = written[head : len(written) - tail], name[head : len(name) - tail]
    if ours == theirs[::-1] and len(ours) == 2:
        return True
    return len(ours) <= 1 and len(theirs) <= 1 and not (set(ours) | set(theirs)) & TELLING


def _shorter(name: str) -> Iterator[str]:
    for at in range(len(name)):
        yield name[:at] + name[at + 1 :]
