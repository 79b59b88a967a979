"""What rows say, as text: a JSON object for each, and a key for rows that have none."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo_app.imports.same_words import same_words
from geo_app.imports.seen import Seen
from geo_app.imports.texts import WORDS, as_column, as_words, encodable, has_below, letters_of, without_nul

ESCAPED = r'["\\\x00-\x1f]'
NUL = re.compile(r"(\\\\)|\\u0000")  # a pair of backslashes is one that was meant


def as_json(table: pd.DataFrame) -> list[str]:
    """Each row as the text of a JSON object, without what is missing."""
    return _objects(table).to_pylist()


def json_column(table: pd.DataFrame) -> pd.Series:
    """The same as a column of text beside ``table``."""
    return as_column(_objects(table), pd.Series(index=table.index, dtype=object))


def keys_by_content(table: pd.DataFrame, geometry: np.ndarray, seen: Seen, lines: np.ndarray) -> pd.Series:
    """A key for rows that have none: a hash of all they mean, and the ordinal among equals in the file.

    The order of columns and the form of cells do not count; a position counts to the centimetre.
    """
    contents = _meant(table).cast(pa.large_binary()).to_pylist()
    shapes = shapely.to_wkb(_settled(geometry), byte_order=1)
    hashes = pd.Series(
        [
            hashlib.sha256(content if shape is None else content + shape).hexdigest()[:24]
            for content, shape in zip(contents, shapes, strict=True)
        ],
        index=table.index,
        dtype=object,
    )
    ordinals, _ = seen.add(hashes, lines)
    return "#" + hashes + ":" + pd.Series(ordinals, index=table.index).astype(str)


def _meant(table: pd.DataFrame) -> pa.Array:
    """What each row means, cell by cell in the order of the headings; what is empty is left out."""
    begun = pa.array([""] * len(table), WORDS)  # Arrow drops a row of which all parts are missing
    members = [
        pc.binary_join_element_wise(_word(encodable(str(name)) + "\x1f"), same_words(column), _word("\x1e"), _word(""))
        for name, column in sorted(table.items(), key=lambda item: str(item[0]))
    ]
    return pc.binary_join_element_wise(begun, *members, _word(""), null_handling="skip")


def _settled(geometry: np.ndarray) -> np.ndarray:
    """Geometries to the digits that every format keeps; one alone in a collection is itself."""
    single = (shapely.get_num_geometries(geometry) == 1) & (shapely.get_type_id(geometry) > 3)
    if single.any():
        geometry = np.where(single, shapely.get_geometry(geometry, 0), geometry)
    return shapely.transform(geometry, lambda xy: xy.round(7) + 0.0)


def _objects(table: pd.DataFrame) -> pa.Array:
    members = [_members(str(name), column) for name, column in table.items()]
    # The brace comes first, because Arrow drops a row of which all parts are missing; then the comma behind it goes.
    begun = pa.array(["{"] * len(table), WORDS)
    joined = pc.binary_join_element_wise(begun, *members, _word(", "), null_handling="skip")
    without_comma = pc.binary_replace_slice(joined.cast(pa.large_binary()), start=1, stop=3, replacement=b"")
    return pc.binary_join_element_wise(without_comma.cast(WORDS), _word("}"), _word(""))


def _members(name: str, column: pd.Series) -> pa.Array:
    """``"name": value`` for each cell, null where it is missing."""
    prefix = encodable(_as_json(name)) + ": "
    words = as_words(column)
    if words is None:
        values = column.astype(object).where(column.notna(), None).tolist()
        return pa.array([None if value is None else prefix + encodable(_as_json(value)) for value in values], WORDS)
    return pc.binary_join_element_wise(_word(prefix + '"'), _escaped(without_nul(words)), _word('"'), _word(""))


def _escaped(words: pa.Array) -> pa.Array:
    """Words as they stand between the quotes of JSON."""
    letters = letters_of(words)
    if not has_below(words, 32) and not (letters == ord('"')).any() and not (letters == ord("\\")).any():
        return words
    special = pc.match_substring_regex(words, ESCAPED)
    instead = [json.dumps(word, ensure_ascii=False)[1:-1] for word in words.filter(special).to_pylist()]
    return pc.replace_with_mask(words, special, pa.array(instead, WORDS))


def _as_json(value: Any) -> str:
    """One value as JSON; what JSON has no word for as text."""
    if isinstance(value, np.generic):
        value = value.item()
    try:
        said = json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:  # infinite
        said = json.dumps(str(value), ensure_ascii=False)
    return NUL.sub(lambda found: found[1] or "", said)


def _word(word: str) -> pa.Scalar:
    return pa.scalar(word, WORDS)
