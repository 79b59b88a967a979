"""Jobs as their submitters see them, and in whose name they run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geo_app.models import AppUser, Job
from geo_app.queries import accounts, area_levels, scopes
from geo_app.security.actor import NOBODY, Actor

OVER = frozenset({"done", "failed", "cancelled"})


def own(session: Session, job_id: int, user_id: int | None) -> Job | None:
    """A user's own job, as far as the session's scope sees it; None for another's, which looks like an absent one."""
    if user_id is None:
        return None
    return session.scalars(select(Job).where(Job.id == job_id, Job.user_id == user_id)).one_or_none()


def not_done(
    session: Session, user_id: int | None, county_id: int, kinds: Collection[str], since: datetime
) -> Sequence[Job]:
    """A user's own jobs of these kinds that wait, run, or failed since then; the newest first."""
    return session.scalars(
        select(Job)
        .where(
            Job.user_id == user_id, Job.county_id == county_id, Job.kind.in_(kinds), Job.created_at >= since,
            Job.status.in_(("waiting", "running", "failed")),
        )
        .order_by(Job.id.desc())
    ).all()  # fmt: skip


def latest(session: Session, user_id: int | None, county_id: int, kind: str, most: int) -> Sequence[Job]:
    """A user's own jobs of a kind in a county, cancelled ones left out; the newest first."""
    return session.scalars(
        select(Job)
        .where(Job.user_id == user_id, Job.county_id == county_id, Job.kind == kind, Job.status != "cancelled")
        .order_by(Job.id.desc())
        .limit(most)
    ).all()


def home(session: Session, county_id: int) -> tuple[int, int]:
    """The areas that a job of this session is stamped with: the highest that its scope sees in each tree.

    A scope without an area in one tree lends that of the other, so that row security lets the job through.
    """
    roots = {tree: ids[0] for tree, ids in area_levels.tops(session, county_id).items()}
    anywhere = next(iter(roots.values()))
    return roots.get("admin", anywhere), roots.get("police", anywhere)


def submitter(session: Session, user_id: int) -> Actor:
    """The user with the roles and scope that he has now; nobody when he may no longer sign in."""
    user = session.get(AppUser, user_id)
    if user is None or not user.active:
        return NOBODY
    return Actor(
        user_id=user.id,
        login=user.login,
        name=user.name,
        roles=accounts.roles_of(session, user_id),
        scope=scopes.of_user(session, user_id),
        language=user.language,
    )


def change(session: Session, job_id: int, **values: Any) -> None:
    """Writes to a job that is not over yet."""
    session.execute(update(Job).where(Job.id == job_id, Job.status.not_in(OVER)).values(**values))


def finish(session: Session, job_id: int, status: str, **values: Any) -> None:
    """Ends a job that is not over yet."""
    change(session, job_id, status=status, finished_at=datetime.now(UTC), **values)
