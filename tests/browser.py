"""A real browser for every test that looks at a page: one a worker, since its loop allows no second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

# Debian's Chromium as root, on a machine without a screen and without a network.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# On a busy machine a page takes its time; what has to be quick says so itself.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield launched
        launched.close()
