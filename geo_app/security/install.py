"""Puts everything of this package into an application, in the order in which it has to act."""

from __future__ import annotations

from flask import Flask, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.middleware.proxy_fix import ProxyFix

from geo_app import locale, logs
from geo_app.api.imports import UPLOAD
from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.imports.reading import LARGEST
from geo_app.pages import health, password, problems, sign_in
from geo_app.security import guard, headers
from geo_app.security.keys import check_secret_key
from geo_app.security.sessions import Sessions
from geo_app.security.slow_bodies import timed_bodies

LARGEST_REQUEST = 64 * 2**20
_BODIES = frozenset(
    {"", "application/octet-stream", "application/json", "application/x-www-form-urlencoded", "multipart/form-data"}
)


def install(app: Flask, settings: Settings, database: Database) -> None:
    """Secures ``app``. Raises SettingsError when the secret key is missing, short or well known."""
    check_secret_key(settings.secret_key)
    app.secret_key = settings.secret_key
    app.config.update(
        TRUSTED_HOSTS=list(settings.allowed_hosts),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session that it belongs to
    )
    app.wsgi_app = timed_bodies(app.wsgi_app)  # type: ignore[method-assign, assignment]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.session_interface = Sessions(settings, database)
    logs.install(app)
    locale.install(app, settings)
    headers.install(app, settings)
    problems.install(app)
    guard.install(app)
    app.before_request(_allow_uploads)  # before anybody looks into the body
    CSRFProtect(app)
    app.before_request(_check_body)
    for module in (sign_in, password, health):
        app.register_blueprint(module.blueprint)


def _allow_uploads() -> None:
    """Where a file is sent, more may come; it goes to the disk as it comes."""
    if request.endpoint == UPLOAD:
        request.max_content_length = LARGEST


def _check_body() -> None:
    """JSON in the disguise of text/plain is what a foreign page can send without being asked first."""
    if request.content_length and request.mimetype not in _BODIES:
        raise UnsupportedMediaType
