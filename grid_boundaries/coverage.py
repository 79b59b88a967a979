"""Do grids cover their area without overlap and without gap? What is wrong, where, and by how much."""

from collections.abc import Collection

import numpy as np
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.codes import PATTERN, duplicated, malformed
from grid_boundaries.communities import across_communities
from grid_boundaries.errors import SchemaError
from grid_boundaries.faults import Fault as Fault
from grid_boundaries.faults import of_land, of_parts
from grid_boundaries.land import HAIR_DEGREES, holes, is_hair, polygons
from grid_boundaries.land import WGS84 as WGS84
from grid_boundaries.land import area_m2 as area_m2
from grid_boundaries.nearly import nearly_wrong
from grid_boundaries.repair import Move as Move
from grid_boundaries.repair import Repair as Repair
from grid_boundaries.repair import repair as repair
from grid_boundaries.schema import CRS
from grid_boundaries.shared_lines import Segments, invalid_edges

AROUND_DEGREES = 1e-5  # a metre beside what is looked at


def check(
    grids: GeoDataFrame,
    parent: shapely.Geometry | None = None,
    *,
    communities: GeoDataFrame | None = None,
    exclaves: Collection[str] = (),
    pattern: str = PATTERN,
) -> list[Fault]:
    """Return all faults of a set of grids, none when they are complete, without overlap and well coded.

    grids: EPSG:4326 on the lattice, as `schema.normalise` makes them. parent: polygon in EPSG:4326 that the
    grids have to cover exactly, None to leave that out. communities: code and geometry (EPSG:4326) of the communities,
    in one of which each grid has to lie: the one that its column community names, or else the one that has its
    inner point. exclaves: codes of the grids that may lie in several parts. pattern: rule of well-formed codes.
    What is only nearly wrong (`Fault.is_near`) is told last.
    A slit that opens to the outside is a gap only against the parent; along the parent's outline, what is narrower
    than the rounding of a vertex is none. Invalid geometries are reported and then left out.
    Raises SchemaError when the frame is not in EPSG:4326 or has no codes.
    """
    faults, labels, shapes, rows = _sound(grids, pattern)
    if not len(shapes):
        return faults + ([] if parent is None else of_parts("uncovered", (), parent))
    segments = Segments.of(shapes)
    found, union = _between(shapes, labels, parent, segments)
    faults += found
    faults += [] if parent is None else _against(parent, union, shapes, labels)
    faults += _apart(shapes, labels, grids["code"].to_numpy()[rows], exclaves, parent)
    if communities is not None:
        faults += across_communities(shapes, labels, _claimed(grids, rows), communities, segments)
    return faults + nearly_wrong(shapes, labels, segments)


def check_near(
    grids: GeoDataFrame,
    codes: Collection[str],
    parent: shapely.Geometry | None = None,
    *,
    communities: GeoDataFrame | None = None,
    exclaves: Collection[str] = (),
    pattern: str = PATTERN,
) -> list[Fault]:
    """Return the faults that concern the grids of these codes, as `check` does, looking only around them.

    The frame is all grids; codes that are not in it are left out. Of a part of the parent that is not covered, what
    lies within a metre of the boxes of these grids is returned, if it touches one of them.
    """
    asked = grids["code"].isin(list(codes)).to_numpy()
    shapes = grids.geometry.to_numpy()
    boxes = shapely.bounds(shapes)
    around = asked | _meets(boxes, boxes[asked])
    around |= _meets(boxes, boxes[around])
    near = grids[around]
    faults, labels, kept, rows = _sound(near, pattern)
    these = set(grids.index[asked])
    mine = np.array([label in these for label in labels], dtype=bool)
    own, names = kept[mine], labels[mine]
    if len(own):
        found, union = _between(kept, labels, parent, Segments.of(kept))
        faults += [one for fault in found for one in _without(fault, shapes[~around], boxes[~around])]
        if parent is not None:
            window = shapely.union_all(shapely.box(*(boxes[asked] + AROUND_DEGREES * np.array([-1, -1, 1, 1])).T))
            against = _against(shapely.intersection(parent, window), union, own, names)
            together = shapely.union_all(own)
            faults += [fault for fault in against if fault.grids or shapely.intersects(fault.where, together)]
        faults += _apart(own, names, near["code"].to_numpy()[rows][mine], exclaves, parent)
        if communities is not None:
            faults += across_communities(own, names, _claimed(near, rows[mine]), communities)
        faults += nearly_wrong(own, names, Segments.of(own))
    return [fault for fault in faults if fault.kind == "uncovered" or these & set(fault.grids)]


