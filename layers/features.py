"""From a frame to GeoJSON: checks first, then coordinates on seven digits and plain values."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from layers.base import plain
from layers.coordinates import require_geographic
from layers.errors import FrameError

DIGITS = 7  # a centimetre; the lattice on which grids lie


def require_columns(frame: GeoDataFrame, columns: Iterable[str], what: str) -> None:
    """Accept a frame in EPSG:4326 that has these columns; raise one error that names everything that is missing."""
    if not isinstance(frame, GeoDataFrame):
        raise FrameError(f"{what}: a GeoDataFrame is needed, got {type(frame).__name__}")
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise FrameError(f"{what}: the frame lacks the columns {', '.join(missing)}")
    require_geographic(frame, what)


def drawable(frame: GeoDataFrame) -> np.ndarray:
    """Return a mask of the rows whose geometry exists and has finite coordinates."""
    shapes = frame.geometry.to_numpy()
    boxes = shapely.bounds(shapes)
    return ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & np.isfinite(boxes).all(axis=1)


def collection(
    frame: GeoDataFrame, columns: Sequence[str], added: dict[str, Sequence[Any] | np.ndarray] | None = None
) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection of all rows.

    frame: EPSG:4326, every geometry drawable. columns: what becomes properties. added: further properties,
    one value a row, in the frame's order. A feature's id is the row's `id` where the frame has one.
    """
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    shapes = shapely.transform(shapes, lambda xy: np.round(xy, DIGITS))
    geometries = json.loads("[" + ",".join(shapely.to_geojson(shapes).tolist()) + "]")
    values = {name: [plain(v) for v in frame[name].tolist()] for name in columns}
    for name, given in (added or {}).items():
        values[name] = [plain(v) for v in pd.Series(given).tolist()]
    ids = [plain(v) for v in frame["id"].tolist()] if "id" in frame.columns else [None] * len(frame)
    names = list(values)
    features = [
        {"type": "Feature", "geometry": geometry, "properties": dict(zip(names, row, strict=True))}
        | ({} if key is None else {"id": key})
        for geometry, key, *row in zip(geometries, ids, *values.values(), strict=True)
    ]
    found: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if len(shapes):
        found["bbox"] = [float(edge) for edge in shapely.total_bounds(shapes)]
    return found
