"""The dated changes of grids that took effect: what each did, what was said about it, its scanned papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from geo_app.models import AppUser, County, Grid, GridChange, GridLineage, GridReview, GridScan
from geo_app.queries import crosswalk, frames, grid_change_rows, grid_workers
from geo_app.queries.grid_heads import POLICE, People
from geo_app.queries.terms import Terms
from grid_boundaries.held_land import ROUNDING_DEGREES
from grid_boundaries.steps import outcome

DATED = ("approved", "filed")  # statuses of changes whose versions are written
NEAR_DEGREES = 0.02  # beside what changed: neighbours for a map
COLUMNS = ("code", "name", "kind", "geometry")


@dataclass(frozen=True)
class ChangeRow:
    """A change; ``author`` and the reviewers are names, empty for whoever is not known. renumbered: grids that only got
    another code, which count as neither created nor retired once they are known."""

    id: int
    kind: str
    title: str
    reason_code: str
    reason: str
    status: str
    author: str
    created_at: datetime
    surveyed_on: date | None
    approved_on: date | None
    effective_on: date | None
    document_number: str
    created: int
    retired: int
    changed: int
    subject: str = "grids"
    renumbered: int = 0


@dataclass(frozen=True)
class ReviewRow:
    """What somebody decided or said about a change."""

    level: str
    by: str
    decision: str
    comment: str
    at: datetime


@dataclass(frozen=True)
class ScanRow:
    """A scanned paper of a change."""

    name: str
    media_type: str
    content: bytes


def changes(session: Session, county: County, since: date, until: date) -> list[ChangeRow]:
    """The changes that took effect after ``since`` and up to ``until``, the first one first."""
    chosen = (
        select(GridChange)
        .where(
            GridChange.county_id == county.id, GridChange.status.in_(DATED), GridChange.effective_on > since,
            GridChange.effective_on <= until,
        )
        .order_by(GridChange.effective_on, GridChange.id)
        .options(grid_change_rows.WITHOUT_SHAPES)
    )  # fmt: skip
    return rows_of(session, county, session.scalars(chosen).all())


def rows_of(session: Session, county: County, found: Sequence[GridChange]) -> list[ChangeRow]:
    """These changes with the names of their authors and what each did."""
    names = grid_change_rows.names(session, [change.author_id for change in found])
    drawn = {subject: [change.id for change in found if change.subject == subject] for subject in ("grids", "police")}
    counts = _counts(session, county, drawn["grids"]) | _counts_of_areas(session, drawn["police"])
    return [
        ChangeRow(
            change.id, change.kind, change.title, change.reason_code, change.reason, change.status,
            names.get(change.author_id or 0, ""), change.created_at, change.surveyed_on, change.approved_on, change.effective_on,
            change.document_number, *counts.get(change.id, (0, 0, 0)), change.subject,
        )
        for change in found
    ]  # fmt: skip


def reviews(session: Session, change_id: int) -> list[ReviewRow]:
    """What was decided and said about a change, in order."""
    chosen = (
        select(GridReview, func.coalesce(AppUser.name, ""))
        .outerjoin(AppUser, AppUser.id == GridReview.reviewer_id)
        .where(GridReview.change_id == change_id)
        .order_by(GridReview.id)
    )
    return [
        ReviewRow(review.level, by, review.decision, review.comment, review.decided_at)
        for review, by in session.execute(chosen)
    ]


def scans(session: Session, change_id: int) -> list[ScanRow]:
    """The scanned papers of a change, in order."""
    chosen = select(GridScan.name, GridScan.media_type, GridScan.content).where(GridScan.change_id == change_id)
    return [ScanRow(row.name, row.media_type, row.content) for row in session.execute(chosen.order_by(GridScan.id))]


def came_from(session: Session, change_id: int) -> dict[str, tuple[str, ...]]:
    """The code of each grid that a change made out of others -> their codes. Of areas of the police their change knows it:
    no lineage of theirs is kept."""
    change = session.get_one(GridChange, change_id)
    if change.subject == POLICE:
        made = outcome(change.operations[: change.position])["came_from"]
        return {code: tuple(parents) for code, parents in made.items()}
    parent, child = aliased(Grid), aliased(Grid)
    chosen = (
        select(child.code, parent.code)
        .select_from(GridLineage)
        .join(parent, parent.id == GridLineage.parent_id)
        .join(child, child.id == GridLineage.child_id)
        .where(GridLineage.change_id == change_id)
        .distinct()
        .order_by(child.code, parent.code)
    )
    found: dict[str, tuple[str, ...]] = {}
    for new, old in session.execute(chosen):
        found[new] = (*found.get(new, ()), old)
    return found


def touched_codes(session: Session, change_id: int) -> set[str]:
    """The codes of the grids that a change made, ended or redrew."""
    own = select(Grid.code).where(Grid.change_id == change_id)
    ended = (
        select(Grid.code).join(GridLineage, GridLineage.parent_id == Grid.id).where(GridLineage.change_id == change_id)
    )
    return set(session.scalars(own.union(ended)))


def people(session: Session, county: County, day: date, codes: Sequence[str]) -> dict[str, People]:
    """Who leads and who works in each of these grids on a day, by code."""
    of_day = grid_workers.of_grids(day)
    chosen = (
        select(Grid.code, of_day.c.leader, of_day.c.workers)
        .join(of_day, grid_workers.people_of(of_day))
        .where(
            Grid.county_id == county.id, Grid.code.in_(codes), Grid.valid.contains(day), func.upper_inf(Grid.recorded)
        )
    )  # fmt: skip
    return {row.code: (row.leader, row.workers) for row in session.execute(chosen)}


def of_others(session: Session, change: GridChange) -> set[str]:
    """The codes of what other changes that took effect on the day of one made, ended or redrew; not of those that speak of
    the same grids, or of the same as these: they are what they are together."""
    others = [set(codes) for codes in session.scalars(select(GridChange.touched).where(*_of_the_day(change)))]
    own = set(change.touched)
    while met := [codes for codes in others if codes & own]:
        own.update(*met)
        others = [codes for codes in others if not codes & own]
    return set().union(*others)


def _of_the_day(change: GridChange) -> tuple[ColumnElement[bool], ...]:
    """The other changes that took effect on the day of one."""
    return (
        GridChange.county_id == change.county_id, GridChange.subject == change.subject, GridChange.id != change.id,
        GridChange.effective_on == change.effective_on, GridChange.status.in_(DATED),
    )  # fmt: skip


def before_and_after(
    session: Session, county: County, change_id: int, effective_on: date
) -> tuple[GeoDataFrame, GeoDataFrame]:
    """The grids around a change on the day before it, and with nothing but this change done: COLUMNS, EPSG:4326; none
    where it touches none. Of several changes of the same grids on one day each begins with what those before it left.
    Of areas of the police all on the two days."""
    change = session.get_one(GridChange, change_id)
    if change.subject == POLICE:
        days = (effective_on - timedelta(days=1), effective_on)
        before, after = (crosswalk.police_areas(session, county, Terms(day))[[*COLUMNS]] for day in days)
        return before, after
    touched = touched_codes(session, change_id)
    old = frames.grids(session, county, _before(session, change, effective_on))[[*COLUMNS]]
    if not touched:
        return old.iloc[:0], old.iloc[:0]
    # What was renamed on the very day is known as what renamed it since: the change made what was known last of it.
    made = (
        select(Grid.code, Grid.name, Grid.kind, func.ST_AsBinary(Grid.geom).label("geometry"))
        .ext(distinct_on(Grid.stable_id))
        .where(Grid.change_id == change_id)
        .order_by(Grid.stable_id, func.upper(Grid.recorded).desc().nulls_first(), Grid.id.desc())
    )
    rows = sorted(session.execute(made).all(), key=lambda row: row.code)
    columns = {name: [getattr(row, name) for row in rows] for name in ("code", "name", "kind")}
    shapes = [shapely.from_wkb(bytes(row.geometry)) for row in rows]
    new = GeoDataFrame(columns, geometry=shapes, crs=4326)
    ended = old[old["code"].isin(touched)]
    bounds = shapely.total_bounds([*ended.geometry, *new.geometry])
    near = old[old.intersects(shapely.box(*bounds).buffer(NEAR_DEGREES, join_style="mitre"))]
    rest = near[~near["code"].isin(touched)]
    return near.reset_index(drop=True), rest if not len(new) else pd.concat([rest, new], ignore_index=True)


def _before(session: Session, change: GridChange, effective_on: date) -> Terms:
    """What a change began with: the day before it, or its own day as it was known before the change was written."""
    shared = session.scalar(
        select(func.count()).where(*_of_the_day(change), GridChange.touched.overlap(change.touched))
    )  # fmt: skip
    if not shared:
        return Terms(effective_on - timedelta(days=1))
    written = session.scalar(select(func.min(func.lower(Grid.recorded))).where(Grid.change_id == change.id))
    return Terms(effective_on, known_at=written and written - timedelta(microseconds=1))


def _counts_of_areas(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """How many areas of the police each change made, ended, and redrew or described; not those that only got a vertex."""
    found = session.execute(
        text(
            "SELECT v.change_id AS id, count(*) FILTER (WHERE NOT v.retired AND was.id IS NULL) AS created,"
            " count(*) FILTER (WHERE v.retired) AS retired,"
            " count(*) FILTER (WHERE NOT v.retired AND was.id IS NOT NULL AND ("
            "  (v.name, v.parent_id, v.geom IS NULL) IS DISTINCT FROM (was.name, was.parent_id, was.geom IS NULL)"
            "  OR EXISTS (SELECT FROM ST_Dump(ST_CollectionExtract(ST_SymDifference(was.geom, v.geom), 3)) p"
            "   WHERE 2 * ST_Area(p.geom) > :rounding * ST_Perimeter(p.geom)))) AS changed"
            " FROM area_version v LEFT JOIN LATERAL (SELECT o.* FROM area_version o WHERE o.area_id = v.area_id"
            "  AND upper_inf(o.recorded) AND o.valid << v.valid ORDER BY upper(o.valid) DESC LIMIT 1) was ON true"
            " WHERE v.change_id = ANY (:ids) AND upper_inf(v.recorded) GROUP BY v.change_id"
        ),
        {"ids": list(ids), "rounding": ROUNDING_DEGREES},
    )
    return {row.id: (row.created, row.retired, row.changed) for row in found}


def _counts(session: Session, county: County, ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """How many grids each change made, ended, and redrew or described; not those that only got a vertex on their lines."""
    found = session.execute(
        text(
            "SELECT c.id,"
            " (SELECT count(*) FROM grid g WHERE g.change_id = c.id AND upper_inf(g.recorded) AND NOT EXISTS (SELECT FROM grid o"
            "   WHERE o.stable_id = g.stable_id AND upper_inf(o.recorded) AND o.id <> g.id AND o.valid << g.valid)) AS created,"
            " (SELECT count(DISTINCT p.stable_id) FROM grid_lineage l JOIN grid p ON p.id = l.parent_id WHERE l.change_id = c.id"
            "   AND NOT EXISTS (SELECT FROM grid g WHERE g.change_id = c.id AND g.stable_id = p.stable_id"
            "    AND upper_inf(g.recorded))) AS retired,"
            " (SELECT count(*) FROM grid g CROSS JOIN LATERAL (SELECT o.name, o.kind, ST_SymDifference(o.geom, g.geom) AS land"
            "   FROM grid o WHERE o.stable_id = g.stable_id AND upper_inf(o.recorded) AND o.id <> g.id AND o.valid << g.valid"
            "   ORDER BY upper(o.valid) DESC LIMIT 1) was WHERE g.change_id = c.id AND upper_inf(g.recorded)"
            "   AND ((g.name, g.kind) IS DISTINCT FROM (was.name, was.kind)"
            "    OR EXISTS (SELECT FROM ST_Dump(ST_CollectionExtract(was.land, 3)) p"
            "     WHERE 2 * ST_Area(p.geom) > :rounding * ST_Perimeter(p.geom)))) AS changed"
            " FROM grid_change c WHERE c.county_id = :county AND c.id = ANY(:ids)"
        ),
        {"county": county.id, "ids": list(ids), "rounding": ROUNDING_DEGREES},
    )
    return {row.id: (row.created, row.retired, row.changed) for row in found}
