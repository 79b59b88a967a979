"""Browser sessions in the database. The cookie holds a random token, the database only its hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import CallbackDict
from werkzeug.exceptions import SecurityError

from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.queries import accounts
from geo_app.queries.accounts import SessionRow
from geo_app.security.audit import remote_address

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
SIGN_IN_FORM_LIVES = timedelta(minutes=30)

USER_KEY = "_user_id"  # Flask-Login's name; kept in a column, not in the data
_NOT_STORED = frozenset({USER_KEY, "_fresh", "_id"})


class BrowserSession(CallbackDict[str, Any], SessionMixin):
    """The session of one request. ``account`` is its user as he is now, None for a sign-in form."""

    def __init__(self, row: SessionRow | None = None, token_hash: bytes | None = None) -> None:
        def on_update(session: CallbackDict[str, Any]) -> None:
            self.modified = True

        super().__init__(dict(row.data) if row else {}, on_update)
        self.account = row if row and row.user_id is not None else None
        if self.account:
            dict.__setitem__(self, USER_KEY, str(self.account.user_id))
        self.token_hash = token_hash if row else None
        self.replaced: bytes | None = None
        self.began: datetime | None = None
        self.ended = False
        self.is_stale = bool(row and row.is_stale)
        self.modified = False
        self.failure: SQLAlchemyError | None = None

    def renew(self) -> None:
        """Gives the session a new id and empties it: at sign-in, so that an id from before is worth nothing."""
        self.replaced = self.token_hash or self.replaced
        self.token_hash = None
        self.clear()

    def end(self) -> None:
        """Ends the session with this answer."""
        self.renew()
        self.account = None
        self.ended = True

    def stored(self) -> dict[str, Any]:
        """What goes into the row's data."""
        return {key: value for key, value in self.items() if key not in _NOT_STORED}


class Sessions(SessionInterface):
    """Opens and saves sessions on connections apart from the business transaction."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        token = None if request.path.startswith("/static/") else request.cookies.get(self._name(request))
        if not token:
            return BrowserSession()
        token_hash = _hash(token)
        try:
            with self._database.side_session() as session:
                row = accounts.live_session(session, token_hash, self._settings.session_idle_s)
        except SQLAlchemyError as error:
            # Raised by the guard, where it becomes a proper answer.
            unreadable = BrowserSession()
            unreadable.failure = error
            return unreadable
        return BrowserSession(row, token_hash)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        from flask import request

        if not isinstance(session, BrowserSession) or session.failure:
            return
        if session.accessed:
            response.vary.add("Cookie")
        if session.replaced:
            with self._database.side_session() as rows:
                accounts.remove_session(rows, session.replaced)
        if session.ended:
            self._send(request, response, "", max_age=0)
        elif session.token_hash is not None and (session.modified or session.is_stale):
            with self._database.side_session() as rows:
                accounts.update_session(rows, session.token_hash, session.stored() if session.modified else None)
        elif session.token_hash is None and session.modified and session:
            self._send(request, response, self._add(session))

    def _add(self, session: BrowserSession) -> str:
        token = secrets.token_urlsafe(32)
        user_id = session.get(USER_KEY)
        with self._database.side_session() as rows:
            accounts.add_session(
                rows,
                _hash(token),
                user_id=int(user_id) if user_id else None,
                data=session.stored(),
                began=session.began,
                address=remote_address(),
                lives=timedelta(hours=self._settings.session_hours) if user_id else SIGN_IN_FORM_LIVES,
            )
        return token

    def _send(self, request: Request, response: Response, token: str, max_age: int | None = None) -> None:
        response.set_cookie(
            self._name(request),
            token,
            max_age=max_age,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=request.is_secure or is_loopback(request) or not self._settings.plain_http,
        )

    def _name(self, request: Request) -> str:
        # Browsers take the prefix as a promise of HTTPS, and refuse it on the loopback without.
        return "__Host-geo_session" if request.is_secure else "geo_session"


def is_loopback(request: Request) -> bool:
    """Whether the browser runs on the server's own machine, where it keeps Secure cookies without HTTPS."""
    try:
        return request.host.rsplit(":", 1)[0].lower() in LOOPBACK or request.host.lower() in LOOPBACK
    except SecurityError:
        return False


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
