"""Parquet and GeoParquet, a group of rows at a time. Geometry is WKB; without a system named it is OGC:CRS84."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo_app.imports.problems import N_, FileRejected
from geo_app.imports.readers.columns_of_arrow import bytes_left_out, says_something, table_of
from geo_app.imports.readers.features import WGS84
from geo_app.imports.readers.headings import named
from geo_app.imports.readers.refusals import damaged, empty, other_format, trap, unknown_system
from geo_app.imports.readers.shapes import with_shapes
from geo_app.imports.rows import PORTION, Rows

MAGIC = b"PAR1"
LARGEST_GROUP = 2**31  # bytes of one group of rows, unpacked
MOST_ROWS = 100_000_000  # a page of a few bytes can claim any number of equal rows


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The rows of a Parquet file, with the geometry that its ``geo`` metadata calls the primary one, if there is any."""
    with path.open("rb") as file:
        begins = file.read(4)
        if not begins:
            raise empty(path)
        if begins != MAGIC:
            raise other_format(path, "Parquet")
        try:
            parquet = pq.ParquetFile(file)
            _check(path, parquet)
            yield from _rows(path, parquet)
        except MemoryError:
            raise
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise damaged(path, error) from error


def _check(path: Path, parquet: pq.ParquetFile) -> None:
    meta = parquet.metadata
    groups = [meta.row_group(number).total_byte_size for number in range(meta.num_row_groups)]
    if meta.num_rows > MOST_ROWS or max(groups, default=0) > LARGEST_GROUP:
        raise trap(
            path, N_("It claims %(rows)s rows, or more than 2 GB in one group of rows."), rows=f"{meta.num_rows:,}"
        )


def _rows(path: Path, parquet: pq.ParquetFile) -> Iterator[Rows]:
    schema = parquet.schema_arrow
    geometry, crs = _geometry(path, schema)
    shown = {
        at: field.name for at, field in enumerate(schema) if at != geometry and says_something(_stored(field.type))
    }
    headings = dict(zip(shown, named(path, list(shown.values())), strict=True))
    warnings = bytes_left_out(field.name for at, field in enumerate(schema) if at != geometry and at not in shown)
    begins = 1
    for batch in parquet.iter_batches(batch_size=PORTION, use_threads=False):
        numbers = np.arange(begins, begins + batch.num_rows)
        begins += batch.num_rows
        unit = "row" if geometry is None else "feature"
        rows = Rows(table_of(batch, headings), None, crs, unit, numbers, warnings)
        warnings = ()
        yield rows if geometry is None else with_shapes(rows, _wkb(batch.column(geometry)))


def _stored(kind: pa.DataType) -> pa.DataType:
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def _wkb(column: pa.Array) -> list[bytes | None]:
    return (column.storage if isinstance(column, pa.ExtensionArray) else column).to_pylist()


def _geometry(path: Path, schema: pa.Schema) -> tuple[int | None, CRS | None]:
    """The position of the column with the geometry, and its system; None, None for a table without any."""
    told = (schema.metadata or {}).get(b"geo")
    if told is None:
        return None, None
    try:
        document = json.loads(told)
        name = document["primary_column"]
        column = document["columns"][name]
        encoding = column["encoding"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise damaged(path, "geo") from error
    at = schema.get_field_index(name) if isinstance(name, str) else -1
    if at < 0 or says_something(_stored(schema.field(at).type)) or encoding != "WKB":
        raise FileRejected.whole(
            path.name,
            "wrong_format",
            N_("Its geometry is stored as %(encoding)s; only WKB is read."),
            N_("Export it again with geometry as WKB, which is GeoParquet 1.0."),
            encoding=str(encoding)[:40],
        )
    return at, _crs(path, column)


def _crs(path: Path, column: dict[str, Any]) -> CRS | None:
    if "crs" not in column:
        return WGS84
    if column["crs"] is None:
        return None
    try:
        identity = column["crs"].get("id", {})
        if identity.get("authority") == "OGC" and identity.get("code") == "CRS84":
            return WGS84
        return CRS.from_json_dict(column["crs"])
    except (CRSError, AttributeError, TypeError, ValueError) as error:
        raise unknown_system(path) from error
