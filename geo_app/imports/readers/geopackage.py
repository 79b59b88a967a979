"""GeoPackages: the one layer with geometries, read by GDAL's driver for them and no other."""

from __future__ import annotations

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

MAGIC = b"SQLite format 3\x00"


def read(path: Path, kind: str) -> Rows:
    """The features of a GeoPackage that has one layer, or one that is named like ``kind``."""
    with path.open("rb") as file:
        begins = file.read(len(MAGIC))
    if not begins:
        raise FileRejected.whole(path.name, "empty", "The file is empty.", "Export it again from where it came.")
    if begins != MAGIC:
        raise FileRejected.whole(
            path.name, "wrong_format", "This is no GeoPackage.", "Name the file by what it is, or export it again."
        )
    name = str(path.resolve())
    with only("GPKG") as said:
        try:
            layer = _layer(path, kind, [str(row[0]) for row in pyogrio.list_layers(name) if row[1] is not None])
            meta, _, wkb, columns = pyogrio.raw.read(name, layer=layer, force_2d=True, datetime_as_string=True)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
            raise FileRejected.whole(
                path.name, "unreadable", f"The GeoPackage is damaged: {error}", "Export it again from where it came."
            ) from error
    table = pd.DataFrame(dict(zip(meta["fields"], columns, strict=True)), index=pd.RangeIndex(len(wkb)))
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    return Rows(table, geometry, _crs(path, meta["crs"]), "feature", np.arange(1, len(table) + 1), tuple(said))


def _layer(path: Path, kind: str, layers: list[str]) -> str:
    if len(layers) == 1:
        return layers[0]
    if kind in layers:
        return kind
    raise FileRejected.whole(
        path.name,
        "layers",
        f"The file has {len(layers)} layers with geometries: {', '.join(layers[:20]) or 'none'}.",
        f"Export the one to import by itself, or name it {kind}.",
    )


def _crs(path: Path, text: str | None) -> CRS | None:
    if not text or "undefined" in text.casefold():
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise FileRejected.whole(
            path.name, "crs_unreadable", "The layer's coordinate system is unknown.", "Give it with --crs EPSG:nnnn."
        ) from error
