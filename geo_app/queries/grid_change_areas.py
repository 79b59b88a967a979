"""What a change that took effect made of communities and towns, out of their versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County


@dataclass(frozen=True)
class ChangedArea:
    """An area that is other after a change.

    parent, parent_name: of the area above it; of one that is gone, of that which took most of its land. name_before: what
    it was called, parent_before: the name of what it lay under, where that is other now.
    """

    code: str
    name: str
    level: str
    parent: str | None = None
    parent_name: str | None = None
    name_before: str | None = None
    parent_before: str | None = None
    is_new: bool = False
    is_retired: bool = False
    has_other_land: bool = False


def of_change(session: Session, county: County, change_id: int, day: date) -> list[ChangedArea]:
    """The areas that a change made other from its day on, as far as the scope sees them, those above first."""
    found = session.execute(
        text(
            "SELECT now.code, now.name, now.level, up.code, up.name, nullif(old.name, now.name),"
            " CASE WHEN NOT now.retired AND old_up.id <> up.id THEN old_up.name END, old.id IS NULL, now.retired,"
            " NOT now.retired AND old.geom IS DISTINCT FROM now.geom"
            " FROM geo_areas_on(:county, CAST(:day AS date)) now"
            " LEFT JOIN geo_areas_on(:county, CAST(:day AS date)) up ON up.id = now.parent_id"
            " LEFT JOIN geo_areas_on(:county, CAST(:eve AS date)) old ON old.id = now.id AND NOT old.retired"
            " LEFT JOIN geo_areas_on(:county, CAST(:eve AS date)) old_up ON old_up.id = old.parent_id"
            " WHERE now.id IN (SELECT area_id FROM area_version WHERE county_id = :county AND change_id = :change)"
            " ORDER BY length(now.code), now.code"
        ),
        {"county": county.id, "change": change_id, "day": day, "eve": day - timedelta(days=1)},
    )
    return [ChangedArea(*row) for row in found]
