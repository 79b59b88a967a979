"""A portion as it travels from the reader's process to the database: a header in JSON, rows as the text of a COPY."""

from __future__ import annotations

import binascii
import io
import json
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import shapely

from geo_app.imports.problems import Problem, Said, said
from geo_app.imports.reading import Portion, Refused


@dataclass(frozen=True)
class Packed:
    """What became of a portion. ``text`` has ``count`` rows of ``columns`` as CSV, without headings."""

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
        "warnings": [said(warning).as_json() for warning in portion.warnings],
        "mapping": portion.mapping,
        "system": portion.system,
        "unit": portion.unit,
        "decimal_comma": portion.decimal_comma,
        "unplaced": portion.unplaced,
        "zero": portion.zero,
    }
    return json.dumps(header, ensure_ascii=False).encode(errors="replace"), as_csv(portion.made)


def unpacked(header: bytes, text: bytes) -> Packed:
    """The way back."""
    values = json.loads(header)
    values["columns"] = tuple(values["columns"])
    values["warnings"] = tuple(Said(**one) for one in values["warnings"])
    values["refused"] = tuple(
        Refused(one["number"], Problem(**one["problem"]), one["content"]) for one in values["refused"]
    )
    return Packed(**values, text=text)


def as_csv(table: pd.DataFrame) -> bytes:
    """Rows as CSV in UTF-8: what is missing is an empty cell, an empty text is a quoted one."""
    arrays = [_array(table[name]) for name in table.columns]
    out = io.BytesIO()
    pa.csv.write_csv(
        pa.table(arrays, names=[str(name) for name in table.columns]),
        out,
        pa.csv.WriteOptions(include_header=False, quoting_style="needed"),
    )
    return out.getvalue()


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
