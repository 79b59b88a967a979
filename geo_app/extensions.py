"""What a request reaches of the program: its settings, its database, and a transaction in its actor's scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

import psycopg.errors
from flask import Flask, current_app, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from geo_app.config import Settings
from geo_app.database.engine import Database
from geo_app.security.actor import current_actor

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# What a transaction that runs again from its beginning may well not meet a second time.
PASSING = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
ATTEMPTS = 4
Answer = TypeVar("Answer")


def install(app: Flask, settings: Settings, database: Database) -> None:
    """Hangs settings and database on the application."""
    app.extensions["geo_settings"] = settings
    app.extensions["geo_database"] = database


def settings() -> Settings:
    """The settings of the running application."""
    return cast(Settings, current_app.extensions["geo_settings"])


def database() -> Database:
    """The database of the running application."""
    return cast(Database, current_app.extensions["geo_database"])


@contextmanager
def request_session() -> Iterator[Session]:
    """The business transaction of this request, in its actor's scope; a reading request cannot write in it."""
    with database().session(current_actor().scope, read_only=request.method in READING) as session:
        yield session


def transact(work: Callable[[Session], Answer]) -> Answer:
    """What ``work`` answers in a transaction of this request; one that met another (40001, 40P01) runs again whole."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with request_session() as session:
                return work(session)
        except OperationalError as error:
            if attempt == ATTEMPTS or not isinstance(error.orig, PASSING):
                raise
    raise AssertionError("the last attempt returns or raises")
