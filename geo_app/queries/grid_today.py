"""A grid as it is today: the version in force, where it lies, and another name or kind for it without another line.

The caller of what writes holds `grid_heads.lock`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo_app.models import County, Grid
from geo_app.queries.arrivals import keep_former, store_former
from geo_app.queries.terms import today as today_in

# What a version says otherwise than the one before.
DESCRIBED = ("id", "name", "kind", "change_id", "valid", "recorded")


def find(session: Session, stable_id: int) -> tuple[Grid, County] | None:
    """The version of a grid that is in force today, and its county; None for what the scope does not see."""
    known = session.execute(
        select(Grid, County)
        .join(County, County.id == Grid.county_id)
        .where(Grid.stable_id == stable_id, func.upper_inf(Grid.recorded))
        .execution_options(populate_existing=True)
    )
    now = datetime.now(UTC)
    return next(((row, county) for row, county in known if row.valid.contains(today_in(county, now))), None)


def came_at(session: Session, county_id: int, grid: int) -> datetime:
    """When the grid became known."""
    return session.execute(
        text("SELECT min(lower(recorded)) FROM grid WHERE county_id = :county AND stable_id = :grid"),
        {"county": county_id, "grid": grid},
    ).scalar_one()


def outline(session: Session, version: int) -> dict[str, Any]:
    """The line of a version of a grid as a GeoJSON geometry, EPSG:4326."""
    return dict(
        session.execute(
            text("SELECT ST_AsGeoJSON(geom, 7)::json FROM grid WHERE id = :id"), {"id": version}
        ).scalar_one()
    )


def middle(session: Session, version: int) -> tuple[float, float]:
    """A place inside a version of a grid: longitude, latitude."""
    row = session.execute(
        text("SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM grid WHERE id = :id) inside"),
        {"id": version},
    ).one()
    return float(row[0]), float(row[1])


def describe(session: Session, row: Grid, today: date, change_id: int, *, name: str, kind: str) -> None:
    """Begins a version of a grid today with another name or kind and the same line; one of today itself is known
    otherwise from now on, and stays one of the change that drew its line."""
    values = {"id": row.id, "today": today, "name": name, "kind": kind, "change": change_id}
    keep_former(session, "grid", str(int(row.id)))
    if row.valid.lower is not None and row.valid.lower >= today:
        session.execute(
            text(
                "UPDATE grid SET name = :name, kind = :kind, recorded = tstzrange(now(), NULL), change_id = CASE WHEN EXISTS"
                " (SELECT FROM grid_change c WHERE c.id = grid.change_id AND c.kind = 'describe') THEN :change"
                " ELSE change_id END WHERE id = :id"
            ),
            values,
        )
    else:
        session.execute(
            text(
                "UPDATE grid SET valid = valid * daterange(NULL, :today), recorded = tstzrange(now(), NULL) WHERE id = :id"
            ),
            values,
        )
        own = [column.name for column in Grid.__table__.columns if column.name not in DESCRIBED]
        session.execute(
            text(
                f"INSERT INTO grid ({', '.join(own)}, name, kind, change_id, valid) SELECT {', '.join('f.' + c for c in own)},"
                " :name, :kind, :change, f.valid * daterange(:today, NULL) FROM former f"
            ),
            values,
        )
    store_former(session, "grid")
    _describe_later(session, row, values)


def _describe_later(session: Session, row: Grid, values: Mapping[str, Any]) -> None:
    """Another name or kind holds too for the lines that a grid will have, as far as these do not bring their own."""
    later = session.scalars(
        text(
            "SELECT id FROM grid WHERE county_id = :county AND stable_id = :stable AND upper_inf(recorded)"
            " AND lower(valid) > :today AND name = :was_name AND kind = :was_kind"
        ),
        {**values, "county": row.county_id, "stable": row.stable_id, "was_name": row.name, "was_kind": row.kind},
    ).all()
    keep_former(session, "grid", ", ".join(str(int(number)) for number in later) or "NULL")
    session.execute(
        text("UPDATE grid SET name = :name, kind = :kind, recorded = tstzrange(now(), NULL) WHERE id = ANY (:later)"),
        {**values, "later": list(later)},
    )
    store_former(session, "grid")
