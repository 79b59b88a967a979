"""Who called, on the way into a table of its own: reading it takes a permission of its own."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.queries.arrivals import Taking, stored_by_key

PERSONAL = ("caller_name", "caller_telephone")


def take_callers(session: Session, taking: Taking) -> int:
    """Who called, into its own table; needs the incidents of this import stored. Returns of how many incidents, the
    same in all else, the caller is another now."""
    names = [column for column in PERSONAL if column in taking.columns]
    if not names:
        return 0
    own = [name.removeprefix("caller_") for name in names]
    changed = 0 if taking.is_first else _change_callers(session, dict(zip(own, names, strict=True)))
    session.execute(
        text(
            f"INSERT INTO incident_caller (incident_id, county_id, admin_area_id, police_area_id, {', '.join(own)})"
            f" SELECT t.id, t.county_id, t.admin_area_id, t.police_area_id, {', '.join('a.' + name for name in names)}"
            f" FROM arriving a {stored_by_key('incident')}"
            f" WHERE {' OR '.join(f'a.{name} IS NOT NULL' for name in names)}"
            " ON CONFLICT (incident_id) DO UPDATE SET "
            + ", ".join(f"{name} = excluded.{name}" for name in [*own, "admin_area_id", "police_area_id"])
        ),
        taking.values,
    )
    return changed


def _change_callers(session: Session, names: Mapping[str, str]) -> int:
    """Takes away what callers are no longer said to be, by their columns → those that arrive; returns of how many
    incidents that are the same in all else the caller differs."""
    emptied = ", ".join(f"{name} = a.{arriving}" for name, arriving in names.items())
    differs = " OR ".join(f"c.{name} IS DISTINCT FROM a.{arriving}" for name, arriving in names.items())
    changed = session.execute(
        text(
            "SELECT count(*) FROM arriving a JOIN matched m USING (nth) LEFT JOIN incident_caller c"
            f" ON c.incident_id = m.id WHERE m.same AND ({differs})"
        )
    ).scalar_one()
    session.execute(
        text(
            f"UPDATE incident_caller c SET {emptied} FROM arriving a JOIN matched m USING (nth)"
            f" WHERE c.incident_id = m.id AND ({differs})"
        )
    )
    session.execute(
        text(
            "DELETE FROM incident_caller c USING matched m WHERE c.incident_id = m.id"
            " AND c.name IS NULL AND c.telephone IS NULL"
        )
    )
    return int(changed)
