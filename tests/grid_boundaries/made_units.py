"""Units on a plain: squares of a board, or scattered points, with loads from a seed."""

import networkx
import numpy as np
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.coverage import check
from grid_boundaries.schema import snap

WEST, SOUTH, CELL = 118.0, 31.0, 0.001
ANY = r".+"


def board(width, height, loads=1.0):
    """Squares in rows from the south-west, and the area of all of them."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    west, south = WEST + CELL * x.ravel(), SOUTH + CELL * y.ravel()
    squares = snap(shapely.box(west, south, west + CELL, south + CELL))
    units = GeoDataFrame({"load": np.broadcast_to(loads, width * height).astype(float)}, geometry=squares, crs=4326)
    return units, snap(shapely.box(WEST, SOUTH, WEST + CELL * width, SOUTH + CELL * height))


def scattered(count, seed, width=20, height=12):
    """Points in an area with a bay, and the area."""
    rng = np.random.default_rng(seed)
    corners = [(0, 0), (width, 1), (width, height), (0.6 * width, height - 1), (0.5 * width, height / 2), (0, height)]
    area = snap(shapely.Polygon([(WEST + CELL * x, SOUTH + CELL * y) for x, y in corners]))
    inside = shapely.buffer(area, -CELL / 20)
    places = rng.uniform(area.bounds[:2], area.bounds[2:], (6 * count, 2))
    points = shapely.points(places)
    points = points[shapely.contains(inside, points)][:count]
    loads = np.round(rng.gamma(2, 20, len(points)))
    return GeoDataFrame({"load": loads}, geometry=points, crs=4326), area


def faults(grids, area):
    return check(grids, area, pattern=ANY)


def graph_of(units):
    """Which polygons share a line, asked of each pair (networkx)."""
    shapes = units.geometry.to_numpy()
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(shapes)))
    for a, b in shapely.STRtree(shapes).query(shapes, predicate="touches").T:
        if a < b and shapely.length(shapely.intersection(shapes[a], shapes[b])) > 0:
            graph.add_edge(int(a), int(b))
    return graph


def connected(graph, labels):
    labels = np.asarray(labels)
    return all(networkx.is_connected(graph.subgraph(np.flatnonzero(labels == one).tolist())) for one in set(labels))
