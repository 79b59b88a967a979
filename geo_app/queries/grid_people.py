"""Who is responsible for which grid, when: appointments as they are known, rewritten so that nothing known is lost.

The caller of what writes holds `grid_heads.lock`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.queries.arrivals import Taking, keep_former, store_former
from geo_app.queries.grid_workers import LEADER as LEADER
from geo_app.queries.grid_workers import WORKERS

ROLES = (LEADER, *WORKERS, "police_officer")
COLUMNS = (
    "id, grid_stable_id AS grid, role, name, nullif(btrim(telephone), '') AS telephone, lower(valid) AS since,"
    " upper(valid) AS until"
)
_RANKS = ", ".join(f"'{role}'" for role in ROLES)
ORDER = f"grid_stable_id, array_position(ARRAY[{_RANKS}], role), lower(valid) NULLS FIRST, id"


@dataclass(frozen=True)
class Term:
    """Somebody's time in office in a grid (its stable id). ``since``: first day, None for longer than is known;
    ``until``: first day on which he is no longer in office, None without an end; ``id``: None before it is stored."""

    grid: int
    role: str
    name: str
    telephone: str | None = None
    since: date | None = None
    until: date | None = None
    id: int | None = None

    def holds(self, day: date) -> bool:
        """Whether he is in office on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


def terms(session: Session, county_id: int, grids: Collection[int] | None = None) -> list[Term]:
    """The appointments as they are known now, past and coming ones too, by grid, role and first day; of all grids, or of
    these stable ids."""
    found = session.execute(
        text(
            f"SELECT {COLUMNS} FROM grid_worker WHERE county_id = :county AND upper_inf(recorded) AND NOT isempty(valid)"
            f" AND (CAST(:every AS boolean) OR grid_stable_id = ANY (:grids)) ORDER BY {ORDER}"
        ),
        {"county": county_id, "every": grids is None, "grids": list(grids or ())},
    )
    return [Term(**row._mapping) for row in found]


def last_acts(session: Session, county_id: int, grids: Collection[int] | None = None) -> dict[int, datetime]:
    """When the appointments of each grid were last changed, by stable id."""
    found = session.execute(
        text(
            "SELECT grid_stable_id, max(greatest(lower(recorded), upper(recorded))) FROM grid_worker"
            " WHERE county_id = :county AND (CAST(:every AS boolean) OR grid_stable_id = ANY (:grids)) GROUP BY 1"
        ),
        {"county": county_id, "every": grids is None, "grids": list(grids or ())},
    )
    return {row[0]: row[1] for row in found}


def before(session: Session, county_id: int, grid: int, instant: datetime) -> list[Term]:
    """The appointments of a grid as they were known just before an instant at which they changed; those that are known
    still have the id under which they are."""
    found = session.execute(
        text(
            f"SELECT {COLUMNS} FROM grid_worker WHERE county_id = :county AND grid_stable_id = :grid"
            " AND NOT isempty(valid) AND recorded && tstzrange(NULL, :instant) AND (upper_inf(recorded)"
            f" OR upper(recorded) >= :instant) ORDER BY {ORDER}"
        ),
        {"county": county_id, "grid": grid, "instant": instant},
    )
    still = {one.id for one in terms(session, county_id, [grid])}
    return [term if term.id in still else replace(term, id=None) for term in (Term(**row._mapping) for row in found)]


def rewrite(session: Session, county_id: int, known: Iterable[Term], wanted: Sequence[Term]) -> None:
    """Makes ``wanted`` of what is ``known`` of some grids: what is not wanted any more is known until now, what differs
    is known otherwise from now on, what has no id is added in its order."""
    stored = {term.id: term for term in known}
    kept = {term.id for term in wanted} - {None}
    _forget(session, [number for number in stored if number not in kept])
    _correct(session, [term for term in wanted if term.id is not None and term != stored[term.id]])
    _add(session, county_id, [term for term in wanted if term.id is None])


def _forget(session: Session, ids: Sequence[int | None]) -> None:
    # What was told and taken back in one transaction was never known.
    session.execute(
        text("DELETE FROM grid_worker WHERE id = ANY (:ids) AND lower(recorded) = now()"), {"ids": list(ids)}
    )
    session.execute(
        text("UPDATE grid_worker SET recorded = tstzrange(lower(recorded), now()) WHERE id = ANY (:ids)"),
        {"ids": list(ids)},
    )


