from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from geo_app.database.engine import Database
from geo_app.extensions import request_session
from geo_app.models import AppUser, AuditEntry, County
from geo_app.queries.scopes import roots
from geo_app.security.actor import Actor
from geo_app.security.audit import audit, audit_read
from geo_app.security.permissions import AUDITED_READS, ROLES, can
from geo_app.security.rules import requires
from tests.security.browsing import csrf_token, sign_in


def test_F03_an_entry_that_fails_undoes_what_it_tells_of(database: Database, planner: AppUser) -> None:
    with pytest.raises(SQLAlchemyError), database.side_session() as session:
        session.execute(text("UPDATE app_user SET name = 'changed'"))
        audit(session, "user_rename", planner, note="\x00")  # JSON in the database holds no NUL
    with database.side_session() as session:
        assert session.scalar(text("SELECT name FROM app_user")) != "changed"


def test_F04_what_was_read_is_written_down_even_if_the_answer_fails(
    app: Flask, planner: AppUser, audit_rows: Callable[[str], list[AuditEntry]]
) -> None:
    @app.get("/probe")
    @requires("map:read")
    def probe() -> str:
        with request_session() as session:
            audit_read("track_view", ("device", 7), minutes=60)
            session.execute(text("SELECT 1 / 0"))
        return ""

    client = app.test_client()
    sign_in(client, planner.login)
    response = client.get("/probe")
    assert response.status_code == 400
    entry = audit_rows("track_view")[0]
    assert (entry.user_id, entry.login, entry.object_kind, entry.object_id) == (
        planner.id,
        planner.login,
        "device",
        "7",
    )
    assert entry.details == {"minutes": 60}
    assert entry.request_id == response.headers["X-Request-ID"]


@pytest.mark.parametrize("action", sorted(AUDITED_READS))
def test_F04_each_view_of_tracks_callers_accounts_and_the_audit_is_recorded(
    app: Flask, new_user: Callable[..., AppUser], audit_rows: Callable[[str], list[AuditEntry]], action: str
) -> None:
    @app.get("/probe")
    @requires(action)
    def probe() -> str:
        return ""

    role = next(role for role in ROLES if can(Actor(user_id=1, roles=frozenset([role])), action))
    client = app.test_client()
    sign_in(client, new_user("somebody", role).login)
    for _ in range(2):
        assert client.get("/probe").status_code == 200
    assert [entry.outcome for entry in audit_rows(action)] == ["done", "done"]


def test_a_map_is_recorded_once_a_page_with_its_county(
    app: Flask,
    new_user: Callable[..., AppUser],
    database: Database,
    county: County,
    audit_rows: Callable[..., list[AuditEntry]],
) -> None:
    with database.owner_session() as owner:
        areas = roots(owner, "340523")
    user = new_user("li.na", "leader", area_ids=areas)
    client = app.test_client()
    sign_in(client, user.login)
    assert client.get("/?county=340523").status_code == 200
    for path in ("/api/layers?county=340523", "/api/layers/streets?county=340523", "/static/css/app.css"):
        with client.get(path) as response:
            assert response.status_code == 200
    entries = audit_rows("map_view")
    assert [(entry.user_id, entry.object_kind) for entry in entries] == [(user.id, "county")]
    assert entries[0].county_id == county.id


def test_an_own_password_is_recorded_without_being_told(
    app: Flask, planner: AppUser, audit_rows: Callable[[str], list[AuditEntry]]
) -> None:
    client = app.test_client()
    sign_in(client, planner.login)
    form = {"old": "Horse-Battery-42", "new": "Other-Horse-43", "again": "Other-Horse-43"}
    client.post("/password", data={"csrf_token": csrf_token(client, "/password"), **form})
    entries = audit_rows("own_password")
    assert [entry.user_id for entry in entries] == [planner.id]
    assert "Horse" not in str(vars(entries[0]))
