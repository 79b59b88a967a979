"""The areas above others."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session


def above(session: Session, area_ids: Sequence[int], level: str) -> set[int]:
    """The nearest area of a level for each of these, itself or above it; its root where there is none of the level."""
    found = session.scalars(
        text("SELECT DISTINCT geo_area_above(id, ARRAY[:level]) FROM unnest(CAST(:ids AS bigint[])) a(id)"),
        {"ids": list(area_ids), "level": level},
    )
    return {int(one) for one in found}


def tops(session: Session, county_id: int) -> dict[str, list[int]]:
    """By tree, the areas above which the scope sees none on any day, those that were there first standing first."""
    found = session.execute(
        text(
            "SELECT tree, array_agg(id ORDER BY id) AS ids FROM area a WHERE county_id = :county AND NOT EXISTS"
            " (SELECT FROM area above WHERE above.id = a.parent_id OR above.id IN"
            "  (SELECT v.parent_id FROM area_version v WHERE v.area_id = a.id AND upper_inf(v.recorded))) GROUP BY tree"
            " ORDER BY tree"
        ),
        {"county": county_id},
    )
    return {row.tree: list(row.ids) for row in found}
