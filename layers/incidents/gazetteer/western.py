"""Western street names that differ only in their type: BROADWAY AVE and BROADWAY, COMMERCIAL DR and COMMERCIAL ST."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from layers.incidents.address.western import SIDES, TYPES

_TYPES = frozenset(TYPES.values())
_SIDES = frozenset(SIDES.values())


def stem(name: str) -> str:
    """Return a western name without its type; the side of the town stays in front. A Chinese name is its own stem."""
    if not name.isascii():
        return name
    words = name.split()
    side = [word for at, word in enumerate(words) if word in _SIDES and at in (0, len(words) - 1)]
    rest = [word for at, word in enumerate(words) if not (word in _SIDES and at in (0, len(words) - 1))]
    while len(rest) > 1 and rest[-1] in _TYPES:
        rest.pop()
    return " ".join([*side[:1], *rest])


def stems(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return names by their stem, and by the stem without the side of the town."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name in sorted(names):
        if name.isascii():
            whole = stem(name)
            found[whole][name] = None
            found[without_side(whole)][name] = None
    return {key: tuple(those) for key, those in found.items()}


def without_side(name: str) -> str:
    """Return a stem without the side of the town that it begins with."""
    first, _, rest = name.partition(" ")
    return rest if first in _SIDES and rest else name
