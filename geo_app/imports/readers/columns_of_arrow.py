"""Columns of Arrow as columns of a table: numbers that keep every digit, times as text, nothing that is only bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_app.imports.said import N_, Said
from geo_app.imports.values import without_null_marks

WITHOUT_T = (r"^(\d{4}-\d\d-\d\d)T", r"\1 ")
WITHOUT_ZEROS = (r"\.0+(Z|[+-]\d\d:?\d\d)?$", r"\1")


def table_of(batch: pa.RecordBatch, headings: Mapping[int, str]) -> pd.DataFrame:
    """The columns of a batch at the positions that ``headings`` names, index 0, 1, 2…"""
    columns = {heading: _values(batch.column(at), batch.schema.field(at)) for at, heading in headings.items()}
    return without_null_marks(pd.DataFrame(columns, index=pd.RangeIndex(batch.num_rows)))


def says_something(kind: pa.DataType) -> bool:
    """Whether a column of this type has words or numbers, and not only bytes."""
    return not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind))


def bytes_left_out(names: Iterable[str]) -> tuple[Said, ...]:
    """A warning that names columns of bytes, if there are any."""
    left_out = ", ".join(names)
    told = N_("Columns that hold bytes and no text were left out: %(columns)s.")
    return (Said(told, {"columns": left_out[:500]}),) if left_out else ()


def _values(column: pa.Array, field: pa.Field) -> pd.Series:
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    is_time = (field.metadata or {}).get(b"GDAL:OGR:type") == b"DateTime"
    if is_time or (pa.types.is_temporal(kind) and not pa.types.is_duration(kind)):
        column = column.cast(pa.string())
        for pattern, instead in (WITHOUT_T, WITHOUT_ZEROS):
            column = pc.replace_substring_regex(column, pattern=pattern, replacement=instead)
    elif pa.types.is_decimal(kind):
        column = column.cast(pa.string())
    if pa.types.is_floating(kind):
        return pd.Series(column.cast(pa.float64()).to_numpy(zero_copy_only=False))
    if pa.types.is_integer(kind) and not column.null_count:
        return pd.Series(column.to_numpy(zero_copy_only=False))
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pd.Series(column.to_numpy(zero_copy_only=False), dtype=object)
    return pd.Series(column.to_pylist(), dtype=object)
