from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from flask_login import encode_cookie
from sqlalchemy import text

from geo_app import create_app
from geo_app.config import Settings, SettingsError
from geo_app.database.engine import Database
from geo_app.models import AppUser
from geo_app.pages.sign_in import begin_session
from geo_app.services import sign_in as services
from geo_app.services.users import set_active, set_password, set_roles
from tests.security.browsing import JSON, PASSWORD, csrf_token, sign_in, token_of


@pytest.mark.parametrize(
    "key",
    [
        "",
        "short",
        "a" * 64,
        "1234567890" * 4,
        "please change me to something long and random",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
        "django-insecure-k3y!x9vq2p0w8z7r6t5y4u3i2o1p",
    ],
)
def test_A01_a_missing_short_or_well_known_key_refuses_to_start(
    settings: Settings, database: Database, key: str
) -> None:
    with pytest.raises(SettingsError, match="GEO_SECRET_KEY"):
        create_app(replace(settings, secret_key=key), database)


def forged(app: Flask, key: str, user_id: int) -> dict[str, str]:
    """Cookies of the kinds that Flask and Flask-Login would take, signed with ``key``."""
    flask = Flask("forger")
    flask.secret_key = key
    serializer = SecureCookieSessionInterface().get_signing_serializer(flask)
    assert serializer
    with flask.app_context():
        remember = encode_cookie(str(user_id), key=key)
    signed = serializer.dumps({"_user_id": str(user_id), "_fresh": True})
    return {"session": signed, "geo_session": signed, "__Host-geo_session": signed, "remember_token": remember}


@pytest.mark.parametrize("knows_the_key", [False, True])
def test_A02_forged_cookies_sign_nobody_in_even_with_the_true_key(
    app: Flask, settings: Settings, planner: AppUser, knows_the_key: bool
) -> None:
    client = app.test_client()
    for name, value in forged(app, settings.secret_key if knows_the_key else "secret", planner.id).items():
        client.set_cookie(name, value)
    assert client.get("/password", headers=JSON).status_code == 401
    assert client.get("/sign-in").status_code == 200  # renders a template, for which Flask-Login looks for its user
    assert client.get("/password", headers=JSON).status_code == 401


def test_A03_the_session_id_changes_when_signing_in(client: FlaskClient, planner: AppUser) -> None:
    csrf_token(client)
    before = token_of(client)
    assert sign_in(client, planner.login).status_code == 303
    assert token_of(client) != before
    assert client.get("/password").status_code == 200
    client.set_cookie("geo_session", before)
    assert client.get("/password", headers=JSON).status_code == 401


def test_A03_an_id_set_by_an_attacker_is_not_adopted(client: FlaskClient, planner: AppUser, database: Database) -> None:
    client.set_cookie("geo_session", "chosen-by-an-attacker")
    csrf_token(client)
    assert token_of(client) != "chosen-by-an-attacker"
    sign_in(client, planner.login)
    attacker = client.application.test_client()
    attacker.set_cookie("geo_session", "chosen-by-an-attacker")
    assert attacker.get("/password", headers=JSON).status_code == 401


def test_A04_a_cookie_replayed_after_signing_out_is_worth_nothing(signed_in: FlaskClient, database: Database) -> None:
    token = token_of(signed_in)
    form = {"csrf_token": csrf_token(signed_in, "/password")}
    assert signed_in.post("/sign-out", data=form).status_code == 303
    assert signed_in.get_cookie("geo_session") is None
    signed_in.set_cookie("geo_session", token)
    assert signed_in.get("/password", headers=JSON).status_code == 401
    with database.side_session() as session:
        assert session.scalar(text("SELECT count(*) FROM user_session")) == 0


def test_only_the_hash_of_a_token_is_stored(signed_in: FlaskClient, database: Database) -> None:
    token = token_of(signed_in)
    assert len(token) >= 43  # 256 bits
    with database.side_session() as session:
        dump = str(session.execute(text("SELECT s::text FROM user_session s")).all())
    assert token not in dump and token.encode().hex() not in dump


def test_A05_a_disabled_users_session_ends_at_once(
    signed_in: FlaskClient, planner: AppUser, database: Database
) -> None:
    assert signed_in.get("/password").status_code == 200
    with database.side_session() as session:
        session.execute(text("UPDATE app_user SET active = false"))
    assert signed_in.get("/password", headers=JSON).status_code == 401


def test_A05_disabling_removes_the_sessions_for_good(
    signed_in: FlaskClient, planner: AppUser, database: Database
) -> None:
    for active in (False, True):
        with database.side_session() as session:
            set_active(session, session.get_one(AppUser, planner.id), active)
    assert signed_in.get("/password", headers=JSON).status_code == 401


def test_A05_a_changed_role_counts_at_the_next_request(
    signed_in: FlaskClient, planner: AppUser, database: Database
) -> None:
    assert signed_in.get("/").status_code == 200
    with database.side_session() as session:
        set_roles(session, session.get_one(AppUser, planner.id), ["auditor"])
    assert signed_in.get("/").status_code == 403


