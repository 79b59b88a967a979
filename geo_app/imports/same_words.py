"""Cells as they count when rows are compared: 118.30 is 118.3 and １１８.3, 2026/1/2 is 2026-01-02, but 0118 is not 118.

Only for comparing: what is stored keeps the form in which it arrived.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_app.imports.texts import WORDS, as_words, encodable, has_below, letters_of, unquoted, without_nul

# A point or a signed exponent makes a number: 12 may be one or a code, which is the same text either way, 3E2 a flat.
NUMBER = r"^[+-]?(?:0|[1-9]\d*)(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]\d+)$"
SHORTEST = r"^-?(?:0|[1-9]\d{0,8})\.\d{0,6}[1-9]$"  # as every program writes it
CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?"
MOMENT = rf"^(?:(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?:[ T]{CLOCK})?|{CLOCK})$"
USUAL_MOMENT = r"^(?:\d{4}-\d\d-\d\d|(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d)$"
MIDNIGHT = " 00:00:00"
TRUTH = pa.array(["TRUE", "True", "FALSE", "False"], WORDS)


def same_words(column: pd.Series) -> pa.Array:
    """The cells of a column, each in the one form that all that mean the same have; null where nothing stands."""
    words = as_words(column)
    if words is None:
        cells = column.astype(object).where(column.notna(), None).tolist()
        words = pa.array([None if cell is None else _word_of(cell) for cell in cells], WORDS)
    words = unquoted(_spaced(without_nul(words)))
    words = pc.if_else(pc.is_in(words, value_set=TRUTH), pc.utf8_lower(words), words)
    numbers = pc.and_not(_like(words, NUMBER), _like(words, SHORTEST))
    words = _rewritten(words, numbers, lambda word: _number(float(word)))
    usual = pc.and_not(_like(words, USUAL_MOMENT), pc.ends_with(words, pattern=MIDNIGHT))
    words = _rewritten(words, pc.and_not(_like(words, MOMENT), usual), _moment)
    return pc.if_else(pc.equal(words, ""), pa.scalar(None, WORDS), words)


def _like(words: pa.Array, pattern: str) -> pa.Array:
    return pc.match_substring_regex(words, pattern)


def _spaced(words: pa.Array) -> pa.Array:
    """Without blanks around, one of them between words, full-width forms as plain ones."""
    letters = letters_of(words)
    if len(letters) and int(letters.max()) > 127:
        words = pc.utf8_normalize(words, form="NFKC")
    letters = letters_of(words)
    if has_below(words, 32) or ((letters[1:] == 32) & (letters[:-1] == 32)).any():
        words = pc.replace_substring_regex(words, r"[\x00-\x20]+", " ")
    return pc.utf8_trim_whitespace(words)


def _rewritten(words: pa.Array, which: pa.Array, write: Callable[[str], str]) -> pa.Array:
    if not pc.any(which).as_py():
        return words
    which = which.fill_null(False)
    return pc.replace_with_mask(words, which, pa.array(map(write, words.filter(which).to_pylist()), WORDS))


def _word_of(cell: Any) -> str:
    """A cell that is no text as the text that another format has in its place."""
    if isinstance(cell, np.float32):
        cell = float(str(cell))  # 118.3, not the 118.30000305 that it is as a double
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, (list, dict)):
        return encodable(json.dumps(cell, ensure_ascii=False, sort_keys=True, default=str))
    return encodable(str(cell))


def _number(value: float) -> str:
    """The shortest digits that mean a number, without an exponent."""
    word = repr(value + 0.0)  # -0.0 is 0.0
    if "e" in word and math.isfinite(value):
        return str(np.format_float_positional(value, trim="-"))
    return word.removesuffix(".0")


def _moment(word: str) -> str:
    found = re.fullmatch(MOMENT, word)
    if found is None:  # in one alphabet of digits more than Arrow knows
        return word
    year, month, day = found.group(1, 2, 3)
    hour, minute, second = found.group(4, 5, 6) if year else found.group(7, 8, 9)
    clock = f"{hour:0>2}:{minute}:{second or '00'}" if hour else ""
    if not year:
        return clock
    date = f"{year}-{month:0>2}-{day:0>2}"
    return f"{date} {clock}".rstrip() if clock != MIDNIGHT.strip() else date
