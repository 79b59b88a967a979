"""The demonstration, for the tests of this folder."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browsing import ARGUMENTS, Visit, served
from tests.mesa import mesa as mesa
from tests.mesa import mesa_app as mesa_app
from tests.mesa import mesa_scope as mesa_scope
from tests.mesa import mesa_settings as mesa_settings
from tests.mesa import mesa_template as mesa_template
from tests.mesa import planner as planner
from tests.mesa import reader as reader
from tests.mesa import stranger as stranger


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def address(reader) -> Iterator[str]:
    """A server with the demonstration that no test changes."""
    with served(reader.application) as found:
        yield found


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
