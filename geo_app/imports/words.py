"""Words of a file that stand for one of ours: which it has, how often, and what each is taken for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

import pandas as pd

from geo_app.imports.kinds import (
    areas,
    cameras,
    directions,
    duty,
    grid_people,
    grids,
    incidents,
    places,
    posts,
    roads,
    routes,
)
from geo_app.imports.values import FALSE, NOTHING, TRUE, text

MOST = 200  # different words of a column
YES_NO = dict.fromkeys(TRUE, "yes") | dict.fromkeys(FALSE - {""}, "no")
# Kind → our name → a word, in any case → ours.
CHOICES: dict[str, dict[str, Mapping[str, str]]] = {
    "incidents": {
        "case_kind": incidents.CASE_KINDS, "discovered_by": incidents.DISCOVERIES, "valid": YES_NO,
        "preventable": YES_NO, "non_police": YES_NO,
    },
    "categories": {"valid": YES_NO, "preventable": YES_NO},
    "areas": {"level": areas.LEVELS, "tree": areas.TREES},
    "grids": {"kind": grids.KINDS},
    "cameras": {"kind": cameras.KINDS, "estimated": YES_NO},
    "posts": {"kind": posts.KINDS},
    "places": {"is_key": YES_NO, "estate_access": places.ACCESS},
    "roads": {
        "road_class": roads.CLASSES | dict(zip(roads.KNOWN, roads.KNOWN, strict=True)), "one_way": directions.DIRECTIONS,
    },
    "routes": {"mode": routes.MODES, "mandatory": YES_NO},
    "duty": {"person_rank": duty.RANKS},
    "grid_people": {"role": grid_people.ROLES},
}  # fmt: skip
FREE = {
    "incidents": (*reversed(incidents.FINEST_FIRST), "category_intake", "category_feedback")
}  # any word is one of ours
BETWEEN = re.compile(r"[\s\-—_:/|()\[\]、,]+")

Counted = list[tuple[str, int, str | None]]


def choices(kind: str) -> dict[str, Mapping[str, str]]:
    """Our names of a kind that have a choice of words: each word, in any case, with ours."""
    return CHOICES.get(kind, {}) | {"simulated": YES_NO}


def word_counts(table: pd.DataFrame, found: Mapping[str, str], kind: str) -> dict[str, Counted]:
    """The words of each column that has a choice, the most frequent first: how often each stands there, and ours for it.

    found: our name → the heading. Ours is None for a word that is not known, also where an import takes such for the
    usual one. Incident categories are any words: ours is the word itself.
    """
    counted: dict[str, Counted] = {}
    for name, known in choices(kind).items():
        if name in found:
            words = _counts(table[found[name]])
            if name == "estate_access":
                known = dict(known) | _asked(found[name])
            elif name == "one_way":
                known = directions.directions(word for word, _ in words)
            ours = {word.casefold(): mine for word, mine in known.items() if word != "*"}
            counted[name] = [(word, count, ours.get(word.casefold())) for word, count in words]
    for name in FREE.get(kind, ()):
        if name in found:
            counted[name] = [(word, count, word) for word, count in _counts(table[found[name]])]
    return counted


def _counts(column: pd.Series) -> list[tuple[str, int]]:
    counts = text(column).value_counts()
    words = [(str(word), int(count)) for word, count in counts.items() if str(word).casefold() not in NOTHING]
    return sorted(words, key=lambda one: (-one[1], one[0]))[:MOST]


def _asked(heading: str) -> dict[str, str]:
    return next((yes_no for word, yes_no in places.ASKED.items() if word in heading), {})


def proposed_categories(words: Iterable[str], codes: Mapping[str, str]) -> dict[str, str]:
    """Names of categories for a file's words, out of a county's code table (code → name).

    A word is a code, a code beside its name, a name written in other forms of its letters, or a code without the zeros
    that a workbook took away, where only one fits. Words that are names already, and those that are neither, are left.
    """
    by_code = {_plain(code): name for code, name in codes.items()}
    by_name = {_plain(name): name for name in codes.values()}
    shortened: dict[str, set[str]] = {}
    for code, name in by_code.items():
        shortened.setdefault(code.lstrip("0"), set()).add(name)
    proposed: dict[str, str] = {}
    for word in words:
        plain = _plain(word)
        ours = by_code.get(plain) or by_name.get(plain) or _beside_its_code(plain, by_code)
        if ours is None and plain.isdigit() and len(shortened.get(plain, ())) == 1:
            (ours,) = shortened[plain]
        if ours is not None and ours != word:
            proposed[word] = ours
    return proposed


def _beside_its_code(word: str, by_code: Mapping[str, str]) -> str | None:
    """The name in 0101 盗窃, 0101-盗窃 and 盗窃(0101)."""
    parts = [part for part in BETWEEN.split(word) if part]
    for at, part in enumerate(parts):
        name = by_code.get(part)
        if name is not None and _plain("".join(parts[:at] + parts[at + 1 :])) == "".join(BETWEEN.split(_plain(name))):
            return name
    return None


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()
