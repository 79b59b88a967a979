"""Shapefiles: headers checked against the files' sizes, Chinese text in whatever encoding the .dbf really has."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo_app.imports.problems import N_, FileRejected, Said
from geo_app.imports.readers import dbf
from geo_app.imports.readers.layer import layer_rows
from geo_app.imports.readers.refusals import empty, other_format, unknown_system
from geo_app.imports.rows import Rows

MAGIC = b"\x00\x00\x27\x0a"


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The rows of a loose shapefile; ``path`` is its .shp, the other files lie beside it.

    Without a .dbf they have no attributes, without a .shx its index is made anew, without a .prj no system is named.
    """
    _check_shp(path)
    crs = _crs(_beside(path, ".prj"))
    encoding = "utf-8"
    warnings: list[Said] = []
    table = _beside(path, ".dbf")
    if table:
        dbf.check(path, table)
        encoding, warnings = dbf.encoding_of(table, _beside(path, ".cpg"))
    else:
        warnings.append(
            Said(N_("%(name)s.dbf is missing: the rows have a shape and nothing else."), {"name": path.stem})
        )
    if _beside(path, ".shx"):
        portions = layer_rows(path, "ESRI Shapefile", encoding=encoding)
    else:
        warnings.append(Said(N_("%(name)s.shx is missing and was made anew from the .shp."), {"name": path.stem}))
        portions = _with_new_index(path, table, encoding)
    for rows in portions:
        yield replace(rows, crs=crs, warnings=(*warnings, *rows.warnings))
        warnings = []


def _with_new_index(path: Path, table: Path | None, encoding: str) -> Iterator[Rows]:
    """The rows read from a folder of our own, so that no index appears beside somebody's file."""
    with tempfile.TemporaryDirectory(prefix="geo-import-") as folder:
        linked = Path(folder) / path.name
        linked.symlink_to(path.resolve())
        if table:
            linked.with_suffix(".dbf").symlink_to(table.resolve())
        with _restoring():
            yield from layer_rows(linked, "ESRI Shapefile", encoding=encoding)


@contextmanager
def _restoring() -> Iterator[None]:
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})


def _beside(path: Path, suffix: str) -> Path | None:
    found = (path.with_suffix(suffix), path.with_suffix(suffix.upper()))
    return next((candidate for candidate in found if candidate.is_file()), None)


def _check_shp(path: Path) -> None:
    with path.open("rb") as file:
        header = file.read(100)
    if not header:
        raise empty(path)
    if len(header) < 100 or header[:4] != MAGIC:
        raise other_format(path, "shapefile")
    claimed = 2 * int(struct.unpack(">i", header[24:28])[0])
    if claimed > path.stat().st_size:
        raise FileRejected.whole(
            path.name,
            "truncated",
            N_("The file ends early: it claims %(claimed)s bytes and has %(size)s."),
            N_("Copy it again."),
            claimed=f"{claimed:,}",
            size=f"{path.stat().st_size:,}",
        )


def _crs(prj: Path | None) -> CRS | None:
    if prj is None:
        return None
    try:
        return CRS.from_wkt(prj.read_text(encoding="utf-8", errors="replace"))
    except CRSError as error:
        raise unknown_system(prj) from error
