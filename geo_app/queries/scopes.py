"""Which areas somebody may see."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo_app.database.scope import Scope, expand
from geo_app.models import Area, County, UserScope


def given_to(session: Session, user_id: int) -> set[int]:
    """The areas that were given to a user."""
    return set(session.scalars(select(UserScope.area_id).where(UserScope.user_id == user_id)))


def of_user(session: Session, user_id: int) -> Scope:
    """The subtrees that were given to a user."""
    return expand(session, given_to(session, user_id))


def of_county(owner: Session, code: str) -> Scope | None:
    """A whole county, both trees; None when there is no such county. ``owner`` is a session of the owner."""
    ids = owner.scalars(select(Area.id).join(County, County.id == Area.county_id).where(County.code == code)).all()
    return Scope.of(ids) if ids else None


def of_whole(session: Session, code: str) -> Scope | None:
    """The same for tasks of the server that belong to nobody; ``session`` is any session."""
    ids = session.scalar(text("SELECT geo_areas_of(:code)"), {"code": code})
    return Scope.of(ids) if ids else None


def roots(owner: Session, code: str) -> list[int]:
    """The two roots of a county: who has them sees all of it, now and later. ``owner`` is a session of the owner."""
    wanted = select(Area.id).join(County, County.id == Area.county_id).where(County.code == code)
    return list(owner.scalars(wanted.where(Area.parent_id.is_(None))))


def subtree(session: Session, county_id: int, area_id: int, day: date) -> frozenset[int]:
    """An area of a county with all that was below it on a day, what it took over until then among it; empty when the
    session's scope does not see it."""
    found = session.scalars(
        text(
            "WITH RECURSIVE below(id) AS (SELECT id FROM area WHERE id = :area AND county_id = :county"
            " UNION SELECT a.id FROM geo_areas_on(:county, CAST(:day AS date)) a JOIN below ON a.parent_id = below.id)"
            " SELECT id FROM below"
        ),
        {"area": area_id, "county": county_id, "day": day},
    )
    return frozenset(found)
