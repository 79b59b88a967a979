"""Users: adding them, their roles, scopes, passwords and language. Each act is in the audit of its transaction."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from geo_app.errors import N_, BadInput, Conflict, Forbidden
from geo_app.models import AppUser, UserRole, UserScope
from geo_app.queries import accounts
from geo_app.security.actor import Actor
from geo_app.security.audit import audit
from geo_app.security.passwords import check_strength, hash_password, verify_password
from geo_app.security.permissions import ADMINISTRATORS, ROLES, can
from geo_app.services.sign_in import LONGEST_LOGIN, WrongCredentials

LANGUAGES = ("zh", "en")
_LOGIN = re.compile(rf"[\w.@-]{{2,{LONGEST_LOGIN}}}")


def add_user(
    session: Session,
    login: str,
    name: str,
    password: str,
    *,
    roles: Collection[str],
    area_ids: Iterable[int] = (),
    must_change_password: bool = False,
    language: str | None = None,
    actor: Actor | None = None,
) -> AppUser:
    """Adds a user who sees the subtrees of these areas.

    ``actor`` is None on the command line. Raises BadInput, WeakPassword, Conflict when the login is taken, Forbidden
    when the actor may not grant roles.
    """
    if not _LOGIN.fullmatch(login):
        raise BadInput(
            N_("The user name %(login)s is not made of 2 to 64 letters, digits, dots or hyphens."), login=login
        )
    if accounts.by_login(session, login) is not None:
        raise Conflict(N_("The user name %(login)s is taken."), N_("Choose another one."), login=login)
    check_strength(password, login)
    user = AppUser(
        login=login,
        name=name.strip() or login,
        password_hash=hash_password(password),
        must_change_password=must_change_password,
        language=language,
    )
    session.add(user)
    session.flush()
    audit(session, "user_add", user, actor=actor, login=login)
    set_roles(session, user, roles, actor=actor)
    set_scope(session, user, area_ids, actor=actor)
    return user


def set_roles(session: Session, user: AppUser, roles: Collection[str], *, actor: Actor | None = None) -> None:
    """Gives a user exactly these roles; they count at his next request.

    Raises BadInput for an unknown role or two administrators in one person, Forbidden when the actor may not, Conflict
    when the last administrator of a kind would go.
    """
    _check_may(actor, "roles:grant", user)
    wanted = frozenset(roles)
    unknown = sorted(wanted - set(ROLES))
    if unknown:
        raise BadInput(
            N_("There is no role %(role)s."), N_("The roles are %(roles)s."), role=unknown[0], roles=", ".join(ROLES)
        )
    if wanted & ADMINISTRATORS and len(wanted) > 1:
        raise BadInput(
            N_("Who administers the system, its security or its audit has no other role."),
            N_("Give the roles to different people."),
        )
    before = accounts.roles_of(session, user.id)
    for role in (before - wanted) & ADMINISTRATORS:
        _check_not_last(session, user, role)
    session.execute(delete(UserRole).where(UserRole.user_id == user.id, UserRole.role.not_in(wanted)))
    session.add_all(UserRole(user_id=user.id, role=role) for role in sorted(wanted - before))
    session.flush()
    audit(session, "user_roles", user, actor=actor, before=sorted(before), after=sorted(wanted))


def set_scope(session: Session, user: AppUser, area_ids: Iterable[int], *, actor: Actor | None = None) -> None:
    """Lets a user see the subtrees of exactly these areas, from his next request on."""
    _check_may(actor, "roles:grant", user)
    wanted = set(area_ids)
    before = set(session.scalars(select(UserScope.area_id).where(UserScope.user_id == user.id)))
    session.execute(delete(UserScope).where(UserScope.user_id == user.id, UserScope.area_id.not_in(wanted)))
    session.add_all(UserScope(user_id=user.id, area_id=area_id) for area_id in sorted(wanted - before))
    session.flush()
    audit(session, "user_scope", user, actor=actor, before=sorted(before), after=sorted(wanted))


def set_password(
    session: Session, user: AppUser, password: str, *, must_change: bool, actor: Actor | None = None
) -> None:
    """Gives a user a new password and ends all his sessions."""
    _check_may(actor, "users:manage", user)
    _store_password(session, user, password, must_change=must_change)
    accounts.forgive(session, user.login)
    audit(session, "user_password", user, actor=actor)


def change_own_password(session: Session, actor: Actor, old: str, new: str) -> None:
    """Changes the actor's own password and ends all his sessions.

    Raises WrongCredentials when the old one is wrong, WeakPassword, BadInput when nothing would change.
    """
    user = session.get_one(AppUser, actor.user_id)
    if not verify_password(user.password_hash, old):
        raise WrongCredentials(N_("The present password is wrong."), N_("Type it again."))
    if old == new:
        raise BadInput(N_("The new password is the old one."), N_("Choose another one."))
    _store_password(session, user, new, must_change=False)
    audit(session, "own_password", user, actor=actor)


def set_active(session: Session, user: AppUser, active: bool, *, actor: Actor | None = None) -> None:
    """Disables a user at once, or lets him in again. Raises Conflict for the last administrator of a kind."""
    _check_may(actor, "users:manage", user)
    if not active:
        for role in accounts.roles_of(session, user.id) & ADMINISTRATORS:
            _check_not_last(session, user, role)
        accounts.remove_sessions_of(session, user.id)
    user.active = active
    session.flush()
    audit(session, "user_enable" if active else "user_disable", user, actor=actor)


def unlock(session: Session, user: AppUser, *, actor: Actor | None = None) -> None:
    """Forgets a user's failed sign-ins."""
    _check_may(actor, "users:manage", user)
    accounts.forgive(session, user.login)
    audit(session, "user_unlock", user, actor=actor)


def set_own_language(session: Session, actor: Actor, language: str) -> None:
    """Remembers the language of the actor's pages. Raises BadInput for one that there is not."""
    if language not in LANGUAGES:
        raise BadInput(N_("There is no language %(language)s."), language=language)
    session.get_one(AppUser, actor.user_id).language = language


def _store_password(session: Session, user: AppUser, password: str, *, must_change: bool) -> None:
    check_strength(password, user.login)
    user.password_hash = hash_password(password)
    user.must_change_password = must_change
    # The clock and not the transaction's start: sessions that began in between end too.
    user.password_changed_at = session.scalars(select(func.clock_timestamp())).one()
    accounts.remove_sessions_of(session, user.id)
    session.flush()


def _check_may(actor: Actor | None, action: str, user: AppUser) -> None:
    if actor is not None and not can(actor, action, user):
        raise Forbidden


def _check_not_last(session: Session, user: AppUser, role: str) -> None:
    # One at a time: two administrators who remove each other would both still see the other.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("last administrator"))))
    if accounts.active_with_role(session, role) == {user.id}:
        raise Conflict(
            N_("This is the last active user with the role %(role)s."),
            N_("Give the role to somebody else first."),
            role=role,
        )
