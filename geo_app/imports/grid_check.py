"""Whether grids that arrive are a partition, among themselves and with the grids around them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from geo_app.imports.problems import N_, Problem, Said
from grid_boundaries.coverage import Fault, check

REMEDY = N_("Mend the lines so that neighbours share them exactly, for example with Check geometries in QGIS.")
MENDABLE = {
    "gap": N_("%(count)s gaps between grids."),
    "unmatched_edge": N_("%(count)s grids whose line differs from a neighbour's by a hair."),
}
LATER = N_(
    "the grid %(code)s overlaps by %(area)s m² the grid %(other)s, which the approved change “%(title)s” makes on %(day)s"
)
LATER_REMEDY = N_("Withdraw that change before %(day)s, or draw the grid beside what it makes.")
PENDING = {
    False: (
        N_("the approved change “%(title)s” gives the grid %(code)s other lines on %(day)s"),
        N_("Withdraw that change before %(day)s, or import the grid again from that day on."),
    ),
    True: (
        N_("the approved change “%(title)s” ends the grid %(code)s on %(day)s"),
        N_("Withdraw that change before %(day)s, or leave the lines of this grid as they are until then."),
    ),
}


def check_grids(arriving: GeoDataFrame, others: GeoDataFrame, pattern: str) -> tuple[dict[int, Problem], list[Said]]:
    """Which of the arriving grids cannot be taken, by their labels; and what is said of gaps, lines and codes.

    Both frames have code and geometry (EPSG:4326, on the lattice). ``pattern`` is the county's rule for grid codes.
    """
    theirs = others.set_axis([f"grid {code}" for code in others["code"]], axis=0)
    everything = pd.concat([arriving, theirs]) if len(theirs) else arriving
    problems: dict[int, Problem] = {}
    counts: dict[str, int] = {}
    for fault in check(GeoDataFrame(everything, crs=4326), pattern=pattern):
        rows = [int(label) for label in fault.grids if isinstance(label, (int, np.integer))]
        if not rows:
            continue
        if fault.kind in ("overlap", "invalid_geometry"):
            # One of two that overlap is enough: the other one then lies alone.
            if not set(rows) & set(problems):
                problems[rows[-1]] = _problem(fault, arriving["code"], rows)
        else:
            counts[fault.kind] = counts.get(fault.kind, 0) + 1
    notes = [Said(text, {"count": str(counts[kind])}) for kind, text in MENDABLE.items() if kind in counts]
    if "malformed_code" in counts:
        notes.append(
            Said(
                N_("%(count)s codes do not follow the county's pattern %(pattern)s."),
                {"count": str(counts["malformed_code"]), "pattern": pattern},
            )
        )
    return problems, notes


def check_later(arriving: GeoDataFrame, later: GeoDataFrame) -> dict[int, Problem]:
    """Which of the arriving grids, by their labels, lie on land that will belong to other grids from a later day on.

    Both frames have code and geometry (EPSG:4326, on the lattice); ``later`` has also day and title of the approved change.
    """
    theirs = later.set_axis([f"later {n}" for n in range(len(later))], axis=0)
    both = GeoDataFrame(pd.concat([arriving, theirs[["code", "geometry"]]]), crs=4326)
    problems: dict[int, Problem] = {}
    for fault in check(both):
        ours = [int(label) for label in fault.grids if isinstance(label, (int, np.integer))]
        others = [label for label in fault.grids if isinstance(label, str)]
        if fault.kind == "overlap" and ours and others:
            other = theirs.loc[others[0]]
            params = {
                "code": str(arriving["code"][ours[0]]), "other": str(other["code"]), "title": str(other["title"]),
                "day": str(other["day"]), "area": f"{fault.area_m2:,.1f}",
            }  # fmt: skip
            problems[ours[0]] = Problem("overlap", LATER, remedy=LATER_REMEDY, params=params)
    return problems


def pending_problem(code: str, day: date, title: str, ends: bool) -> Problem:
    """Why another line of a grid is not taken that an approved change brings other lines from a day on, or ends on it."""
    reason, remedy = PENDING[ends]
    return Problem("pending", reason, remedy=remedy, params={"code": code, "day": str(day), "title": title})


def _problem(fault: Fault, codes: pd.Series, rows: list[int]) -> Problem:
    code = str(codes[rows[-1]])
    if fault.kind == "invalid_geometry":
        reason = N_("the grid %(code)s is invalid: %(fault)s")
        return Problem(fault.kind, reason, remedy=REMEDY, params={"code": code, "fault": str(fault.detail)})
    other = next(label for label in fault.grids if label != rows[-1])
    name = other if isinstance(other, str) else f"grid {codes[int(str(other))]}"
    params = {"code": code, "other": name, "area": f"{fault.area_m2:,.1f}"}
    return Problem(fault.kind, N_("the grid %(code)s overlaps %(other)s by %(area)s m²"), remedy=REMEDY, params=params)
