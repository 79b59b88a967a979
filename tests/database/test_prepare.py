from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from geo_app.database.prepare import PrepareError, prepare


def _run(server_url: URL, statement: str) -> None:
    url = server_url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


PREPARED = """
SELECT (SELECT array_agg((rolname, rolcanlogin, rolsuper, rolbypassrls)::text ORDER BY rolname)
        FROM pg_roles WHERE rolname ~ '^geo_'),
       (SELECT array_agg(extname::text || extversion ORDER BY extname) FROM pg_extension),
       (SELECT nspacl::text FROM pg_namespace WHERE nspname = 'public'),
       (SELECT datacl::text FROM pg_database WHERE datname = current_database())
"""


def test_preparing_again_changes_nothing(database_url: str) -> None:
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        prepare(database_url)
        before = connection.execute(PREPARED).fetchone()
        prepare(database_url)
        assert connection.execute(PREPARED).fetchone() == before
    assert before is not None and len(before[0]) == 3 and "geo_application" in before[3]


def test_a_locale_that_drops_chinese_is_refused_with_a_remedy(server_url: URL, run_name: str) -> None:
    name = f"t_{run_name}_prepare_c"
    _run(server_url, f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    try:
        with pytest.raises(PrepareError, match="Chinese") as raised:
            prepare(server_url.set(database=name).render_as_string(hide_password=False))
        assert "C.UTF-8" in raised.value.remedy
    finally:
        _run(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_login_that_may_not_prepare_is_told_the_statement_to_run(
    server_url: URL, run_name: str, template: str
) -> None:
    name = f"t_{run_name}_prepare_poor"
    poor = server_url.set(username="geo_application", password=None, database=name)
    with pytest.raises(PrepareError) as raised:
        prepare(poor.render_as_string(hide_password=False))
    assert "superuser" in raised.value.remedy and "GRANT geo_owner" in raised.value.remedy


def test_a_server_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PrepareError, match="No connection") as raised:
        prepare(f"postgresql+psycopg://postgres@/geo?host={tmp_path}")
    assert "DATABASE_URL" in raised.value.remedy
