"""A change of grids as rows: versions end and begin on its day, with lineage.

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
    end(session, "grid", "unnest(CAST(:ids AS bigint[]))", {"ids": list(ended)}, day)
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


def end(session: Session, table: str, ids: str, values: Mapping[str, Any], day: date) -> None:
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
