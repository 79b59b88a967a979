"""Accounts, browser sessions and failed sign-ins. These tables belong to no place, so they know no scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from geo_app.models import AppUser, AuditEntry, SignInFailure, UserRole, UserSession

_SESSION = text(
    """
    SELECT s.data, s.user_id, s.seen_at < now() - make_interval(secs => :idle_s / 10) AS is_stale,
           u.login, u.name, u.language, u.must_change_password,
           ARRAY(SELECT role FROM user_role r WHERE r.user_id = u.id) AS roles,
           geo_subtree(ARRAY(SELECT area_id FROM user_scope c WHERE c.user_id = u.id)) AS area_ids
      FROM user_session s LEFT JOIN app_user u ON u.id = s.user_id
     WHERE s.token_hash = :token_hash AND s.expires_at > now()
       AND s.seen_at > now() - make_interval(secs => :idle_s)
       AND (s.user_id IS NULL OR (u.active AND s.created_at >= u.password_changed_at))
    """
)


@dataclass(frozen=True)
class SessionRow:
    """A live session with what its user is and may at this moment."""

    data: dict[str, Any]
    user_id: int | None
    is_stale: bool  # its last sign of life should be written anew
    login: str | None
    name: str | None
    language: str | None
    must_change_password: bool | None
    roles: list[str]
    area_ids: list[int]


def live_session(session: Session, token_hash: bytes, idle_s: int) -> SessionRow | None:
    """The session with this hash, unless it has expired, its user is disabled or has a newer password."""
    row = session.execute(_SESSION, {"token_hash": token_hash, "idle_s": idle_s}).one_or_none()
    return SessionRow(*row) if row else None


def add_session(
    session: Session,
    token_hash: bytes,
    *,
    user_id: int | None,
    data: dict[str, Any],
    began: datetime | None,
    address: str | None,
    lives: timedelta,
) -> None:
    """Stores a new session, begun now unless ``began`` says when, and removes those that have expired."""
    session.execute(delete(UserSession).where(UserSession.expires_at < func.now()))
    session.execute(
        insert(UserSession).values(
            token_hash=token_hash,
            user_id=user_id,
            data=data,
            address=address,
            created_at=began or func.now(),
            expires_at=func.now() + lives,
        )
    )


def update_session(session: Session, token_hash: bytes, data: dict[str, Any] | None) -> None:
    """Writes a sign of life and, unless None, the data. A session that has ended meanwhile stays ended."""
    values: dict[str, Any] = {"seen_at": func.now()}
    if data is not None:
        values["data"] = data
    session.execute(update(UserSession).where(UserSession.token_hash == token_hash).values(values))


def remove_session(session: Session, token_hash: bytes) -> None:
    """Ends a session."""
    session.execute(delete(UserSession).where(UserSession.token_hash == token_hash))


def remove_sessions_of(session: Session, user_id: int) -> None:
    """Ends every session of a user."""
    session.execute(delete(UserSession).where(UserSession.user_id == user_id))


def by_login(session: Session, login: str) -> AppUser | None:
    """The user with this login in any case of letters."""
    return session.scalars(select(AppUser).where(func.lower(AppUser.login) == func.lower(login))).one_or_none()


def roles_of(session: Session, user_id: int) -> frozenset[str]:
    """The roles of a user."""
    return frozenset(session.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))


def active_with_role(session: Session, role: str) -> frozenset[int]:
    """Ids of the users who have a role and may sign in."""
    return frozenset(
        session.scalars(
            select(AppUser.id)
            .join(UserRole, UserRole.user_id == AppUser.id)
            .where(UserRole.role == role, AppUser.active)
        )
    )


def lock_sign_in(session: Session, login: str, address: str | None) -> None:
    """Holds other sign-ins of the same account or address until this transaction ends, so that none is miscounted."""
    for space, name in ((1, login.lower()), (2, address or "")):
        session.execute(text("SELECT pg_advisory_xact_lock(:space, hashtext(:name))"), {"space": space, "name": name})


def seconds_to_wait(
    session: Session, limit: int, window_s: int, *, login: str | None = None, address: str | None = None
) -> int:
    """Seconds until fewer than ``limit`` failures of this login (and, or address) lie within the window; 0 is now."""
    matching = select(SignInFailure.at).where(SignInFailure.at > func.now() - timedelta(seconds=window_s))
    if login is not None:
        matching = matching.where(func.lower(SignInFailure.login) == func.lower(login))
    if address is not None:
        matching = matching.where(SignInFailure.address == address)
    newest = matching.order_by(SignInFailure.at.desc()).limit(limit).subquery()
    seconds = session.scalar(
        select(func.ceil(window_s - func.extract("epoch", func.now() - func.min(newest.c.at)))).having(
            func.count() >= limit
        )
    )
    return max(1, int(seconds)) if seconds is not None else 0


def add_failure(session: Session, login: str, address: str | None, keep_s: int) -> int:
    """Writes down a failed sign-in and forgets those older than ``keep_s``; the id of the new one."""
    session.execute(delete(SignInFailure).where(SignInFailure.at < func.now() - timedelta(seconds=keep_s)))
    failure = SignInFailure(login=login, address=address)
    session.add(failure)
    session.flush()
    return failure.id


def forgive(session: Session, login: str) -> None:
    """Forgets every failure of an account."""
    session.execute(delete(SignInFailure).where(func.lower(SignInFailure.login) == func.lower(login)))


def forgive_here(session: Session, login: str, address: str | None, failure_id: int) -> None:
    """Forgets one failure of an account and all that it had from this address."""
    here = SignInFailure.id == failure_id
    if address is not None:
        here |= SignInFailure.address == address
    session.execute(delete(SignInFailure).where(func.lower(SignInFailure.login) == func.lower(login), here))


def has_signed_in_from(session: Session, user_id: int, address: str | None, days: int = 30) -> bool:
    """Whether a user signed in from this address lately."""
    return bool(
        address
        and session.scalar(
            select(AuditEntry.id)
            .where(
                AuditEntry.user_id == user_id,
                AuditEntry.action == "sign_in",
                AuditEntry.outcome == "done",
                AuditEntry.address == address,
                AuditEntry.at > func.now() - timedelta(days=days),
            )
            .limit(1)
        )
    )
