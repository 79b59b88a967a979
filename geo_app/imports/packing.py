"""A portion as it travels from the reader's process to the database: a header in JSON, rows as the text of a COPY."""

from __future__ import annotations

import binascii
import json
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo_app.imports.problems import Problem, Said
from geo_app.imports.reading import Portion, Refused


@dataclass(frozen=True)
class Packed:
    """What became of a portion. ``text`` has ``count`` rows of ``columns``, as COPY takes them."""

    read: int
    count: int
    columns: tuple[str, ...]
    refused: tuple[Refused, ...]
    warnings: tuple[Said, ...]
    mapping: dict[str, str]
    system: str
    unit: str
    decimal_comma: bool
    unplaced: int
    zero: int
    text: bytes


def packed(portion: Portion) -> tuple[bytes, bytes]:
    """A header and the rows."""
    header = {
        "read": portion.read,
        "count": len(portion.made),
        "columns": list(portion.made.columns),
        "refused": [asdict(refused) for refused in portion.refused],
        "warnings": [warning.as_json() for warning in portion.warnings],
        "mapping": portion.mapping,
        "system": portion.system,
        "unit": portion.unit,
        "decimal_comma": portion.decimal_comma,
        "unplaced": portion.unplaced,
        "zero": portion.zero,
    }
    return json.dumps(header, ensure_ascii=False).encode(errors="replace"), as_copied(portion.made)


def unpacked(header: bytes, text: bytes) -> Packed:
    """The way back."""
    values = json.loads(header)
    values["columns"] = tuple(values["columns"])
    values["warnings"] = tuple(Said(**one) for one in values["warnings"])
    values["refused"] = tuple(
        Refused(one["number"], Problem(**one["problem"]), one["content"]) for one in values["refused"]
    )
    return Packed(**values, text=text)


def as_copied(table: pd.DataFrame) -> bytes:
    """Rows as the text that COPY takes: a line each, cells between tabs, what is missing as ``\\N``.

    PostgreSQL takes it apart faster than CSV, in which all that arrived, as JSON, would have each quote doubled.
    """
    cells = [_escaped(_array(table[name])) for name in table.columns]
    rows = pc.binary_join_element_wise(*cells, _word("\t"), null_handling="replace", null_replacement="\\N")
    return _letters(pc.binary_join_element_wise(rows, _word(""), _word("\n")))


def _word(letters: str) -> pa.Scalar:
    return pa.scalar(letters, pa.large_string())


ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


def _escaped(cells: pa.Array | pa.ChunkedArray) -> pa.Array:
    words = (cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells).cast(pa.large_string())
    letters = _letters(words)
    for letter, escape in ESCAPES:
        if letter.encode() in letters:
            words = pc.replace_substring(words, letter, escape)
    return words


def _letters(words: pa.LargeStringArray) -> bytes:
    """All words of an array without anything between them."""
    _, ends, letters = words.buffers()
    if letters is None or not len(words):
        return b""
    first, last = np.frombuffer(ends, dtype=np.int64)[[words.offset, words.offset + len(words)]]
    return bytes(letters[first:last])


def _array(column: pd.Series) -> pa.Array:
    if column.name == "geom":
        return _hex(column.to_numpy(dtype=object))
    try:
        cells = pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # numbers and texts in one column
        return pa.array(column.map(str, na_action="ignore"), type=pa.string(), from_pandas=True)
    if pa.types.is_timestamp(cells.type) and cells.type.tz == "UTC":
        # Written with their zone, instants take Arrow ten times as long.
        return pc.binary_join_element_wise(cells.cast(pa.timestamp("us")).cast(pa.string()), "Z", "")
    return cells


POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("srid", "<u4"), ("x", "<f8"), ("y", "<f8")])


def _hex(shapes: np.ndarray) -> pa.Array:
    """Geometries in EPSG:4326 as PostGIS reads them: EWKB in hexadecimal digits."""
    missing = shapely.is_missing(shapes)
    points = (shapely.get_type_id(shapes) == shapely.GeometryType.POINT) & ~shapely.is_empty(shapes)
    if not (points | missing).all() or shapely.has_z(shapes).any():
        words = shapely.to_wkb(shapely.set_srid(shapes, 4326), hex=True, include_srid=True)
        return pa.array(words.astype(object), type=pa.string())
    rows = np.zeros(len(shapes), dtype=POINT)
    rows["order"], rows["kind"], rows["srid"] = 1, 0x20000001, 4326
    rows["x"], rows["y"] = shapely.get_x(shapes), shapely.get_y(shapes)
    digits = pa.py_buffer(binascii.hexlify(rows.tobytes()).upper())
    starts = pa.py_buffer(np.arange(len(shapes) + 1, dtype=np.int32) * (2 * POINT.itemsize))
    words = pa.StringArray.from_buffers(len(shapes), starts, digits)
    return pc.if_else(pa.array(missing), pa.scalar(None, pa.string()), words) if missing.any() else words
