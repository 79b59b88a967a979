"""Whether grids that arrive are a partition, among themselves and with the grids around them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from geo_app.imports.problems import Problems
from grid_boundaries.coverage import Fault, check

REMEDY = "Mend the lines so that neighbours share them exactly, for example with Check geometries in QGIS."
MENDABLE = {"gap": "gaps between grids", "unmatched_edge": "grids whose line differs from a neighbour's by a hair"}


def check_grids(arriving: pd.DataFrame, others: GeoDataFrame, problems: Problems, pattern: str) -> list[str]:
    """Notes overlaps in ``problems`` and returns warnings about gaps, lines that do not match, and codes.

    ``arriving`` has code and geom (EPSG:4326, on the lattice), row numbers as index; ``others`` code and geometry.
    ``pattern`` is the county's rule for grid codes.
    """
    mine = GeoDataFrame({"code": arriving["code"]}, geometry=arriving["geom"].to_numpy(), crs=4326)
    theirs = others.set_axis([f"grid {code}" for code in others["code"]], axis=0)
    everything = pd.concat([mine, theirs]) if len(theirs) else mine
    counts: dict[str, int] = {}
    for fault in check(GeoDataFrame(everything, crs=4326), pattern=pattern):
        rows = [int(label) for label in fault.grids if isinstance(label, (int, np.integer))]
        if not rows:
            continue
        if fault.kind in ("overlap", "invalid_geometry"):
            problems.add(np.array(rows[:1]), fault.kind, _reason(fault, arriving, rows), REMEDY)
        else:
            counts[fault.kind] = counts.get(fault.kind, 0) + 1
    warnings = [f"{counts[kind]} {what}." for kind, what in MENDABLE.items() if kind in counts]
    if "malformed_code" in counts:
        warnings.append(f"{counts['malformed_code']} codes do not follow the county's pattern {pattern}.")
    return warnings


def _reason(fault: Fault, arriving: pd.DataFrame, rows: list[int]) -> str:
    if fault.kind == "invalid_geometry":
        return f"the grid {arriving['code'].iloc[rows[0]]} is invalid: {fault.detail}"
    other = next(label for label in fault.grids if label != rows[0])
    name = other if isinstance(other, str) else f"grid {arriving['code'].iloc[int(str(other))]}"
    return f"the grid {arriving['code'].iloc[rows[0]]} overlaps {name} by {fault.area_m2:,.1f} m²"
