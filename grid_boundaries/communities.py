"""Grids and the communities in which they lie, each in one."""

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.faults import Fault, of_land
from grid_boundaries.land import is_hair, polygons
from grid_boundaries.shared_lines import Segments, grouped


def across_communities(
    shapes: np.ndarray,
    labels: np.ndarray,
    claimed: np.ndarray | None,
    communities: GeoDataFrame,
    segments: Segments | None = None,
) -> list[Fault]:
    """Return a fault across_communities for each grid and each community, not its own, in which it has land.

    shapes: valid polygons in EPSG:4326 with their labels. claimed: code of each one's community; None where unknown:
    then it is the one that has the grid's inner point. communities: code and geometry in EPSG:4326. where is the land
    in the other community, detail its code. segments: of the shapes, if they are known and all grids are given. What is narrower than the rounding of a vertex is none; land that is in no
    community is not told here.
    """
    areas, codes = communities.geometry.to_numpy(), communities["code"].to_numpy(dtype=object)
    tree = shapely.STRtree(areas)
    own = _own(shapes, claimed, codes, tree)
    found: list[Fault] = []
    for row in np.flatnonzero(~_within_own(shapes, own, areas, segments)):
        beyond = shapes[row] if own[row] < 0 else shapely.difference(shapes[row], areas[own[row]])
        for other in np.sort(tree.query(beyond, predicate="intersects")):
            if other == own[row]:
                continue
            parts = [part for part in polygons(shapely.intersection(beyond, areas[other])) if not is_hair(part)]
            found += of_land("across_communities", (labels[row],), shapely.MultiPolygon(parts), str(codes[other]))
    return found


def _own(shapes: np.ndarray, claimed: np.ndarray | None, codes: np.ndarray, tree: shapely.STRtree) -> np.ndarray:
    """The row of each grid's community, -1 for none."""
    own = np.full(len(shapes), -1) if claimed is None else pd.Index(codes).get_indexer(pd.Index(claimed))
    unknown = np.flatnonzero(pd.isna(claimed)) if claimed is not None else np.arange(len(shapes))
    row, area = tree.query(shapely.point_on_surface(shapes[unknown]), predicate="intersects")
    own[unknown[row]] = area
    return np.asarray(own)


def _within_own(shapes: np.ndarray, own: np.ndarray, areas: np.ndarray, segments: Segments | None) -> np.ndarray:
    """Which grids lie in their own community. Where all grids of one make up just it, none has to be asked alone."""
    within = np.zeros(len(shapes), dtype=bool)
    known = own >= 0
    if segments is not None:
        within[known] = _made_up(segments, own, areas)[own[known]]
    asked = np.flatnonzero(known & ~within)
    for area in np.unique(own[asked]):
        rows = asked[own[asked] == area]
        shapely.prepare(areas[area])
        within[rows] = shapely.covers(areas[area], shapes[rows])
    return within


def _made_up(segments: Segments, own: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """Which areas are just the grids of their own, side by side; some that are and have other corners are missed.

    segments: of the grids; own: the row of each one's area, -1 for none. Lines that run there and back cancel each other;
    where what is left around the grids of an area is its outline, the grids cover it once and nothing else.
    """
    outline = Segments.of(areas)
    made_up = np.zeros(len(areas), dtype=bool)
    if not (segments.on_lattice and outline.on_lattice):
        return made_up
    order, group = segments.together
    area, way = own[segments.shape[order]], segments.places[2][order]
    # Most lines lie between two grids of one area.
    pair = np.flatnonzero(np.diff(group, append=-1) == 0)
    pair = pair[(area[pair] == area[pair + 1]) & (way[pair] != way[pair + 1])]
    left = area >= 0
    left[pair], left[pair + 1] = False, False
    columns = (
        (*(column[order[left]] for column in segments.places[:2]), area[left].astype(np.uint64)),
        (
            *outline.places[:2],
            outline.shape.astype(np.uint64),
        ),
    )
    rows = [np.concatenate(both) for both in zip(*columns, strict=True)]
    turn = np.concatenate([way[left], -outline.places[2]])
    order, group = grouped(*rows)
    is_open = np.bincount(group, weights=turn[order], minlength=1) != 0
    made_up[:] = True
    made_up[rows[2][order[is_open[group]]].astype(int)] = False
    return made_up
