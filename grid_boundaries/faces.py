"""The land between streets: which pieces an area falls into, what streets each has, and which of them touch.

Linework is rounded to the lattice once, before it is noded. So every face has the vertices of its neighbours,
to the bit, and a street that ends on a line puts its vertex into the faces on both sides.
"""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from geopandas import GeoSeries
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from grid_boundaries.errors import PartitionError
from grid_boundaries.land import WGS84
from grid_boundaries.schema import CRS, DIGITS, snap

DEGREE_M = 111_320.0  # of latitude; only where a rough metre will do
FRONT_M = 100.0  # plots along the outermost streets lie within this distance of them
STEP = 10.0**-DIGITS
NARROW_M = 20.0  # what is narrower is a median or the slit between a street and the outline, no block


@dataclass(frozen=True, eq=False)
class Faces:
    """Polygons on the lattice; metres of street of each; pairs that share a line, and its length in metres.

    A street between two faces belongs to each by half; of one along the outline the other half lies outside.
    """

    shapes: np.ndarray
    street_m: np.ndarray
    links: np.ndarray
    shared_m: np.ndarray


def faces_of(area: shapely.Geometry, streets: GeoSeries) -> Faces:
    """Return the faces that streets cut an area into.

    area: polygon in EPSG:4326, longitude first; streets: lines in EPSG:4326. Streets outside and dead ends cut nothing.
    Where streets lie in a face without touching its edge, their crossings are joined to the edge by the shortest
    way, so that no face runs around others. Faces narrower than 20 m are part of the neighbour with which they
    share most. Raises PartitionError when the streets are no lines in EPSG:4326 or the area is no valid polygon.
    """
    land, lines = snap(_require_area(area)), _require_lines(streets)
    if not shapely.is_valid(land):
        raise PartitionError("the area is no valid polygon on the lattice of 1e-7 degrees")
    lines = lines[shapely.STRtree(lines).query(land)] if len(lines) else lines
    edges = node([*lines, shapely.boundary(land)])
    shapes = _within(land, edges)
    ways = _ways_out(shapes, edges)
    if len(ways):
        edges = node([*edges, *ways])
        shapes = _within(land, edges)
    faces = _linked(shapes, edges, lines)
    while len(narrow := np.flatnonzero(_width_m(faces.shapes) < NARROW_M)) and len(faces.links):
        faces = _join(faces, narrow)
    return faces


def hull(streets: GeoSeries, front_m: float = FRONT_M) -> shapely.Geometry:
    """Return the land that streets enclose and what lies within `front_m` metres of them, on the lattice.

    streets: lines in EPSG:4326. Raises PartitionError when there are none, or when they are no lines in EPSG:4326.
    """
    lines = _require_lines(streets)
    if not len(lines):
        raise PartitionError("without an area at least one street is needed")
    blocks = shapely.get_parts(shapely.polygonize(node(lines)))
    plane = _flat([*blocks, *lines])
    around = shapely.buffer(plane, front_m, join_style="mitre", mitre_limit=2, cap_style="square")
    # Land between streets that stand apart would be a hole that nobody answers for.
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(around)])
    smooth = shapely.simplify(filled, front_m / 4)
    return snap(shapely.transform(smooth, lambda xy: xy / _scale(lines)))


def node(lines: list[shapely.Geometry] | np.ndarray) -> np.ndarray:
    """Return the linework cut where it meets, every vertex on the lattice (snap rounding; Hobby 1999)."""
    return np.asarray(shapely.get_parts(snap(shapely.union_all(lines, grid_size=STEP))))


def parts_of(faces: Faces) -> np.ndarray:
    """Return for each face the number of the connected part in which it lies."""
    n = len(faces.shapes)
    links = coo_array((np.ones(len(faces.links)), faces.links.T), shape=(n, n))
    return np.asarray(connected_components(links, directed=False)[1])


def plane_m(shapes: np.ndarray) -> np.ndarray:
    """Return the middles of shapes as metres east and north (n, 2), good enough to say which are near."""
    return np.asarray(shapely.get_coordinates(shapely.centroid(shapes)) * _scale(shapes))


def _require_area(area: shapely.Geometry) -> shapely.Geometry:
    if getattr(area, "geom_type", "") not in ("Polygon", "MultiPolygon") or area.is_empty:
        raise PartitionError("the area must be a polygon that is not empty")
    return area


def _require_lines(streets: GeoSeries) -> np.ndarray:
    if streets.crs is None or streets.crs.to_epsg() != CRS:
        raise PartitionError(f"streets in EPSG:{CRS} are needed")
    shapes = streets.to_numpy()
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if not np.isin(shapely.get_type_id(shapes), (1, 5)).all():
        raise PartitionError("every street must be a line")
    return np.asarray(snap(shapes))


def _within(land: shapely.Geometry, edges: np.ndarray) -> np.ndarray:
    shapes = shapely.get_parts(shapely.polygonize(edges))
    shapely.prepare(land)
    return np.asarray(shapes[shapely.contains(land, shapely.point_on_surface(shapes))])


