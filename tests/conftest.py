"""One PostGIS cluster for all tests, one template database, a clone of it for each test that asks."""

from __future__ import annotations

import fcntl
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.database.migrate import upgrade
from geo_app.database.prepare import prepare
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.services.counties import add_county

pytest_plugins = [
    "tests.cluster",
    "tests.lighter",
    "tests.mesa",
    "tests.browser",
    "tests.made_incidents",
    "tests.made_places",
    "tests.made_town",
    "tests.made_addresses",
    "tests.made_grids",
    "tests.made_police",
    "tests.made_history",
    "tests.real_counties",
]

ROOT = Path(__file__).parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
TEST_KEY = "a key that only tests use: 8Yc1qv0xZk3nR7wT"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """The path of a file or folder of the shared test data; skips the test when its folder is absent."""

    def find(name: str) -> Path:
        path = SHARED_DATA / name
        if not path.exists():
            pytest.skip(f"the folder of shared test data lacks {name}")
        return path

    return find


def administer(server_url: URL, *statements: str) -> None:
    url = server_url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


def copied(server_url: URL, template: str, name: str) -> str:
    """The superuser's URL of a new copy of a template database."""
    administer(
        server_url,
        # Files are copied as they are: through the log, as PostgreSQL prefers, each of them would be written twice.
        f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy',
        # A copy has everything but the rights on the database itself.
        f'GRANT CREATE ON DATABASE "{name}" TO geo_owner',
    )
    return server_url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def once_per_run(folder: Path, name: str) -> Iterator[bool]:
    """True for the first worker of a run that comes here; the others wait until it is through."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / f"{name}.done"
        yield not done.exists()
        done.touch()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def run_name(request: pytest.FixtureRequest) -> str:
    """A name for this run that all its workers share and no other run has."""
    return str(getattr(request.config, "workerinput", {}).get("testrunuid", f"run{os.getpid()}"))[:16]


@pytest.fixture(scope="session")
def template(server_url: URL, run_folder: Path, run_name: str) -> Iterator[str]:
    """The name of a database with extensions and schema, made once a run."""
    name = f"template_{run_name}"
    with once_per_run(run_folder, name) as first:
        if first:
            _drop_leftovers(server_url)
            url = server_url.set(database=name).render_as_string(hide_password=False)
            prepare(url)
            upgrade(url)
    yield name


def _drop_leftovers(server_url: URL) -> None:
    """Removes the databases of earlier runs that nobody is connected to."""
    url = server_url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        old = connection.execute(
            "SELECT datname FROM pg_database d WHERE datname ~ '^(template_|mesa_|t_)'"
            " AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)"
            " AND (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - interval '3 hours'"
        ).fetchall()
        for (name,) in old:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')  # type: ignore[arg-type]


@contextmanager
def clone(server_url: URL, template: str, run_name: str) -> Iterator[str]:
    """The superuser's URL of a fresh copy of a template database, dropped afterwards."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"t_{run_name}_{worker}_{next(_numbers)}"
    url = copied(server_url, template, name)
    try:
        yield url
    finally:
        administer(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def application_url(superuser_url: str) -> str:
    """The same database, logged in as the application's role."""
    return make_url(superuser_url).set(username="geo_application", password=None).render_as_string()


@pytest.fixture
def database_url(server_url: URL, template: str, run_name: str) -> Iterator[str]:
    """The superuser's URL of an empty database with the newest schema, of this test alone."""
    with clone(server_url, template, run_name) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with the newest schema, of this test alone."""
    opened = Database(application_url(database_url), database_url)
    yield opened
    opened.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation whose database is this test's own."""
    return replace(
        Settings(),
        secret_key=TEST_KEY,
        database_url=application_url(database_url),
        database_owner_url=database_url,
        state=tmp_path / "state",
    )


@pytest.fixture
def county(database: Database) -> County:
    """和县, empty: EPSG:4548, both roots."""
    with database.owner_session() as owner:
        return add_county(owner, "340523", "和县", 4548)


@pytest.fixture
def county_scope(database: Database, county: County) -> Scope:
    """The whole of ``county``."""
    from geo_app.queries.scopes import of_county

    with database.owner_session() as owner:
        scope = of_county(owner, county.code)
    assert scope is not None
    return scope
