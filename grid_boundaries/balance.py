"""Are grids alike in load, whole and compact? And grids that are: proposed from small units, starting from today's."""

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from grid_boundaries.cells import cells_of, components, first_of, middles_of
from grid_boundaries.errors import BalanceError
from grid_boundaries.faces import plane_m
from grid_boundaries.ground import Ground, loads_of
from grid_boundaries.land import WGS84, area_m2
from grid_boundaries.outcome import Drawn, Obstacle, Proposal, proposal
from grid_boundaries.recombine import Aim, recombined
from grid_boundaries.regions import Parts
from grid_boundaries.schema import CRS, normalise, snap
from grid_boundaries.sharing import BRIDGE_M, bridges, shares, start, target

__all__ = ["BAND", "Obstacle", "Proposal", "measure", "propose"]

BAND = (300.0, 500.0)  # households a grid: a usual municipal rule
WORK_A_SECOND = 1e7  # parts looked at: about half of what one core of a small server does
EASED = 0.7  # of a line along a road or river does not count
PRICE = 10.0  # what it costs to move a grid's load, when a line twice as long as need be costs LINES
LAND = 0.5  # what it costs to move a grid's area: of land where nobody lives, not a line moves without need
LINES = 0.1  # how much the length of lines counts when today's grids are kept


def measure(
    grids: GeoDataFrame, units: GeoDataFrame, load: str = "households", band: tuple[float, float] = BAND
) -> pd.DataFrame:
    """Return what each grid bears and how it is shaped; the index is that of the grids.

    grids: EPSG:4326 with code and polygons; units: points or polygons in EPSG:4326 with a column ``load`` of numbers, none
    below zero. band: least and greatest load that is permitted, both included.
    Columns: code; units, their number; load, their sum; deviation, share of the mean grid's load above it (0.1 is 10 %
    more); band, "under", "within" or "over"; area_m2 on the ellipsoid; parts, the pieces of land that do not share a
    line; contiguous, whether it is one; compactness, 4 pi area / perimeter² (Polsby and Popper 1991), 1 for a circle.
    A unit counts in exactly one grid: a point in that of the lowest code that holds it (as in `impact`), a polygon in that of a point inside it; a
    unit outside all grids counts nowhere.
    Raises BalanceError when something is not in EPSG:4326 or the loads are no such numbers.
    """
    for what, frame in (("grids", grids), ("units", units)):
        if frame.crs is None or frame.crs.to_epsg() != CRS:
            raise BalanceError(f"{what} in EPSG:{CRS} are needed")
    weight = loads_of(units, load)
    shapes = grids.geometry.to_numpy()
    order = np.argsort(grids["code"].to_numpy(dtype=object).astype(str), kind="stable")
    at = first_of(shapes[order], middles_of(units.geometry.to_numpy())) if len(units) else np.empty(0, dtype=int)
    at = np.where(at < 0, -1, order[at]) if len(order) else at
    number = np.bincount(at[at >= 0], minlength=len(grids))
    sums = np.bincount(at[at >= 0], weights=weight[at >= 0], minlength=len(grids))
    mean = sums.mean() if len(grids) else 0.0
    area = np.array([area_m2(shape) for shape in shapes])
    around = np.array([abs(WGS84.geometry_length(shape.boundary)) for shape in shapes])
    # Pieces that meet in a point only are two: a valid MultiPolygon has no parts that share a line.
    parts = shapely.get_num_geometries(shapes)
    return pd.DataFrame(
        {
            "code": grids["code"].to_numpy(),
            "units": number,
            "load": sums,
            "deviation": sums / mean - 1 if mean > 0 else np.zeros(len(grids)),
            "band": np.select([sums < band[0], sums > band[1]], ["under", "over"], "within"),
            "area_m2": area,
            "parts": parts,
            "contiguous": parts == 1,
            "compactness": 4 * np.pi * area / np.maximum(around, 1e-9) ** 2,
        },
        index=grids.index,
    )


