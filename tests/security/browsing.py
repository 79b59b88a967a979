"""What a person does in a browser, for tests that drive the application without one."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "Horse-Battery-42"
JSON = {"Accept": "application/json"}


def csrf_token(client: FlaskClient, path: str = "/sign-in") -> str:
    """The token that a form of this page carries."""
    return csrf_in(client.get(path).get_data(as_text=True))


def csrf_in(page: str) -> str:
    """The token that a form of a page carries."""
    found = re.search(r'name="csrf[-_]token" (?:value|content)="([^"]+)"', page)
    assert found, f"a page carries no token: {page[:200]}"
    return found[1]


def sign_in(client: FlaskClient, login: str, password: str = PASSWORD, **more: Any) -> TestResponse:
    """Fills in and sends the sign-in form."""
    form = {"csrf_token": csrf_token(client), "login": login, "password": password, **more.pop("data", {})}
    return client.post("/sign-in", data=form, **more)


def token_of(client: FlaskClient) -> str:
    """The session token that the browser holds."""
    cookie = client.get_cookie("geo_session")
    assert cookie, "no session cookie"
    return cookie.value
