"""What a request may look like: forgery, methods, redirections, host names, forwarded addresses."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from geo_app import create_app
from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.extensions import request_session
from geo_app.models import AppUser, AuditEntry, Base
from geo_app.security.guard import local_target
from geo_app.security.rules import requires
from tests.security.browsing import JSON, PASSWORD, csrf_token, sign_in

ORDER = json.dumps({"county": "340523", "layers": ["streets"]})


@pytest.mark.parametrize("token", [None, "", "forged", "of another session"])
def test_A09_a_form_without_this_sessions_token_is_refused(
    app: Flask, signed_in: FlaskClient, planner: AppUser, token: str | None
) -> None:
    if token == "of another session":
        stranger = app.test_client()
        sign_in(stranger, planner.login)
        token = csrf_token(stranger, "/password")
    form = {"old": PASSWORD, "new": "Other-Horse-43", "again": "Other-Horse-43"}
    response = signed_in.post("/password", data=form if token is None else {**form, "csrf_token": token})
    assert response.status_code == 400
    assert sign_in(app.test_client(), planner.login).status_code == 303


def test_A09_signing_in_needs_a_token_too(client: FlaskClient, planner: AppUser) -> None:
    assert client.post("/sign-in", data={"login": planner.login, "password": PASSWORD}).status_code == 400


@pytest.mark.parametrize(
    ("content_type", "with_token", "status"),
    [
        ("application/json", False, 400),
        ("text/plain", False, 400),
        ("text/plain", True, 415),
        ("text/plain; charset=utf-8", True, 415),
        ("application/xml", True, 415),
        ("application/json", True, 404),  # read, and no such county
    ],
)
def test_A09_json_needs_the_header_and_its_own_content_type(
    signed_in: FlaskClient, content_type: str, with_token: bool, status: int
) -> None:
    headers = {"X-CSRFToken": csrf_token(signed_in, "/password")} if with_token else {}
    response = signed_in.post("/api/maps", data=ORDER, content_type=content_type, headers=headers)
    assert response.status_code == status, response.text
    assert response.json["status"] == status


def test_A09_over_https_a_foreign_page_is_refused_even_with_the_token(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/sign-in", base_url="https://localhost").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    for referrer, status in ((None, 400), ("https://evil.example/", 400), ("https://localhost/sign-in", 401)):
        response = client.post(
            "/sign-in",
            base_url="https://localhost",
            data={"csrf_token": token, "login": "x", "password": "y"},
            headers={"Referer": referrer} if referrer else {},
        )
        assert response.status_code == status


def tables(database: Database) -> dict[str, tuple[int, int]]:
    """Rows and newest change of every business table."""
    found = {}
    with database.owner_session() as owner:
        for name in sorted(set(Base.metadata.tables) - {"user_session", "audit_entry", "sign_in_failure"}):
            row = owner.execute(text(f"SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM {name}")).one()
            found[name] = (row[0], row[1])
    return found


def test_A10_no_get_changes_state(app: Flask, signed_in: FlaskClient, database: Database, county: object) -> None:
    before = tables(database)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            signed_in.get(
                str(rule).replace("<layer_id>", "streets").replace("<job_id>", "1").replace("<path:path>", "x")
            )
    assert tables(database) == before


def test_A10_a_get_that_tries_to_write_is_stopped_by_the_database(
    app: Flask, planner: AppUser, database: Database
) -> None:
    @app.get("/probe")
    @requires("map:read")
    def probe() -> str:
        with request_session() as session:
            session.execute(text("UPDATE app_user SET name = 'changed'"))
        return "done"

    client = app.test_client()
    sign_in(client, planner.login)
    assert client.get("/probe").status_code == 500
    with database.side_session() as session:
        assert session.scalar(text("SELECT name FROM app_user")) != "changed"


FOREIGN = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "https://evil.example",
    "https:evil.example", "javascript:alert(1)", " //evil.example", "/%0a//evil.example\r\nX: y", "", "evil.example", "///evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", FOREIGN)
def test_A11_signing_in_leads_to_this_server_only(client: FlaskClient, planner: AppUser, target: str) -> None:
    response = sign_in(client, planner.login, data={"next": target})
    assert (response.status_code, response.location) == (303, "/")


@given(st.text(alphabet="/\\.:@?#%\t\n ae1\u3002", max_size=12))
def test_A11_a_target_that_is_taken_has_one_slash_and_no_host(target: str) -> None:
    taken = local_target(target)
    assert taken == target or taken == "/"
    assert taken.startswith("/") and taken[1:2] not in {"/", "\\"}
    assert not any(character in taken for character in "\\\t\n ")


def test_A11_a_local_target_keeps_its_query() -> None:
    assert local_target("/?county=340523&at=17/31.7/118.3") == "/?county=340523&at=17/31.7/118.3"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "127.0.0.1.evil.example:8000"]
)
def test_A12_a_host_that_is_not_ours_gets_400(client: FlaskClient, host: str) -> None:
    for path in ("/", "/sign-in", "/api/counties", "/healthz", "/static/css/app.css"):
        response = client.get(path, headers={"Host": host})
        assert response.status_code == 400, path
        assert "Set-Cookie" not in response.headers
        assert "GEO_ALLOWED_HOSTS" in response.text


def test_A12_a_forged_forwarded_address_changes_neither_the_audit_nor_the_counting(
    settings: Settings, database: Database, planner: AppUser, audit_rows: Callable[[str], list[AuditEntry]]
) -> None:
    client = create_app(replace(settings, sign_in_failures=2), database).test_client()
    statuses = [
        sign_in(
            client,
            planner.login,
            "not it",
            headers={"X-Forwarded-For": f"198.51.100.{number}", "X-Forwarded-Host": "evil.example"},
        )
        for number in range(3)
    ]
    assert [response.status_code for response in statuses] == [401, 401, 429]
    assert {str(entry.address) for entry in audit_rows("sign_in")} == {"127.0.0.1"}


def test_A12_behind_trusted_proxies_only_what_they_added_counts(
    settings: Settings, database: Database, planner: AppUser, audit_rows: Callable[[str], list[AuditEntry]]
) -> None:
    client = create_app(replace(settings, trusted_proxies=1), database).test_client()
    sign_in(client, planner.login, "not it", headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.7"})
    assert [str(entry.address) for entry in audit_rows("sign_in")] == ["192.0.2.7"]


def test_a_body_that_is_too_large_is_refused(signed_in: FlaskClient) -> None:
    token = csrf_token(signed_in, "/password")
    response = signed_in.post(
        "/api/maps",
        data=b" " * (64 * 2**20 + 1),
        content_type="application/json",
        headers={**JSON, "X-CSRFToken": token},
    )
    assert (response.status_code, response.json["code"]) == (413, "too_large")
