"""Land that is more than the lattice's rounding, and the grids that hold other land than before, or the same under another
code."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping

import numpy as np
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.schema import DIGITS

# An edge that was cut on the lattice lies up to 0.71 of a step beside where it was; both its halves may.
ROUNDING_DEGREES = 1.5 * 10.0**-DIGITS


def touched(before: GeoDataFrame, after: GeoDataFrame) -> list[str]:
    """Return the codes of grids that are in one of two coverages only, or hold other land in the second, in order.

    A grid that only got vertices on its lines holds the same land, also where the lattice puts them a hair aside.
    """
    then, now = (dict(zip(frame["code"].tolist(), frame.geometry.to_numpy(), strict=True)) for frame in (before, after))
    # Most of thousands of grids are the very same geometries: an edit leaves them as they are.
    other = [code for code, shape in now.items() if code in then and then[code] is not shape]
    first, second = (np.array([side[code] for code in other], dtype=object) for side in (then, now))
    differ = np.flatnonzero(~shapely.equals_identical(first, second)).tolist()
    moved = [other[place] for place in differ if land_between(first[place], second[place]) is not None]
    return sorted({*moved, *(then.keys() ^ now.keys())})


def renumbered(before: GeoDataFrame, after: GeoDataFrame, came_from: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the grids that only got another code, as new code -> old code, in order: one that is gone became just one that
    was not there, with the same land.

    before, after: EPSG:4326 with unique codes. came_from: for each created code those of the grids that it came from.
    """
    then, now = (dict(zip(frame["code"].tolist(), frame.geometry.to_numpy(), strict=True)) for frame in (before, after))
    origins = {new: set(olds) for new, olds in came_from.items()}
    heirs = Counter(old for olds in origins.values() for old in olds)
    gone, fresh = then.keys() - now.keys(), now.keys() - then.keys()
    pairs = [(new, *olds) for new, olds in sorted(origins.items()) if len(olds) == 1]
    return {
        new: old
        for new, old in pairs
        if heirs[old] == 1 and new in fresh and old in gone and land_between(then[old], now[new]) is None
    }


def continued(before: GeoDataFrame, after: GeoDataFrame, key: str) -> dict[Hashable, Hashable]:
    """Return the grids of the second of two coverages that hold the very land of one that is gone, as new key -> old key:
    they go on under another code. EPSG:4326; key: a column that is unique in each."""
    gone, fresh = before[~before[key].isin(after[key])], after[~after[key].isin(before[key])]
    then, now = gone.geometry.to_numpy(), fresh.geometry.to_numpy()
    new, old = shapely.STRtree(then).query(shapely.point_on_surface(now), predicate="intersects")
    return {
        fresh[key].iloc[b]: gone[key].iloc[a]
        for a, b in zip(old.tolist(), new.tolist(), strict=True)
        if land_between(then[a], now[b]) is None
    }


def land_between(first: shapely.Geometry, second: shapely.Geometry) -> shapely.MultiPolygon | None:
    """Return the land that belongs to one of two polygons only; None when it is no more than the lattice's rounding."""
    return land(shapely.symmetric_difference(first, second))


def land(shape: shapely.Geometry) -> shapely.MultiPolygon | None:
    """Return the polygons of a geometry that are wider than the lattice's rounding; None when there are none."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    parts = parts[shapely.get_type_id(parts) == 3]
    # A strip is about as wide as twice its area divided by its outline.
    wide = parts[2 * shapely.area(parts) > ROUNDING_DEGREES * shapely.length(parts)]
    return shapely.MultiPolygon(list(wide)) if len(wide) else None
