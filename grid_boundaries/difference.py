"""What changed between the grids of two days: which came, went, moved, and which land changed hands."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.coverage import area_m2
from grid_boundaries.errors import SchemaError
from grid_boundaries.schema import CRS, DIGITS

# A vertex that enters a line is rounded to the lattice and takes the line along by most of a step; two days may differ
# by several such vertices. Land narrower than this is none.
HAIR_DEGREES = 2 * 10.0**-DIGITS
DESCRIBED = ("code", "name", "kind")


@dataclass(frozen=True)
class Difference:
    """``created``, ``retired``, ``moved``, ``renamed``, ``redrawn``: keys of grids, in the order of their frame.

    A grid that is on both days is moved when land came or went, redrawn when that was said to be the same line drawn
    better, renamed when its code, name or kind is another. ``pieces``: the land that changed hands, largest first, with
    before and after (keys; None for nobody's land), area_m2 (geodesic), redrawn, geometry (EPSG:4326).
    """

    created: tuple[Hashable, ...]
    retired: tuple[Hashable, ...]
    moved: tuple[Hashable, ...]
    renamed: tuple[Hashable, ...]
    redrawn: tuple[Hashable, ...]
    pieces: GeoDataFrame


def difference(
    before: GeoDataFrame, after: GeoDataFrame, *, key: str = "code", redrawn: Collection[Hashable] = frozenset()
) -> Difference:
    """Return what changed between the grids of two days.

    before, after: EPSG:4326 on the lattice, each a coverage; key: the column, unique in each, that says which grid of
    one day is which of the other. redrawn: keys of grids whose lines were only drawn better; a piece between such a grid
    and another is no change of hands.
    Raises SchemaError when a frame is not in EPSG:4326 or its keys are missing or not unique.
    """
    for frame in (before, after):
        _demand(frame, key)
    old, new = before.set_index(key), after.set_index(key)
    kept = old.index[old.index.isin(new.index)]
    differs = kept[~_same_shapes(old.geometry[kept].to_numpy(), new.geometry[kept].to_numpy())]
    created, retired = new.index[~new.index.isin(old.index)], old.index[~old.index.isin(new.index)]
    left = old.geometry[old.index.isin(retired) | old.index.isin(differs)]
    right = new.geometry[new.index.isin(created) | new.index.isin(differs)]
    pieces = _pieces(left, right, set(redrawn))
    real = pieces[~pieces["redrawn"].to_numpy(dtype=bool)]
    touched, really = _named(pieces), _named(real)
    return Difference(
        tuple(created),
        tuple(retired),
        tuple(one for one in differs if one in really),
        tuple(one for one, other in zip(kept, _renamed(old.loc[kept], new.loc[kept]), strict=True) if other),
        tuple(one for one in differs if one in touched and one not in really),
        pieces,
    )


def _demand(frame: GeoDataFrame, key: str) -> None:
    if frame.crs is None or frame.crs.to_epsg() != CRS or key not in frame.columns:
        raise SchemaError([f"grids in EPSG:{CRS} with a column {key} are needed"])
    if frame[key].isna().any() or frame[key].duplicated().any():
        raise SchemaError([f"the column {key} has to tell grids apart"])


def _same_shapes(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    same = shapely.equals_identical(old, new)
    same[~same] = shapely.equals(old[~same], new[~same])  # a vertex on a straight line changes nothing
    return np.asarray(same)


def _renamed(old: GeoDataFrame, new: GeoDataFrame) -> np.ndarray:
    found = np.zeros(len(old), dtype=bool)
    for name in DESCRIBED:
        if name in old.columns and name in new.columns:
            found |= (old[name].astype(str) != new[name].astype(str)).to_numpy()
    return found


def _pieces(left: pd.Series, right: pd.Series, redrawn: set[Hashable]) -> GeoDataFrame:
    """Land that lies in one grid before and in another after, or in none on one of the days."""
    old, new = left.to_numpy(), right.to_numpy()
    old_keys, new_keys = left.index.tolist(), right.index.tolist()
    first, second = shapely.STRtree(new).query(old, predicate="intersects")
    common = shapely.intersection(old[first], new[second])
    rows = [
        (old_keys[i], new_keys[j], land)
        for i, j, land in zip(first, second, common, strict=True)
        if old_keys[i] != new_keys[j]
    ]
    rows += [(key, None, land) for key, land in zip(old_keys, _uncovered(old, new, first, second), strict=True)]
    rows += [(None, key, land) for key, land in zip(new_keys, _uncovered(new, old, second, first), strict=True)]
    found = [(a, b, land) for a, b, shape in rows if (land := _land(shape)) is not None]
    table = pd.DataFrame(
        {name: pd.Series([row[n] for row in found], dtype=object) for n, name in enumerate(("before", "after"))}
    )
    table["area_m2"] = np.array([area_m2(land) for _, _, land in found], dtype=float)
    table["redrawn"] = np.array([a in redrawn or b in redrawn for a, b, _ in found], dtype=bool)
    made = GeoDataFrame(table, geometry=[land for _, _, land in found], crs=CRS)
    return made.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True)


def _uncovered(shapes: np.ndarray, others: np.ndarray, which: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Of each shape what none of the others covers; ``which[n]`` is met by ``by[n]``."""
    left = shapes.copy()
    for row in range(len(shapes)):
        left[row] = shapely.difference(shapes[row], shapely.union_all(others[by[which == row]]))
    return left


def _land(shape: shapely.Geometry) -> shapely.MultiPolygon | None:
    """The polygons of a shape without those that are nowhere wider than rounding; None when nothing is left."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    wide = [
        part
        for part in parts
        if part.geom_type == "Polygon" and 2 * part.area >= HAIR_DEGREES * part.length and not part.is_empty
    ]
    return shapely.MultiPolygon(wide) if wide else None


def _named(pieces: GeoDataFrame) -> set[Hashable]:
    return {one for name in ("before", "after") for one in pieces[name] if one is not None}
