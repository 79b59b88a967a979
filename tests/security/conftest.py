"""The real application on a real database, with users to sign in as."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from geo_app import create_app
from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.models import AppUser, AuditEntry
from geo_app.services.users import add_user
from tests.security.browsing import PASSWORD, sign_in


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    """The application as it is served."""
    return create_app(settings, database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody is signed in with."""
    return app.test_client()


@pytest.fixture
def new_user(database: Database) -> Callable[..., AppUser]:
    """Adds a user; the password is PASSWORD unless another is given."""

    def add(login: str, *roles: str, password: str = PASSWORD, **more: Any) -> AppUser:
        with database.side_session() as session:
            return add_user(session, login, f"Name of {login}", password, roles=roles, **more)

    return add


@pytest.fixture
def planner(new_user: Callable[..., AppUser]) -> AppUser:
    """A planner who sees no area."""
    return new_user("wang.wei", "planner")


@pytest.fixture
def audit_rows(database: Database) -> Callable[[str], list[AuditEntry]]:
    """The audit entries of an action, oldest first."""

    def read(action: str) -> list[AuditEntry]:
        with database.side_session() as session:
            return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))

    return read


@pytest.fixture
def signed_in(app: Flask, planner: AppUser) -> Iterator[FlaskClient]:
    """A browser in which the planner is signed in."""
    client = app.test_client()
    sign_in(client, planner.login)
    yield client
