"""What each test would pay anew and hardly any looks at: the work of a password, and page templates translated to code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from geo_app.security import passwords

_as_in_service = passwords._hasher


@pytest.fixture(scope="session", autouse=True)
def light_passwords() -> Iterator[None]:
    """Passwords are hashed with next to no work, else every sign-in would take a quarter of a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def heavy_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as in service."""
    monkeypatch.setattr(passwords, "_hasher", _as_in_service)


@pytest.fixture(scope="session", autouse=True)
def templates_translated_once(run_folder: Path) -> Iterator[None]:
    """Every application takes the translated templates of the first that showed them."""
    folder = run_folder / "templates"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", FileSystemBytecodeCache(str(folder)))
        yield
