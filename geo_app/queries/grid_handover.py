"""People of grids that end in a change go with their land: all workers of all parents, and the main parent's leader.

The caller holds `grid_heads.lock`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import Base, GridChange
from geo_app.queries.grid_applying import end

# The new grids of a change (c) with the versions that they came from (p), the main one first.
PARENTS = (
    "(SELECT l.*, min(l.id) OVER (PARTITION BY l.child_id) AS main FROM grid_lineage l WHERE l.change_id = :change) l"
    " JOIN grid c ON c.id = l.child_id AND upper_inf(c.recorded) JOIN grid p ON p.id = l.parent_id"
)
STAMPS = ("admin_area_id", "police_area_id")  # whoever sees the grid sees its people
LEADS = "(w.role <> 'grid_leader' OR l.id = l.main)"


def hand_over(session: Session, change: GridChange, day: date) -> None:
    """Lets the people of grids that end work in the new ones from a day on: all workers of all parents, and the leader of
    the parent from which most of it comes."""
    values = {"change": change.id, "day": day}
    days = "daterange(CAST(:day AS date), NULL)"
    _choose(session, values, f"w.valid * {days}", f"WHERE w.valid && {days}")
    _store(session, values, day)


def hand_over_again(session: Session, county_id: int, today: date, stable_ids: Sequence[int] | None = None) -> None:
    """Does so anew for approved changes whose day is still to come, after people of grids that they end have changed: of
    these stable ids, all if None. Who leaves on the very day is told from who was handed over by his role alone.
    """
    found = session.execute(
        text(
            "SELECT DISTINCT c.id, c.effective_on FROM grid_change c JOIN grid_lineage l ON l.change_id = c.id"
            " JOIN grid p ON p.id = l.parent_id JOIN grid n ON n.id = l.child_id AND upper_inf(n.recorded)"
            " WHERE c.county_id = :county AND c.status = 'approved' AND c.effective_on > :today"
            " AND (CAST(:ids AS bigint[]) IS NULL OR p.stable_id = ANY (:ids)) ORDER BY c.id"
        ),
        {"county": county_id, "today": today, "ids": None if stable_ids is None else list(stable_ids)},
    ).all()
    for change_id, day in found:
        values = {"change": change_id, "day": day}
        _choose(
            session,
            values,
            "daterange(CAST(:day AS date), CASE WHEN upper(w.valid) = CAST(:day AS date) THEN upper(before.valid)"
            " ELSE upper(w.valid) END)",
            "LEFT JOIN LATERAL (SELECT o.valid FROM grid_worker o WHERE o.county_id = p.county_id"
            " AND o.grid_stable_id = c.stable_id AND o.role = w.role AND upper_inf(o.recorded)"
            " ORDER BY o.name <> w.name, o.id LIMIT 1) before ON true"
            " WHERE w.valid && daterange(CAST(:day AS date), NULL)"
            " OR upper(w.valid) = CAST(:day AS date) AND before.valid IS NOT NULL",
        )
        session.execute(
            text(
                "UPDATE grid_worker w SET recorded = tstzrange(lower(w.recorded), now()) FROM grid_lineage l"
                " JOIN grid c ON c.id = l.child_id AND upper_inf(c.recorded) WHERE l.change_id = :change"
                " AND w.county_id = c.county_id AND w.grid_stable_id = c.stable_id AND upper_inf(w.recorded)"
            ),
            values,
        )
        _store(session, values, day)


def _choose(session: Session, values: Mapping[str, Any], valid: str, which: str) -> None:
    """Makes ``handed``: who of the parents (w) works in which new grid (child), ``valid`` on which days."""
    session.execute(text("DROP TABLE IF EXISTS handed"))
    session.execute(
        text(
            "CREATE TEMP TABLE handed ON COMMIT DROP AS SELECT c.stable_id AS child, w.id AS worker,"
            f" {', '.join('c.' + name for name in STAMPS)}, {valid} AS valid"
            f" FROM {PARENTS} JOIN grid_worker w ON w.county_id = p.county_id AND w.grid_stable_id = p.stable_id"
            f" AND upper_inf(w.recorded) AND {LEADS} {which}"
        ),
        values,
    )


def _store(session: Session, values: Mapping[str, Any], day: date) -> None:
    """Adds what is in ``handed``, and ends the people of grids that end; not those who come in this
    very transaction, of whom nobody would know afterwards for how long."""
    columns = [
        column.name
        for column in Base.metadata.tables["grid_worker"].columns
        if column.name not in ("id", "grid_stable_id", "valid", "recorded")
    ]
    session.execute(
        text(
            f"INSERT INTO grid_worker (grid_stable_id, valid, {', '.join(columns)})"
            f" SELECT DISTINCT ON (h.child, w.role, w.name, w.telephone, h.valid) h.child, h.valid,"
            f" {', '.join(('h.' if name in STAMPS else 'w.') + name for name in columns)} FROM handed h JOIN grid_worker w ON w.id = h.worker"
        )
    )
    ending = (
        "(SELECT w.id FROM grid_worker w JOIN grid p ON p.stable_id = w.grid_stable_id AND p.county_id = w.county_id"
        " JOIN grid_lineage l ON l.parent_id = p.id WHERE l.change_id = :change AND upper_inf(w.recorded)"
        " AND lower(w.recorded) < now() AND w.valid && daterange(CAST(:day AS date), NULL)"
        " AND NOT EXISTS (SELECT FROM grid g WHERE g.stable_id = p.stable_id AND g.change_id = :change))"
    )
    end(session, "grid_worker", ending, values, day)
