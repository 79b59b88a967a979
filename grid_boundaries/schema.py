"""The frame that every function of this package takes: its columns, its geometries, its lattice."""

from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from grid_boundaries.errors import SchemaError

CRS = 4326
DIGITS = 7  # the lattice: 1e-7 degrees, a centimetre
KINDS = ("basic", "dedicated")
COLUMNS = ("code", "name", "kind", "leader", "geometry")
POLYGONS = (3, 6)  # type numbers of Polygon and MultiPolygon


def snap(shapes: Any) -> Any:
    """Return geometries with every coordinate on the lattice, round(x, 7).

    shapes: one geometry, an array or a GeoSeries in EPSG:4326, longitude first. Neighbours that shared a
    vertex share it to the bit afterwards. A shape thinner than the lattice may become invalid: check after
    snapping.
    """
    if isinstance(shapes, GeoSeries):
        return GeoSeries(snap(shapes.to_numpy()), index=shapes.index, crs=shapes.crs)
    return shapely.transform(shapely.force_2d(shapes), lambda xy: np.round(xy, DIGITS))


def normalise(grids: GeoDataFrame) -> GeoDataFrame:
    """Return grids as this package and the database keep them; the frame given stays as it is.

    grids: EPSG:4326 with a column code and polygons; name, kind ("basic" or "dedicated") and leader may be
    missing. Returns COLUMNS: code and name as stripped text (name defaults to the code), kind, leader (None
    for none), MultiPolygons on the lattice; the same index.
    Raises SchemaError with everything that is wrong.
    """
    problems = _problems(grids)
    if problems:
        raise SchemaError(problems)
    code, name, kind, leader = (_texts(grids, column) for column in ("code", "name", "kind", "leader"))
    columns = {
        "code": code,
        "name": np.where(pd.isna(name), code, name),
        "kind": np.where(pd.isna(kind), KINDS[0], kind),
        "leader": leader,
    }
    return GeoDataFrame(columns, geometry=_multi(snap(grids.geometry.to_numpy())), index=grids.index, crs=CRS)


def _problems(grids: GeoDataFrame) -> list[str]:
    if not isinstance(grids, GeoDataFrame) or grids.active_geometry_name is None:
        return ["a GeoDataFrame with a geometry is needed"]
    found = []
    if grids.crs is None or grids.crs.to_epsg() != CRS:
        found.append(f"EPSG:{CRS} is needed, got {'none' if grids.crs is None else grids.crs.name}")
    if "code" not in grids.columns:
        found.append("the column code is missing")
    else:
        found += _rows(grids, pd.isna(_texts(grids, "code")), "no code")
    kind = _texts(grids, "kind")
    found += _rows(grids, ~(pd.isna(kind) | np.isin(kind.astype(str), KINDS)), f"kind is not {' or '.join(KINDS)}")
    shapes = grids.geometry.to_numpy()
    found += _rows(grids, ~np.isin(shapely.get_type_id(shapes), POLYGONS), "not a polygon")
    wild = ~np.isfinite(shapely.bounds(shapes)).all(axis=1) & ~shapely.is_missing(shapes)
    found += _rows(grids, wild, "empty or without finite coordinates")
    return found


def _rows(grids: GeoDataFrame, wrong: np.ndarray, what: str) -> list[str]:
    if not wrong.any():
        return []
    labels = ", ".join(str(label) for label in grids.index[wrong][:5])
    return [f"{what}: {int(wrong.sum())} rows, first {labels}"]


def _texts(grids: GeoDataFrame, name: str) -> np.ndarray:
    """Stripped text of a column, None for what is missing or blank, and for all rows of a column that is missing."""
    texts = np.full(len(grids), None, dtype=object)
    if name in grids.columns:
        for row in np.flatnonzero(grids[name].notna().to_numpy()):
            texts[row] = str(grids[name].iloc[row]).strip() or None
    return texts


def _multi(shapes: np.ndarray) -> np.ndarray:
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    made = np.empty(len(shapes), dtype=object)
    shapely.multipolygons(parts, indices=of_shape, out=made)
    return made
