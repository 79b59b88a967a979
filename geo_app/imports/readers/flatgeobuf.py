"""FlatGeobuf, read by GDAL's driver for it and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geo_app.imports.readers.layer import layer_rows
from geo_app.imports.readers.refusals import empty, other_format
from geo_app.imports.rows import Rows

MAGIC = b"fgb\x03fgb"


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The features of a FlatGeobuf file, which has one layer."""
    with path.open("rb") as file:
        begins = file.read(len(MAGIC))
    if not begins:
        raise empty(path)
    if begins != MAGIC:
        raise other_format(path, "FlatGeobuf")
    yield from layer_rows(path, "FlatGeobuf")
