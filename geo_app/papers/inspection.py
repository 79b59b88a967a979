"""What an inspection asks of a county's grids on a day: are they whole, whose are they, what changed, what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo_app.errors import N_
from grid_boundaries import coverage
from grid_boundaries.codes import PATTERN

HOUSEHOLDS_BAND = (300, 500)  # of a grid, the usual rule of a city (local)

FAULTS: Mapping[str, str] = {
    "invalid_geometry": N_("Invalid outline"),
    "overlap": N_("Overlap"),
    "gap": N_("Gap"),
    "unmatched_edge": N_("Line that does not fit its neighbour's"),
    "uncovered": N_("Land without a grid"),
    "outside": N_("Reaches beyond the area"),
    "duplicate_code": N_("Code given twice"),
    "malformed_code": N_("Malformed code"),
    "exclave": N_("Part apart from the rest of its grid"),
    "across_communities": N_("Lies in more than one community"),
    "sliver": N_("Sliver"),
    "spike": N_("Spike"),
}
OPEN: Mapping[str, str] = {
    "no_leader": N_("No leader"),
    "no_telephone": N_("Leader without a telephone number"),
    "no_worker": N_("No grid worker"),
    "households_below": N_("Fewer households than permitted"),
    "households_above": N_("More households than permitted"),
    "households_unknown": N_("Households not counted"),
    "fault": N_("Fault of the lines"),
}


@dataclass(frozen=True)
class Proof:
    """Whether the grids of an area cover it without gap and without overlap. Areas on the ellipsoid, square metres.

    sum_m2: of the grids one by one; union_m2: of all of them together, so an overlap makes the sum larger; parent_m2: of
    the area's own outline, None where there is none, so a gap makes it larger. faults: without what is nearly wrong.
    """

    code: str
    name: str
    town: str
    grids: int
    sum_m2: float
    union_m2: float
    parent_m2: float | None
    faults: int

    @property
    def difference_m2(self) -> float:
        """By how much the three areas differ at most."""
        areas = [self.sum_m2, self.union_m2] + ([] if self.parent_m2 is None else [self.parent_m2])
        return max(areas) - min(areas)


@dataclass(frozen=True)
class OpenItem:
    """Something to be done about a grid. kind: a key of OPEN; detail: the kind of a fault, or a number."""

    kind: str
    code: str
    name: str
    community: str
    detail: str = ""


@dataclass(frozen=True)
class Inspection:
    """The state of a county's grids on a day.

    grids: as `grid_papers.grids_with_places`, with area_m2. communities: code, name, town, geometry. proofs: of each
    community, by code. whole: of all together. faults: as `coverage.check` finds them; their labels are those of grids.
    """

    day: date
    grids: GeoDataFrame
    communities: GeoDataFrame
    whole: Proof
    proofs: tuple[Proof, ...]
    faults: tuple[coverage.Fault, ...]
    open_items: tuple[OpenItem, ...]
    band: tuple[int, int]

    @property
    def placed_faults(self) -> list[coverage.Fault]:
        """Those that a map marks: with a place, and counted, which what is nearly wrong is not."""
        return [fault for fault in self.faults if fault.where is not None and not fault.is_near]


def inspect(
    grids: GeoDataFrame,
    communities: GeoDataFrame,
    day: date,
    *,
    pattern: str = PATTERN,
    band: tuple[int, int] = HOUSEHOLDS_BAND,
) -> Inspection:
    """Look at grids as an inspection does; the frames given stay as they are.

    grids: EPSG:4326 with code, name, kind, leader, leader_telephone, workers, households, community, community_name.
    communities: code, name, town, geometry; those without an outline are not checked against one.
    """
    grids = grids.assign(area_m2=[coverage.area_m2(shape) for shape in grids.geometry])
    has_outline = bool(len(communities)) and bool((communities.geometry.notna() & ~communities.geometry.is_empty).all())
    parent = shapely.union_all(communities.geometry.to_numpy()) if has_outline else None
    faults = tuple(coverage.check(grids, parent, communities=communities if has_outline else None, pattern=pattern))
    proofs = tuple(_proof(row, grids, faults) for row in communities.itertuples())
    outlines = [proof.parent_m2 for proof in proofs if proof.parent_m2 is not None]
    whole = Proof(
        "", "", "", len(grids), float(grids["area_m2"].sum()), _union_m2(grids.geometry.to_numpy()),
        float(sum(outlines)) if has_outline else None, sum(not fault.is_near for fault in faults),
    )  # fmt: skip
    items = tuple(_open_items(grids, faults, band))
    return Inspection(day, grids, communities, whole, proofs, faults, items, band)


def _proof(community: Any, grids: GeoDataFrame, faults: Sequence[coverage.Fault]) -> Proof:
    own = grids[grids["community"] == community.code]
    outline = community.geometry
    return Proof(
        community.code, community.name, community.town, len(own), float(own["area_m2"].sum()),
        _union_m2(own.geometry.to_numpy()),
        None if outline is None or outline.is_empty else coverage.area_m2(outline),
        sum(_concerns(fault, own, outline) for fault in faults if not fault.is_near),
    )  # fmt: skip


def _concerns(fault: coverage.Fault, own: GeoDataFrame, outline: shapely.Geometry | None) -> bool:
    """Whether a fault is one of a community: of its grids, or of its land that no grid has."""
    if fault.grids:
        return not own.index.intersection(list(fault.grids)).empty
    return outline is not None and fault.where is not None and bool(shapely.intersection(outline, fault.where).area > 0)


def _union_m2(shapes: np.ndarray) -> float:
    """Of shapes that may overlap: what several have counts once."""
    valid = shapely.make_valid(shapes)
    exact = shapely.coverage_is_valid(valid) if len(valid) else True
    return coverage.area_m2(shapely.coverage_union_all(valid) if exact else shapely.union_all(valid))


def _open_items(grids: GeoDataFrame, faults: Sequence[coverage.Fault], band: tuple[int, int]) -> list[OpenItem]:
    least, most = band
    found: list[tuple[str, Any, str]] = []
    for row in grids.itertuples():
        if blank(row.leader):
            found.append(("no_leader", row, ""))
        elif blank(row.leader_telephone):
            found.append(("no_telephone", row, str(row.leader)))
        if blank(row.workers):
            found.append(("no_worker", row, ""))
        if blank(row.households):
            found.append(("households_unknown", row, ""))
        elif not least <= row.households <= most:
            found.append(
                ("households_below" if row.households < least else "households_above", row, f"{row.households:,}")
            )
    items = [OpenItem(kind, row.code, row.name, row.community_name, detail) for kind, row, detail in found]
    for fault in faults:
        for label in fault.grids or (None,):
            row = None if label is None else grids.loc[label]
            items.append(
                OpenItem("fault", "" if row is None else row["code"], "" if row is None else row["name"],
                         "" if row is None else row["community_name"], fault.kind)
            )  # fmt: skip
    order = list(OPEN)
    return sorted(items, key=lambda item: (order.index(item.kind), item.code, item.detail))


def blank(value: Any) -> bool:
    """Whether a cell says nothing."""
    return bool(pd.isna(value)) or not str(value).strip()
