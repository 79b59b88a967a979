"""From a frame to GeoJSON: checks first, then coordinates on seven digits and plain values.

A frame of lines that carries a view (see `layers.large`) is drawn as far as the view needs it.
"""

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
from layers.large import MOST, VIEW, Box, joined, near

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
    """Return a GeoJSON FeatureCollection of all rows; of a frame with a view, of those that lie in its box.

    frame: EPSG:4326, every geometry drawable. columns: what becomes properties. added: further properties,
    one value a row, in the frame's order. A feature's id is the row's `id` where the frame has one.
    With a view and more than `large.MOST` rows the member `partial` is true; where as many lie in the box, one
    feature stands for all lines of a `style` and has no other property.
    """
    if VIEW not in frame.attrs:
        return _every_row(frame, columns, added or {})
    box, extra = frame.attrs[VIEW], {name: np.asarray(values, dtype=object) for name, values in (added or {}).items()}
    seen = near(frame.geometry.to_numpy(), box)
    if seen.sum() <= MOST:
        found = _every_row(frame[seen], columns, {name: values[seen] for name, values in extra.items()})
    else:
        found = _by_style(frame.geometry.to_numpy()[seen], extra["style"][seen], box)
    return found | ({"partial": True} if len(frame) > MOST else {})


def _every_row(
    frame: GeoDataFrame, columns: Sequence[str], added: dict[str, Sequence[Any] | np.ndarray]
) -> dict[str, Any]:
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    shapes = shapely.transform(shapes, lambda xy: np.round(xy, DIGITS))
    values = {name: [plain(v) for v in frame[name].tolist()] for name in columns}
    for name, given in added.items():
        values[name] = [plain(v) for v in pd.Series(given).tolist()]
    ids = [plain(v) for v in frame["id"].tolist()] if "id" in frame.columns else [None] * len(frame)
    names = list(values)
    features = [
        {"type": "Feature", "geometry": geometry, "properties": dict(zip(names, row, strict=True))}
        | ({} if key is None else {"id": key})
        for geometry, key, *row in zip(_geometries(shapes), ids, *values.values(), strict=True)
    ]
    return _collection(features, shapes)


def _by_style(lines: np.ndarray, styles: np.ndarray, box: Box | None) -> dict[str, Any]:
    lines_of = joined(lines, styles, box)
    shapes = np.array(list(lines_of.values()), dtype=object)
    features = [
        {"type": "Feature", "geometry": geometry, "properties": {"style": style}}
        for geometry, style in zip(_geometries(shapes), lines_of, strict=True)
    ]
    return _collection(features, shapes)


def _geometries(shapes: np.ndarray) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads("[" + ",".join(shapely.to_geojson(shapes).tolist()) + "]")
    return found


def _collection(features: list[dict[str, Any]], shapes: np.ndarray) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if len(shapes):
        found["bbox"] = [float(edge) for edge in shapely.total_bounds(shapes)]
    return found
