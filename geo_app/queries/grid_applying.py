"""A change of grids as rows: versions end and begin on its day, lineage, people go with their grids; and all of it back.

The caller holds `grid_heads.lock`, so that what was read is still so when it is written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import Base, GridChange
from geo_app.queries.arrivals import keep_former, store_former

# What a version does not take over from the one before it.
NEW = ("id", "stable_id", "code", "name", "kind", "geom", "valid", "recorded", "change_id")
# A new grid begins without what was said of another: it came from no file, and nobody has counted it.
OF_IMPORT = {"source": "''", "source_key": "NULL", "file_line": "NULL", "import_batch_id": "NULL", "households": "NULL"}
TOLD = (
    "jsonb_to_recordset(CAST(:told AS jsonb))"
    " AS t(code text, name text, kind text, wkb text, parent bigint, fresh boolean, area bigint)"
)


# The new grids of a change (c) with the versions that they came from (p), the main one first.
PARENTS = (
    "(SELECT l.*, min(l.id) OVER (PARTITION BY l.child_id) AS main FROM grid_lineage l WHERE l.change_id = :change) l"
    " JOIN grid c ON c.id = l.child_id AND upper_inf(c.recorded) JOIN grid p ON p.id = l.parent_id"
)
STAMPS = "c.admin_area_id, c.police_area_id"  # whoever sees the grid sees its people
LEADS = "(w.role <> 'grid_leader' OR l.id = l.main)"


def seen(session: Session, version_ids: Sequence[int]) -> int:
    """How many of these versions the scope sees, locked until the end of the transaction."""
    found = session.execute(
        text("SELECT id FROM grid WHERE id = ANY (:ids) ORDER BY id FOR UPDATE"), {"ids": list(version_ids)}
    )
    return len(found.all())


def areas(session: Session, version_ids: Sequence[int]) -> list[int]:
    """The administrative areas of these versions, as far as the scope sees them."""
    found = session.execute(
        text("SELECT DISTINCT admin_area_id FROM grid WHERE id = ANY (:ids)"), {"ids": list(version_ids)}
    )
    return [int(row[0]) for row in found]


def unseen(session: Session, versions: Mapping[str, int]) -> list[str]:
    """The codes of versions (ids of ``grid``) that the scope does not see."""
    found = session.scalars(text("SELECT id FROM grid WHERE id = ANY (:ids)"), {"ids": list(versions.values())})
    known = set(found)
    return sorted(code for code, number in versions.items() if number not in known)


def write(
    session: Session, change: GridChange, day: date, ended: Sequence[int], told: Sequence[Mapping[str, Any]]
) -> None:
    """Ends versions (ids of ``grid``) on a day and begins others: ``told`` has code, name, kind, wkb (hexadecimal), parent
    (id of the version that it takes the rest from), fresh (a grid that was not there before) and area (id of its
    community, None for that of its parent).

    Raises AssertionError when a version cannot be begun since its parent is not seen: half a change is worse than none.
    """
    _end(session, "grid", "unnest(CAST(:ids AS bigint[]))", {"ids": list(ended)}, day)
    columns = [column.name for column in Base.metadata.tables["grid"].columns if column.name not in NEW]
    own = {name: f"CASE WHEN t.fresh THEN {value} ELSE g.{name} END" for name, value in OF_IMPORT.items()}
    own["admin_area_id"] = "coalesce(t.area, g.admin_area_id)"
    kept = [own.get(name, f"g.{name}") for name in columns]
    begun = session.execute(
        text(
            f"INSERT INTO grid (id, stable_id, code, name, kind, geom, valid, change_id, {', '.join(columns)})"
            " SELECT t.number, CASE WHEN t.fresh THEN t.number ELSE g.stable_id END, t.code, t.name, t.kind,"
            f" ST_SetSRID(t.wkb::geometry, 4326), daterange(CAST(:day AS date), NULL), :change, {', '.join(kept)}"
            f" FROM (SELECT t.*, nextval(pg_get_serial_sequence('grid', 'id')) AS number FROM {TOLD}) t"
            " JOIN grid g ON g.id = t.parent ORDER BY t.number"
        ),
        {"told": json.dumps(list(told)), "day": day, "change": change.id},
    )
    count = cast(Any, begun).rowcount
    if count != len(told):
        raise AssertionError(f"change {change.id} would begin {len(told)} versions of grids, but {count} have a parent")


def link(session: Session, change: GridChange, pairs: Sequence[tuple[int, str]]) -> None:
    """Says from which versions (ids of ``grid``) the new grids (by code) of a change came, of each the one first from which
    most of it comes."""
    session.execute(
        text(
            "INSERT INTO grid_lineage (change_id, parent_id, child_id, county_id, admin_area_id, police_area_id)"
            " SELECT :change, p.parent, g.id, g.county_id, g.admin_area_id, g.police_area_id"
            " FROM unnest(CAST(:parents AS bigint[]), CAST(:codes AS text[])) WITH ORDINALITY p(parent, code, nth)"
            " JOIN grid g ON g.change_id = :change AND g.code = p.code AND upper_inf(g.recorded) ORDER BY p.nth"
        ),
        {"change": change.id, "parents": [parent for parent, _ in pairs], "codes": [code for _, code in pairs]},
    )


def hand_over_people(session: Session, change: GridChange, day: date) -> None:
    """Lets the people of grids that end work in the new ones from a day on: all workers of all parents, and the leader of
    the parent from which most of it comes."""
    values = {"change": change.id, "day": day}
    session.execute(text("DROP TABLE IF EXISTS handed"))
    session.execute(
        text(
            f"CREATE TEMP TABLE handed ON COMMIT DROP AS SELECT c.stable_id AS child, w.id AS worker, {STAMPS},"
            " w.valid * daterange(CAST(:day AS date), NULL) AS valid"
            f" FROM {PARENTS} JOIN grid_worker w ON w.county_id = p.county_id AND w.grid_stable_id = p.stable_id"
            f" AND upper_inf(w.recorded) AND {LEADS} WHERE w.valid && daterange(CAST(:day AS date), NULL)"
        ),
        values,
    )
    _hand_over(session, values, day)


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
        session.execute(text("DROP TABLE IF EXISTS handed"))
        session.execute(
            text(
                f"CREATE TEMP TABLE handed ON COMMIT DROP AS SELECT c.stable_id AS child, w.id AS worker, {STAMPS},"
                " daterange(CAST(:day AS date), CASE WHEN upper(w.valid) = CAST(:day AS date) THEN upper(before.valid)"
                " ELSE upper(w.valid) END) AS valid"
                f" FROM {PARENTS} JOIN grid_worker w ON w.county_id = p.county_id AND w.grid_stable_id = p.stable_id"
                f" AND upper_inf(w.recorded) AND {LEADS}"
                " LEFT JOIN LATERAL (SELECT o.valid FROM grid_worker o WHERE o.county_id = p.county_id"
                "  AND o.grid_stable_id = c.stable_id AND o.role = w.role AND upper_inf(o.recorded)"
                "  ORDER BY o.name <> w.name, o.id LIMIT 1) before ON true"
                " WHERE w.valid && daterange(CAST(:day AS date), NULL)"
                " OR upper(w.valid) = CAST(:day AS date) AND before.valid IS NOT NULL"
            ),
            values,
        )
        session.execute(
            text(
                "UPDATE grid_worker w SET recorded = tstzrange(lower(w.recorded), now()) FROM grid_lineage l"
                " JOIN grid c ON c.id = l.child_id AND upper_inf(c.recorded) WHERE l.change_id = :change"
                " AND w.county_id = c.county_id AND w.grid_stable_id = c.stable_id AND upper_inf(w.recorded)"
            ),
            values,
        )
        _hand_over(session, values, day)


def _hand_over(session: Session, values: Mapping[str, Any], day: date) -> None:
    """Adds what is in ``handed`` (child, worker, valid), and ends the people of grids that end; not those who come in this
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
    _end(session, "grid_worker", ending, values, day)


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


def _end(session: Session, table: str, ids: str, values: Mapping[str, Any], day: date) -> None:
    """Ends rows on a day; what was known before stays known for the time before now."""
    session.execute(text("DROP TABLE IF EXISTS ending"))
    session.execute(text(f"CREATE TEMP TABLE ending ON COMMIT DROP AS SELECT * FROM {ids} e(id)"), values)
    keep_former(session, table, "SELECT id FROM ending")
    session.execute(
        text(
            f"UPDATE {table} SET valid = valid * daterange(NULL, CAST(:day AS date)), recorded = tstzrange(now(), NULL)"
            " WHERE id IN (SELECT id FROM ending)"
        ),
        {"day": day},
    )
    store_former(session, table)


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
