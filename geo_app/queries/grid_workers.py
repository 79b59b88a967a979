"""Who works in a grid: beside the grids of a frame, and as files of grids say it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Subquery, case, func, literal, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from geo_app.models import Grid, GridWorker
from geo_app.queries.arrivals import Taking, keep_former, store_former
from geo_app.queries.versions import IN_FORCE

LEADER, WORKER = "grid_leader", "full_time"
WORKERS = (WORKER, "part_time")
BETWEEN = "、"


def of_grids(day: date | BindParameter[date], roles: tuple[str, ...] = WORKERS) -> Subquery:
    """Of each grid that has somebody on a day: stable_id, leader, leader_telephone, workers (the names of those with one
    of the roles, full-time ones first, as one text); None where there is none. Join it by ``people_of``."""
    worker = GridWorker
    led = worker.role == LEADER
    order = aggregate_order_by(literal(BETWEEN), case((worker.role == WORKER, 0), else_=1), worker.id)
    return (
        select(
            worker.county_id,
            worker.grid_stable_id.label("stable_id"),
            func.max(func.nullif(func.btrim(worker.name), "")).filter(led).label("leader"),
            func.max(func.nullif(func.btrim(worker.telephone), "")).filter(led).label("leader_telephone"),
            func.string_agg(worker.name, order).filter(worker.role.in_(roles)).label("workers"),
        )
        .where(func.upper_inf(worker.recorded), worker.valid.contains(day))
        .group_by(worker.county_id, worker.grid_stable_id)
        .subquery("people")
    )


def people_of(people: Subquery) -> ColumnElement[bool]:
    """The rows of ``of_grids`` that belong to a row of ``Grid``."""
    return (people.c.stable_id == Grid.stable_id) & (people.c.county_id == Grid.county_id)


def take_people(session: Session, taking: Taking) -> int:
    """Takes over who leads the arriving grids and who works in them: who is not named any more ends today, who is new
    begins, a leader's other telephone is a correction. Needs ``known`` and the grids stored. Returns in how many grids,
    the same in all else, something changed."""
    told = _told(taking)
    if not told:
        return 0
    session.execute(
        text(
            "CREATE TEMP TABLE told_worker ON COMMIT DROP AS SELECT a.nth, g.stable_id, g.county_id, g.admin_area_id,"
            " g.police_area_id, g.simulated, w.* FROM arriving a JOIN grid g ON g.county_id = :county"
            f" AND g.code = a.code AND {IN_FORCE.format(t='g')}"
            f" CROSS JOIN LATERAL ({' UNION ALL '.join(told)}) w ORDER BY a.nth, w.role, w.place"
        ),
        taking.values | {"between": BETWEEN},
    )
    corrected = _correct(session, taking)
    session.execute(
        text(
            "CREATE TEMP TABLE gone_worker ON COMMIT DROP AS SELECT w.id, w.grid_stable_id FROM grid_worker w"
            f" WHERE w.county_id = :county AND {IN_FORCE.format(t='w')}"
            " AND (w.grid_stable_id, w.role) IN (SELECT stable_id, role FROM told_worker) AND NOT EXISTS"
            " (SELECT FROM told_worker t WHERE t.stable_id = w.grid_stable_id AND t.role = w.role AND t.name = w.name)"
        ),
        taking.values,
    )
    session.execute(
        text(
            "DELETE FROM told_worker t USING grid_worker w WHERE w.county_id = :county AND w.role = t.role"
            f" AND {IN_FORCE.format(t='w')} AND w.grid_stable_id = t.stable_id AND w.name = t.name"
        ),
        taking.values,
    )
    changed = session.execute(
        text(
            "SELECT count(*) FROM known k WHERE k.same_shape AND k.same AND k.nth IS NOT NULL AND (k.stable_id IN"
            " (SELECT grid_stable_id FROM gone_worker UNION SELECT stable_id FROM told_worker WHERE name IS NOT NULL)"
            " OR k.stable_id = ANY (:corrected))"
        ),
        {"corrected": corrected},
    ).scalar_one()
    _write(session, taking.values)
    return int(changed)


def _told(taking: Taking) -> list[str]:
    """SQL for what a row ``a`` says of people: role, name, telephone, place in the row. A row without a name says that
    there is nobody."""
    found = []
    phone = "a.leader_telephone" if "leader_telephone" in taking.columns else "NULL"
    if "leader_name" in taking.columns:
        # A telephone alone is kept: its leader is an open item.
        name = f"coalesce(a.leader_name, CASE WHEN {phone} IS NOT NULL THEN '' END)"
        found.append(f"SELECT '{LEADER}' AS role, {name} AS name, {phone} AS telephone, 1::bigint AS place")
    if "workers" in taking.columns:
        found.append(
            f"SELECT '{WORKER}' AS role, w.name, NULL AS telephone, w.place FROM (SELECT) one LEFT JOIN LATERAL"
            " unnest(string_to_array(a.workers, :between)) WITH ORDINALITY w(name, place) ON true"
        )
    return found


def _correct(session: Session, taking: Taking) -> list[int]:
    """Writes other telephones of the same leaders; returns the stable ids of their grids."""
    if not {"leader_name", "leader_telephone"} <= set(taking.columns):
        return []
    same = (
        f"w.county_id = :county AND w.role = '{LEADER}' AND {IN_FORCE.format(t='w')} AND w.grid_stable_id = t.stable_id"
        " AND t.role = w.role AND t.name = w.name AND w.telephone IS DISTINCT FROM t.telephone"
    )
    session.execute(
        text(
            "CREATE TEMP TABLE other_telephone ON COMMIT DROP AS SELECT w.id, t.stable_id, t.telephone"
            f" FROM told_worker t JOIN grid_worker w ON {same}"
        ),
        taking.values,
    )
    keep_former(session, "grid_worker", "SELECT id FROM other_telephone")
    session.execute(
        text(
            "UPDATE grid_worker w SET telephone = o.telephone, recorded = tstzrange(now(), NULL)"
            " FROM other_telephone o WHERE o.id = w.id"
        )
    )
    store_former(session, "grid_worker")
    return list(session.scalars(text("SELECT stable_id FROM other_telephone")))


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
    # The first file that speaks of a role tells of who has long been there. Whoever is appointed for a later day takes over then.
    session.execute(
        text(
            "INSERT INTO grid_worker (county_id, admin_area_id, police_area_id, simulated, grid_stable_id, role, name,"
            " telephone, valid) SELECT county_id, admin_area_id, police_area_id, simulated, stable_id, role, name,"
            " telephone, CASE WHEN EXISTS (SELECT FROM grid_worker w WHERE w.county_id = :county"
            "  AND w.grid_stable_id = t.stable_id AND w.role = t.role)"
            f" THEN daterange(CAST(:today AS date), CASE WHEN t.role = '{LEADER}' THEN (SELECT min(lower(w.valid))"
            "  FROM grid_worker w WHERE w.county_id = :county AND w.grid_stable_id = t.stable_id AND w.role = t.role"
            "  AND upper_inf(w.recorded) AND lower(w.valid) > :today) END) ELSE daterange(NULL, NULL) END"
            " FROM told_worker t WHERE name IS NOT NULL ORDER BY nth, role, place"
        ),
        values,
    )
