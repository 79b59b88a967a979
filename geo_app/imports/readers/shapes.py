"""Well-known binary and text as geometries, and which of it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from geo_app.imports.readers.features import Feature, spoiled
from geo_app.imports.rows import Rows

STRAIGHT = range(8)  # types of geometry that GEOS knows; those behind them have arcs or are surfaces in space


def type_of(wkb: bytes) -> int:
    """The number of a geometry's type, without its flags for heights and measures; -1 for what is no WKB."""
    if len(wkb) < 5 or wkb[0] > 1:
        return -1
    return int.from_bytes(wkb[1:5], "little" if wkb[0] else "big") % 2**28 % 1000


def of_text(words: pd.Series) -> np.ndarray:
    """Geometries of well-known text, None where it is empty, malformed or of arcs."""
    texts = words.astype(object).where(words != "", None).to_numpy()
    try:
        return shapely.from_wkt(texts, on_invalid="ignore")
    except NotImplementedError:  # an arc spoils a whole array, however little is asked
        return np.array([_of_one_text(one) for one in texts], dtype=object)


def _of_one_text(one: str | None) -> shapely.Geometry | None:
    try:
        return shapely.from_wkt(one, on_invalid="ignore")
    except NotImplementedError:
        return None


def with_shapes(rows: Rows, wkb: Sequence[bytes | None]) -> Rows:
    """Rows with the geometries that the WKB of each says; those whose WKB is malformed are spoiled."""
    geometry, bad = _shapes(wkb)
    rows = replace(rows, geometry=geometry)
    if not bad.any():
        return rows
    lost = [
        Feature(int(rows.numbers[row]), rows.table.loc[row].dropna().to_dict(), malformed=(wkb[row] or b"").hex())
        for row in np.flatnonzero(bad).tolist()
    ]
    return replace(rows.only(~bad), spoiled=(*rows.spoiled, *map(spoiled, lost)))


def _shapes(column: Sequence[bytes | None]) -> tuple[np.ndarray, np.ndarray]:
    """Geometries in x and y, None where there is none or it is empty; and a mask of those malformed."""
    wkb = np.empty(len(column), dtype=object)
    wkb[:] = [one if one and type_of(one) in STRAIGHT else None for one in column]
    given = np.array([bool(one) for one in column], dtype=bool)
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    bad = given & shapely.is_missing(geometry)
    coordinates, owner = shapely.get_coordinates(geometry, return_index=True)
    bad[np.unique(owner[~np.isfinite(coordinates).all(axis=1)])] = True
    geometry = shapely.force_2d(geometry)
    geometry[bad | shapely.is_empty(geometry)] = None
    return geometry, bad
