"""Rows of changes of grids: found and locked, listed, who has them open, what was decided about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, defer

from geo_app.models import AppUser, County, GridChange, GridLease, GridReview, GridScan

MOST = 200
WITHOUT_SHAPES = defer(GridChange.operations, raiseload=True)  # megabytes a change, of which a list shows nothing


def find(session: Session, change_id: int) -> tuple[GridChange, County] | None:
    """A change that the scope sees, with its county."""
    found = session.execute(
        select(GridChange, County).join(County, County.id == GridChange.county_id).where(GridChange.id == change_id)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def subject(session: Session, change_id: int | None) -> str | None:
    """What a change that the scope sees is one of (`grid_heads`); None for one that it does not see."""
    return None if change_id is None else session.scalar(select(GridChange.subject).where(GridChange.id == change_id))


def find_locked(session: Session, change_id: int) -> tuple[GridChange, County] | None:
    """The same, for a transaction that changes it: others who want to wait."""
    found = session.scalars(
        select(GridChange).where(GridChange.id == change_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    return None if found is None else (found, session.get_one(County, found.county_id))


def listed(session: Session, county: County, statuses: Iterable[str] | None = None) -> Sequence[GridChange]:
    """The changes of a county, those that changed last first, without what was drawn; imports are not among them."""
    wanted = select(GridChange).where(GridChange.county_id == county.id, GridChange.kind != "import")
    wanted = wanted.options(WITHOUT_SHAPES)
    if statuses is not None:
        wanted = wanted.where(GridChange.status.in_(list(statuses)))
    return session.scalars(wanted.order_by(GridChange.changed_at.desc(), GridChange.id.desc()).limit(MOST)).all()


def later_titles(session: Session, change: GridChange) -> list[str]:
    """The titles of approved changes of the same grids and areas that take effect on the day of one or after it."""
    chosen = select(GridChange.title, GridChange.touched).where(
        GridChange.county_id == change.county_id, GridChange.subject == change.subject, GridChange.id != change.id,
        GridChange.status.in_(("approved", "filed")), GridChange.effective_on >= change.effective_on,
    ).order_by(GridChange.effective_on, GridChange.id)  # fmt: skip
    own = {claim.split(" ")[0] for claim in change.touched}
    return [title for title, touched in session.execute(chosen) if own & {claim.split(" ")[0] for claim in touched}]


def to_stamp(session: Session) -> list[tuple[int, list[int]]]:
    """The changes of areas whose day has come and of which what lies in these areas has not been told yet, in the order of
    their days, with the ids of all areas of their county; whoever asks."""
    found = session.execute(text("SELECT id, areas FROM geo_changes_to_stamp()"))
    return [(row.id, list(row.areas)) for row in found]


def names(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """The names of users by id."""
    wanted = {one for one in user_ids if one is not None}
    if not wanted:
        return {}
    return {row[0]: row[1] for row in session.execute(select(AppUser.id, AppUser.name).where(AppUser.id.in_(wanted)))}


def reviews(session: Session, change_id: int) -> Sequence[GridReview]:
    """What was decided and remarked about a change, oldest first."""
    return session.scalars(select(GridReview).where(GridReview.change_id == change_id).order_by(GridReview.id)).all()


def scans(session: Session, change_id: int) -> Sequence[Any]:
    """The scanned papers of a change without their contents: id, name, media_type, added_at, size in bytes."""
    size = func.octet_length(GridScan.content).label("size")
    return session.execute(
        select(GridScan.id, GridScan.name, GridScan.media_type, GridScan.added_at, size)
        .where(GridScan.change_id == change_id)
        .order_by(GridScan.id)
    ).all()


def scan(session: Session, change_id: int, scan_id: int) -> GridScan | None:
    """A scanned paper of a change."""
    return session.scalars(
        select(GridScan).where(GridScan.id == scan_id, GridScan.change_id == change_id)
    ).one_or_none()


def renew_lease(session: Session, change: GridChange, user_id: int, seconds: int) -> None:
    """Says that somebody has a change open for so many seconds from now; leases that ran out go."""
    until = func.now() + timedelta(seconds=seconds)
    values = {
        "change_id": change.id, "user_id": user_id, "until": until, "county_id": change.county_id,
        "admin_area_id": change.admin_area_id, "police_area_id": change.police_area_id,
    }  # fmt: skip
    session.execute(
        insert(GridLease)
        .values(values)
        .on_conflict_do_update(index_elements=["change_id", "user_id"], set_={"until": until})
    )
    session.execute(delete(GridLease).where(GridLease.county_id == change.county_id, GridLease.until < func.now()))


def leases(session: Session, county_id: int) -> Sequence[tuple[int, int, datetime, str]]:
    """Who has which change open now: change, user, until when, the user's name."""
    found = session.execute(
        select(GridLease.change_id, GridLease.user_id, GridLease.until, AppUser.name)
        .join(AppUser, AppUser.id == GridLease.user_id)
        .where(GridLease.county_id == county_id, GridLease.until >= func.now())
        .order_by(GridLease.until.desc())
    )
    return [(row[0], row[1], row[2], row[3]) for row in found]
