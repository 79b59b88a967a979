"""Who works in a grid: as files of grids say it, and as one line of names."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from geo_app.models import Grid, GridWorker
from geo_app.queries.arrivals import Taking, keep_former, store_former
from geo_app.queries.versions import IN_FORCE

ROLE = "full_time"
BETWEEN = "、"


def names(day: date | None = None) -> ColumnElement[Any]:
    """The full-time workers of a row of ``Grid`` on a day, else those without an end, as one text; NULL where there is
    none."""
    worker = GridWorker
    there = func.upper_inf(worker.valid) if day is None else worker.valid.contains(day)
    listed = func.string_agg(worker.name, aggregate_order_by(literal(BETWEEN), worker.id))
    return (
        select(listed)
        .where(
            worker.county_id == Grid.county_id,
            worker.grid_stable_id == Grid.stable_id,
            worker.role == ROLE,
            func.upper_inf(worker.recorded),
            there,
        )
        .correlate(Grid)
        .scalar_subquery()
    )


def take_workers(session: Session, taking: Taking) -> int:
    """Takes over who works in the arriving grids: who is not named any more ends today, who is new begins. Needs
    ``known`` and the grids stored. Returns in how many grids, the same in all else, somebody came or went."""
    if "workers" not in taking.columns:
        return 0
    values = taking.values | {"role": ROLE, "between": BETWEEN}
    session.execute(
        text(
            "CREATE TEMP TABLE told_worker ON COMMIT DROP AS SELECT a.nth, g.stable_id, g.county_id, g.admin_area_id,"
            " g.police_area_id, g.simulated, w.name FROM arriving a JOIN grid g ON g.county_id = :county"
            f" AND g.code = a.code AND {IN_FORCE.format(t='g')}"
            " LEFT JOIN LATERAL unnest(string_to_array(a.workers, :between)) WITH ORDINALITY w(name, nth) ON true"
            " ORDER BY a.nth, w.nth"
        ),
        values,
    )
    session.execute(
        text(
            "CREATE TEMP TABLE gone_worker ON COMMIT DROP AS SELECT w.id, w.grid_stable_id FROM grid_worker w"
            f" WHERE w.county_id = :county AND w.role = :role AND {IN_FORCE.format(t='w')}"
            " AND w.grid_stable_id IN (SELECT stable_id FROM told_worker) AND NOT EXISTS"
            " (SELECT FROM told_worker t WHERE t.stable_id = w.grid_stable_id AND t.name = w.name)"
        ),
        values,
    )
    session.execute(
        text(
            "DELETE FROM told_worker t USING grid_worker w WHERE w.county_id = :county AND w.role = :role"
            f" AND {IN_FORCE.format(t='w')} AND w.grid_stable_id = t.stable_id AND w.name = t.name"
        ),
        values,
    )
    changed = session.execute(
        text(
            "SELECT count(*) FROM known k WHERE k.same_shape AND k.same AND k.nth IS NOT NULL AND k.stable_id IN"
            " (SELECT grid_stable_id FROM gone_worker UNION SELECT stable_id FROM told_worker WHERE name IS NOT NULL)"
        )
    ).scalar_one()
    _write(session, values)
    return int(changed)


def _write(session: Session, values: dict[str, Any]) -> None:
    keep_former(session, "grid_worker", "SELECT id FROM gone_worker")
    session.execute(
        text(
            "UPDATE grid_worker SET valid = valid * daterange(NULL, CAST(:today AS date)),"
            " recorded = tstzrange(now(), NULL) WHERE id IN (SELECT id FROM gone_worker)"
        ),
        values,
    )
    store_former(session, "grid_worker")
    # The first file tells of who has long been there.
    session.execute(
        text(
            "INSERT INTO grid_worker (county_id, admin_area_id, police_area_id, simulated, grid_stable_id, role, name, valid)"
            " SELECT county_id, admin_area_id, police_area_id, simulated, stable_id, :role, name, CASE WHEN EXISTS"
            " (SELECT FROM grid_worker w WHERE w.county_id = :county AND w.grid_stable_id = told_worker.stable_id)"
            " THEN daterange(CAST(:today AS date), NULL) ELSE daterange(NULL, NULL) END"
            " FROM told_worker WHERE name IS NOT NULL"
        ),
        values,
    )
