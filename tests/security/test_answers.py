"""What every answer carries, and what an error tells."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.exceptions import HTTPException

from geo_app import create_app
from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.errors import AppError, Forbidden, NotFound, problem_of
from geo_app.extensions import request_session
from geo_app.models import AppUser
from geo_app.security.rules import public
from grid_boundaries.errors import SchemaError
from layers.errors import FrameError
from tests.security.browsing import JSON, sign_in

MEMBERS = {"type", "title", "status", "code", "detail", "remedy", "instance"}
SECRET = "SELECT telephone FROM very_secret_table"


@pytest.fixture
def broken(app: Flask) -> FlaskClient:
    """A browser at an application with views that fail."""

    def fail_in_sql() -> str:
        with request_session() as session:
            session.execute(text(SECRET))
        return ""

    def fail_in_python() -> str:
        raise RuntimeError(f"password=hunter2 in /srv/geo/{SECRET}")

    def time_is_up() -> str:
        with request_session() as session:
            session.execute(text("SET LOCAL statement_timeout = 50"))
            session.execute(text("SELECT pg_sleep(5)"))
        return ""

    def bad_value() -> str:
        with request_session() as session:
            session.execute(text("SELECT 'no number'::int"))
        return ""

    for view in (fail_in_sql, fail_in_python, time_is_up, bad_value):
        app.add_url_rule(f"/probe/{view.__name__}", view_func=public(view))
    return app.test_client()


@pytest.mark.parametrize("name", ["fail_in_sql", "fail_in_python"])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_E03_an_unknown_error_shows_its_number_and_nothing_of_itself(
    broken: FlaskClient, caplog: pytest.LogCaptureFixture, name: str, accept: str
) -> None:
    with caplog.at_level(logging.ERROR):
        response = broken.get(f"/probe/{name}", headers={"Accept": accept})
    assert response.status_code == 500
    number = response.headers["X-Request-ID"]
    assert number in response.text
    for inside in ("SELECT", "secret", "hunter2", "Traceback", "RuntimeError", "psycopg", "sqlalchemy", ".py", "/srv"):
        assert inside not in response.text, inside
    assert [record.exc_info is not None for record in caplog.records if record.name == "geo_app.pages.problems"] == [
        True
    ]


@pytest.mark.parametrize(("name", "status", "code"), [("time_is_up", 503, "too_slow"), ("bad_value", 400, "bad_value")])
def test_E03_errors_of_the_database_have_a_code_and_no_sql(
    broken: FlaskClient, name: str, status: int, code: str
) -> None:
    response = broken.get(f"/probe/{name}", headers=JSON)
    assert (response.status_code, response.json["code"]) == (status, code)
    assert "SELECT" not in response.text and "no number" not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nowhere", 404, "not_found"),
        ("GET", "/api/counties", 401, "sign_in_required"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("POST", "/sign-in", 400, "bad_request"),
    ],
)
def test_one_error_shape_for_programs(client: FlaskClient, method: str, path: str, status: int, code: str) -> None:
    response = client.open(path, method=method, headers=JSON)
    assert response.content_type == "application/problem+json"
    assert set(response.json) == MEMBERS
    assert (response.status_code, response.json["status"], response.json["code"]) == (status, status, code)
    assert response.json["instance"] == response.headers["X-Request-ID"]
    assert response.json["title"] and response.json["detail"]


def test_errors_speak_the_readers_language(client: FlaskClient) -> None:
    assert client.get("/nowhere").text.count("没有找到")
    assert client.get("/nowhere", headers={"Accept-Language": "en"}).text.count("Not found")
    assert client.get("/api/nowhere", headers={"Accept-Language": "en"}).json["title"] == "Not found"


def test_a_signed_in_user_keeps_his_language_and_his_menu_on_an_error_page(
    app: Flask, new_user: Callable[..., AppUser]
) -> None:
    client = app.test_client()
    sign_in(client, new_user("li.na", "planner", language="en").login)
    page = client.get("/nowhere").text
    assert "Not found" in page and "li.na" in page
    assert "csrf" not in app.test_client().get("/nowhere").text


def test_health_is_good_or_a_problem(client: FlaskClient, settings: Settings) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").json) == (200, {"status": "ok"})
    nowhere = Database("postgresql+psycopg://geo_application@/geo?host=/nonexistent")
    without = create_app(replace(settings, database_url=nowhere.url), nowhere).test_client()
    response = without.get("/healthz")
    assert (response.status_code, response.json["code"]) == (503, "database_away")
    assert "nonexistent" not in response.text


def test_a_page_says_so_when_the_database_is_away(settings: Settings, signed_in: FlaskClient) -> None:
    nowhere = Database("postgresql+psycopg://geo_application@/geo?host=/nonexistent")
    client = create_app(replace(settings, database_url=nowhere.url), nowhere).test_client()
    client.set_cookie("geo_session", "some token")
    response = client.get("/")
    assert response.status_code == 503
    assert "数据库没有响应" in response.text


PAGES = ["/", "/sign-in", "/password", "/nowhere", "/healthz", "/api/counties", "/api/nowhere", "/static/css/app.css"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["anonymous", "signed in"])
def test_E04_every_answer_carries_the_headers(client: FlaskClient, planner: AppUser, path: str, who: str) -> None:
    if who == "signed in":
        sign_in(client, planner.login)
    with client.get(path) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    for directive in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"):
        assert directive in policy
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    if not path.startswith("/static/"):
        assert headers["Cache-Control"] == "no-store"


def test_E04_each_answer_has_its_own_nonce_and_its_scripts_carry_it(signed_in: FlaskClient) -> None:
    answers = [signed_in.get(path) for path in ("/", "/", "/sign-in", "/password")]
    nonces = []
    for answer in answers:
        found = re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        assert len(set(found)) == 1
        nonces.append(found[0])
        for tag in re.findall(r"<script(?![^>]*application/json)[^>]*>|<style[^>]*>", answer.text):
            assert f'nonce="{found[0]}"' in tag, tag
    assert len(set(nonces)) == len(nonces)


def test_E04_a_base_map_inside_the_network_is_allowed_as_a_picture_only(settings: Settings, database: Database) -> None:
    app = create_app(replace(settings, base_map_url="https://tiles.county.lan/{z}/{x}/{y}.png"), database)
    policy = app.test_client().get("/sign-in").headers["Content-Security-Policy"]
    allowed = [directive for directive in policy.split("; ") if "tiles.county.lan" in directive]
    assert [directive.split()[0] for directive in allowed] == ["img-src"]


def test_over_https_the_browser_is_told_to_stay_there(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" in client.get("/sign-in", base_url="https://localhost").headers
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers


def subclasses(kind: type) -> set[type]:
    return {kind} | {below for one in kind.__subclasses__() for below in subclasses(one)}


def test_every_error_of_ours_has_a_stable_code_and_a_status() -> None:
    for kind in subclasses(AppError):
        assert re.fullmatch(r"[a-z_]+", kind.code) and 400 <= kind.status < 600, kind


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotFound(), 404, "not_found"),
        (Forbidden(), 403, "forbidden"),
        (FrameError("the frame has no column name"), 422, "layer_frame"),
        (SchemaError(["the frame has no column code"]), 422, "grid_schema"),
        (ValueError("inside"), 500, "internal"),
        (KeyError("inside"), 500, "internal"),
        (HTTPException(), 500, "internal"),
    ],
)
def test_the_table_gives_each_error_its_status(error: Exception, status: int, code: str) -> None:
    problem = problem_of(error)
    assert (problem.status, problem.code) == (status, code)
    assert status != 500 or "inside" not in repr(problem)
