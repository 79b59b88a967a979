"""Shapefiles: headers checked against the files' sizes, Chinese text in whatever encoding the .dbf really has."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo_app.imports.problems import FileRejected
from geo_app.imports.readers.gdal import only
from geo_app.imports.rows import Rows

MAGIC = b"\x00\x00\x27\x0a"


def read(path: Path, kind: str) -> Rows:
    """The rows of a loose shapefile; ``path`` is its .shp, the other files lie beside it."""
    _check_shp(path)
    dbf = _beside(path, ".dbf")
    _check_dbf(path, dbf)
    _beside(path, ".shx")
    encoding, warnings = _encoding(path, dbf)
    with only("ESRI Shapefile") as said:
        try:
            # Each byte as one character: GDAL's own decoding knows neither a wrong .cpg nor a cut character.
            meta, _, wkb, columns = pyogrio.raw.read(
                str(path.resolve()), encoding="ISO-8859-1", force_2d=True, datetime_as_string=True
            )
        except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError) as error:
            raise FileRejected.whole(
                path.name, "unreadable", f"The shapefile is damaged: {error}", "Export it again from where it came."
            ) from error
    names = [_decoded(name, encoding) for name in meta["fields"]]
    table = pd.DataFrame(
        {name: _texts(values, encoding) for name, values in zip(names, columns, strict=True)},
        index=pd.RangeIndex(len(wkb)),
    )
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    return Rows(table, geometry, _crs(path), "feature", np.arange(1, len(table) + 1), tuple(warnings + said))


def _beside(path: Path, suffix: str) -> Path:
    for candidate in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if candidate.is_file():
            return candidate
    raise FileRejected.whole(
        path.name,
        "incomplete",
        f"The file {path.stem}{suffix} is missing.",
        "A shapefile is several files of one name: copy .shp, .shx, .dbf and .prj together.",
    )


def _check_shp(path: Path) -> None:
    with path.open("rb") as file:
        header = file.read(100)
    if not header:
        raise FileRejected.whole(path.name, "empty", "The file is empty.", "Export it again from where it came.")
    if len(header) < 100 or header[:4] != MAGIC:
        raise FileRejected.whole(
            path.name, "wrong_format", "This is no shapefile.", "Give the .shp file, or name the file by what it is."
        )
    claimed = 2 * int(struct.unpack(">i", header[24:28])[0])
    if claimed > path.stat().st_size:
        raise FileRejected.whole(
            path.name,
            "truncated",
            f"The file ends early: it claims {claimed:,} bytes and has {path.stat().st_size:,}.",
            "Copy it again.",
        )


def _check_dbf(path: Path, dbf: Path) -> None:
    with dbf.open("rb") as file:
        header = file.read(32)
    if len(header) < 32:
        raise FileRejected.whole(path.name, "truncated", f"{dbf.name} has no header.", "Copy it again.")
    rows, header_length, row_length = struct.unpack("<IHH", header[4:12])
    if header_length + rows * row_length > dbf.stat().st_size + 1:
        raise FileRejected.whole(
            path.name,
            "truncated",
            f"{dbf.name} claims {rows:,} rows, but its {dbf.stat().st_size:,} bytes cannot hold them.",
            "Copy it again.",
        )


def _encoding(path: Path, dbf: Path) -> tuple[str, list[str]]:
    """The encoding of the .dbf: what its .cpg says, unless its bytes say otherwise."""
    said = ""
    for candidate in (path.with_suffix(".cpg"), path.with_suffix(".CPG")):
        if candidate.is_file():
            said = candidate.read_text(encoding="ascii", errors="ignore").strip().casefold()[:40]
    content = dbf.read_bytes()
    likely = "utf-8" if _is(content, "utf-8") else "gb18030"
    if not said:
        return likely, []
    named = {"gbk": "gb18030", "gb2312": "gb18030", "936": "gb18030", "cp936": "gb18030", "ansi 936": "gb18030",
             "gb18030": "gb18030", "utf8": "utf-8", "utf-8": "utf-8", "65001": "utf-8"}.get(said)  # fmt: skip
    if named is None:
        named = said.replace("iso 8859", "iso8859-").replace("iso-88591", "iso8859-1")
        try:
            "".encode(named)
        except LookupError:
            return likely, [f"The .cpg names an unknown encoding ({said}); read as {likely}."]
    if named == "utf-8" and likely != "utf-8":
        return likely, ["The .cpg says UTF-8, but the text is not; read as GB18030."]
    return named, []


def _is(content: bytes, encoding: str) -> bool:
    try:
        content[32:].decode(encoding)
    except UnicodeDecodeError:
        # Numbers may be stored as bytes only in old dialects; text that was cut at a field's end is common.
        return content[32:].decode(encoding, errors="ignore").encode(encoding) == content[32:]
    return True


def _decoded(text: str, encoding: str) -> str:
    return text.encode("latin-1").decode(encoding, errors="replace").rstrip("�")


def _texts(values: np.ndarray, encoding: str) -> np.ndarray:
    if values.dtype != object:
        return values
    return np.array([_decoded(value, encoding) if isinstance(value, str) else value for value in values], dtype=object)


def _crs(path: Path) -> CRS | None:
    for candidate in (path.with_suffix(".prj"), path.with_suffix(".PRJ")):
        if candidate.is_file():
            try:
                return CRS.from_wkt(candidate.read_text(encoding="utf-8", errors="replace"))
            except CRSError as error:
                raise FileRejected.whole(
                    path.name,
                    "crs_unreadable",
                    f"{candidate.name} names no coordinate system: {error}",
                    "Give it with --crs EPSG:nnnn.",
                ) from error
    return None