def _correct(session: Session, changed: Sequence[Term]) -> None:
    if not changed:
        return
    session.execute(text("DROP TABLE IF EXISTS corrected"))
    session.execute(
        text(
            "CREATE TEMP TABLE corrected ON COMMIT DROP AS SELECT * FROM unnest(CAST(:id AS bigint[]), CAST(:name AS"
            " text[]), CAST(:telephone AS text[]), CAST(:since AS date[]), CAST(:until AS date[]))"
            " AS c(id, name, telephone, since, until)"
        ),
        _columns(changed),
    )
    keep_former(session, "grid_worker", "SELECT id FROM corrected")
    session.execute(
        text(
            "UPDATE grid_worker w SET name = c.name, telephone = c.telephone, valid = daterange(c.since, c.until),"
            " recorded = tstzrange(now(), NULL) FROM corrected c WHERE c.id = w.id"
        )
    )
    store_former(session, "grid_worker")


def _add(session: Session, county_id: int, new: Sequence[Term]) -> None:
    if not new:
        return
    session.execute(
        text(
            "INSERT INTO grid_worker (county_id, admin_area_id, police_area_id, simulated, grid_stable_id, role, name,"
            " telephone, valid) SELECT g.county_id, g.admin_area_id, g.police_area_id, g.simulated, n.grid, n.role,"
            " n.name, n.telephone, daterange(n.since, n.until) FROM unnest(CAST(:grid AS bigint[]), CAST(:role AS"
            " text[]), CAST(:name AS text[]), CAST(:telephone AS text[]), CAST(:since AS date[]), CAST(:until AS"
            " date[])) WITH ORDINALITY AS n(grid, role, name, telephone, since, until, nth)"
            " CROSS JOIN LATERAL (SELECT * FROM grid WHERE county_id = :county AND stable_id = n.grid"
            " AND upper_inf(recorded) ORDER BY lower(valid) DESC NULLS LAST LIMIT 1) g ORDER BY n.nth"
        ),
        {"county": county_id, **_columns(new)},
    )


def _columns(rows: Sequence[Term]) -> dict[str, list[Any]]:
    values = [asdict(row) for row in rows]
    return {name: [one[name] for one in values] for name in values[0]}


def follow_grids(session: Session, county_id: int) -> None:
    """Writes the areas of each grid into its appointments, which are seen by whoever sees the grid."""
    session.execute(
        text(
            "UPDATE grid_worker w SET admin_area_id = g.admin_area_id, police_area_id = g.police_area_id FROM"
            " (SELECT DISTINCT ON (stable_id) stable_id, admin_area_id, police_area_id FROM grid WHERE county_id = :county"
            "  AND upper_inf(recorded) ORDER BY stable_id, lower(valid) DESC NULLS LAST) g"
            " WHERE w.county_id = :county AND w.grid_stable_id = g.stable_id"
            " AND (w.admin_area_id, w.police_area_id) IS DISTINCT FROM (g.admin_area_id, g.police_area_id)"
        ),
        {"county": county_id},
    )


def arriving(session: Session, taking: Taking) -> list[dict[str, Any]]:
    """The arriving rows in the order of the file: nth, what they say, and ``grid``, the stable id of the grid with this
    code today, None for none."""
    said = [name for name in ("grid_code", "role", "name", "telephone", "since", "until") if name in taking.columns]
    found = session.execute(
        text(
            f"SELECT a.nth, {', '.join('a.' + name for name in said)}, g.stable_id AS grid FROM arriving a"
            " LEFT JOIN grid g ON g.county_id = :county AND g.code = a.grid_code AND upper_inf(g.recorded)"
            " AND g.valid @> CAST(:today AS date) ORDER BY a.nth"
        ),
        taking.values,
    )
    return [dict(row._mapping) for row in found]


def roles_ever(session: Session, county_id: int, grids: Collection[int]) -> set[tuple[int, str]]:
    """Of these grids, in which roles anybody was ever known to be."""
    found = session.execute(
        text(
            "SELECT DISTINCT grid_stable_id, role FROM grid_worker WHERE county_id = :county"
            " AND grid_stable_id = ANY (:grids)"
        ),
        {"county": county_id, "grids": list(grids)},
    )
    return {(row[0], row[1]) for row in found}
