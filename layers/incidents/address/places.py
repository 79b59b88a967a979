"""Places in a Chinese address: estates, shops, offices, their parts, and what no word of its own ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.incidents.address.divisions import divisions
from layers.incidents.address.roads import JOINING
from layers.incidents.address.words import (
    BRANCHES,
    ERRANDS,
    ESTATE_ENDS,
    ESTATES,
    GOES_ON,
    INDOORS,
    NOTES,
    NUMBERED_STREET,
    PART_OF_PLACE,
    PLACES,
    PLACING,
    ROAD_ON,
    STREET_OF_A_LETTER,
    WITH_BRANCHES,
    ZONES,
)

if TYPE_CHECKING:
    from layers.incidents.address.chinese import Scan

ENDS = frozenset(word[-1] for word in PLACES + ESTATES)
_SIDES = "东南西北后前旁上下里中内外"


def place(scan: Scan, end: int) -> int:
    """Take a place or an estate that ends here with a word for one; return where to go on, 0 where none ends."""
    s, begin = scan.s, scan.start
    if not s.endswith(PLACES + ESTATES, begin, end) or not _stands(s, end):
        return 0
    return scan.put("estate" if s.endswith(ESTATES, begin, end) else "place", begin, end)


def _stands(s: str, end: int) -> bool:
    """Whether a place may end here: neither a road nor a longer name goes on."""
    if end == len(s):
        return True
    if ROAD_ON.match(s, end) or STREET_OF_A_LETTER.match(s, end):
        return s.startswith(("小区", "新村"), end - 2) and NUMBERED_STREET.match(s, end) is not None
    if s.startswith(GOES_ON, end):
        return False
    return not s.endswith(WITH_BRANCHES, 0, end) or BRANCHES.match(s, end) is None


def part_of_place(scan: Scan, end: int) -> int:
    """Take a part of an estate or a market (三区, 二期) that ends here; alone after a known word, else with the name."""
    s, begin = scan.s, scan.start
    for at in range(max(begin, end - 4), end - 1):
        found = PART_OF_PLACE.match(s, at)
        if found is None or found.end() != end:
            continue
        if at > begin and s.endswith((*PLACES, *ESTATE_ENDS, "城"), begin, at):
            return scan.put("place", at, end)
        return 0 if ROAD_ON.match(s, end) else scan.put("place", begin, end)
    return 0


def settle(scan: Scan, end: int) -> None:
    """Name what waits before end, which no word of its own ended."""
    s, begin = scan.s, scan.start
    cut, kind = _first_of_two(s, begin, end)
    if cut:
        settle(scan, cut)
        if kind:
            scan.take(kind, cut, end)
        else:
            settle(scan, end)
        return
    if s[begin] in "号的" and end - begin > 2:
        scan.take("other", begin, begin + 1)
        settle(scan, end)
        return
    scan.take(_kind(scan, begin, end), begin, end)


def _first_of_two(s: str, begin: int, end: int) -> tuple[int, str]:
    """Where what waits falls into two, and the kind of the second if that is known; (0, "") where it does not."""
    length = end - begin
    if length > 3 and s[end - 1] in _SIDES and s.endswith(PLACES + ESTATES + ZONES, begin, end - 1):
        return end - 1, "relation"
    note = NOTES.search(s, begin, end)
    if note is not None and note.end() == end and note.start() > begin:
        return note.start(), "remark"
    half = begin + length // 2
    if length >= 6 and s[begin:half] == s[half:end]:
        return half, ""
    return 0, ""


def _kind(scan: Scan, begin: int, end: int) -> str:
    s = scan.s
    word = s[begin:end]
    found = divisions().at(s, begin)
    if found is not None and found.name == word and not (found.short and scan.known & (PLACING | {"community"})):
        return found.level
    if len(word) == 1:
        return "crossing" if word in JOINING and scan.last() in ("road", "number", "") else "other"
    if NOTES.fullmatch(word) or INDOORS.fullmatch(word) or ERRANDS.search(word):
        return "remark"
    if word.endswith(ESTATE_ENDS):
        return "estate"
    return "place" if any(character.isalpha() for character in word) else "other"
