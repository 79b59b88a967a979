"""Columns as they arrived turned into numbers, truth values and words of ours; text, times and contents stand beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_app.imports.columns import recognise
from geo_app.imports.contents import as_json as as_json
from geo_app.imports.contents import json_column as json_column
from geo_app.imports.contents import keys_by_content as keys_by_content
from geo_app.imports.problems import N_, Problems
from geo_app.imports.texts import NOTHING as NOTHING
from geo_app.imports.texts import WORDS, as_column, as_words, trimmed
from geo_app.imports.texts import optional_text as optional_text
from geo_app.imports.texts import quoted as quoted
from geo_app.imports.texts import text as text
from geo_app.imports.times import clock_times as clock_times
from geo_app.imports.times import instants as instants
from geo_app.imports.units import suffix_of

TRUE = {"1", "true", "t", "yes", "y", "是", "有", "有效", "单行"}
FALSE = {"0", "false", "f", "no", "n", "否", "无", "无效", ""}
THOUSANDS = r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3}){2,}(?:\.\d*)?|,\d{3}\.\d*)"
DECIMAL = r"[+-]?\d*,\d+"
UNCLEAR = r"[+-]?[1-9]\d{0,2},\d{3}"
PLAIN_NUMBER = N_("Write a plain number such as 12.5 in the unit that is asked for, or leave it empty.")
NULL_MARK = 1e38
FIRST_INEXACT = 2.0**53


def text_held_in_arrow(table: pd.DataFrame) -> pd.DataFrame:
    """The same table; its columns of nothing but text are laid out as Arrow does it, for the speed of what follows."""
    table = table.copy(deep=False)
    for name, column in table.items():
        words = as_words(column) if column.dtype == object else None
        if words is not None:
            table[name] = as_column(words, column)
    return table


def without_null_marks(table: pd.DataFrame) -> pd.DataFrame:
    """A table in which numbers of 1e38 and beyond are missing: so shapefiles mark what is not known."""
    table = table.copy(deep=False)
    for name, column in table.items():
        mark = _floats_from(column, NULL_MARK)
        if mark.any():
            table[name] = column.mask(mark)
    return table


def rounded(column: pd.Series) -> np.ndarray:
    """A mask of numbers so long that their last digits are lost."""
    return _floats_from(column, FIRST_INEXACT)


def _floats_from(column: pd.Series, least: float) -> np.ndarray:
    """A mask of the floats that are at least ``least``, whatever their sign."""
    if pd.api.types.is_float_dtype(column.dtype):
        return (column.abs() >= least).to_numpy(dtype=bool)
    if column.dtype != object:
        return np.zeros(len(column), dtype=bool)
    return np.array([isinstance(value, float) and abs(value) >= least for value in column], dtype=bool)


def number(column: pd.Series, what: str, problems: Problems, *, counts: bool = False) -> pd.Series:
    """Floats; NaN where nothing is given. ``what``: the name of a measure, whose unit may follow a number; or a heading.

    counts: of whole numbers, a comma before three digits stands between thousands. Notes what is no number in
    ``problems``.
    """
    if pd.api.types.is_numeric_dtype(column.dtype):
        found = column.astype(float)
    else:
        words = trimmed(column)
        plain = _plain_numbers(words)
        found = _numbers(as_column(words, column), what, problems, counts) if plain is None else _like(plain, column)
    infinite = ~np.isfinite(found.to_numpy(dtype=float)) & found.notna().to_numpy()
    problems.add(infinite, "number", N_("%(what)s is infinite"), PLAIN_NUMBER, what=what)
    return found


def _plain_numbers(words: pa.Array) -> np.ndarray | None:
    """The numbers of words that are all plain or empty; None where one has to be looked at."""
    given = pc.if_else(pc.equal(words, ""), pa.scalar(None, WORDS), words)
    try:
        found = given.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    return found if np.isfinite(found).sum() == len(words) - given.null_count else None


def _numbers(words: pd.Series, what: str, problems: Problems, counts: bool) -> pd.Series:
    unit = suffix_of(what)
    bare = words.str.replace(unit, "", regex=True) if unit else words
    unclear = bare.str.fullmatch(UNCLEAR).to_numpy(dtype=bool)
    comma = _comma(bare, unclear, what, problems, counts) if unclear.any() else None
    if comma == "thousands":
        bare = bare.where(~unclear, bare.str.replace(",", "", regex=False))
    if comma is not None:
        unclear = np.zeros_like(unclear)
    found = pd.to_numeric(_with_point(bare), errors="coerce").astype(float)
    problems.add(
        unclear,
        "number",
        N_("%(what)s %(value)s may mean thousands or a decimal comma"),
        N_("Write 1234 or 1.234."),
        what=what,
        value=quoted(words),
    )
    bad = found.isna() & ~words.str.casefold().isin(NOTHING)
    problems.add(
        bad.to_numpy(), "number", N_("%(what)s %(value)s is no number"), PLAIN_NUMBER, what=what, value=quoted(words)
    )
    return found


def _comma(words: pd.Series, unclear: np.ndarray, what: str, problems: Problems, counts: bool) -> str | None:
    """What the comma in 1,234 is, as far as the other numbers of the column, or what they are, tell; None if neither does."""
    thousands = words.str.fullmatch(THOUSANDS).any()
    decimal = (words.str.fullmatch(DECIMAL) & ~words.str.fullmatch(THOUSANDS) & ~unclear).any()
    if thousands or decimal:
        return None if thousands and decimal else "thousands" if thousands else "decimal"
    if counts:
        return "thousands"
    degrees = {"longitude", "latitude"} & set(recognise("places", [what]).found)  # there are no thousand degrees
    return "decimal" if problems.rows.decimal_comma or degrees else None


def _with_point(words: pd.Series) -> pd.Series:
    """Numbers without commas between thousands, and with a point where they have a decimal comma."""
    plain = words.where(~words.str.fullmatch(THOUSANDS), words.str.replace(",", "", regex=False))
    decimal = plain.str.contains(",", regex=False) & ~plain.str.contains(".", regex=False)
    return plain.where(~decimal, plain.str.replace(",", ".", regex=False))


def truth(column: pd.Series, what: str, problems: Problems) -> pd.Series:
    """True, False, or None where nothing is given. Notes what is neither in ``problems``."""
    words = trimmed(column)
    values = _by_word(words, lambda word: True if word in TRUE else False if word in FALSE and word else None)
    bad = np.array([value is None for value in values], dtype=bool) & ~_by_word(words, NOTHING.__contains__).astype(
        bool
    )
    problems.add(
        bad,
        "truth",
        N_("%(what)s %(value)s is neither yes nor no"),
        N_("Write yes or no (是, 否), or say what this word stands for when you choose the columns."),
        what=what,
        value=quoted(as_column(words, column)),
    )
    return _like(values, column)


def choice(
    column: pd.Series, allowed: dict[str, str], what: str, problems: Problems, default: str | None = None
) -> pd.Series:
    """Words mapped by ``allowed`` (compared without case); ``default`` where nothing is given, or for every unknown
    word when ``allowed`` has the key ``*``. Notes unknown words in ``problems``."""
    words = trimmed(column)
    known = {key.casefold(): value for key, value in allowed.items()}
    missing = _by_word(words, NOTHING.__contains__).astype(bool)
    values = _by_word(words, known.get)
    unknown = np.array([value is None for value in values], dtype=bool)
    values[missing & unknown] = default
    bad = unknown & ~missing
    if "*" in allowed:
        values[bad] = allowed["*"]
    else:
        problems.add(
            bad,
            "choice",
            N_("%(what)s %(value)s is none of %(choices)s"),
            N_("Write one of them, or say which one this word stands for when you choose the columns."),
            what=what,
            value=quoted(as_column(words, column).str.casefold()),
            choices=", ".join(sorted(set(allowed.values()))),
        )
    return _like(values, column)


def _by_word(words: pa.Array, meaning: Callable[[str], Any]) -> np.ndarray:
    """What each word means without regard to case, asked once for each that is different."""
    same = words.dictionary_encode()
    meanings = np.empty(len(same.dictionary), dtype=object)
    meanings[:] = [meaning(word.casefold()) for word in same.dictionary.to_pylist()]
    return meanings[same.indices.to_numpy()]


def _like(values: np.ndarray, column: pd.Series) -> pd.Series:
    return pd.Series(values, index=column.index, name=column.name, dtype=values.dtype)


def translated(column: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """A column in which the words of a file stand as ours: ``words`` is the file's word → ours."""
    said = text(column)
    return said.map(words).where(said.isin(list(words)), column)
