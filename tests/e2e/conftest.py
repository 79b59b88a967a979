"""A real browser on the demonstration."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import text
from sqlalchemy.engine import URL

from geo_app import create_app
from geo_app.config import Settings
from geo_app.database.engine import Database
from tests.conftest import TEST_KEY, application_url, clone
from tests.e2e.browsing import Visit, served

# A time in two years for each incident, the last one on 2019-12-31; five categories, some invalid, some without a place.
TIMED = """
    WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS k FROM incident),
    made AS (
        SELECT id, k,
            timestamptz '2019-12-31 22:00-07' - ((k * k) % 700) * interval '1 day' - ((k * 7) % 24) * interval '1 hour' AS begun
        FROM numbered)
    UPDATE incident SET
        occurred_from = begun, occurred_to = begun + interval '1 hour', valid = (k % 11 <> 0),
        category = (ARRAY['街面盗窃', '入室盗窃', '车内盗窃', '故意损坏财物', '纠纷'])[1 + (k % 5)],
        geom = CASE WHEN k % 6 = 0 THEN NULL ELSE geom END
    FROM made WHERE made.id = incident.id
"""


@pytest.fixture(scope="session")
def address(reader) -> Iterator[str]:
    """A server with the demonstration that no test changes."""
    with served(reader.application) as found:
        yield found


@pytest.fixture(scope="session")
def timed_address(server_url: URL, mesa_template: str, run_name: str, run_folder: Path) -> Iterator[str]:
    """A server whose incidents have times and categories, that no test changes."""
    with clone(server_url, mesa_template, run_name) as url:
        database = Database(application_url(url), url)
        with database.owner_session() as owner:
            owner.execute(text(TIMED))
        settings = replace(
            Settings(),
            secret_key=TEST_KEY,
            database_url=database.url,
            database_owner_url=url,
            state=run_folder / "timed",
        )
        with served(create_app(settings, database)) as found:
            yield found
        database.close()


@pytest.fixture
def own_address(mesa_app: Flask) -> Iterator[str]:
    """A server with a demonstration of this test's own."""
    with served(mesa_app) as found:
        yield found


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens tabs that are closed after the test."""
    opened: list[Visit] = []

    def open_tab(address: str, **options) -> Visit:
        opened.append(Visit(browser, address, **options))
        return opened[-1]

    yield open_tab
    for tab in opened:
        tab.leave()
