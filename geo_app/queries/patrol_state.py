"""What patrols see of the streets, and where they leave gaps: rows of the county through the pure functions.

Kept in the process by what an answer depends on: the database, who asks (role and scope), how often the rows
changed, and the terms. Another scope never gets a frame that was computed for this one.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import frames
from geo_app.queries.kept import Kept
from geo_app.queries.terms import Terms
from geo_app.queries.visible import scope_key, versions
from layers.base import SIMULATED_ROUTES
from layers.gaps.index import patrol_gaps as gaps_of
from layers.patrols.coverage import is_seen, share_seen

COVERAGE_KINDS = ("streets", "routes")
GAP_KINDS = ("streets", "routes", "incidents", "places")
# Metres a second on patrol, stops included (local): walking as in DOMAIN, driving slowly enough to look.
SPEED_MPS: Mapping[str, float] = {"foot": 1.2, "vehicle": 5.5}
_cache: Kept[GeoDataFrame] = Kept()


def patrol_coverage(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """The street pieces with ``share_seen`` (0..1, of their length) and ``seen``."""
    key = _key("coverage", session, county, terms, COVERAGE_KINDS)
    return _cache.get(key, lambda: _coverage(session, county, terms))


def patrol_gaps(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """The pieces with coverage, requirement, longest time without a patrol in hours, and rank among the gaps."""
    key = _key("gaps", session, county, terms, GAP_KINDS)
    return _cache.get(key, lambda: _gaps(session, county, terms))


def _coverage(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    streets = frames.streets(session, county, terms)
    routes = frames.patrol_routes(session, county, terms)
    share = share_seen(
        streets.geometry.to_crs(county.metric_srid), routes.geometry.to_crs(county.metric_srid), terms.sight_m
    )
    found = streets.assign(share_seen=share, seen=is_seen(share))
    found.attrs[SIMULATED_ROUTES] = int(routes["simulated"].sum())
    return found


def _gaps(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    metric = county.metric_srid
    streets = frames.streets(session, county, terms)
    incidents = frames.incidents(session, county, terms)
    routes = frames.patrol_routes(session, county, terms)
    found = gaps_of(
        streets.to_crs(metric),
        _plan(routes).to_crs(metric),
        incidents.geometry[incidents.geometry.notna()].to_crs(metric),
        frames.key_places(session, county, terms).geometry.to_crs(metric),
        sight_m=terms.sight_m,
    )
    # The lines as they came, not there and back again.
    found = found.set_geometry(streets.geometry.to_numpy(), crs=streets.crs)
    found.attrs[SIMULATED_ROUTES] = int(routes["simulated"].sum())
    return found


def _plan(routes: GeoDataFrame) -> GeoDataFrame:
    """Routes with departures as hours of the day and a speed."""
    hours = [[_hour(departure) for departure in departures.split()] for departures in routes["departures"]]
    speeds = np.array([SPEED_MPS[mode] for mode in routes["mode"]], dtype=float)
    return routes.assign(departures=hours, speed_mps=speeds)


def _hour(departure: str) -> float:
    hour, minute = departure.split(":")
    return int(hour) + int(minute) / 60


def _key(what: str, session: Session, county: County, terms: Terms, kinds: tuple[str, ...]) -> tuple[Hashable, ...]:
    bind = session.get_bind()
    return (what, str(bind.engine.url), scope_key(session), county.id, versions(session, county.id, kinds), terms)
