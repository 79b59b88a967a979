"""A change of grids undone before its day: versions and people as if it had never been written.

The caller holds `grid_heads.lock`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import GridChange
from geo_app.queries.arrivals import keep_former, store_former


def take_back(session: Session, change: GridChange) -> bool:
    """Makes everything as it was before a change was written; False, and nothing done, when later changes stand on it.

    What was said meanwhile of the grids that it ends (names, people) stays. Rows of later changes that were withdrawn
    themselves do not count: what they ended is as it was again, known anew.
    """
    values: dict[str, Any] = {"change": change.id, "county": change.county_id, "day": change.effective_on}
    first, stands = session.execute(
        text(
            "SELECT min(lower(recorded)), bool_and(upper_inf(valid)) FILTER (WHERE upper_inf(recorded)) FROM grid"
            " WHERE county_id = :county AND change_id = :change"
        ),
        values,
    ).one()
    if first is None:  # it made no grid
        return True
    if not stands:
        return False
    values |= {"moment": first}
    for table, own in (
        ("grid", "change_id = :change"),
        (
            "grid_worker",
            "grid_stable_id IN (SELECT c.stable_id FROM grid_lineage l JOIN grid c ON c.id = l.child_id"
            " WHERE l.change_id = :change)",
        ),
    ):
        session.execute(
            text(
                f"UPDATE {table} SET recorded = tstzrange(lower(recorded), now())"
                f" WHERE county_id = :county AND {own} AND upper_inf(recorded)"
            ),
            values,
        )
        _restore(session, table, values)
    return True


def _restore(session: Session, table: str, values: Mapping[str, Any]) -> None:
    """Lets rows that a change ended at a moment hold as long again as they did until then: the rows themselves, or those
    that end on its day since a grid was renamed or somebody's telephone corrected meanwhile."""
    key = "stable_id" if table == "grid" else "grid_stable_id"
    same, alike = ("", "f.code = t.code") if table == "grid" else (" AND f.role = t.role", "f.name = t.name")
    # People who came after the approval were ended later, when others came beside them.
    known = "=" if table == "grid" else ">="
    session.execute(text("DROP TABLE IF EXISTS restoring"))
    session.execute(
        text(
            "CREATE TEMP TABLE restoring ON COMMIT DROP AS SELECT DISTINCT ON (t.id) t.id, CASE WHEN isempty(t.valid)"
            " THEN f.valid ELSE daterange(lower(t.valid), upper(f.valid)) END AS valid"
            f" FROM {table} t JOIN {table} f ON f.county_id = t.county_id AND f.{key} = t.{key} AND f.id <> t.id"
            f"{same} AND upper(f.recorded) {known} :moment AND f.valid && daterange(CAST(:day AS date), NULL)"
            " WHERE t.county_id = :county AND upper_inf(t.recorded) AND (upper(t.valid) = CAST(:day AS date)"
            f" OR isempty(t.valid) AND lower(t.recorded) = :moment AND {alike}) ORDER BY t.id, {alike} DESC, upper(f.recorded) DESC, f.id"
        ),
        values,
    )
    keep_former(session, table, "SELECT id FROM restoring")
    session.execute(
        text(
            f"UPDATE {table} t SET valid = r.valid, recorded = tstzrange(now(), NULL) FROM restoring r WHERE r.id = t.id"
        )
    )
    store_former(session, table)
