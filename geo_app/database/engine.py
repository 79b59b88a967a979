"""Connections to the database: scoped transactions of the application, and those of the owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.pq import Format
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from geo_app.database.scope import Scope, apply_scope

# Execution option of a statement whose rows come in PostgreSQL's binary form: half the bytes of many geometries.
BINARY = "geo_binary"
APPLICATION_ROLE = "geo_application"
OWNER_ROLE = "geo_owner"


class Database:
    """The database as the program uses it; one object per process, made after a fork.

    Business transactions run as the application's role with a scope. What must be written although the business
    transaction only reads (audit, sessions, failed sign-ins) goes through ``side_session``, which has connections
    of its own so that a full pool cannot wait for itself.
    """

    def __init__(self, url: str, owner_url: str | None = None, *, pool_size: int = 5, timeout_s: int = 30) -> None:
        self.url = url
        self.owner_url = owner_url or url
        self._engine = _engine(url, APPLICATION_ROLE, pool_size, timeout_s)
        self._side = _engine(url, APPLICATION_ROLE, max(2, pool_size // 2), timeout_s)
        self._owner = _engine(self.owner_url, OWNER_ROLE, 1, 0)

    @contextmanager
    def session(self, scope: Scope, *, read_only: bool = False) -> Iterator[Session]:
        """A session in one transaction with ``scope``; commits at the end, rolls back on an error.

        ``read_only`` makes the database refuse every write.
        """
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            if read_only:
                session.execute(text("SET TRANSACTION READ ONLY"))
            apply_scope(session, scope)
            yield session

    @contextmanager
    def side_session(self) -> Iterator[Session]:
        """A transaction of its own for audit, session and rate rows; it sees no row of a place."""
        with Session(self._side, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def owner_session(self) -> Iterator[Session]:
        """A transaction of the owner, who sees every county: for set-up and the command line, never for a request."""
        with Session(self._owner, expire_on_commit=False) as session, session.begin():
            yield session

    def is_ready(self) -> bool:
        """Whether the database answers."""
        with self._side.connect() as connection:
            return connection.execute(text("SELECT 1")).scalar_one() == 1

    def close(self) -> None:
        """Gives back every connection."""
        for engine in (self._engine, self._side, self._owner):
            engine.dispose()


def _engine(url: str, role: str, pool_size: int, timeout_s: int) -> Engine:
    # The role is set when connecting, so that a login that could do more starts as less. Geometry searches over a
    # county are short: compiling them (jit) costs more than it gains. Memory for temporary tables is taken as it is
    # needed: a portion of an import is to stay in it.
    options = [f"-c role={role}", "-c jit=off", "-c timezone=UTC", "-c temp_buffers=64MB"]
    if timeout_s:
        options += [
            f"-c statement_timeout={timeout_s}s",
            "-c lock_timeout=10s",
            f"-c idle_in_transaction_session_timeout={2 * timeout_s}s",
        ]
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text goes to the log, and parameters are people's data
        connect_args={"options": " ".join(options), "connect_timeout": 5},
    )
    event.listen(engine, "before_cursor_execute", _in_binary)
    return engine


def _in_binary(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
    if context is not None and context.execution_options.get(BINARY):
        cursor.format = Format.BINARY
