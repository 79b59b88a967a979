"""In which direction a street may be driven, as the words, letters and numbers of files say it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from geo_app.imports.kinds.base import Arrival
from geo_app.imports.problems import N_
from geo_app.imports.values import NOTHING, quoted, text

NUMBER = re.compile(r"-?\d+")
# In which direction, as drawn, one may drive; a lane that changes its direction is open to both.
DIRECTIONS = {
    **dict.fromkeys(
        ("yes", "单行", "是", "有", "单向", "单向通行", "单行线", "单行道", "单行路", "正向", "顺向", "正向单行", "顺向单行",
         "y", "true", "1", "ft", "forward"), "yes",
    ),
    **dict.fromkeys(
        ("no", "双向", "否", "无", "双行", "双向通行", "双行线", "n", "false", "0", "b", "both", "reversible",
         "alternating"), "no",
    ),
    **dict.fromkeys(
        ("reverse", "反向", "逆向", "反向单行", "逆向单行", "反向通行", "逆向通行", "逆行", "-1", "tf", "backward"),
        "reverse",
    ),
}  # fmt: skip
# Letters of a road map, beside which F and T are with and against the line, and N is closed; else they may be yes and no.
OF_A_MAP = frozenset({"ft", "tf", "b"})


def directions(words: Iterable[str]) -> dict[str, str]:
    """What the words of a column of directions mean, in small letters, as far as the column as a whole tells."""
    there, known = {word.casefold() for word in words}, dict(DIRECTIONS)
    if there & OF_A_MAP:
        known |= {"f": "yes", "t": "reverse"}
        del known["n"]
    numbers = {word for word in there if NUMBER.fullmatch(word)}
    if numbers - {"0", "1", "-1"}:  # codes of a road map: 1 may well be both directions there
        known = {word: ours for word, ours in known.items() if word not in numbers}
    return known


def directions_of(arrival: Arrival) -> pd.Series:
    """Of each row yes, no or reverse: against the line. Notes words that do not say which."""
    if "one_way" not in arrival.columns:
        return pd.Series("no", index=arrival.rows.table.index)
    heading = arrival.columns["one_way"]
    words = text(arrival.column("one_way")).str.casefold()
    said = words.map(directions(text(arrival.rows.table[heading]).unique()))
    nothing = words.isin(NOTHING)
    arrival.problems.add(
        (said.isna() & ~nothing).to_numpy(dtype=bool),
        "choice",
        N_("%(what)s %(value)s does not say in which direction one may drive"),
        N_("Say for each word of the column whether it is yes, no or reverse (against the line), or correct it."),
        what=heading,
        value=quoted(words),
    )
    return said.mask(nothing, "no")
