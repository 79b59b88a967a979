"""The land around small units: one cell for each, and together they cover an area without overlap.

Units that cover the area already are their own cells. Otherwise what lies between them goes to the nearest, cut
along the lines that are given, so that no cell lies on both sides of a road or of today's grid line.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from grid_boundaries.errors import BalanceError
from grid_boundaries.faces import DEGREE_M, STEP, node, pairs_of, segments_of
from grid_boundaries.land import WGS84
from grid_boundaries.schema import CRS, POLYGONS, snap
from grid_boundaries.tracing import threaded

SAMPLE_M = 10.0  # along the outline of a unit, to find what lies nearest to it
SAMPLES = 40_000  # of them in all, or hardly more: then they lie farther apart
ON_M = 0.02  # what was cut along a road lies on it but for the rounding of its vertices
ALONG_M = 15.0  # a line so near to a road or river runs along it: plots end at the kerb
POINTS = 0  # type number of Point


@dataclass(frozen=True, eq=False)
class Cells:
    """Polygons on the lattice that cover an area.

    of_unit: the cell of each unit; several units may lie in one, and a cell may have none. links: pairs of cells that
    share a line, the lesser number first; shared_m: its length in metres; along: the share of it that runs along
    barriers.
    """

    shapes: np.ndarray
    of_unit: np.ndarray
    links: np.ndarray
    shared_m: np.ndarray
    along: np.ndarray


def cells_of(
    units: GeoDataFrame,
    parent: shapely.Geometry,
    *,
    within: GeoSeries | None = None,
    barriers: GeoSeries | None = None,
) -> Cells:
    """Return the cells of units.

    units: points or polygons in EPSG:4326, longitude first. parent: polygon in EPSG:4326 that the cells cover. within:
    polygons in EPSG:4326, today's grids, whose lines cells do not cross; barriers: lines in EPSG:4326, roads and rivers,
    which cells do not cross either. Both leave polygons of units whole. Land without a unit is added to a neighbour
    on the same side of all lines, or is a cell of its own.
    Raises BalanceError when something is not in EPSG:4326, units are not all points or all polygons, one lies
    outside the parent, or the parent is no valid polygon.
    """
    land = _require(units, parent, within, barriers)
    shapes = np.asarray(snap(units.geometry.to_numpy()))
    roads = np.empty(0, dtype=object) if barriers is None else np.asarray(snap(barriers.to_numpy()))
    if shapely.get_type_id(shapes[0]) in POLYGONS and _covers(shapes, land):
        parts, owner = shapely.get_parts(shapes, return_index=True)
        return _linked(parts, _largest(parts, owner, len(shapes)), roads)
    zones = np.empty(0, dtype=object) if within is None else np.asarray(snap(within.to_numpy()))
    return _made(shapes, land, zones, roads)


def along(lines: np.ndarray, roads: np.ndarray, far_m: float = ALONG_M) -> np.ndarray:
    """Return which straight lines (n, 4: from, to, in degrees) run along roads: nowhere farther off than ``far_m``."""
    if not len(roads) or not len(lines):
        return np.zeros(len(lines), dtype=bool)
    scale = DEGREE_M * np.array([np.cos(np.radians(lines[:, 1::2].mean())), 1.0])
    tree = shapely.STRtree(shapely.transform(shapely.get_parts(roads), lambda xy: xy * scale))
    ends = lines.reshape(-1, 2, 2) * scale
    found = np.ones(len(lines), dtype=bool)
    for share in (0.0, 0.5, 1.0):
        place = shapely.points(ends[:, 0] * (1 - share) + ends[:, 1] * share)
        near = np.unique(tree.query(place, predicate="dwithin", distance=far_m)[0])
        found &= np.isin(np.arange(len(lines)), near)
    return found


def _require(
    units: GeoDataFrame, parent: shapely.Geometry, within: GeoSeries | None, barriers: GeoSeries | None
) -> shapely.Geometry:
    for what, given in (("units", units), ("grids", within), ("barriers", barriers)):
        if given is not None and (given.crs is None or given.crs.to_epsg() != CRS):
            raise BalanceError(f"{what} in EPSG:{CRS} are needed")
    land = snap(parent)
    if getattr(land, "geom_type", "") not in ("Polygon", "MultiPolygon") or land.is_empty or not land.is_valid:
        raise BalanceError("the parent must be a valid polygon that is not empty")
    shapes = units.geometry.to_numpy()
    if not len(shapes):
        raise BalanceError("there are no units", "no_load")
    kinds = shapely.get_type_id(shapes)
    if not (np.isin(kinds, POLYGONS).all() or (kinds == POINTS).all()) or not shapely.is_valid(shapes).all():
        raise BalanceError("units must be valid polygons, or all of them points")
    far = shapely.distance(land, middles_of(shapes)) > STEP
    if far.any():
        labels = ", ".join(str(label) for label in units.index[far][:5])
        raise BalanceError(f"{int(far.sum())} units lie outside the parent, first {labels}")
    return land


def middles_of(shapes: np.ndarray) -> np.ndarray:
    """Return a place in each unit: the point itself, or one inside the polygon."""
    return shapes if shapely.get_type_id(shapes[0]) == POINTS else np.asarray(shapely.point_on_surface(shapes))


def _covers(shapes: np.ndarray, land: shapely.Geometry) -> bool:
    if not shapely.is_valid(shapes).all() or not shapely.coverage_is_valid(shapes):
        return False
    off = shapely.symmetric_difference(shapely.coverage_union_all(shapes), land)
    # What is no wider than the rounding of a vertex is no land.
    return bool(off.area <= STEP * max(off.length, STEP))


def _largest(parts: np.ndarray, owner: np.ndarray, count: int) -> np.ndarray:
    """For each unit its largest part."""
    order = np.lexsort((shapely.area(parts), owner))
    found = np.zeros(count, dtype=int)
    found[owner[order]] = order  # the last one of each unit stays
    return found


def _made(shapes: np.ndarray, land: shapely.Geometry, zones: np.ndarray, roads: np.ndarray) -> Cells:
    """Cells from the linework of everything: units, what is nearest to them, today's lines and roads."""
    nearest = _nearest(shapes, land)
    lines = np.array([shapely.boundary(land), *roads, *snap(shapely.boundary(nearest))], dtype=object)
    cuts = [*threaded(lines, shapely.get_coordinates(zones)), *shapely.boundary(zones)]
    solid = shapely.get_type_id(shapes[0]) in POLYGONS
    if solid:
        cuts += [*shapely.boundary(shapes)]
    faces = shapely.get_parts(shapely.polygonize(node(cuts)))
    inner = shapely.point_on_surface(faces)
    shapely.prepare(land)
    inside = shapely.contains(land, inner)
    faces, inner = faces[inside], inner[inside]
    faces = faces[order := np.lexsort(shapely.bounds(faces).T)]
    inner = inner[order]
    label, zone = first_of(nearest, inner), first_of(zones, inner)
    at = first_of(faces, middles_of(shapes))
    within = first_of(shapes, inner) if solid else np.full(len(faces), -1)
    own = within >= 0
    # A unit is whole, whatever runs across it: all of it is on the side where its middle lies.
    label[own] = within[own]
    zone[own] = zone[at][within[own]]
    single = _linked(faces, at, roads, ON_M)
    a, b = single.links.reshape(-1, 2).T
    joined = (label[a] == label[b]) & (zone[a] == zone[b]) & ((single.along < 0.5) | (own[a] & own[b]))
    of_face = components(len(faces), single.links[joined])
    return _absorbed(single, of_face, zone, roads)


