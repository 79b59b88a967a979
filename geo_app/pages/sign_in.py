"""Signing in and out, and the language before and after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from flask import Blueprint, make_response, redirect, render_template, request, session
from flask_babel import gettext, refresh
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from geo_app.errors import N_, AppError, BadInput
from geo_app.extensions import database, settings
from geo_app.security.actor import current_actor
from geo_app.security.audit import audit_read, remote_address
from geo_app.security.guard import SignedIn, local_target
from geo_app.security.rules import own_account, public
from geo_app.security.sessions import BrowserSession, is_loopback
from geo_app.services import users
from geo_app.services.sign_in import TooManyFailures, WrongCredentials, sign_in

blueprint = Blueprint("sign_in", __name__)


class PlainHttp(AppError):
    """A password would travel readable, and the browser would not keep the session either."""

    code = "plain_http"
    title = N_("This connection is not encrypted")
    message = N_("Passwords are not sent over plain HTTP through a network.")
    remedy = N_("Use https://, or ask your administrator about the setting GEO_PLAIN_HTTP.")


@blueprint.get("/sign-in")
@public
def form() -> Response:
    """The sign-in form; who is signed in goes on to where he wanted."""
    if current_actor().user_id is not None:
        return redirect(local_target(request.args.get("next")))
    return _page()


@blueprint.post("/sign-in")
@public
def submit() -> Response:
    """Signs in and leads on to the page that was asked for first."""
    if not (request.is_secure or is_loopback(request) or settings().plain_http):
        raise PlainHttp
    login, password = request.form.get("login", ""), request.form.get("password", "")
    try:
        actor, began = sign_in(database(), settings(), login, password, remote_address())
    except (WrongCredentials, TooManyFailures) as error:
        return _page(error, login)
    begin_session(actor.user_id, began)
    return redirect(local_target(request.form.get("next")), 303)


@blueprint.post("/sign-out")
@own_account
def sign_out() -> Response:
    """Ends the session here and in the database."""
    audit_read("sign_out")
    logout_user()
    browser_session().end()
    return redirect("/sign-in", 303)


@blueprint.post("/language")
@public
def language() -> Response:
    """Changes the language of the pages: for a user for good, before sign-in for this session."""
    chosen = request.form.get("language", "")
    if chosen not in users.LANGUAGES:
        raise BadInput
    if current_actor().user_id is not None:
        with database().side_session() as rows:
            users.set_own_language(rows, current_actor(), chosen)
    else:
        session["language"] = chosen
    return redirect(local_target(request.form.get("next")), 303)


def begin_session(user_id: int | None, began: datetime | None = None) -> None:
    """Starts a session of this user with a new id; what was chosen before it, the language, stays.

    ``began`` is when his password was looked at; None is now.
    """
    chosen = session.get("language")
    browser = browser_session()
    browser.renew()
    browser.began = began
    if chosen:
        session["language"] = chosen
    login_user(SignedIn(replace(current_actor(), user_id=user_id)))


def _page(error: AppError | None = None, login: str = "") -> Response:
    refresh()
    page = render_template(
        "sign_in.html",
        error=error and gettext(error.msgid, **error.params),
        remedy=error and gettext(error.remedy_msgid, **error.params),
        login=login,
        next=local_target(request.values.get("next")),
        plain_http=not (request.is_secure or is_loopback(request) or settings().plain_http),
    )
    response = make_response(page, error.status if error else 200)
    if error and "seconds" in error.params:
        response.headers["Retry-After"] = str(error.params["seconds"])
    return response


def browser_session() -> BrowserSession:
    """The session of this request."""
    return cast(BrowserSession, session._get_current_object())  # type: ignore[attr-defined]