def test_A05_a_new_password_ends_the_other_sessions(
    app: Flask, signed_in: FlaskClient, planner: AppUser, database: Database
) -> None:
    other = app.test_client()
    sign_in(other, planner.login)
    form = {"old": "Horse-Battery-42", "new": "Other-Horse-43", "again": "Other-Horse-43"}
    changed = signed_in.post("/password", data={"csrf_token": csrf_token(signed_in, "/password"), **form})
    assert changed.status_code == 303
    assert signed_in.get("/password").status_code == 200
    assert other.get("/password", headers=JSON).status_code == 401
    with database.side_session() as session:
        set_password(session, session.get_one(AppUser, planner.id), "Third-Horse-44", must_change=True)
    assert signed_in.get("/password", headers=JSON).status_code == 401


def test_A05_a_session_begun_with_a_password_that_is_being_replaced_is_worth_nothing(
    app: Flask, settings: Settings, planner: AppUser, database: Database
) -> None:
    with app.test_request_context("/sign-in", method="POST"):
        actor, began = services.sign_in(database, settings, planner.login, PASSWORD, None)
        with database.side_session() as session:
            set_password(session, session.get_one(AppUser, planner.id), "Other-Horse-43", must_change=False)
        begin_session(actor.user_id, began)
        cookie = app.process_response(app.response_class()).headers["Set-Cookie"]
    client = app.test_client()
    client.set_cookie("geo_session", cookie.split("=")[1].split(";")[0])
    assert client.get("/password", headers=JSON).status_code == 401


@pytest.mark.parametrize(
    "ages",
    [
        "seen_at = now() - interval '31 minutes'",
        "expires_at = now() - interval '1 second'",
    ],
    ids=["idle", "absolute"],
)
def test_a_session_ends_when_idle_and_in_any_case(signed_in: FlaskClient, database: Database, ages: str) -> None:
    with database.side_session() as session:
        session.execute(text(f"UPDATE user_session SET {ages}"))
    assert signed_in.get("/password", headers=JSON).status_code == 401


def test_a_session_in_use_stays_alive(signed_in: FlaskClient, database: Database) -> None:
    for _ in range(2):
        with database.side_session() as session:
            session.execute(text("UPDATE user_session SET seen_at = now() - interval '20 minutes'"))
        assert signed_in.get("/password").status_code == 200


def test_a_visitor_gets_a_session_with_the_form_only_and_for_short(client: FlaskClient, database: Database) -> None:
    def sessions() -> list[bool]:
        with database.side_session() as session:
            return list(session.scalars(text("SELECT expires_at < now() + interval '31 minutes' FROM user_session")))

    for path in ("/", "/nowhere", "/healthz", "/api/counties"):
        client.get(path)
    assert sessions() == []
    client.get("/sign-in")
    assert sessions() == [True]


def test_an_answer_that_is_late_does_not_bring_a_session_back(app: Flask, signed_in: FlaskClient) -> None:
    token = token_of(signed_in)
    late = app.test_request_context("/password", headers={"Cookie": f"geo_session={token}"})
    late.push()
    late.session["touched"] = True
    signed_in.post("/sign-out", data={"csrf_token": csrf_token(signed_in, "/password")})
    app.session_interface.save_session(app, late.session, app.response_class())
    late.pop()
    signed_in.set_cookie("geo_session", token)
    assert signed_in.get("/password", headers=JSON).status_code == 401


LAN = "http://map.county.lan"


def cookie_at(client: FlaskClient, base_url: str) -> str:
    return client.get("/sign-in", base_url=base_url).headers["Set-Cookie"]


def test_A13_the_cookie_over_https_is_bound_to_the_host(client: FlaskClient) -> None:
    cookie = cookie_at(client, "https://localhost")
    assert cookie.startswith("__Host-geo_session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie and "Expires" not in cookie and "Max-Age" not in cookie


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000"])
def test_A13_the_cookie_on_the_loopback_is_secure_too(client: FlaskClient, host: str) -> None:
    cookie = cookie_at(client, f"http://{host}")
    assert cookie.startswith("geo_session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_A13_plain_http_in_a_network_needs_the_setting(
    settings: Settings, database: Database, planner: AppUser
) -> None:
    in_lan = replace(settings, allowed_hosts=("map.county.lan",))
    client = create_app(in_lan, database).test_client()
    assert "Secure" in cookie_at(client, LAN)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in", base_url=LAN).text)
    assert token
    form = {"csrf_token": token[1], "login": planner.login, "password": PASSWORD}
    refused = client.post("/sign-in", base_url=LAN, data=form)
    assert (refused.status_code, "GEO_PLAIN_HTTP" in refused.text) == (400, True)
    client = create_app(replace(in_lan, plain_http=True), database).test_client()
    assert "Secure" not in cookie_at(client, LAN)


def test_A13_there_is_no_remember_me_cookie(client: FlaskClient, planner: AppUser) -> None:
    response = sign_in(client, planner.login, data={"remember": "on", "remember_me": "1"})
    assert [cookie.split("=")[0] for cookie in response.headers.getlist("Set-Cookie")] == ["geo_session"]
