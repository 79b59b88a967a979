"""GeoPackages, read by GDAL's driver for them and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyogrio

from geo_app.imports.readers.gdal import DAMAGED, only
from geo_app.imports.readers.layer import layer_rows
from geo_app.imports.readers.refusals import damaged, empty, other_format, several
from geo_app.imports.rows import Rows

MAGIC = b"SQLite format 3\x00"


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The features of the layer that is named, or the only one with geometries, or that which is named like ``kind``.

    A GeoPackage without any geometry is a table, and read as one.
    """
    with path.open("rb") as file:
        begins = file.read(len(MAGIC))
    if not begins:
        raise empty(path)
    if begins != MAGIC:
        raise other_format(path, "GeoPackage")
    yield from layer_rows(path, "GPKG", _layer(path, kind, layer))


def _layer(path: Path, kind: str, wanted: str | None) -> str:
    try:
        with only("GPKG"):
            layers = [(str(name), shape) for name, shape in pyogrio.list_layers(str(path.absolute()))]
    except DAMAGED as error:
        raise damaged(path, error) from error
    names = [name for name, _ in layers]
    if wanted in names:
        return str(wanted)
    with_shapes = [name for name, shape in layers if shape is not None] or names
    if wanted is None and len(with_shapes) == 1:
        return with_shapes[0]
    if wanted is None and kind in names:
        return kind
    raise several(path, with_shapes, kind)
