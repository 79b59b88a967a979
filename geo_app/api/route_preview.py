"""POST /api/routes/preview: what a route that is being drawn would change. Nothing is written."""

from __future__ import annotations

from typing import Any

import shapely
from flask import Blueprint, Response, jsonify
from flask_babel import gettext
from pydantic import BaseModel, Field

from geo_app.api import reading
from geo_app.api.parameters import Parameters, body, query
from geo_app.api.route_bodies import PreviewBody
from geo_app.api.spec import answers, spec
from geo_app.errors import NotFound
from geo_app.extensions import database
from geo_app.queries import route_rows
from geo_app.queries.patrol_state import SPEED_MPS
from geo_app.queries.route_preview import Preview, preview
from geo_app.security.actor import current_actor
from geo_app.security.rules import requires

blueprint = Blueprint("api_route_preview", __name__)
MOST_NAMED = 5000


class SnappedAnswer(BaseModel):
    """Where a point came to lie on the streets; ``used`` is false for one that is too far from all of them."""

    lon: float
    lat: float
    distance_m: float
    used: bool


class LegAnswer(BaseModel):
    """The way from point ``after`` to the next that is used."""

    after: int
    coordinates: list[tuple[float, float]]


class WarningAnswer(BaseModel):
    """``code`` is stable: no_streets, off_network, not_connected, same_place. ``point`` counts from 0."""

    code: str
    point: int | None
    message: str


class NewlySeen(BaseModel):
    """Pieces that this route sees and no other does, and their length."""

    pieces: int
    length_m: float
    ids: list[int] = Field(description=f"At most {MOST_NAMED}.")


class GapsChange(BaseModel):
    """Gaps now and with this route. ``still_ids``: it passes them, but too seldom; ``opened_ids``: what it saw before."""

    before: int
    after: int
    never_before: int
    never_after: int
    closed_ids: list[int]
    still_ids: list[int]
    opened_ids: list[int]


class PreviewAnswer(BaseModel):
    """The numbers are those that /api/gaps gives after saving, by the same filters."""

    path: dict[str, Any] | None = Field(description="LineString, MultiLineString where streets do not join; EPSG:4326.")
    legs: list[LegAnswer]
    snapped: list[SnappedAnswer]
    length_m: float | None
    minutes_foot: float | None
    minutes_vehicle: float | None
    newly_seen: NewlySeen
    gaps: GapsChange
    longest_before_hours: float | None
    longest_after_hours: float | None
    share_seen_before: float | None
    share_seen_after: float | None
    warnings: list[WarningAnswer]


@blueprint.post("/api/routes/preview")
@requires("routes:plan")
@spec.validate(json=PreviewBody, resp=answers(200, PreviewAnswer), skip_validation=True, tags=["routes"])
def preview_route() -> Response:
    """What the map would say with this route."""
    query(Parameters)
    asked = body(PreviewBody)
    filters = asked.read_filters()
    # The method is POST for the size of what is asked; it writes nothing, and the database sees to that.
    with database().session(current_actor().scope, read_only=True) as session:
        county = reading.county_of(session, asked.county)
        terms = reading.terms_of(session, county, filters)
        if asked.replaces is not None:
            found = route_rows.current(session, asked.replaces)
            if found is None or found[1].id != county.id:
                raise NotFound()
        made = preview(session, county, terms, asked.draft())
    return jsonify(_answer(made).model_dump(mode="json"))


def _answer(made: Preview) -> PreviewAnswer:
    drawn = made.path.line is not None
    length = made.path.length_m
    before, after = made.before, made.after
    return PreviewAnswer(
        path=shapely.geometry.mapping(made.path.line) if drawn else None,
        legs=[LegAnswer(after=leg.after, coordinates=leg.lonlat.tolist()) for leg in made.path.legs],
        snapped=[SnappedAnswer.model_validate(place, from_attributes=True) for place in made.path.snapped],
        length_m=round(length, 1) if drawn else None,
        minutes_foot=round(length / SPEED_MPS["foot"] / 60, 1) if drawn else None,
        minutes_vehicle=round(length / SPEED_MPS["vehicle"] / 60, 1) if drawn else None,
        newly_seen=NewlySeen(
            pieces=len(made.newly), length_m=round(made.newly_m, 1), ids=list(made.newly[:MOST_NAMED])
        ),
        gaps=GapsChange(
            before=before.gaps,
            after=after.gaps,
            never_before=before.never,
            never_after=after.never,
            closed_ids=list(made.closed[:MOST_NAMED]),
            still_ids=list(made.still[:MOST_NAMED]),
            opened_ids=list(made.opened[:MOST_NAMED]),
        ),
        longest_before_hours=before.longest_hours,
        longest_after_hours=after.longest_hours,
        share_seen_before=before.share_seen,
        share_seen_after=after.share_seen,
        warnings=[
            WarningAnswer(code=said.code, point=said.point, message=gettext(said.message, **said.params))
            for said in made.path.warnings
        ],
    )
