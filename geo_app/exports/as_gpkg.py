"""GeoPackages, written by GDAL's driver as the portions come."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import shapely

from geo_app.exports.cells import clean, literal
from geo_app.exports.table import Portion, Table, Type
from geo_app.imports.systems import System

TYPES: dict[Type, pa.DataType] = {"number": pa.float64(), "whole": pa.int64(), "truth": pa.bool_()}
GEOMETRY = "geom"


def write(table: Table, path: Path, system: System) -> int:
    """Writes the rows as a layer; how many there were.

    The layer has the system's CRS; a shifted one (GCJ-02, BD-09) has none and stays undefined. Rows of a kind without
    places get an empty geometry: many programs show no other layers.
    """
    schema = pa.schema(
        [(heading.name, TYPES.get(heading.type, pa.string())) for heading in table.headings] + [(GEOMETRY, pa.binary())]
    )
    count = 0
    failed: list[BaseException] = []

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal count
        try:
            for portion in table.portions:
                count += len(portion)
                yield pa.record_batch(_arrays(table, portion), schema=schema)
        except BaseException as error:
            failed.append(error)  # GDAL would only say that there was one
            raise

    # Who reads it again asks for a system wherever there is a geometry, be it an empty one.
    crs = "EPSG:4326" if table.shape is None else None if system.crs is None else system.crs.to_wkt()
    with warnings.catch_warnings(), _said_by(failed):
        warnings.filterwarnings("ignore", "'crs' was not provided", UserWarning)  # as it is meant
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(schema, batches()),
            path,
            layer=table.name,
            driver="GPKG",
            geometry_name=GEOMETRY,
            geometry_type=table.shape or "Point",
            crs=crs,
            layer_options={"DESCRIPTION": " ".join(table.notes)},
        )
    return count


@contextmanager
def _said_by(failed: list[BaseException]) -> Iterator[None]:
    """Raises what made the rows fail instead of what GDAL makes of it."""
    try:
        yield
    except Exception:
        if failed:
            raise failed[0] from None
        raise


def _arrays(table: Table, portion: Portion) -> list[pa.Array]:
    arrays = []
    for heading, column in zip(table.headings, portion.columns, strict=True):
        kind = TYPES.get(heading.type)
        if kind is None:
            harmless = literal if heading.type == "text" else clean
            column = [None if value is None else harmless(value) for value in column]
        arrays.append(pa.array(column, type=kind or pa.string()))
    shapes = portion.shapes if portion.shapes is not None else np.full(len(portion), None, dtype=object)
    return [*arrays, pa.array(shapely.to_wkb(shapes), type=pa.binary())]