def _nearest(shapes: np.ndarray, land: shapely.Geometry) -> np.ndarray:
    """For each unit the land that is nearer to it than to any other; empty for one in the place of another."""
    lines = shapely.boundary(shapes) if shapely.get_type_id(shapes[0]) in POLYGONS else shapes
    step = max(SAMPLE_M / DEGREE_M, float(shapely.length(lines).sum()) / SAMPLES)
    xy, owner = shapely.get_coordinates(shapely.segmentize(lines, step), return_index=True)
    # Degrees are not as long in both directions: what is nearest is asked in a plane of about metres.
    middle = shapely.get_coordinates(shapely.centroid(land))[0, 1]
    scale = np.array([np.cos(np.radians(middle)), 1.0])
    xy, first = np.unique(xy, axis=0, return_index=True)
    owner = owner[first]
    around = shapely.box(*(np.array(land.bounds).reshape(2, 2) * scale).ravel())
    zones = shapely.voronoi_polygons(shapely.multipoints(xy * scale), extend_to=around, ordered=True)
    zones = shapely.get_parts(zones)
    if len(zones) != len(owner):  # a single place has no neighbour
        zones, owner = np.array([shapely.buffer(around, 1.0)], dtype=object), owner[:1]
    order = np.argsort(owner, kind="stable")
    found = np.full(len(shapes), shapely.Polygon(), dtype=object)
    which, start = np.unique(owner[order], return_index=True)
    for unit, some in zip(which, np.split(zones[order], start[1:]), strict=True):
        found[unit] = some[0] if len(some) == 1 else shapely.coverage_union_all(some)
    return np.asarray(shapely.transform(found, lambda xy: xy / scale))


