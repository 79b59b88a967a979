"""Western addresses: a number or block and a street, crossings written with a slash, city and region after commas."""

from __future__ import annotations

import re

Span = tuple[str, int, int]
TYPES = {
    "AVENUE": "AVE", "AV": "AVE", "AVE": "AVE", "STREET": "ST", "STR": "ST", "ST": "ST", "ROAD": "RD", "RD": "RD",
    "DRIVE": "DR", "DR": "DR", "DRV": "DR", "BOULEVARD": "BLVD", "BLVD": "BLVD", "BV": "BLVD", "LANE": "LANE", "LN": "LANE",
    "COURT": "CRT", "CT": "CRT", "CRT": "CRT", "PLACE": "PL", "PL": "PL", "CRESCENT": "CRES", "CRES": "CRES", "CR": "CRES",
    "HIGHWAY": "HWY", "HWY": "HWY", "SQUARE": "SQ", "SQ": "SQ", "TERRACE": "TERR", "TERR": "TERR", "PARKWAY": "PKWY",
    "PKWY": "PKWY", "WAY": "WAY", "MALL": "MALL", "MEWS": "MEWS", "WALK": "WALK", "CIRCLE": "CIR", "CIR": "CIR",
    "VIADUCT": "VIADUCT", "BRIDGE": "BRIDGE", "DIVERSION": "DIVERS", "DIVERS": "DIVERS", "ALLEY": "ALLEY", "TRAIL": "TRAIL",
    "CLOSE": "CLOSE", "GATE": "GATE", "ESPLANADE": "ESPL", "CONNECTOR": "CONN", "CONN": "CONN",
}  # fmt: skip
SIDES = {
    "NORTH": "N",
    "SOUTH": "S",
    "EAST": "E",
    "WEST": "W",
    "NORTHEAST": "NE",
    "NORTHWEST": "NW",
    "SOUTHEAST": "SE",
    "SOUTHWEST": "SW",
}
_UNIT = re.compile(r"(?:#|UNIT |APT |SUITE |STE )\s*([0-9A-Z]+)[\s,-]+")
_NUMBER = re.compile(r"([0-9]*X{1,4}|[0-9]+(?:[A-Z](?![A-Z]))?(?:-[0-9]+[A-Z]?)?)(?= )(?:\s+BLOCK(?:\s+OF)?)?")
_NAME = re.compile(r"[^,/&()]+")
_JOIN = re.compile(r"\s*(?:/|&|\bAND\b|\bAT\b|@)\s*")
_LIMITS = re.compile(r"[^,/&()@]*?(?=\s+(?:AND|AT)\s+|\s*[,/&()@]|\s*$)")
_GAP = re.compile(r"[\s,()./]+")


def is_western(s: str) -> bool:
    """Whether a text in one width has a Latin word and no character of a language written without spaces."""
    return s.isascii() and re.search(r"[A-Z]{2}|[A-Z] ", s) is not None


def street(name: str) -> str:
    """Return a street's name with its direction and type made alike: "West 4th Avenue" is "W 4TH AVE"."""
    words = name.upper().replace(".", "").replace("'", "").split()
    if len(words) > 1:
        words = [SIDES.get(word, word) if at in (0, len(words) - 1) else word for at, word in enumerate(words)]
        for at in range(len(words) - 1, max(len(words) - 3, 0), -1):
            if words[at] in TYPES:
                words[at] = TYPES[words[at]]
                break
    return " ".join(words)


def spans(s: str) -> list[Span]:
    """Cut a western address in one width into parts that cover it."""
    parts: list[Span] = []
    at = _gap(parts, s, 0)
    unit = _UNIT.match(s, at)
    if unit is not None:
        parts.append(("room", at, unit.end(1)))
        at = _gap(parts, s, unit.end(1))
    number = _NUMBER.match(s, at)
    if number is not None:
        parts.append(("number", at, number.end()))
        at = _gap(parts, s, number.end())
    for kind in ("road", "road", "city", "province", "country"):
        name = _LIMITS.match(s, at)
        if name is None or not name[0]:
            break
        if kind == "road" and any(one[0] == "road" for one in parts) and parts[-1][0] != "crossing":
            continue
        parts.append((kind, at, name.end()))
        at = name.end()
        join = _JOIN.match(s, at)
        if (
            kind == "road"
            and join is not None
            and join.end() < len(s)
            and not any(one[0] == "crossing" for one in parts)
        ):
            parts.append(("crossing", at, join.end()))
            at = join.end()
        at = _gap(parts, s, at)
    if at < len(s):
        parts.append(("other", at, len(s)))
    return parts


def _gap(parts: list[Span], s: str, at: int) -> int:
    found = _GAP.match(s, at)
    if found is None:
        return at
    parts.append(("separator", at, found.end()))
    return found.end()
