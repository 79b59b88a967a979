"""What a route that is being drawn would change: computed from what is kept, written nowhere.

The whole of the county is judged, as it is for the map; what is counted and named is what the scope and the area of
the terms show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

import numpy as np
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import frames, patrol_state
from geo_app.queries.drawn_path import DrawnPath, LonLat, drawn_path
from geo_app.queries.kept import Kept
from geo_app.queries.network import Streets, streets, whose
from geo_app.queries.patrol_state import COVERAGE_KINDS
from geo_app.queries.terms import Terms
from geo_app.queries.visible import scope_key, versions
from layers.gaps.index import gap_index
from layers.patrols.coverage import is_seen
from layers.patrols.plan import Plan

_plans: Kept[Plan] = Kept(6)


@dataclass(frozen=True)
class Draft:
    """A route that is not saved: places clicked (longitude, latitude), foot or vehicle, departures of every day, and the
    stable id of the route that it would replace."""

    points: Sequence[LonLat]
    mode: str
    departures: Sequence[time] = ()
    replaces: int | None = None


@dataclass(frozen=True)
class Figures:
    """Gaps, those without any patrol, the longest time without a patrol of the others in hours, share seen 0..1."""

    gaps: int
    never: int
    longest_hours: float | None
    share_seen: float | None


@dataclass(frozen=True, eq=False)
class Preview:
    """Ids of pieces: seen now and by no other route before; gaps closed, gaps that the route passes too seldom, and
    gaps that come about because the route leaves what it saw. ``newly_m`` is the length of what is newly seen."""

    path: DrawnPath
    before: Figures
    after: Figures
    newly: tuple[int, ...]
    newly_m: float
    closed: tuple[int, ...]
    still: tuple[int, ...]
    opened: tuple[int, ...]


def preview(session: Session, county: County, terms: Terms, draft: Draft) -> Preview:
    """What the map would say if the draft were saved now."""
    ground = streets(session, county, terms.day)
    path = drawn_path(ground, county, draft.points)
    frame = patrol_state.patrol_gaps(session, county, terms)
    plan = _plan(session, county, terms, ground, draft.replaces)
    share, without = plan.share_seen.copy(), plan.hours_without.copy()
    own = np.zeros(len(ground.ids))
    if path.metric is not None:
        added = plan.with_route(_as_route(path, draft, county))
        share[added.piece], without[added.piece] = added.share_seen, added.hours_without
        own[added.piece] = added.own_share
    shown = ground.ids.get_indexer(frame["id"])
    share, without, own, others = share[shown], without[shown], own[shown], plan.share_seen[shown]
    before = frame["is_gap"].to_numpy(dtype=bool)
    after = _gaps_after(frame, share, without, terms)
    ids, length = frame["id"].to_numpy(), frame["length_m"].to_numpy(dtype=float)
    newly = is_seen(share) & ~is_seen(others)

    def named(which: np.ndarray) -> tuple[int, ...]:
        return tuple(ids[which].tolist())

    return Preview(
        path,
        _figures(
            before, frame["hours_without"].to_numpy(dtype=float), frame["share_seen"].to_numpy(dtype=float), length
        ),
        _figures(after, without, share, length),
        named(newly),
        float(length[newly].sum()),
        closed=named(before & ~after),
        still=named(before & after & is_seen(own)),
        opened=named(~before & after),
    )


def _plan(session: Session, county: County, terms: Terms, ground: Streets, replaces: int | None) -> Plan:
    """What the routes that count give to every piece of the county, without the one that is being redrawn."""
    counted = versions(session, county.id, COVERAGE_KINDS)
    # Which routes are left out hangs on which the scope sees.
    scope = None if terms.routes is None else scope_key(session)
    key = (*whose(session, county), counted, terms.day, terms.sight_m, terms.routes, scope, replaces)

    def make() -> Plan:
        paths = frames.whole_county(session, county, terms, "paths")
        paths = paths[paths["stable_id"] != replaces].reset_index(drop=True)
        return Plan.of(ground.pieces, patrol_state.plan(paths.to_crs(county.metric_srid)), terms.sight_m)

    return _plans.get(key, make)


def _as_route(path: DrawnPath, draft: Draft, county: County) -> GeoDataFrame:
    columns = {"departures": [sorted(draft.departures)], "mode": [draft.mode]}
    return patrol_state.plan(GeoDataFrame(columns, geometry=[path.metric], crs=county.metric_srid))


def _gaps_after(frame: GeoDataFrame, share: np.ndarray, without: np.ndarray, terms: Terms) -> np.ndarray:
    """The gaps with the draft: only pieces for which something changed are asked again."""
    found = frame["is_gap"].to_numpy(dtype=bool).copy()
    changed = np.flatnonzero(without != frame["hours_without"].to_numpy(dtype=float))
    found[changed] = gap_index(
        frame["requirement"].to_numpy(dtype=object)[changed],
        share[changed],
        without[changed],
        frame["incidents_near"].to_numpy()[changed],
        asked=terms.asked,
    )["is_gap"]
    return found


def _figures(gap: np.ndarray, without: np.ndarray, share: np.ndarray, length: np.ndarray) -> Figures:
    waiting = without[gap]
    finite = waiting[np.isfinite(waiting)]
    total = float(length.sum())
    return Figures(
        gaps=int(gap.sum()),
        never=int(np.isinf(waiting).sum()),
        longest_hours=round(float(finite.max()), 1) if len(finite) else None,
        share_seen=float((length * share).sum() / total) if total else None,
    )
