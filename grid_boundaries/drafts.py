"""What is wrong with grids that were drawn anew, and which of it was wrong before already."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame

from grid_boundaries.codes import PATTERN
from grid_boundaries.coverage import Fault, check


@dataclass(frozen=True)
class DraftFault:
    """A fault near what was drawn; its labels are codes. ``is_old``: it is there without the drawing too."""

    fault: Fault
    is_old: bool

    @property
    def blocks(self) -> bool:
        """Whether the drawing cannot be submitted with it."""
        return not self.is_old and not self.fault.is_near


def draft_faults(
    before: GeoDataFrame, after: GeoDataFrame, touched: Collection[str], *, pattern: str = PATTERN
) -> list[DraftFault]:
    """Return the faults of the grids ``touched`` (codes, of before or after) and of those beside them, and of the land
    that they had before and have no more; those that the drawing brought first.

    before, after: all grids in EPSG:4326 on the lattice, codes unique. pattern: rule of well-formed codes.
    Only the neighbourhood is looked at.
    """
    drawn = [frame.geometry.to_numpy()[frame["code"].isin(touched).to_numpy()] for frame in (before, after)]
    shapes = np.concatenate(drawn)
    if not len(shapes):
        return []
    near = [_beside(frame, shapes) for frame in (before, after)]
    land = _filled(near[0], before)
    apart = near[0].index[shapely.get_num_geometries(near[0].geometry.to_numpy()) > 1]
    was = {_key(fault) for fault in check(near[0], land, pattern=pattern)}
    found = [
        DraftFault(fault, _key(fault) in was) for fault in check(near[1], land, exclaves=set(apart), pattern=pattern)
    ]
    return sorted(found, key=lambda one: (one.is_old, one.fault.is_near))


def _beside(grids: GeoDataFrame, shapes: np.ndarray) -> GeoDataFrame:
    """The grids that meet some of the shapes, by code."""
    own = grids.geometry.to_numpy()
    sound = np.where(shapely.is_valid(shapes), shapes, shapely.box(*shapely.bounds(shapes).T))
    rows = np.unique(shapely.STRtree(own).query(sound, predicate="intersects")[1])
    return grids.iloc[rows].set_index("code", drop=False)


def _filled(near: GeoDataFrame, grids: GeoDataFrame) -> shapely.Geometry:
    """The land of some grids together with what they enclose and no other grid has."""
    whole = shapely.union_all(shapely.make_valid(near.geometry.to_numpy()))
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    filled = shapely.union_all([whole, *(shapely.Polygon(part.exterior) for part in parts)])
    enclosed = shapely.difference(filled, whole)
    if enclosed.is_empty:
        return filled
    others = grids.geometry.to_numpy()[~grids["code"].isin(near["code"]).to_numpy()]
    inside = others[shapely.STRtree(others).query(enclosed, predicate="intersects")]
    return shapely.difference(filled, shapely.union_all(shapely.make_valid(inside)))


def _key(fault: Fault) -> tuple[object, ...]:
    where = None if fault.where is None else shapely.to_wkb(shapely.normalize(fault.where))
    return fault.kind, where, fault.detail