def _meets(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Which boxes (n, 4) touch any of some others; empty shapes have none and touch nothing."""
    found = np.zeros(len(boxes), dtype=bool)
    for west, south, east, north in others:
        found |= (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    return found


def _without(fault: Fault, shapes: np.ndarray, boxes: np.ndarray) -> list[Fault]:
    """A gap in some of the grids without what is land of the others."""
    rest = shapes[_meets(boxes, shapely.bounds(fault.where)[None])] if fault.kind == "gap" else shapes[:0]
    rest = rest[shapely.is_valid(rest)]
    return (
        of_land("gap", fault.grids, shapely.difference(fault.where, shapely.union_all(rest))) if len(rest) else [fault]
    )


def _sound(grids: GeoDataFrame, pattern: str) -> tuple[list[Fault], np.ndarray, np.ndarray, np.ndarray]:
    """Faults of codes and of single geometries; labels, shapes and positions of the rows with a geometry to go by."""
    if grids.crs is None or grids.crs.to_epsg() != CRS or "code" not in grids.columns:
        raise SchemaError(["grids as schema.normalise makes them are needed"])
    labels = grids.index.to_numpy(dtype=object)
    shapes = grids.geometry.to_numpy()
    sound = shapely.is_valid(shapes) & ~shapely.is_empty(shapes) & ~shapely.is_missing(shapes)
    faults = _code_faults(labels, shapes, grids["code"].tolist(), pattern) + _invalid(shapes, labels, ~sound)
    return faults, labels[sound], shapes[sound], np.flatnonzero(sound)


def _claimed(grids: GeoDataFrame, rows: np.ndarray) -> np.ndarray | None:
    return grids["community"].to_numpy(dtype=object)[rows] if "community" in grids.columns else None


def _code_faults(labels: np.ndarray, shapes: np.ndarray, codes: list[str], pattern: str) -> list[Fault]:
    found = [
        Fault("malformed_code", (labels[i],), shapes[i], detail=str(codes[i]))
        for i in np.flatnonzero(malformed(codes, pattern))
    ]
    twice: dict[str, list[int]] = {}
    for i in np.flatnonzero(duplicated(codes)):
        twice.setdefault(str(codes[i]), []).append(int(i))
    return found + [
        Fault("duplicate_code", tuple(labels[rows]), shapely.GeometryCollection(list(shapes[rows])), detail=code)
        for code, rows in twice.items()
    ]


def _invalid(shapes: np.ndarray, labels: np.ndarray, bad: np.ndarray) -> list[Fault]:
    reasons = shapely.is_valid_reason(shapes[bad])
    return [
        Fault("invalid_geometry", (label,), shape, detail=str(reason or "missing"))
        for label, shape, reason in zip(labels[bad], shapes[bad], reasons, strict=True)
    ]


def _between(
    shapes: np.ndarray, labels: np.ndarray, parent: shapely.Geometry | None, segments: Segments
) -> tuple[list[Fault], shapely.Geometry]:
    """What is wrong between grids, and their union."""
    edges = invalid_edges(shapes, segments)
    wrong = ~shapely.is_empty(edges)
    union = shapely.coverage_union_all(shapes[~wrong])
    if wrong.any():
        union = shapely.union_all([union, *shapes[wrong]])
    between = _overlaps(shapes, labels, wrong) + _gaps(union, shapes, labels, parent)
    concerned = {label for fault in between for label in fault.grids}
    unmatched = [
        Fault("unmatched_edge", (label,), edge)
        for label, edge in zip(labels[wrong], edges[wrong], strict=True)
        if label not in concerned
    ]
    return between + unmatched, union


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
        for fault in of_land("overlap", (labels[a], labels[b]), part)
    ]


def _gaps(
    union: shapely.Geometry, shapes: np.ndarray, labels: np.ndarray, parent: shapely.Geometry | None
) -> list[Fault]:
    """Holes that grids leave between them; with a parent only what belongs to it."""
    # A grid that lies in a hole of the others without touching them is land all the same.
    empty = shapely.difference(np.array([*holes(union), None])[:-1], union)
    if parent is not None and len(empty):
        empty = shapely.intersection(empty, parent)
    found: list[Fault] = []
    tree = shapely.STRtree(shapes)
    for hole in [part for shape in empty for part in polygons(shape)]:
        if parent is not None and is_hair(hole) and shapely.dwithin(hole, parent.boundary, HAIR_DEGREES):
            continue  # along a hole of the parent's own
        around = np.sort(tree.query(hole, predicate="intersects"))
        found += of_land("gap", tuple(labels[around]), hole)
    return found


def _against(parent: shapely.Geometry, union: shapely.Geometry, shapes: np.ndarray, labels: np.ndarray) -> list[Fault]:
    filled = shapely.union_all([union, *holes(union)])
    found = of_parts("uncovered", (), shapely.difference(parent, filled))
    if not shapely.is_empty(shapely.difference(union, parent)):
        beyond = shapely.difference(shapes, parent)
        for label, where in zip(labels, beyond, strict=True):
            land = shapely.MultiPolygon([part for part in polygons(where) if not is_hair(part)])
            found += of_land("outside", (label,), land)
    return found


def _apart(
    shapes: np.ndarray,
    labels: np.ndarray,
    codes: np.ndarray,
    exclaves: Collection[str],
    parent: shapely.Geometry | None,
) -> list[Fault]:
    """Parts of a grid apart from its largest; parts that meet in a point are apart.

    A part that makes up a whole part of the parent is an island: it is apart whoever has it.
    """
    islands = np.array(polygons(parent) if parent is not None else [], dtype=object)
    found: list[Fault] = []
    for row in np.flatnonzero(shapely.get_num_geometries(shapes) > 1):
        if codes[row] in exclaves:
            continue
        for part in sorted(polygons(shapes[row]), key=lambda part: -part.area)[1:]:
            around = islands[shapely.intersects(islands, part.representative_point())] if len(islands) > 1 else islands
            if not (len(islands) > 1 and np.isclose(shapely.area(around), part.area, rtol=1e-3, atol=0).any()):
                found += of_land("exclave", (labels[row],), part)
    return found
