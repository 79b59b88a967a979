"""Text as it arrived, cleaned: trimmed, without what no encoding holds. Columns of nothing but text are worked on as a
whole, in Arrow's layout; any other cell by cell."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

WORDS = pa.large_string()
QUOTED = r"^'+[=+\-@\t\r\n＝＋－＠]"
NOTHING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "\\n"})


def text(column: pd.Series) -> pd.Series:
    """Trimmed text; whole numbers without ``.0``; what is missing is ''."""
    return as_column(trimmed(column), column)


def optional_text(column: pd.Series) -> pd.Series:
    """Trimmed text; what is missing or empty is None."""
    words = trimmed(column)
    return as_column(pc.if_else(pc.equal(words, ""), pa.scalar(None, WORDS), words), column)


def trimmed(column: pd.Series) -> pa.Array:
    """Trimmed text as Arrow holds it; what is missing is ''."""
    words = as_words(column)
    if words is None:
        values = column.astype(object).where(column.notna(), "").tolist()
        return unquoted(pa.array([_one_text(value) for value in values], WORDS))
    return unquoted(pc.utf8_trim_whitespace(without_nul(words.fill_null(""))))


def unquoted(words: pa.Array) -> pa.Array:
    """The same without the apostrophe that tells a spreadsheet that a text is no formula; our exports set one."""
    if not pc.any(pc.starts_with(words, pattern="'")).as_py():
        return words
    marked = pc.match_substring_regex(words, QUOTED)
    return pc.if_else(marked, pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(words, start=1)), words)


def _one_text(value: Any) -> str:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return encodable(str(value).replace("\x00", "").strip())


def encodable(word: str) -> str:
    """A word without halves of surrogate pairs: they are in no encoding, and the database would refuse them."""
    return word if word.isascii() else word.encode("utf-8", "replace").decode()


def as_words(column: pd.Series) -> pa.Array | None:
    """The cells of a column that holds nothing but text, null where one is missing; None for any other column."""
    if pd.api.types.is_object_dtype(column.dtype):
        try:
            return pa.array(column.to_numpy(), WORDS, from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):  # numbers, halves of surrogate pairs
            return None
    if not isinstance(column.dtype, (pd.StringDtype, pd.ArrowDtype)):
        return None
    words = pa.array(column.array, from_pandas=True)
    if not (pa.types.is_string(words.type) or pa.types.is_large_string(words.type)):
        return None
    words = words.cast(WORDS)
    return words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words


def as_column(words: pa.Array, like: pd.Series) -> pd.Series:
    """Text in Arrow's layout as a column, without copying it; index and name are those of ``like``."""
    return pd.Series(pd.array(words, dtype="str"), index=like.index, name=like.name, copy=False)


def without_nul(words: pa.Array) -> pa.Array:
    """The same without the character 0, which the database does not store."""
    return pc.replace_substring(words, pattern="\x00", replacement="") if has_below(words, 1) else words


def has_below(words: pa.Array, code: int) -> bool:
    """Whether a character below ``code`` may stand in these words."""
    letters = letters_of(words)
    return len(letters) > 0 and int(letters.min()) < code


def letters_of(words: pa.Array) -> np.ndarray:
    """The bytes of all words, one after another; with those of their neighbours where the array is a part of another."""
    buffer = words.buffers()[2]
    return np.frombuffer(buffer, dtype=np.uint8) if buffer is not None else np.empty(0, dtype=np.uint8)


def says_nothing(words: pa.Array) -> np.ndarray:
    """A mask of the words that mean that nothing is known: empty, a dash, null."""
    return pc.is_in(pc.utf8_lower(words), value_set=pa.array(sorted(NOTHING), WORDS)).to_numpy(zero_copy_only=False)


def quoted(words: pd.Series) -> Callable[[int], str]:
    """What a row says, between quotes, as a parameter of a problem."""
    return lambda row: repr(str(words.iloc[row])[:80])
