"""Things with a shape that live on as versions: what is the same keeps its row, another shape makes a new version."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.queries.arrivals import Counts, Taking, insert_new, keep_former, store_former, update_changed

IN_FORCE = "upper_inf({t}.recorded) AND {t}.valid @> CAST(:today AS date)"
SAME_SOURCE = "AND t.source = CAST(:source AS text)"
MENDED = "SELECT id FROM import_batch WHERE county_id = :county AND (reading ->> 'again')::boolean"


@dataclass(frozen=True)
class Known:
    """What ``arriving`` is compared with: new rows, rows of another shape, changed ones, equal ones, missing ones."""

    fresh: int
    moved: int
    same: int
    missing: int


def compare(
    session: Session,
    taking: Taking,
    *,
    key: str = "source_key",
    of_source: bool = True,
    spare_mended: bool = False,
) -> Known:
    """Makes ``known`` (id, stable_id, nth, same_shape, same) and ``matched`` out of ``arriving``.

    Rows are known by ``key``, among those of the same source or, without ``of_source``, of the whole county.
    ``same`` counts those whose shape is the same, whatever else changed. With ``spare_mended`` what came out of
    quarantine is never missing.
    """
    spared = f"AND (a.nth IS NOT NULL OR t.import_batch_id NOT IN ({MENDED}))" if spare_mended else ""
    attributes = [f"t.{column} IS NOT DISTINCT FROM a.{column}" for column in taking.said if column != "geom"]
    session.execute(
        text(
            f"CREATE TEMP TABLE known ON COMMIT DROP AS SELECT t.id, t.stable_id, a.nth,"
            f" t.geom = a.geom AS same_shape, ({' AND '.join(attributes) or 'true'}) AS same"
            f" FROM {taking.table} t LEFT JOIN arriving a ON a.{key} = t.{key}"
            f" WHERE t.county_id = :county {SAME_SOURCE if of_source else ''} AND {IN_FORCE.format(t='t')} {spared}"
        ),
        taking.values,
    )
    session.execute(
        text("CREATE TEMP TABLE matched ON COMMIT DROP AS SELECT nth, id, same FROM known WHERE same_shape")
    )
    session.execute(text("ANALYZE known, matched"))
    row = session.execute(
        text(
            "SELECT count(*) FILTER (WHERE same_shape), count(*) FILTER (WHERE NOT same_shape),"
            " count(*) FILTER (WHERE nth IS NULL),"
            " (SELECT count(*) FROM arriving a WHERE NOT EXISTS (SELECT FROM known k WHERE k.nth = a.nth)) FROM known"
        )
    ).one()
    return Known(fresh=row[3], moved=row[1], same=row[0], missing=row[2])


def take_versions(
    session: Session, taking: Taking, known: Known, *, end_missing: bool, more: dict[str, str] | None = None
) -> Counts:
    """Takes the arriving rows over after ``compare``: equal ones stay, changed ones keep their id and their shape,
    another shape ends the old version today and begins a new one of the same stable id; with ``end_missing`` what is
    not there ends today.
    """
    update_changed(session, taking, versioned=True)
    ended = "SELECT id FROM known WHERE NOT same_shape" + (" OR nth IS NULL" if end_missing else "")
    keep_former(session, taking.table, ended)
    session.execute(
        text(
            f"UPDATE {taking.table} SET valid = valid * daterange(NULL, CAST(:today AS date)),"
            f" recorded = tstzrange(now(), NULL) WHERE id IN ({ended})"
        ),
        taking.values,
    )
    store_former(session, taking.table)
    insert_new(
        session,
        taking,
        stable=True,
        more={
            "stable_id": "coalesce((SELECT k.stable_id FROM known k WHERE k.nth = a.nth), a.new_id)",
            # The first file tells of what has long been there; a later one of what changed since.
            "valid": _valid(taking, known),
            **(more or {}),
        },
    )
    return counted(session, taking, known.missing if end_missing else 0)


def counted(session: Session, taking: Taking, ended: int) -> Counts:
    """How many rows of the file were new, changed and the same; one of which several were made counts as one."""
    row = "file_row" if "file_row" in taking.columns else "nth"
    found = session.execute(
        text(
            "SELECT count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh AND NOT same),"
            " count(*) FILTER (WHERE same) FROM (SELECT bool_and(k.nth IS NULL) AS fresh,"
            " bool_and(k.same_shape IS TRUE AND k.same IS TRUE) AS same"
            f" FROM arriving a LEFT JOIN known k ON k.nth = a.nth GROUP BY a.{row}) rows"
        )
    ).one()
    return Counts(found[0], found[1], found[2], ended)


def _valid(taking: Taking, known: Known) -> str:
    """From when new rows hold, as SQL. A file that brings back what is known is a later one, whatever its name."""
    if known.same or known.moved:
        return "daterange(CAST(:today AS date), NULL)"
    return (
        f"CASE WHEN EXISTS (SELECT FROM {taking.table} s WHERE s.county_id = :county AND s.source = CAST(:source AS text)"
        " AND s.import_batch_id IS DISTINCT FROM CAST(:batch AS bigint))"
        " THEN daterange(CAST(:today AS date), NULL) ELSE daterange(NULL, NULL) END"
    )
