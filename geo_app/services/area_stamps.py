"""What lies in areas that a change made other is given to the areas that have it, when the day of the change has come.

Calls stay where they were taken: they count for the area that took theirs over. So do the grids of former days.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.queries import arrivals, grid_change_rows, grid_heads, grid_people, locating
from geo_app.queries.terms import today

_log = logging.getLogger(__name__)
MOVED = (
    "grid", "street", "street_piece", "place", "post", "camera", "patrol_route", "address", "address_alias", "building", "water", "population",
)  # fmt: skip


def stamp_due(database: Database) -> list[int]:
    """Does so for every change whose day has come; returns the ids of these changes. What fails in one county is written
    down, tried again the next time, and holds no other county up."""
    with database.session(Scope.none(), read_only=True) as session:
        waiting = grid_change_rows.to_stamp(session)
    done = []
    for number, areas in waiting:
        try:
            with database.session(Scope.of(areas)) as session:
                _stamp(session, number)
            done.append(number)
        except SQLAlchemyError:
            _log.exception("what lies in the areas of change %s", number)
    return done


def _stamp(session: Session, number: int) -> None:
    found = grid_change_rows.find_locked(session, number)
    if found is None or found[0].stamped_at is not None:
        return
    change, county = found
    now = datetime.now(UTC)
    grid_heads.lock(session, county.id)
    locating.locate_again(session, county.id, today(county, now), arrivals.roots(session, county.id), MOVED)
    grid_people.follow_grids(session, county.id)
    change.stamped_at = now