def propose(
    units: GeoDataFrame,
    count: int,
    load: str,
    parent: shapely.Geometry,
    keep: GeoDataFrame | None = None,
    tolerance: float = 0.05,
    seed: int = 0,
    seconds: float = 30,
    *,
    barriers: GeoSeries | None = None,
) -> Proposal:
    """Return `count` grids of units: contiguous always, within the tolerance of the mean load where that can be.

    units: points (buildings) or polygons (blocks, plots) in EPSG:4326, longitude first, with a column ``load`` of
    numbers, none below zero; with a column community no grid lies in two of them. parent: polygon in EPSG:4326 that
    the grids cover. keep: today's grids of that area (`schema.normalise`); as little load as possible leaves its grid, and
    dedicated grids stay; without communities of units those in its column community are kept. barriers: lines in
    EPSG:4326, roads and rivers, that lines of grids rather follow.
    seconds: a limit turned into a count of work, so that the same input and seed give the same grids on every machine: 10
    million parts looked at for each second. The search ends sooner when nothing more is found.
    Returns a coverage of the parent on the lattice.
    Raises BalanceError when the units, the loads, the parent or the count are not as they should be.
    Method: cells around the units (`cells`), today's grids or automatic zoning (`regions`), then ReCom with a local search
    (`recombine`); codes by the greatest overlap of loads (the assignment problem).
    """
    if count < 1 or tolerance < 0:
        raise BalanceError("at least one grid and a tolerance of 0 or more are needed")
    weight = loads_of(units, load)
    if weight.sum() <= 0:
        raise BalanceError(f"there is nothing to balance: the column {load} has only zeros", "no_load")
    today = None if keep is None else _tidy(keep)
    cells = cells_of(units, parent, within=None if today is None else today.geometry, barriers=barriers)
    land = Ground.of(cells, weight, units, today)
    return proposal(
        land,
        _drawn(land, count, tolerance, seed, seconds),
        units,
        weight,
        today,
        tolerance,
        _lines(units, parent, today, barriers),
    )


def _tidy(keep: GeoDataFrame) -> GeoDataFrame:
    """Grids as they have to be, with their further columns."""
    tidy = normalise(keep)
    further = [name for name in keep.columns if name not in tidy.columns and name != keep.geometry.name]
    return tidy.assign(**{name: keep[name] for name in further}).reset_index(drop=True)


def _lines(
    units: GeoDataFrame, parent: shapely.Geometry, today: GeoDataFrame | None, barriers: GeoSeries | None
) -> np.ndarray:
    """All lines along which cells are cut, on the lattice."""
    shapes = [parent, *units.geometry, *([] if today is None else today.geometry)]
    outlines = [shapely.boundary(shape) for shape in shapes if shape.geom_type != "Point"]
    return np.asarray(snap(np.array([*outlines, *([] if barriers is None else barriers)], dtype=object)))


def _drawn(land: Ground, count: int, tolerance: float, seed: int, seconds: float) -> Drawn:
    """The region of each cell."""
    links, shared = land.cells.links, land.cells.shared_m * (1 - EASED * land.cells.along)
    inside = land.group[links[:, 0]] == land.group[links[:, 1]]
    links, shared = links[inside], shared[inside]
    joined = bridges(land, links, count)
    links, shared = np.vstack([links, joined]), np.concatenate([shared, np.full(len(joined), BRIDGE_M)])
    piece = components(len(land.load), links)
    pieces = int(piece.max()) + 1
    fixed = np.zeros(pieces, dtype=bool)
    fixed[piece] = land.fixed[land.group]
    now = np.array([len(set(land.today[piece == one].tolist()) - {-1}) for one in range(pieces)])
    weight = np.bincount(piece, weights=land.load)
    share = shares(weight, np.bincount(piece), count, now, fixed, tolerance)
    graph = Parts(land.load, plane_m(land.cells.shapes), links, shared, float(land.area.sum()))
    effort = np.array([size * some if some > 1 else 0 for size, some in zip(np.bincount(piece), share, strict=True)])
    region, steps = np.empty(len(piece), dtype=int), 0
    for one, first in enumerate(np.cumsum(share) - share):
        members = np.flatnonzero(piece == one)
        work = seconds * WORK_A_SECOND * effort[one] / max(effort.sum(), 1)
        found, took = _part(land, graph, members, int(share[one]), tolerance, work, seed)
        region[members], steps = first + found, steps + took
    return Drawn(region, piece, steps)


def _part(
    land: Ground, graph: Parts, members: np.ndarray, count: int, tolerance: float, work: float, seed: int
) -> tuple[np.ndarray, int]:
    """Regions 0..count-1 of the cells of one piece."""
    if count == 1:
        return np.zeros(len(members), dtype=int), 0
    area = land.area[members]
    parts, today = graph.among(members, float(area.sum())), land.today[members]
    begun, origin = start(parts, today, count, np.random.default_rng(seed))
    mean = target(parts.weight, count, tolerance)
    if (origin < 0).all():
        aim = Aim(mean, tolerance, np.full(len(members), -1), np.zeros(len(members)))
    else:
        region_of = {int(name): region for region, name in enumerate(origin) if name >= 0}
        home = np.array([region_of.get(int(name), -1) for name in today])
        price = PRICE * parts.weight / mean + LAND * area / (area.sum() / count)
        aim = Aim(mean, tolerance, home, price, LINES)
    found = recombined(parts, begun, aim, work, seed)
    return found.of_part, found.steps
