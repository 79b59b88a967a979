"""Routes as the API shows them."""

from __future__ import annotations

from typing import Any

import numpy as np
from geoalchemy2.shape import to_shape
from geopandas import GeoSeries
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from geo_app.api import reading
from geo_app.api.route_bodies import MOST_POINTS
from geo_app.models import County, PatrolRoute
from geo_app.queries import network
from geo_app.queries.drawn_path import to_degrees, to_metres
from geo_app.queries.patrol_state import SPEED_MPS
from geo_app.security.actor import current_actor
from geo_app.security.permissions import can
from geo_app.services.routes import tag_of
from layers.errors import NoPathError
from layers.roads.waypoints import gives_again, waypoints


class ShiftAnswer(BaseModel):
    """Times of the county's clock; it may pass midnight."""

    begins: str
    ends: str


class RouteAnswer(BaseModel):
    """A planned route. ``id`` stays through all changes, ``version`` is that of this one, ``tag`` what a change brings in
    If-Match; ``minutes``: its length at the speed of its mode, stops included."""

    id: int
    version: int
    tag: str
    name: str
    mode: str
    team: str
    departures: list[str]
    shift: ShiftAnswer | None
    length_m: float
    minutes: float
    simulated: bool
    editable: bool
    bounds: tuple[float, float, float, float]


class RouteDetail(RouteAnswer):
    """With the places to edit it by. ``fits``: the path through them is the route as it is stored; else it was drawn
    elsewhere or the streets changed, and saving puts it onto the streets of today."""

    points: list[tuple[float, float]] = Field(description="Longitude, latitude, EPSG:4326.")
    fits: bool


class RoutesAnswer(BaseModel):
    """The routes in force, by id, and the names of the teams."""

    routes: list[RouteAnswer]
    teams: list[str]


def described(county: County, rows: list[tuple[PatrolRoute, str]]) -> list[RouteAnswer]:
    """Versions of routes with the names of their teams, in their order."""
    lines = GeoSeries([to_shape(row.geom) for row, _ in rows], crs=4326)
    lengths = lines.to_crs(county.metric_srid).length.tolist()
    boxes = lines.bounds.to_numpy().tolist()
    may = can(current_actor(), "routes:plan")
    return [
        RouteAnswer(
            id=row.stable_id,
            version=row.id,
            tag=tag_of(row),
            name=row.name,
            mode=row.mode,
            team=team,
            departures=[departure.strftime("%H:%M") for departure in sorted(row.departures)],
            shift=_shift(row),
            length_m=round(length, 1),
            minutes=round(length / SPEED_MPS[row.mode] / 60, 1),
            simulated=row.simulated,
            editable=may,
            bounds=tuple(box),
        )
        for (row, team), length, box in zip(rows, lengths, boxes, strict=True)
    ]


def _shift(row: PatrolRoute) -> ShiftAnswer | None:
    if row.shift_begins is None or row.shift_ends is None:
        return None
    return ShiftAnswer(begins=row.shift_begins.strftime("%H:%M"), ends=row.shift_ends.strftime("%H:%M"))


def places(session: Session, row: PatrolRoute, county: County) -> dict[str, Any]:
    """The places that were clicked if the way through them is still this route, else places found in its line."""
    ground = network.streets(session, county, reading.terms_now(county).day)
    line = GeoSeries([to_shape(row.geom)], crs=4326).to_crs(county.metric_srid).iloc[0]
    try:
        if row.points and gives_again(ground.network, to_metres(county, row.points), line):
            return {"points": row.points, "fits": True}
        places = waypoints(ground.network, line)
        if len(places) > MOST_POINTS:
            places = places[np.linspace(0, len(places) - 1, MOST_POINTS).round().astype(int)]
        return {"points": to_degrees(county, places), "fits": gives_again(ground.network, places, line)}
    except NoPathError:
        return {"points": [], "fits": False}
