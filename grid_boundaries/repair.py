"""What is nearly a partition, made one: hairs, slivers, small gaps and small overlaps go to one side or the other.

All lines are cut where they meet, on the lattice, and the pieces of land between them that belong to none or to several
are given to one. No line is drawn anew: where two that should be one differ, one of the two is kept.
"""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries

from grid_boundaries.errors import SchemaError
from grid_boundaries.land import in_metres, metres_per_degree, polygons
from grid_boundaries.mending import Land
from grid_boundaries.mending import Move as Move
from grid_boundaries.schema import CRS, snap
from grid_boundaries.settle import width_m


@dataclass(frozen=True)
class Repair:
    """grids: as given, with new geometries where one had to change. moves: what was done, none for what was right."""

    grids: GeoDataFrame
    moves: tuple[Move, ...]


def repair(grids: GeoDataFrame, parent: shapely.Geometry | None = None, tolerance_m: float = 1.0) -> Repair:
    """Return the grids with hairs, slivers, small gaps and small overlaps mended, and what was moved for that.

    grids: EPSG:4326 with code and polygons, whether on the lattice or not. parent: polygon in EPSG:4326 to whose
    outline that of the grids is fitted, None to leave it. tolerance_m: land that is wider at its widest does not change
    hands, and no line moves farther sideways; such faults stay and `coverage.check` tells them. An outline that crosses
    itself is mended when all but its main part is as narrow.
    Corners that one neighbour has on a common line are entered in the other. All coordinates lie on the lattice
    afterwards; a geometry that is right is returned as it is.
    Raises SchemaError when the frame is not in EPSG:4326 or has no codes; ValueError for a tolerance that is no length.
    Method: pieces between noded lines as in the coverage cleaning of GEOS 3.14 (Davis 2025); but of two lines that
    should be one, the one drawn in more detail is kept along its whole length, and gaps that run along several grids
    are cut at their corners, so that each takes what lies before it.
    """
    if grids.crs is None or grids.crs.to_epsg() != CRS or "code" not in grids.columns:
        raise SchemaError(["grids with a code in EPSG:4326 are needed"])
    if not 0 < tolerance_m < float("inf"):
        raise ValueError(f"a tolerance of {tolerance_m} m is no length")
    given, labels = grids.geometry.to_numpy(), grids.index.to_numpy(dtype=object)
    scale = metres_per_degree(given)
    rounded = snap(given)
    moves = [Move(labels[i], "lattice", *_rounding(given[i], rounded[i], scale)) for i in _differing(given, rounded)]
    shapes, may, crossed = _uncrossed(rounded, scale, tolerance_m)
    moves += [Move(labels[i], "geometry", where, metres) for i, where, metres in crossed]
    rows = np.flatnonzero(~shapely.is_empty(shapes))
    order = np.argsort(np.argsort(grids["code"].to_numpy()[rows].astype(str), kind="stable"))
    land = Land(shapes[rows], may[rows], order, None if parent is None else snap(parent), scale, tolerance_m)
    mended, done = land.mended([int(np.searchsorted(rows, i)) for i, *_ in crossed])
    moves += [replace(move, grid=labels[rows[int(str(move.grid))]]) for move in done]
    result = rounded.copy()
    result[rows[may[rows]]] = mended[may[rows]]
    return Repair(grids.set_geometry(GeoSeries(result, index=grids.index, crs=CRS)), tuple(moves))


def _differing(given: np.ndarray, rounded: np.ndarray) -> np.ndarray:
    return np.flatnonzero(~shapely.equals_exact(given, rounded) & ~shapely.is_missing(given))


def _rounding(
    given: shapely.Geometry, rounded: shapely.Geometry, scale: np.ndarray
) -> tuple[shapely.MultiPoint, float]:
    """The corners that were not on the lattice, and how far the farthest was."""
    before, after = shapely.get_coordinates(given), shapely.get_coordinates(rounded)
    off = np.hypot(*((after - before) * scale).T)
    return shapely.multipoints(after[off > 0]), float(off.max(initial=0.0))


def _uncrossed(
    shapes: np.ndarray, scale: np.ndarray, tolerance_m: float
) -> tuple[np.ndarray, np.ndarray, list[tuple[int, shapely.Geometry, float]]]:
    """Valid shapes; which of them may be changed; of those that crossed themselves by little, what was thin and how wide.

    What is no polygon becomes an empty one.
    """
    sound = np.where(shapely.is_missing(shapes) | shapely.is_empty(shapes), shapely.MultiPolygon(), shapes)
    may = ~shapely.is_empty(sound)
    crossed = []
    for i in np.flatnonzero(~shapely.is_valid(sound)):
        parts = polygons(shapely.make_valid(sound[i], method="structure", keep_collapsed=False))
        widths = np.array([width_m(in_metres(part, scale), tolerance_m) for part in parts])
        may[i] = 0 < np.isinf(widths).sum() <= shapely.get_num_geometries(sound[i])
        sound[i] = shapely.multipolygons(parts) if parts else shapely.MultiPolygon()
        if may[i]:
            thin = [part for part, width in zip(parts, widths, strict=True) if width < np.inf]
            where = shapely.MultiPolygon(thin) if thin else shapely.boundary(sound[i])
            crossed.append((int(i), where, float(widths[np.isfinite(widths)].max(initial=0.0))))
    return sound, may, crossed
