"""GET /api/gaps: where patrols come too seldom, most incidents near first, and the numbers above the list."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from flask import Blueprint, Response, jsonify
from geopandas import GeoDataFrame
from pydantic import BaseModel, Field

from geo_app.api import reading
from geo_app.api.filters import Filters
from geo_app.api.parameters import Limit, query
from geo_app.api.spec import answers, spec
from geo_app.extensions import request_session
from geo_app.queries import patrol_state
from geo_app.security.rules import requires
from layers.base import SIMULATED_ROUTES
from layers.gaps.index import EVERY_HOURS

blueprint = Blueprint("api_gaps", __name__)


class GapsQuery(Filters):
    """Which gaps."""

    limit: Limit = 100


class Gap(BaseModel):
    """A street piece that is visited less often than its class asks. ``hours_without`` None: no patrol at all."""

    id: int
    rank: int
    name: str
    length_m: float
    requirement: str
    every_hours: float
    hours_without: float | None
    incidents_near: int
    share_seen: float
    bounds: tuple[float, float, float, float] = Field(description="West, south, east, north, EPSG:4326.")


class Requirement(BaseModel):
    """A class: how often it asks for a patrol, its pieces, and how many of them are gaps."""

    requirement: str
    every_hours: float
    pieces: int
    gaps: int


class GapsAnswer(BaseModel):
    """The gaps, and what they are part of. ``share_seen`` is length-weighted; ``longest_hours`` leaves out the pieces
    without any patrol, which are ``never``. ``simulated``: routes that were made up went into this."""

    total: int
    never: int
    longest_hours: float | None
    length_km: float
    share_seen: float | None
    sight_m: float
    simulated: bool
    requirements: list[Requirement]
    gaps: list[Gap]


@blueprint.get("/api/gaps")
@requires("map:read")
@spec.validate(query=GapsQuery, resp=answers(200, GapsAnswer), skip_validation=True, tags=["gaps"])
def gaps() -> Response:
    """The gaps of a county as of today, by the incidents and routes that the filters choose; the numbers above them."""
    asked = query(GapsQuery)
    with request_session() as session:
        county = reading.county_of(session, asked.county)
        terms = reading.terms_of(session, county, asked)
        etag = reading.tag(session, county, terms, patrol_state.GAP_KINDS, "gaps", asked.limit)
        frame = patrol_state.patrol_gaps(session, county, terms)
    answer = GapsAnswer(
        **numbers(frame),
        sight_m=terms.sight_m,
        simulated=frame.attrs[SIMULATED_ROUTES] > 0,
        gaps=_list(frame, asked.limit),
    )
    return reading.tagged(jsonify(answer.model_dump(mode="json")), etag)


def numbers(frame: GeoDataFrame) -> dict[str, Any]:
    """What leads on a page, of the frame of `patrol_gaps`: lengths in km, times in hours."""
    found = frame[frame["is_gap"]]
    without = found["hours_without"].to_numpy(dtype=float)
    finite = without[np.isfinite(without)]
    length = frame["length_m"].to_numpy(dtype=float)
    total = float(length.sum())
    return {
        "total": len(found),
        "never": int(np.isinf(without).sum()),
        "longest_hours": round(float(finite.max()), 1) if len(finite) else None,
        "length_km": round(total / 1000, 3),
        "share_seen": float((length * frame["share_seen"]).sum() / total) if total else None,
        "requirements": [
            {
                "requirement": name,
                "every_hours": hours,
                "pieces": int((frame["requirement"] == name).sum()),
                "gaps": int((found["requirement"] == name).sum()),
            }
            for name, hours in EVERY_HOURS.items()
        ],
    }


def _list(frame: GeoDataFrame, limit: int) -> list[Gap]:
    found = frame[frame["is_gap"]].sort_values("rank").head(limit)
    boxes = found.geometry.bounds.to_numpy()
    return [
        Gap(
            id=row.id,
            rank=row.rank,
            name=row.name,
            length_m=round(row.length_m, 1),
            requirement=row.requirement,
            every_hours=row.every_hours,
            hours_without=None if math.isinf(row.hours_without) else round(row.hours_without, 2),
            incidents_near=row.incidents_near,
            share_seen=round(row.share_seen, 4),
            bounds=tuple(box),
        )
        for row, box in zip(found.itertuples(), boxes, strict=True)
    ]
