"""What patrols see of the streets, and where they leave gaps: rows of the county through the pure functions.

Kept in the process by what an answer depends on: the database, who asks (role and scope), how often the rows
changed, and the terms. Another scope never gets a frame that was computed for this one. A piece is judged by all
patrols, streets, incidents and places of its county, so that its values do not depend on who asks.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import time

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import frames, incident_columns, network
from geo_app.queries.kept import Kept
from geo_app.queries.terms import Terms
from geo_app.queries.visible import scope_key, versions
from layers.base import SIMULATED_ROUTES
from layers.gaps.index import patrol_gaps as gaps_of
from layers.incidents.hotspots import REACH_M
from layers.patrols.coverage import is_seen, share_seen

STREET_KINDS = ("streets",)
COVERAGE_KINDS = ("streets", "routes")
GAP_KINDS = ("streets", "routes", "incidents", "places")
# On which of the terms each hangs.
STREET_TERMS = ("area_ids", "box")
COVERAGE_TERMS = (*STREET_TERMS, "sight_m", "routes")
GAP_TERMS = (*COVERAGE_TERMS, "choice", "asked")
# Metres a second on patrol, stops included (local): walking as in DOMAIN, driving slowly enough to look.
SPEED_MPS: Mapping[str, float] = {"foot": 1.2, "vehicle": 5.5}
_cache: Kept[GeoDataFrame] = Kept()
_judged_pieces: Kept[pd.DataFrame] = Kept(12)


def streets(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """The street pieces of `frames.streets`, kept: they change seldom, and reading 20,000 takes half a second.

    ``apart``: no street leads from there to the largest part of the county's network.
    """
    key = _key("streets", session, county, terms.of(*STREET_TERMS), STREET_KINDS)
    return _cache.get(key, lambda: _streets(session, county, terms))


def _streets(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    found = frames.streets(session, county, terms)
    whole = network.streets(session, county, terms.day)
    apart = pd.Series(whole.network.components() > 0, index=whole.ids)
    return found.assign(apart=apart.reindex(found["id"]).fillna(False).to_numpy(dtype=bool))


def patrol_coverage(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """The street pieces with ``share_seen`` (0..1, of their length) and ``seen``."""
    terms = terms.of(*COVERAGE_TERMS)
    key = _key("coverage", session, county, terms, COVERAGE_KINDS)
    return _cache.get(key, lambda: _coverage(session, county, terms))


def patrol_gaps(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    """The pieces with coverage, requirement, longest time without a patrol in hours, and rank among the gaps."""
    terms = terms.of(*GAP_TERMS)
    key = _key("gaps", session, county, terms, GAP_KINDS)
    return _cache.get(key, lambda: _gaps(session, county, terms))


def _coverage(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    pieces = streets(session, county, terms)
    paths = frames.whole_county(session, county, terms, "paths")
    share = share_seen(
        pieces.geometry.to_crs(county.metric_srid), paths.geometry.to_crs(county.metric_srid), terms.sight_m
    )
    found = pieces.assign(share_seen=share, seen=is_seen(share))
    found.attrs[SIMULATED_ROUTES] = int(paths["simulated"].sum())
    return found


def _gaps(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    everywhere = terms.everywhere()
    key = _key("judged", session, county, everywhere, GAP_KINDS)
    judged = _judged_pieces.get(key, lambda: _judged(session, county, everywhere))
    # Judged as part of the county, ranked among those that are shown.
    pieces = streets(session, county, terms)
    pieces = pieces[pieces["id"].isin(judged.index)]
    shown = judged.reindex(pieces["id"])
    shown["rank"] = shown["rank"].rank().astype("Int64")
    found = pieces.assign(**{name: shown[name].array for name in shown.columns})
    found.attrs.update(judged.attrs)
    return found


def _judged(session: Session, county: County, terms: Terms) -> pd.DataFrame:
    """Every piece of the county by id: what it gets, what is asked of it, its rank."""
    lines, paths, places = (
        frames.whole_county(session, county, terms, what).to_crs(county.metric_srid)
        for what in ("street_lines", "paths", "key_place_points")
    )
    incidents = incident_columns.of_whole_county(session, county)
    incidents = incidents.take(incidents.chosen(terms.choice))
    # What is known no better than that could be at any of several pieces.
    known = incidents.take(incidents.within(REACH_M))
    judged = gaps_of(lines, plan(paths), known.points(), places.geometry, sight_m=terms.sight_m, asked=terms.asked)
    found = pd.DataFrame(judged.drop(columns="geometry").set_index("id"))
    found.attrs[SIMULATED_ROUTES] = int(paths["simulated"].sum())
    found.attrs.update(incident_columns.said(incidents, terms))
    return found


def plan(paths: GeoDataFrame) -> GeoDataFrame:
    """The paths of `frames.whole_county` with departures as hours of the day and a speed in metres a second."""
    hours = [[_hour(departure) for departure in sorted(departures)] for departures in paths["departures"]]
    speeds = np.array([SPEED_MPS[mode] for mode in paths["mode"]], dtype=float)
    return paths.assign(departures=hours, speed_mps=speeds)


def _hour(departure: time) -> float:
    return departure.hour + departure.minute / 60


def _key(what: str, session: Session, county: County, terms: Terms, kinds: tuple[str, ...]) -> tuple[Hashable, ...]:
    bind = session.get_bind()
    return (what, str(bind.engine.url), scope_key(session), county.id, versions(session, county.id, kinds), terms)
