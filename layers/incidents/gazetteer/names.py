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
    """A name of the index; how: "exact", "homophone", "slip" or "short"."""

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
        """Return the names meant: the name itself, else those that are written otherwise."""
        return [Found(name, "exact")] if name in self.names else self.alike(name)

    def alike(self, name: str) -> list[Found]:
        """Return other names that may be meant, surest first: those that sound like it, those one slip away, and those
        of which it is the short form: 和州路 of 和州东路."""
        found = {other: "homophone" for other in self.sounds.get(sound(name), ()) if sounds_like(name, other)}
        if len(name) >= 2 and self.shortened:
            # Of two characters none is wrong: one is missing.
            written = (name, *_shorter(name)) if len(name) >= 3 else (name,)
            near = dict.fromkeys(other for short in written for other in self.shortened.get(short, ()))
            found |= {other: "slip" for other in near if other not in found and is_slip(name, other)}
            found |= {other: "short" for other in near if other not in found and is_short(name, other)}
        found.pop(name, None)
        return [Found(other, how) for other, how in found.items()]


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


def is_short(written: str, name: str) -> bool:
    """Whether a name is the written one with the word for a side or an age put in: 西 in 南京西路."""
    if len(name) != len(written) + 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(written, name, strict=False)) if a != b), len(written))
    return name[at] in TELLING - NUMERALS and name[:at] + name[at + 1 :] == written


def _shorter(name: str) -> Iterator[str]:
    for at in range(len(name)):
        yield name[:at] + name[at + 1 :]
