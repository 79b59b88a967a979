"""The rows of one layer of a file that GDAL reads, whichever driver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio

from geo_app.imports.readers.columns_of_arrow import bytes_left_out, says_something, table_of
from geo_app.imports.readers.gdal import DAMAGED, batches, only, system_of
from geo_app.imports.readers.headings import named
from geo_app.imports.readers.shapes import STRAIGHT, type_of, with_shapes
from geo_app.imports.rows import Rows


def layer_rows(path: Path, driver: str, layer: str | None = None, encoding: str | None = None) -> Iterator[Rows]:
    """The features of a layer, at most PORTION at a time. Raises FileRejected for a damaged file.

    encoding: what its texts are in, if that is not what the file says.
    """
    begins = 1
    # Each byte as one character: GDAL's own decoding knows neither a wrong .cpg nor a character cut in two.
    for meta, batch, warnings in batches(path, driver, layer, "ISO-8859-1" if encoding else None):
        # First the feature's id, then the attributes in the order of ``fields``, then the geometry if there is any.
        names = dict(enumerate(_names(meta["fields"], encoding), start=1))
        shown = {at: name for at, name in names.items() if says_something(batch.schema.field(at).type)}
        headings = dict(zip(shown, named(path, list(shown.values())), strict=True))
        numbers = np.arange(begins, begins + batch.num_rows)
        table = table_of(batch, headings)
        if encoding:
            table = table.assign(
                **{name: _texts(table[name], encoding) for name in table if table[name].dtype == object}
            )
        if begins == 1:
            warnings += bytes_left_out(name for at, name in names.items() if at not in shown)
        rows = Rows(table, None, system_of(path, meta["crs"]), "feature", numbers, tuple(warnings))
        begins += batch.num_rows
        if batch.num_columns > 1 + len(names):
            wkb = _straight(path, driver, layer, batch.column(batch.num_columns - 1).to_pylist(), batch.column(0))
            rows = with_shapes(rows, wkb)
        yield rows


def _names(fields: Iterable[str], encoding: str | None) -> list[str]:
    """Names of attributes, none twice: in a shapefile they may differ in half a character only."""
    names: list[str] = []
    for field in fields:
        name = _text(field, encoding) if encoding else str(field)
        names.append(f"{name} {len(names) + 1}" if name in names else name)
    return names


def _texts(column: pd.Series, encoding: str) -> pd.Series:
    texts = [_text(cell, encoding) if isinstance(cell, str) else cell for cell in column]
    return pd.Series(texts, index=column.index, dtype=object)


def _text(characters: str, encoding: str) -> str:
    if characters.isascii():
        return characters
    return characters.encode("latin-1").decode(encoding, errors="replace").rstrip("�")


def _straight(
    path: Path, driver: str, layer: str | None, wkb: list[bytes | None], fids: pa.Array
) -> list[bytes | None]:
    """The same geometries with short chords for arcs: GEOS knows no arcs, and Arrow hands them over as they are."""
    curved = [row for row, one in enumerate(wkb) if one and type_of(one) not in STRAIGHT]
    if not curved:
        return wkb
    try:
        with only(driver):
            read = pyogrio.raw.read(str(path.absolute()), layer=layer, columns=[], fids=fids.take(curved).to_numpy())
    except DAMAGED:
        return wkb
    wkb = wkb.copy()
    for row, one in zip(curved, read[2], strict=True):
        wkb[row] = one
    return wkb
