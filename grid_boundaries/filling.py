"""A gap between grids is given to one of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.cutting import joined, touch
from grid_boundaries.errors import EditError
from grid_boundaries.neighbourhood import Edit, Ground, edited, require_coverage
from grid_boundaries.noding import HAIR, lacking, noded, segments, with_vertices


def fill(grids: GeoDataFrame, gap: Any, code: str) -> Edit:
    """Return the edit that gives a gap between grids to one of those around it, which keeps its code.

    gap: a point in it as (longitude, latitude) or a geometry, or a polygon or ring of points. Land that grids enclose
    is given whole, whatever was drawn of it; of a drawn area that is not enclosed, what belongs to no grid.
    Vertices at the gap that a neighbour lacks enter it. Raises EditError: no_gap, not_touching, too_close.
    """
    ground = Ground.of(grids)
    row = ground.row(code)
    drawn = _geometry(gap)
    hole = _gap(ground, drawn)
    near = ground.near(shapely.total_bounds([ground.shapes[row], hole]))
    around = near[shapely.intersects(ground.shapes[near], shapely.box(*shapely.bounds(hole)))]
    got = {int(other): ground.shapes[other] for other in around}
    rings = []
    for ring in (hole.exterior, *hole.interiors):
        meeting = noded(shapely.get_coordinates(ring), _lines(got), HAIR)
        got = {other: with_vertices(shape, meeting.added) for other, shape in got.items()}
        # Grids around a gap often lack each other's vertices.
        missing = lacking(meeting.line, _lines(got))
        got = {other: with_vertices(shape, missing) for other, shape in got.items()}
        rings.append(meeting.line)
    if min(len(ring) for ring in rings) < 4:
        raise EditError("too_close", "the gap is narrower than the lattice", [code], hole)
    hole = shapely.Polygon(rings[0], rings[1:])
    if not touch(hole, got.get(row, ground.shapes[row])):
        raise EditError("not_touching", "the gap does not touch the grid", [code], hole)
    after = {**got, row: joined([got[row], hole], [code])}
    require_coverage(ground, near, got, after, gained=hole.area)
    return edited(ground, after)


def _lines(shapes: Mapping[int, shapely.Geometry]) -> np.ndarray:
    return segments(np.array(list(shapes.values()), dtype=object))[0]


def _geometry(gap: Any) -> shapely.Geometry:
    if isinstance(gap, shapely.Geometry):
        return gap
    places = np.asarray(gap, dtype=float)
    return shapely.Point(places) if places.ndim == 1 else shapely.Polygon(places)


def _gap(ground: Ground, drawn: shapely.Geometry) -> shapely.Polygon:
    """The land that belongs to no grid: around a point of what was drawn where grids enclose it, else the drawn."""
    free, rows = drawn, ground.near(shapely.bounds(drawn))
    if drawn.area > 0:
        free = shapely.difference(shapely.make_valid(drawn), _land(ground, rows))
    point = shapely.point_on_surface(free)
    hole = None if shapely.is_empty(free) else _enclosed(ground, point)
    if hole is not None:
        return hole
    parts = [part for part in shapely.get_parts(free) if part.geom_type == "Polygon"]
    if len(parts) != 1:
        raise EditError("no_gap", "grids do not enclose the place, or it belongs to one", where=drawn)
    return parts[0]


def _enclosed(ground: Ground, point: shapely.Point) -> shapely.Polygon | None:
    """The hole of the grids' union around a point; more and more grids are looked at until it closes."""
    reach = 1e-3
    rows = ground.near(shapely.bounds(point), reach)
    while True:
        land = _land(ground, rows)
        if shapely.intersects(land, point):
            return None
        holes = [shapely.Polygon(ring) for part in shapely.get_parts(land) for ring in part.interiors]
        holes = [hole for hole in holes if hole.contains(point)]
        around = ground.near(shapely.bounds(min(holes, key=shapely.area))) if holes else rows
        if holes and np.isin(around, rows).all():
            # What lies in the hole of another without touching it is no gap.
            left = shapely.get_parts(shapely.difference(min(holes, key=shapely.area), land))
            return next(part for part in left if part.contains(point))
        if not holes and len(rows) == len(ground.codes):
            return None
        reach *= 4
        rows = np.union1d(rows, around if holes else ground.near(shapely.bounds(point), reach))


def _land(ground: Ground, rows: np.ndarray) -> shapely.Geometry:
    shapes = ground.shapes[rows]
    return shapely.union_all(shapes[shapely.is_valid(shapes)])
