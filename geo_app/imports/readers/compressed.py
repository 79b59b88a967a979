"""One file of data that was packed with gzip: calls.csv.gz, roads.geojson.gz, county.osm.gz."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from geo_app.imports.problems import N_, FileRejected
from geo_app.imports.readers.archive import is_data, read_unpacked
from geo_app.imports.readers.refusals import damaged, empty, other_format
from geo_app.imports.readers.unpacking import HIGHEST_RATIO, MOST_BYTES, SMALL, unpack
from geo_app.imports.rows import Rows

MAGIC = b"\x1f\x8b"


def read(path: Path, kind: str, layer: str | None = None) -> Iterator[Rows]:
    """The rows of a file that the name without .gz says how to read."""
    inner = PurePosixPath(path.stem)
    if not is_data(inner):
        raise FileRejected.whole(
            path.name,
            "unknown_format",
            N_("Files named %(ending)s are not read."),
            N_("Unpack it first, or zip it."),
            ending=f"{inner.suffix}{path.suffix}",
        )
    size = path.stat().st_size
    if not size:
        raise empty(path)
    with path.open("rb") as file, tempfile.TemporaryDirectory(prefix="geo-import-") as folder:
        if file.read(2) != MAGIC:
            raise other_format(path, "gzip")
        file.seek(0)
        target = Path(folder) / f"{inner.stem[:60]}{inner.suffix.casefold()}"
        try:
            with gzip.open(file) as packed:
                unpack(path, packed, target, min(MOST_BYTES, max(SMALL, HIGHEST_RATIO * size)))
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise damaged(path, error) from error
        yield from read_unpacked(target, kind, layer)
