"""The demonstration, loaded once a run and copied for each test; users who see it, and one who sees another county."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.engine import URL

from geo_app import create_app
from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.demo.mesa import load_mesa
from geo_app.jobs.tasks import open_queue, worker_options
from geo_app.models import Area, County
from geo_app.queries import scopes
from geo_app.services.counties import add_county
from geo_app.services.users import add_user
from tests.conftest import TEST_KEY, administer, application_url, clone, once_per_run
from tests.security.browsing import PASSWORD, sign_in

FOREIGN = "340523"


@pytest.fixture(scope="session")
def mesa_template(server_url: URL, template: str, run_folder: Path, run_name: str) -> str:
    """The name of a database with the demonstration, an empty county, and users for both."""
    name = f"mesa_{run_name}"
    with once_per_run(run_folder, name) as first:
        if first:
            administer(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            url = server_url.set(database=name).render_as_string(hide_password=False)
            database = Database(application_url(url), url)
            load_mesa(database, run_folder / "mesa", lambda line: None)
            with database.owner_session() as owner:
                add_county(owner, FOREIGN, "和县", 4548)
                _add_users(owner)
            database.close()
    return name


def _add_users(owner) -> None:  # type: ignore[no-untyped-def]
    for login, name, role, code in (
        ("planner", "王建国", "planner", "mesa"),
        ("colleague", "李梅", "planner", "mesa"),
        ("stranger", "赵新", "planner", FOREIGN),
        ("auditor", "周静", "auditor", "mesa"),
    ):
        areas = owner.scalars(select(Area.id).join(County, County.id == Area.county_id).where(County.code == code))
        add_user(owner, login, name, PASSWORD, roles=[role], area_ids=areas.all())


@pytest.fixture
def mesa_settings(server_url: URL, mesa_template: str, run_name: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an installation with the demonstration, of this test alone."""
    with clone(server_url, mesa_template, run_name) as url:
        yield replace(
            Settings(),
            secret_key=TEST_KEY,
            database_url=application_url(url),
            database_owner_url=url,
            state=tmp_path / "state",
        )


@pytest.fixture
def mesa(mesa_settings: Settings) -> Iterator[Database]:
    """The database with the demonstration, of this test alone."""
    opened = Database(mesa_settings.database_url, mesa_settings.database_owner_url)
    yield opened
    opened.close()


@pytest.fixture
def mesa_scope(mesa: Database) -> Scope:
    """The whole of Mesa."""
    with mesa.owner_session() as owner:
        found = scopes.of_county(owner, "mesa")
    assert found is not None
    return found


@pytest.fixture
def mesa_app(mesa_settings: Settings, mesa: Database) -> Flask:
    """The application with the demonstration."""
    return create_app(mesa_settings, mesa)


def do_jobs(settings: Settings, database: Database) -> None:
    """Does everything that waits in the queue, as `geo-app work --once` does."""

    async def work() -> None:
        queue = open_queue(settings, database)
        async with queue.open_async():
            await queue.run_worker_async(
                wait=False, install_signal_handlers=False, listen_notify=False, **worker_options()
            )

    # In a thread of its own: the browser's driver has a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work()).result()


def browser_of(app: Flask, login: str) -> FlaskClient:
    """A browser in which this user is signed in."""
    client = app.test_client()
    assert sign_in(client, login).status_code == 303
    return client


@pytest.fixture
def planner(mesa_app: Flask) -> FlaskClient:
    """A browser of a planner who sees Mesa."""
    return browser_of(mesa_app, "planner")


@pytest.fixture(scope="session")
def reader(server_url: URL, mesa_template: str, run_name: str, run_folder: Path) -> Iterator[FlaskClient]:
    """A browser of a planner of Mesa, shared by the tests that change nothing: on a copy that stays as it is."""
    with clone(server_url, mesa_template, run_name) as url:
        database = Database(application_url(url), url)
        settings = replace(
            Settings(),
            secret_key=TEST_KEY,
            database_url=database.url,
            database_owner_url=url,
            state=run_folder / "state",
        )
        yield browser_of(create_app(settings, database), "planner")
        database.close()


@pytest.fixture
def stranger(mesa_app: Flask) -> FlaskClient:
    """A browser of a planner of another county."""
    return browser_of(mesa_app, "stranger")