def _ways_out(shapes: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The shortest lines from crossings on the inner edges of faces to their outer edges."""
    ends, times = np.unique(
        np.concatenate([shapely.get_coordinates(shapely.get_point(edges, end)) for end in (0, -1)]),
        axis=0,
        return_counts=True,
    )
    crossings = shapely.points(ends[times >= 3])
    found = []
    for face in shapes[shapely.get_num_interior_rings(shapes) > 0]:
        holes = shapely.multilinestrings([shapely.LineString(ring) for ring in face.interiors])
        near = crossings[shapely.STRtree(crossings).query(holes, predicate="intersects")] if len(crossings) else []
        ways = shapely.shortest_line(np.asarray(near, dtype=object), face.exterior)
        length = shapely.length(ways)
        inside = shapely.length(shapely.intersection(ways, face))
        found.append(ways[(length > 0) & (inside >= length * (1 - 1e-6))])
    return np.concatenate(found) if found else np.empty(0, dtype=object)


def _linked(shapes: np.ndarray, edges: np.ndarray, streets: np.ndarray) -> Faces:
    """Faces with their streets and neighbours; faces and edges have the same segments, to the bit."""
    shapes = shapes[np.lexsort(shapely.bounds(shapes).T)]  # an order of their own, whatever the input's was
    own, face = segments_of(shapely.boundary(shapes))
    segments, of_row = np.unique(np.vstack([own, segments_of(edges)[0]]), axis=0, return_inverse=True)
    of_row = of_row.reshape(-1)[: len(own)]
    order = np.argsort(of_row, kind="stable")
    segment, face = of_row[order], face[order]
    length = WGS84.inv(*segments.T)[2]
    twice = np.flatnonzero(segment[1:] == segment[:-1])
    links, shared = pairs_of(face[twice], face[twice + 1], length[segment[twice]])
    street_m = np.where(_on_streets(segments, streets), length, 0.0)
    sides = np.bincount(segment, minlength=len(segments))
    of_face = np.bincount(face, weights=street_m[segment] / 2, minlength=len(shapes))
    loose = np.flatnonzero((sides == 0) & (street_m > 0))
    if len(loose):
        which, inside = shapely.STRtree(shapes).query(_middles(segments[loose]), predicate="within")
        of_face = of_face + np.bincount(inside, weights=street_m[loose[which]], minlength=len(shapes))
    return Faces(shapes, of_face, links, shared)


def pairs_of(a: np.ndarray, b: np.ndarray, length: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each pair once, the lesser number first, and the sum of its lengths."""
    pairs, of_row = np.unique(np.sort(np.column_stack([a, b]), axis=1), axis=0, return_inverse=True)
    return pairs, np.bincount(of_row.reshape(-1), weights=length, minlength=len(pairs)).astype(float)


def _on_streets(segments: np.ndarray, streets: np.ndarray) -> np.ndarray:
    found = np.zeros(len(segments), dtype=bool)
    if len(streets):
        # Noding may have moved a street by the width of a lattice cell, never further.
        near, _ = shapely.STRtree(streets).query(_middles(segments), predicate="dwithin", distance=1.5 * STEP)
        found[near] = True
    return found


def _middles(segments: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.points((segments[:, :2] + segments[:, 2:]) / 2))


def segments_of(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Segments as rows of four numbers, the lesser end first, and the line of each."""
    parts, of_part = shapely.get_parts(lines, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    joined = part[1:] == part[:-1]
    first, second, line = xy[:-1][joined], xy[1:][joined], of_part[part[:-1][joined]]
    swap = (first[:, 0] > second[:, 0]) | ((first[:, 0] == second[:, 0]) & (first[:, 1] > second[:, 1]))
    return np.where(swap[:, None], np.hstack([second, first]), np.hstack([first, second])), line


def _join(faces: Faces, narrow: np.ndarray) -> Faces:
    """Every narrow face becomes part of the neighbour with which it shares most."""
    n = len(faces.shapes)
    goal = np.arange(n)
    for face in narrow:
        beside = np.flatnonzero((faces.links == face).any(axis=1))
        if len(beside):
            pair = faces.links[beside[np.argmax(faces.shared_m[beside])]]
            goal[face] = pair.sum() - face
    of_face = connected_components(coo_array((np.ones(n), (np.arange(n), goal)), shape=(n, n)), directed=False)[1]
    if len(np.unique(of_face)) == n:
        return replace(faces, links=faces.links[:0], shared_m=faces.shared_m[:0])
    return merged(faces, of_face)


def merged(faces: Faces, of_face: np.ndarray) -> Faces:
    """Return the faces joined by group numbers 0, 1, …; no vertex moves."""
    groups = int(of_face.max()) + 1
    shapes = np.array([shapely.coverage_union_all(faces.shapes[of_face == group]) for group in range(groups)])
    a, b = of_face[faces.links].reshape(-1, 2).T
    links, shared = pairs_of(a[a != b], b[a != b], faces.shared_m[a != b])
    return Faces(shapes, np.bincount(of_face, weights=faces.street_m, minlength=groups), links, shared)


def _width_m(shapes: np.ndarray) -> np.ndarray:
    """Twice the area by the perimeter: about the width of what is long."""
    flat = np.array([shapely.transform(shape, lambda xy: xy * _scale(shapes)) for shape in shapes])
    return np.asarray(2 * shapely.area(flat) / shapely.length(flat))


def _flat(shapes: list[shapely.Geometry]) -> shapely.Geometry:
    return shapely.transform(shapely.union_all(shapes), lambda xy: xy * _scale(np.array(shapes, dtype=object)))


def _scale(shapes: np.ndarray) -> np.ndarray:
    """Metres a degree of longitude and latitude in the middle of shapes."""
    south, north = shapely.total_bounds(shapes)[[1, 3]]
    return DEGREE_M * np.array([np.cos(np.radians((south + north) / 2)), 1.0])
