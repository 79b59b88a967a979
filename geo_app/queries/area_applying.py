"""A change of areas as rows: what they are called, where they lie and under what from its day on; and all of it back.

The caller holds `grid_heads.lock`. Former states are kept by trigger (migration 0014).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import GridChange
from grid_boundaries.arrangement import AreaState

SHAPE = "ST_SetSRID(CAST(:wkb AS geometry), 4326)"
# What was said of areas until a change was written. When a later one was withdrawn, what the change itself says was
# written once more: the first time counts.
FORMER = (
    "SELECT DISTINCT ON (f.area_id) f.* FROM area_version f JOIN (SELECT area_id, min(lower(recorded)) AS moment"
    " FROM area_version WHERE change_id = :change GROUP BY area_id) n ON n.area_id = f.area_id"
    " WHERE upper(f.recorded) = n.moment ORDER BY f.area_id, f.id DESC"
)


class CodeHeld(Exception):
    """The code of a new area is that of a row that the scope does not see: of an area whose change was withdrawn."""


def write(session: Session, change: GridChange, tree: str, day: date, states: Sequence[AreaState]) -> None:
    """Lets areas be from a day on what a change makes of them, those above first; new ones are in the scope afterwards.
    Raises CodeHeld."""
    for state in states:
        if state.is_new:
            _add(session, _values(change, tree, day, state))
    for state in states:
        if not state.is_new:
            _change(session, _values(change, tree, day, state))


def ids(session: Session, change: GridChange, tree: str, codes: Sequence[str]) -> dict[str, int]:
    """The ids of areas by their codes."""
    found = session.execute(
        text("SELECT code, id FROM area WHERE county_id = :county AND tree = :tree AND code = ANY (:codes)"),
        {"county": change.county_id, "tree": tree, "codes": list(codes)},
    )
    return {row.code: row.id for row in found}


def seen(session: Session, version_ids: Sequence[int]) -> int:
    """How many of these versions (ids of ``area_version``) the scope sees."""
    return len(areas(session, version_ids))


def areas(session: Session, version_ids: Sequence[int]) -> list[int]:
    """The areas of these versions, as far as the scope sees them."""
    found = session.scalars(text("SELECT area_id FROM area_version WHERE id = ANY (:ids)"), {"ids": list(version_ids)})
    return [int(number) for number in found]


def of_change(session: Session, change: GridChange) -> list[int]:
    """The areas that a change which is written made other, as far as the scope sees them."""
    found = session.scalars(
        text("SELECT DISTINCT area_id FROM area_version WHERE change_id = :change"), {"change": change.id}
    )
    return [int(number) for number in found]


def unseen(session: Session, versions: Mapping[str, int]) -> list[str]:
    """The codes of versions that the scope does not see."""
    known = set(
        session.scalars(text("SELECT id FROM area_version WHERE id = ANY (:ids)"), {"ids": list(versions.values())})
    )
    return sorted(code for code, number in versions.items() if number not in known)


def take_back(session: Session, change: GridChange) -> bool:
    """Makes areas as they were before a change was written; False, and nothing done, when later changes stand on it."""
    values = {"change": change.id, "county": change.county_id}
    stands = session.scalar(
        text(
            f"WITH former AS ({FORMER}),"
            " made AS (SELECT id FROM area WHERE change_id = :change AND id NOT IN (SELECT area_id FROM former))"
            " SELECT EXISTS (SELECT FROM area_version v JOIN area a ON a.id = v.area_id WHERE v.change_id = :change"
            "  AND a.change_id IS DISTINCT FROM :change)"
            " OR EXISTS (SELECT FROM area a JOIN made m ON m.id = a.parent_id WHERE a.change_id IS DISTINCT FROM :change)"
            " OR EXISTS (SELECT FROM grid g JOIN made m ON m.id = g.admin_area_id WHERE g.county_id = :county"
            "  AND upper_inf(g.recorded) AND g.change_id IS DISTINCT FROM :change)"
        ),
        values,
    )
    if stands:
        return False
    session.execute(
        text(
            "UPDATE area a SET parent_id = v.parent_id, name = v.name, statistical_code = v.statistical_code,"
            " police_code = v.police_code, retired = v.retired, geom = v.geom, valid = v.valid, change_id = v.change_id,"
            f" recorded = tstzrange(now(), NULL) FROM ({FORMER}) v WHERE a.id = v.area_id AND a.change_id = :change"
        ),
        values,
    )
    # What is left came with the change: it holds on no day, and its code is free again.
    session.execute(
        text("UPDATE area SET valid = 'empty', retired = true, geom = NULL WHERE change_id = :change"), values
    )
    return True


def _values(change: GridChange, tree: str, day: date, state: AreaState) -> dict[str, Any]:
    return {
        "county": change.county_id, "tree": tree, "code": state.code, "name": state.name, "level": state.level,
        "parent": state.parent, "retired": state.is_retired, "day": day, "change": change.id,
        "wkb": None if state.outline is None else shapely.to_wkb(state.outline, hex=True),
    }  # fmt: skip


def _add(session: Session, values: dict[str, Any]) -> None:
    """Adds an area below its parent. The code of one whose change was withdrawn is taken up again, and with it its row.
    Raises CodeHeld when the scope does not see that row."""
    below = "FROM area p WHERE p.county_id = :county AND p.tree = :tree AND p.code = :parent"
    number = session.scalar(
        text(
            "UPDATE area a SET level = :level, name = :name, parent_id = p.id, valid = daterange(CAST(:day AS date), NULL),"
            f" change_id = :change, geom = {SHAPE}, retired = false, recorded = tstzrange(now(), NULL)"
            f" {below} AND a.county_id = p.county_id AND a.tree = p.tree AND a.code = :code AND isempty(a.valid)"
            " RETURNING a.id"
        ),
        values,
    )
    if number is None:
        number = session.scalar(
            text(
                "INSERT INTO area (county_id, tree, level, code, name, simulated, parent_id, valid, change_id, geom)"
                " SELECT :county, p.tree, CAST(:level AS text), CAST(:code AS text), CAST(:name AS text), p.simulated, p.id,"
                f" daterange(CAST(:day AS date), NULL), CAST(:change AS bigint), {SHAPE} {below}"
                " ON CONFLICT (county_id, tree, code) DO NOTHING RETURNING id"
            ),
            values,
        )
    if number is None:
        raise CodeHeld(values["code"])
    session.execute(
        text("SELECT set_config('geo.scope', (geo_scope() || CAST(:id AS bigint))::text, true)"), {"id": number}
    )


def _change(session: Session, values: dict[str, Any]) -> None:
    number = session.scalar(
        text(
            "UPDATE area a SET name = :name, retired = :retired, change_id = :change, recorded = tstzrange(now(), NULL),"
            " valid = daterange(CAST(:day AS date), NULL),"
            f" geom = CASE WHEN CAST(:retired AS boolean) THEN NULL ELSE coalesce({SHAPE}, a.geom) END,"
            " parent_id = coalesce((SELECT id FROM area WHERE county_id = :county AND tree = :tree AND code = :parent),"
            "  a.parent_id) WHERE a.county_id = :county AND a.tree = :tree AND a.code = :code RETURNING a.id"
        ),
        values,
    )
    assert number is not None, f"the area {values['code']} is not there"
