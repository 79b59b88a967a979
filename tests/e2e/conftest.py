"""A real browser on the demonstration."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.e2e.browsing import Visit, served


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
