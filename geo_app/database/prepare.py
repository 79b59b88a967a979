"""From a PostgreSQL server to a database that can be migrated: roles, database, extensions, and what must be checked."""

from __future__ import annotations

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from geo_app.failure import Failure

EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")
OLDEST_POSTGRESQL = 15
OLDEST_POSTGIS = (3, 3)


class PrepareError(Failure):
    """The server cannot serve as it is; ``remedy`` says what to do."""


def prepare(url: str) -> None:
    """Makes roles, the database of ``url``, its extensions and grants, as far as they are missing. Idempotent.

    ``url`` is of a login that may do this: a superuser, or any login when nothing is missing.
    Raises PrepareError with the statements to run as a superuser, or with what is wrong with the server.
    """
    target = make_url(url).set(drivername="postgresql")
    with _connect(target.set(database="postgres")) as server:
        _check_version(server)
        _make_roles(server)
        _make_database(server, str(target.database))
    with _connect(target) as database:
        _make_extensions(database)
        check_trigrams(database)
        _grant(database, str(target.database))


def _connect(url: URL) -> psycopg.Connection:
    try:
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise PrepareError(
            f"No connection to the database {url.database}: {error}",
            "Check that the server runs and that DATABASE_URL is right.",
        ) from error


def _check_version(connection: psycopg.Connection) -> None:
    if connection.info.server_version < OLDEST_POSTGRESQL * 10_000:
        raise PrepareError(
            f"PostgreSQL {connection.info.server_version // 10_000} is too old.",
            f"Use PostgreSQL {OLDEST_POSTGRESQL} or newer.",
        )


def _make_roles(connection: psycopg.Connection) -> None:
    """owner: owns everything, no login. migrator: logs in and may become the owner. application: owns nothing."""
    wanted = {"geo_owner": "NOLOGIN", "geo_migrator": "LOGIN", "geo_application": "LOGIN"}
    present = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role, login in wanted.items():
        if role not in present:
            try:
                _run(connection, f"CREATE ROLE {role} {login} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS")
            except psycopg.errors.UniqueViolation:  # another process made it in this moment
                pass
            except psycopg.errors.DuplicateObject:
                pass
    _run(connection, "GRANT geo_owner TO geo_migrator")


def _make_database(connection: psycopg.Connection, name: str) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    _run(connection, sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))


def _make_extensions(connection: psycopg.Connection) -> None:
    for extension in EXTENSIONS:
        _run(connection, f"CREATE EXTENSION IF NOT EXISTS {extension}")
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'postgis'").fetchone()
    version = str(row[0]) if row else "0"
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_POSTGIS:
        raise PrepareError(f"PostGIS {version} is too old.", "Use PostGIS 3.3 or newer.")
    marked = connection.execute(
        "SELECT bool_and(proleakproof) FROM pg_proc WHERE oid = 'geometry_overlaps(geometry, geometry)'::regprocedure"
    ).fetchone()
    if marked and not marked[0]:
        # Row security hides the spatial index from any operator that is not marked: 1 ms would become 300.
        _run(connection, "ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF")


def check_trigrams(connection: psycopg.Connection) -> None:
    """Raises PrepareError when the database drops Chinese trigrams, as the locale C does without a word."""
    row = connection.execute("SELECT show_trgm('中')").fetchone()
    if row is None or not row[0]:
        raise PrepareError(
            "This database finds nothing in Chinese text: its locale drops every Chinese character.",
            "Create it with the locale C.UTF-8 (or zh_CN.UTF-8), or point DATABASE_URL to one that has it.",
        )


def _grant(connection: psycopg.Connection, name: str) -> None:
    database = sql.Identifier(name)
    _run(connection, sql.SQL("GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {} TO geo_owner").format(database))
    _run(
        connection, sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO geo_application, geo_migrator").format(database)
    )
    _run(connection, "GRANT USAGE, CREATE ON SCHEMA public TO geo_owner")
    _run(connection, "GRANT USAGE ON SCHEMA public TO geo_application")


def _run(connection: psycopg.Connection, statement: str | sql.Composed) -> None:
    text = statement if isinstance(statement, str) else statement.as_string(connection)
    try:
        connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        raise PrepareError(
            "This login may not prepare the database.", f"Run as a superuser, then start again: {text};"
        ) from error
