"""What a file that this program exported carries beside what any file may say, and how such a file is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

# No other program writes these two beside each other.
MARKS = frozenset({"simulated", "datum"})
BESIDE = frozenset({"source", "datum", "notice"})  # for people, and for whoever reads the coordinates

Form = Literal["text", "number", "time", "object", "list"]
POINT: dict[str, Form] = {"arrived_datum": "text", "arrived_x": "number", "arrived_y": "number"}
DETAILS: dict[str, Form] = {"details": "object"}
CARRIED: Mapping[str, Mapping[str, Form]] = MappingProxyType(
    {
        "incidents": {
            "number": "text", "source_key": "text", "match_level": "text", "match_how": "text",
            "match_score": "number", "radius_m": "number", "arrived": "object", **POINT,
        },
        "addresses": POINT,
        "aliases": POINT,
        "population": POINT,
        "places": DETAILS | POINT,
        "posts": DETAILS | POINT,
        "cameras": {"catalogue": "object", **POINT},
        "routes": {"shift_begins": "time", "shift_ends": "time", "points": "list"},
    }
)  # fmt: skip


def is_exported(headings: Iterable[str]) -> bool:
    """Whether a file with these headings is one that we exported."""
    return set(headings) >= MARKS


def without_carried(kind: str, headings: Iterable[str]) -> list[str]:
    """The headings that say what any file may say."""
    headings = list(headings)
    if not is_exported(headings):
        return headings
    return [heading for heading in headings if heading not in BESIDE and heading not in CARRIED.get(kind, ())]
