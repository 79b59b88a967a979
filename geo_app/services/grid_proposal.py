"""Balanced grids are proposed for a part of a draft: computed in the background, then drawn on it as one step that can be
undone like any other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from sqlalchemy.orm import Session

from geo_app.errors import N_, AppError, BadInput
from geo_app.models import Job
from geo_app.queries import frames, grid_heads, grid_units
from geo_app.queries.terms import Terms, today
from geo_app.security.actor import Actor
from geo_app.services import jobs
from geo_app.services.grid_draft import Draft, tag_of
from geo_app.services.grid_refusals import EditRefused
from grid_boundaries.balance import propose
from grid_boundaries.codes import Numbering
from grid_boundaries.errors import BalanceError, EditError
from grid_boundaries.impact import Units
from grid_boundaries.outcome import Proposal
from grid_boundaries.repair import repair

KIND = "grid_proposal"
SECONDS = 20.0
SEAM_M = 0.05  # a line that ends on a neighbour's puts a vertex there, which the neighbour gets too
REASONS = {  # of a BalanceError
    "too_few": (
        N_("The chosen grids are %(number)s communities or dedicated grids, each of which keeps a grid of its own."),
        N_("Ask for at least %(number)s grids, or choose others."),
    ),
    "too_many": (
        N_("There is too little to divide: at most %(number)s grids can be made."),
        N_("Ask for fewer grids, or choose more."),
    ),
    "no_load": (N_("Nobody lives in the chosen grids."), N_("Choose others.")),
    "malformed": (N_("The chosen grids cannot be balanced."), N_("Choose other grids, or another number.")),
}
LOADS = ("households", "addresses")  # what is made alike: the first that anybody knows


class NotProposed(AppError):
    """No grids can be proposed for what was chosen."""

    code = "not_proposed"
    status = 422
    title = N_("No grids can be proposed here")


@dataclass(frozen=True)
class Wanted:
    """For which grids of which change, from which state of it; how many instead, and how unlike they may be."""

    change_id: int
    tag: str
    codes: Sequence[str]
    count: int
    tolerance: float


def submit(
    session: Session, actor: Actor, draft: Draft, codes: Sequence[str], count: int | None, tolerance: float
) -> Job:
    """Has grids proposed in the place of some of a draft. Raises EditRefused for grids that are not there,
    BadInput for areas of the police."""
    if draft.is_of_police:
        raise BadInput(N_("Only grids are proposed."))
    missing = sorted(set(codes) - set(draft.grids["code"]))
    if missing:
        raise EditRefused.of(EditError("unknown_code", "", missing))
    arguments = {
        "county": draft.county.code, "change": draft.change.id, "tag": tag_of(draft.change), "codes": list(codes),
        "count": count or len(codes), "tolerance": tolerance,
    }  # fmt: skip
    return jobs.submit(session, actor, draft.county, KIND, arguments)


def proposed(session: Session, draft: Draft, wanted: Wanted) -> tuple[dict[str, Any], dict[str, Any]]:
    """The operation that draws the proposal on the draft, and what is said of it: load, worst, moved, count, obstacles.

    Raises NotProposed.
    """
    day = today(draft.county, datetime.now(UTC))
    grids = draft.grids
    keep = grids[grids["code"].isin(wanted.codes)].reset_index(drop=True)
    parent = shapely.coverage_union_all(keep.geometry.to_numpy())
    known = grid_units.units(session, draft.county, day).units
    load = next((name for name in LOADS if name in known.columns and known.columns[name].any()), None)
    if load is None:
        raise NotProposed(
            N_("Nobody knows where the households are."), N_("Bring in population, addresses or buildings first.")
        )
    around = Terms(day, box=tuple(parent.bounds))
    followed = pd.concat(
        [frames.streets(session, draft.county, around).geometry, *_banks(frames.waters(session, draft.county, around))]
    )
    try:
        found = propose(
            _within(known, load, parent), wanted.count, load, parent, keep=keep, tolerance=wanted.tolerance,
            seconds=SECONDS, barriers=followed,
        )  # fmt: skip
    except BalanceError as error:
        raise NotProposed(*REASONS[error.reason], number=error.number) from error
    said = {
        "load": load, "count": len(found.grids), "worst": round(found.worst, 4), "moved": round(found.moved_load),
        "within": not found.obstacles,
    }  # fmt: skip
    return _operation(grids, found, keep, grid_heads.numbering(session, draft.county)), said


def _banks(waters: GeoDataFrame) -> tuple[GeoSeries, GeoSeries]:
    """Middle lines of waters, and outlines of others."""
    is_line = waters.geom_type.isin(["LineString", "MultiLineString"])
    return waters.geometry[is_line], waters.geometry[~is_line].boundary


def _within(known: Units, load: str, parent: shapely.Geometry) -> GeoDataFrame:
    """The things that bear a load inside a polygon, as points."""
    inside = known.tree.query(parent, predicate="intersects")
    weight = known.columns[load][inside]
    bears = weight > 0
    return GeoDataFrame({load: weight[bears]}, geometry=known.points[inside][bears], crs=4326)


def _operation(grids: GeoDataFrame, found: Proposal, keep: GeoDataFrame, numbering: Numbering) -> dict[str, Any]:
    """What differs between the draft and the draft with the proposal in it."""
    drawn = found.grids.reset_index(drop=True)
    fresh = ~drawn["code"].isin(keep["code"]).to_numpy()
    others = grids[~grids["code"].isin(keep["code"])]
    names = dict(zip(grids["code"], grids["name"], strict=True))
    if fresh.any():
        community = drawn.geometry.to_numpy()
        given = numbering.give(community[fresh], str(keep["code"].iloc[0]), community, set(grids["code"]))
        drawn.loc[fresh, "code"] = given
        drawn.loc[fresh, "name"] = [numbering.named(code, str(keep["name"].iloc[0])) for code in given]
    whole = GeoDataFrame(
        {
            "code": [*others["code"], *drawn["code"]],
            "name": [
                *others["name"],
                *(names.get(code, name) for code, name in zip(drawn["code"], drawn["name"], strict=True)),
            ],
            "kind": [*others["kind"], *drawn["kind"]],
        },
        geometry=[*others.geometry, *drawn.geometry],
        crs=4326,
    )
    mended = repair(whole, tolerance_m=SEAM_M).grids
    before = dict(zip(grids["code"], grids.geometry, strict=True))
    features = [
        {"code": row.code, "name": row.name, "kind": row.kind, "geometry": json.loads(shapely.to_geojson(row.geometry))}
        for row in mended.itertuples(index=False)
        if row.code not in before or not shapely.equals_identical(row.geometry, before[row.code])
    ]
    return {"op": "replace", "features": features, "gone": sorted(set(keep["code"]) - set(drawn["code"]))}