def first_of(shapes: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the number of the first polygon that holds each point, its outline included; -1 for none."""
    found = np.full(len(places), -1)
    if len(shapes):
        place, shape = shapely.STRtree(shapes).query(places, predicate="intersects")
        order = np.argsort(-shape, kind="stable")
        found[place[order]] = shape[order]
    return found


def components(count: int, links: np.ndarray) -> np.ndarray:
    """Return for each of `count` parts the number of the connected piece in which it lies."""
    graph = coo_array((np.ones(len(links)), links.reshape(-1, 2).T), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1])


def _linked(shapes: np.ndarray, of_unit: np.ndarray, roads: np.ndarray, far_m: float = ALONG_M) -> Cells:
    """Cells with their neighbours; shapes have the same segments, to the bit."""
    rows, shape = segments_of(shapely.boundary(shapes))
    lines, of_row = np.unique(rows, axis=0, return_inverse=True)
    order = np.argsort(of_row.reshape(-1), kind="stable")
    line, shape = of_row.reshape(-1)[order], shape[order]
    twice = np.flatnonzero(line[1:] == line[:-1])
    common = lines[line[twice]]
    length = WGS84.inv(*common.T)[2]
    links, shared = pairs_of(shape[twice], shape[twice + 1], length)
    _, road_m = pairs_of(shape[twice], shape[twice + 1], np.where(along(common, roads, far_m), length, 0.0))
    return Cells(shapes, of_unit, links, shared, road_m / np.maximum(shared, 1e-9))


def _absorbed(cells: Cells, of_face: np.ndarray, zone: np.ndarray, roads: np.ndarray) -> Cells:
    """The faces of a group joined; a group without a unit joins the neighbour with which it shares most in its zone,
    lines along roads counting little."""
    while True:
        groups = int(of_face.max()) + 1
        settled = np.zeros(groups, dtype=bool)
        settled[of_face[cells.of_unit]] = True
        a, b = of_face[cells.links].reshape(-1, 2).T
        usable = (a != b) & (zone[cells.links].reshape(-1, 2)[:, 0] == zone[cells.links].reshape(-1, 2)[:, 1])
        links, length = pairs_of(a[usable], b[usable], (cells.shared_m * (1.01 - cells.along))[usable])
        rows = np.vstack([links, links[:, ::-1]])
        weight = np.concatenate([length, length])
        loose = ~settled[rows[:, 0]] & settled[rows[:, 1]]
        rows, weight = rows[loose], weight[loose]
        if not len(rows):
            break
        order = np.lexsort((-weight, rows[:, 0]))
        _, first = np.unique(rows[order, 0], return_index=True)
        joins = rows[order[first]]
        goal = np.arange(groups)
        goal[joins[:, 0]] = joins[:, 1]
        of_face = np.unique(goal[of_face], return_inverse=True)[1].reshape(-1)
    order = np.argsort(of_face, kind="stable")
    start = np.unique(of_face[order], return_index=True)[1]
    shapes = [
        some[0] if len(some) == 1 else shapely.coverage_union_all(some)
        for some in np.split(cells.shapes[order], start[1:])
    ]
    return _linked(np.array(shapes, dtype=object), of_face[cells.of_unit], roads)
