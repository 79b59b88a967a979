"""Before each view: who is asking, and does the view's rule let him in. No rule, no entry."""

from __future__ import annotations

import re
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin
from werkzeug.wrappers import Response as AnyResponse

from geo_app.database.scope import Scope
from geo_app.errors import Forbidden, PasswordChangeRequired, SignInRequired
from geo_app.queries.accounts import SessionRow
from geo_app.security.actor import NOBODY, Actor, current_actor
from geo_app.security.audit import audit_read
from geo_app.security.permissions import AUDITED_READS, can
from geo_app.security.rules import Rule, rule_of
from geo_app.security.sessions import BrowserSession

# No scheme, no host, no backslash, and no blank or control character, which browsers drop before they look.
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


class SignedIn(UserMixin):
    """Flask-Login's view of a user."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.id = str(actor.user_id)


class Login(LoginManager):
    """Flask-Login without its remember-me cookie: a session that ends has ended."""

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        return None


def install(app: Flask) -> None:
    """Puts the guard before every view of ``app``."""
    login = Login()
    login.session_protection = None  # the session is bound to its token; addresses change
    login.user_loader(_load_user)
    login.init_app(app)
    app.before_request(_guard)
    app.context_processor(lambda: {"actor": current_actor(), "can": lambda *what: can(current_actor(), *what)})


def require(action: str, object: Any = None) -> None:
    """Raises Forbidden, and writes it down, unless the actor of this request may do ``action`` to ``object``."""
    if not can(current_actor(), action, object):
        audit_read(action, object, outcome="denied")
        raise Forbidden


def local_target(target: str | None) -> str:
    """``target`` when it is an address of this server, else the start page."""
    if target and _LOCAL.fullmatch(target) and not urlsplit(target).netloc:
        return target
    return "/"


def sign_in_address() -> str:
    """The sign-in page, which leads back to the page that was asked for."""
    asked = request.full_path.rstrip("?") if request.method == "GET" else None
    if "HX-Request" in request.headers:
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
        asked = parts.path + (f"?{parts.query}" if parts.query else "")
    asked = local_target(asked)
    return url_for("sign_in.form", next=asked if asked != "/" else None)


def _guard() -> AnyResponse | None:
    browser = cast(BrowserSession, session._get_current_object())  # type: ignore[attr-defined]
    if browser.account:
        g.actor = actor_of(browser.account)
    if request.routing_exception is not None or request.endpoint is None:
        return None  # becomes a 404, a 405 or a refused host
    rule = rule_of(current_app.view_functions.get(request.endpoint))
    if rule is None:
        raise Forbidden
    if browser.failure and rule.signed_in:
        raise browser.failure
    if not rule.signed_in:
        return None
    if browser.account is None:
        return _ask_to_sign_in()
    if browser.account.must_change_password and not rule.while_changing_password:
        return _ask_for_a_password()
    _check_action(rule)
    return None


def _check_action(rule: Rule) -> None:
    if rule.action is None:
        return
    require(rule.action)
    if rule.action in AUDITED_READS:
        audit_read(rule.action)


def _ask_to_sign_in() -> AnyResponse:
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": sign_in_address()})
    if wants_problem():
        raise SignInRequired
    return redirect(sign_in_address())


def _ask_for_a_password() -> AnyResponse:
    if wants_problem():
        raise PasswordChangeRequired
    return redirect(url_for("password.form"))


def wants_problem() -> bool:
    """Whether the answer to an error should be JSON rather than a page."""
    if request.path.startswith("/api/") or request.path == "/healthz":
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best in {"application/json", "application/problem+json"}


def actor_of(account: SessionRow) -> Actor:
    """The actor with the roles and the scope that its user has now."""
    return Actor(
        user_id=account.user_id,
        login=account.login,
        name=account.name or "",
        roles=frozenset(account.roles),
        scope=Scope.of(account.area_ids),
        language=account.language,
    )


def _load_user(user_id: str) -> SignedIn | None:
    actor = current_actor()
    return SignedIn(actor) if actor is not NOBODY and str(actor.user_id) == user_id else None
