"""The two sides of a change: all grids before it and after it, with the people who answer for them, and what it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.models import County
from geo_app.queries import crosswalk, grid_change_papers, grid_heads, grid_impact, grid_live, grid_versions
from geo_app.queries.grid_heads import People
from geo_app.queries.terms import Terms, today
from geo_app.services.grid_draft import Draft
from grid_boundaries.edits import Edit

BETWEEN = "、"


def sides(session: Session, draft: Draft) -> tuple[GeoDataFrame, GeoDataFrame]:
    """The grids without a change and with it, EPSG:4326, by code, with leader and workers: of one that is written those of
    the day before and of its day, of any other the newest ones and the draft."""
    county = draft.county
    if (day := _written_on(draft)) is not None:
        read = _police_areas if draft.is_of_police else grid_versions.coverage
        before, after = (read(session, county, Terms(on)) for on in (day - timedelta(days=1), day))
        return before, _without(before, after, grid_change_papers.of_others(session, draft.change))
    people = _people(session, draft, _day(draft))
    then = _taken_over(people, draft.outcome["came_from"])
    return _peopled(draft.heads, people), _peopled(draft.grids, then)


def _without(before: GeoDataFrame, after: GeoDataFrame, codes: set[str]) -> GeoDataFrame:
    """The grids afterwards, those of other changes as they were before."""
    if not codes:
        return after
    parts = [after[~after["code"].isin(codes)], before[before["code"].isin(codes)]]
    return pd.concat(parts).sort_values("code", ignore_index=True)


def live(session: Session, draft: Draft, edit: Edit) -> list[dict[str, Any]]:
    """The numbers of the grids that an operation on a draft touches, before and after (`grid_live.live`)."""
    day = _day(draft)
    people = _taken_over(_people(session, draft, day), draft.outcome["came_from"])
    before = _peopled(draft.grids, people)
    after = _peopled(edit.grids, _taken_over(people, edit.came_from))
    codes = [*edit.retired, *edit.created, *edit.changed]
    return grid_live.live(session, draft.county, day, before, after, among=codes)


def impact(session: Session, draft: Draft) -> dict[str, Any]:
    """What a change means for each grid and each worker (`grid_impact.table`): now, or of one that is in force as it was on
    its day."""
    written_on, day = _written_on(draft), _day(draft)
    return grid_impact.table(
        session,
        draft.county,
        day if written_on is None else min(written_on, day),
        *sides(session, draft),
        came_from=came_from(session, draft),
        banded=not draft.is_of_police,
    )


def impact_on_its_day(
    session: Session,
    county: County,
    day: date,
    before: GeoDataFrame,
    after: GeoDataFrame,
    came_from: Mapping[str, Iterable[str]],
    *,
    is_of_police: bool,
) -> dict[str, Any]:
    """What a change that is in force from a day meant for each grid then. before, after: its grids with those around them,
    as `grid_change_papers.before_and_after` gives them. Without people: a pack tells it of many changes."""
    sides = []
    for frame, on in ((before, day - timedelta(days=1)), (after, day)):
        people = {} if is_of_police else grid_change_papers.people(session, county, on, frame["code"].tolist())
        sides.append(_peopled(frame, people))
    banded = not is_of_police
    return grid_impact.table(session, county, day, *sides, came_from=came_from, banded=banded, with_people=False)


def came_from(session: Session, draft: Draft) -> Mapping[str, Iterable[str]]:
    """For each grid that a change makes the codes of those that it comes from."""
    if _written_on(draft) is None:
        return dict(draft.outcome["came_from"])
    return grid_change_papers.came_from(session, draft.change.id)


def _written_on(draft: Draft) -> date | None:
    """The day of a change that is written; None of any other."""
    return draft.change.effective_on if draft.change.status in grid_change_papers.DATED else None


def _police_areas(session: Session, county: County, terms: Terms) -> GeoDataFrame:
    return _peopled(crosswalk.police_areas(session, county, terms), {})


def _people(session: Session, draft: Draft, day: date) -> dict[str, People]:
    """Who answers for each grid; nobody is appointed for an area of the police."""
    return {} if draft.is_of_police else grid_heads.people(session, draft.county, day)


def _day(draft: Draft) -> date:
    return today(draft.county, datetime.now(UTC))


def _peopled(grids: GeoDataFrame, people: Mapping[str, People]) -> GeoDataFrame:
    """Grids with who answers for them, None for nobody."""
    both = [people.get(code, (None, None)) for code in grids["code"]]
    leaders, workers = (pd.Series([one[at] for one in both], index=grids.index, dtype=object) for at in (0, 1))
    return grids.assign(leader=leaders, workers=workers)


def _taken_over(people: Mapping[str, People], came_from: Mapping[str, Iterable[str]]) -> dict[str, People]:
    """Who answers for each grid when new ones have taken over the people of those that they came from, as on approval."""
    return dict(people) | {code: _of_parents(parents, people) for code, parents in came_from.items()}


def _of_parents(parents: Iterable[str], people: Mapping[str, People]) -> People:
    found = [people[code] for code in parents if code in people]
    workers = dict.fromkeys(name for _, names in found if names for name in names.split(BETWEEN))
    return next((leader for leader, _ in found if leader), None), BETWEEN.join(workers) or None
