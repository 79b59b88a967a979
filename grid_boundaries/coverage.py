"""Do grids cover their area without overlap and without gap? What is wrong, where, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from pyproj import Geod

from grid_boundaries.codes import PATTERN, duplicated, malformed
from grid_boundaries.errors import SchemaError
from grid_boundaries.schema import CRS, DIGITS

WGS84 = Geod(ellps="WGS84")
# Intersections are computed in floating point: what is smaller than this is noise, not land.
NEGLIGIBLE_M2 = 1e-3
# A point of a straight side can be entered on the lattice only to half a step each way, 0.71 of a step across.
HAIR_DEGREES = 0.75 * 10.0**-DIGITS


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    kind: invalid_geometry, overlap, gap, unmatched_edge, uncovered, outside, duplicate_code or
    malformed_code. grids: labels of the rows concerned. where: geometry in EPSG:4326, None for codes.
    area_m2: on the ellipsoid. detail: the reason or the code, as text.
    """

    kind: str
    grids: tuple[object, ...]
    where: shapely.Geometry | None = None
    area_m2: float | None = None
    detail: str = ""


def check(grids: GeoDataFrame, parent: shapely.Geometry | None = None, *, pattern: str = PATTERN) -> list[Fault]:
    """Return all faults of a set of grids, none when they are complete, without overlap and well coded.

    grids: EPSG:4326 on the lattice, as `schema.normalise` makes them. parent: polygon in EPSG:4326 that the
    grids have to cover exactly, None to leave that out. pattern: rule of well-formed codes.
    A slit that opens to the outside is a gap only against the parent; along the parent's outline, what is narrower
    than the rounding of a vertex is none. Invalid geometries are reported and then left out.
    Raises SchemaError when the frame is not in EPSG:4326 or has no codes.
    """
    if grids.crs is None or grids.crs.to_epsg() != CRS or "code" not in grids.columns:
        raise SchemaError(["grids as schema.normalise makes them are needed"])
    labels = grids.index.to_numpy(dtype=object)
    shapes = grids.geometry.to_numpy()
    sound = shapely.is_valid(shapes) & ~shapely.is_empty(shapes) & ~shapely.is_missing(shapes)
    faults = _code_faults(grids, pattern) + _invalid(shapes, labels, ~sound)
    labels, shapes = labels[sound], shapes[sound]
    if not len(shapes):
        return faults + ([] if parent is None else _fault_parts("uncovered", (), parent))
    edges = shapely.coverage_invalid_edges(shapes)
    wrong = ~shapely.is_empty(edges)
    union = shapely.union_all(shapes) if wrong.any() else shapely.coverage_union_all(shapes)
    between = _overlaps(shapes, labels, wrong) + _gaps(union, shapes, labels, parent)
    concerned = {label for fault in between for label in fault.grids}
    unmatched = [
        Fault("unmatched_edge", (label,), edge)
        for label, edge in zip(labels[wrong], edges[wrong], strict=True)
        if label not in concerned
    ]
    return faults + between + unmatched + ([] if parent is None else _against(parent, union, shapes, labels))


def area_m2(shape: shapely.Geometry) -> float:
    """Return the area of a polygon in EPSG:4326 on the ellipsoid, in square metres, whatever way its rings run."""
    # pyproj adds a hole that runs the same way as its shell instead of taking it away.
    oriented = [shapely.orient_polygons(part) for part in _polygons(shape)]
    return float(sum(abs(WGS84.geometry_area_perimeter(part)[0]) for part in oriented))


def _code_faults(grids: GeoDataFrame, pattern: str) -> list[Fault]:
    labels, codes = grids.index.to_numpy(dtype=object), grids["code"].tolist()
    found = [
        Fault("malformed_code", (labels[i],), detail=str(codes[i])) for i in np.flatnonzero(malformed(codes, pattern))
    ]
    twice: dict[str, list[object]] = {}
    for i in np.flatnonzero(duplicated(codes)):
        twice.setdefault(str(codes[i]), []).append(labels[i])
    return found + [Fault("duplicate_code", tuple(rows), detail=code) for code, rows in twice.items()]


def _invalid(shapes: np.ndarray, labels: np.ndarray, bad: np.ndarray) -> list[Fault]:
    reasons = shapely.is_valid_reason(shapes[bad])
    return [
        Fault("invalid_geometry", (label,), shape, detail=str(reason or "missing"))
        for label, shape, reason in zip(labels[bad], shapes[bad], reasons, strict=True)
    ]


def _overlaps(shapes: np.ndarray, labels: np.ndarray, wrong: np.ndarray) -> list[Fault]:
    """Of two that overlap at least one has an invalid edge; a grid around another may have none."""
    rows = np.flatnonzero(wrong)
    first, second = shapely.STRtree(shapes).query(shapes[rows], predicate="intersects")
    pairs = np.sort(np.column_stack([rows[first], second]), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0)
    common = shapely.intersection(shapes[pairs[:, 0]], shapes[pairs[:, 1]])
    return [
        fault
        for (a, b), part in zip(pairs, common, strict=True)
        for fault in _fault("overlap", (labels[a], labels[b]), part)
    ]


def _gaps(
    union: shapely.Geometry, shapes: np.ndarray, labels: np.ndarray, parent: shapely.Geometry | None
) -> list[Fault]:
    """Holes that grids leave between them; with a parent only what belongs to it."""
    found: list[Fault] = []
    # A grid that lies in a hole of the others without touching them is land all the same.
    holes = shapely.difference(np.array([*_holes(union), None])[:-1], union)
    if parent is not None:
        holes = shapely.intersection(holes, parent)
    tree = shapely.STRtree(shapes)
    for hole in [part for shape in holes for part in _polygons(shape)]:
        if parent is not None and _is_hair(hole) and shapely.dwithin(hole, parent.boundary, HAIR_DEGREES):
            continue  # along a hole of the parent's own
        around = np.sort(tree.query(hole, predicate="intersects"))
        found += _fault("gap", tuple(labels[around]), hole)
    return found


def _against(parent: shapely.Geometry, union: shapely.Geometry, shapes: np.ndarray, labels: np.ndarray) -> list[Fault]:
    filled = shapely.union_all([union, *_holes(union)])
    found = _fault_parts("uncovered", (), shapely.difference(parent, filled))
    if not shapely.is_empty(shapely.difference(union, parent)):
        beyond = shapely.difference(shapes, parent)
        for label, where in zip(labels, beyond, strict=True):
            land = shapely.MultiPolygon([part for part in _polygons(where) if not _is_hair(part)])
            found += _fault("outside", (label,), land)
    return found


def _holes(shape: shapely.Geometry) -> list[shapely.Polygon]:
    return [shapely.Polygon(ring) for part in _polygons(shape) for ring in part.interiors]


def _fault(kind: str, grids: tuple[object, ...], where: shapely.Geometry) -> list[Fault]:
    """One fault, or none when there is no land in it."""
    land = shapely.MultiPolygon(_polygons(where))
    area = area_m2(land)
    return [Fault(kind, grids, land, area)] if area > NEGLIGIBLE_M2 else []


def _fault_parts(kind: str, grids: tuple[object, ...], where: shapely.Geometry) -> list[Fault]:
    return [fault for part in _polygons(where) if not _is_hair(part) for fault in _fault(kind, grids, part)]


def _is_hair(part: shapely.Polygon) -> bool:
    """Whether it is nowhere wider than the rounding of a line's points to the lattice."""
    return bool(2 * part.area < HAIR_DEGREES * part.length)


def _polygons(shape: shapely.Geometry) -> Sequence[shapely.Polygon]:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
