"""Signing in: who fails too often waits, whoever he is and whichever process he asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.errors import N_, AppError, TooManyRequests
from geo_app.models import AppUser
from geo_app.queries import accounts
from geo_app.security.actor import NOBODY, Actor
from geo_app.security.audit import audit
from geo_app.security.passwords import hash_password, is_outdated, verify_password

LONGEST_LOGIN = 64
ADDRESS_MAY_FAIL = 4  # times as often as an account: an office shares one address
KEPT_S = 24 * 3600


class WrongCredentials(AppError):
    """No such user, not this password, or disabled: the answer does not say which."""

    code = "wrong_credentials"
    status = 401
    title = N_("Signing in failed")
    message = N_("User name or password is wrong.")
    remedy = N_("Check both and try again.")


class TooManyFailures(TooManyRequests):
    """The account or the address waits; the password was not looked at."""

    code = "too_many_failures"
    title = N_("Too many failed attempts")
    message = N_("Signing in is paused because it failed too often.")
    remedy = N_("Try again in %(minutes)s minutes.")


def sign_in(
    database: Database, settings: Settings, login: str, password: str, address: str | None
) -> tuple[Actor, datetime]:
    """The user of these credentials, and the moment from which the password was looked at.

    Raises WrongCredentials or TooManyFailures; both are written to the audit. A session that is begun for the user
    dates from that moment, so that it ends with a password that is replaced meanwhile.

    The failure is written down before the password is looked at, and taken back when it was right: any number of
    processes asked at the same moment let no more guesses through than one.
    """
    login = login.strip()[:LONGEST_LOGIN]
    with database.side_session() as session:
        began = session.scalars(select(func.now())).one()
        user = accounts.by_login(session, login)
        wait = _seconds_to_wait(session, settings, login, address, user)
        failure = accounts.add_failure(session, login, address, max(KEPT_S, settings.sign_in_lock_s)) if not wait else 0
    actor = Actor(user.id, user.login, user.name) if user else replace(NOBODY, login=login)
    if wait:
        _write_down(database, actor, address, "denied")
        raise TooManyFailures(seconds=wait, minutes=-(-wait // 60))
    is_right = verify_password(user.password_hash if user else None, password)
    if user is None or not is_right or not user.active:
        _write_down(database, actor, address, "failed")
        raise WrongCredentials
    with database.side_session() as session:
        accounts.forgive_here(session, login, address, failure)
        if is_outdated(user.password_hash):
            session.merge(user).password_hash = hash_password(password)
        audit(session, "sign_in", actor=actor, address=address)
    return actor, began


def _seconds_to_wait(
    session: Session, settings: Settings, login: str, address: str | None, user: AppUser | None
) -> int:
    """Where a user signed in lately, only failures of that place count for him: no stranger can lock him out there."""
    accounts.lock_sign_in(session, login, address)
    limit, window_s = settings.sign_in_failures, settings.sign_in_lock_s
    account = accounts.seconds_to_wait(session, limit, window_s, login=login)
    place = accounts.seconds_to_wait(session, ADDRESS_MAY_FAIL * limit, window_s, address=address) if address else 0
    if (account or place) and user is not None and accounts.has_signed_in_from(session, user.id, address):
        return accounts.seconds_to_wait(session, limit, window_s, login=login, address=address)
    return max(account, place)


def _write_down(database: Database, actor: Actor, address: str | None, outcome: str) -> None:
    with database.side_session() as session:
        audit(session, "sign_in", actor=actor, address=address, outcome=outcome)
