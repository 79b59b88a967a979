"""The schema has one history, agrees with the models, and can go down and up again."""

from __future__ import annotations

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from geo_app.database.migrate import alembic_config, downgrade, upgrade

OURS = """
SELECT kind, name, detail FROM (
  SELECT 'column', table_schema || '.' || table_name || '.' || column_name,
         data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
  FROM information_schema.columns
  UNION ALL SELECT 'index', schemaname || '.' || indexname, indexdef FROM pg_indexes
  UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
            FROM pg_constraint WHERE conrelid <> 0
  UNION ALL SELECT 'policy', tablename || '.' || policyname, cmd || coalesce(qual, '') || coalesce(with_check, '')
            FROM pg_policies
  UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
            FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid)
            FROM pg_proc p LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
            WHERE d.objid IS NULL AND pronamespace IN ('public'::regnamespace, to_regnamespace('procrastinate'))
  UNION ALL SELECT 'grant', table_schema || '.' || table_name || '.' || privilege_type, grantee::text
            FROM information_schema.role_table_grants
) AS listed(kind, name, detail)
WHERE name !~ '^(pg_catalog|information_schema)\\.' AND name !~ '\\.pg_toast' ORDER BY 1, 2, 3
"""


def _snapshot(url: str) -> list[tuple[str, ...]]:
    driver_url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(driver_url) as connection:
        return connection.execute(OURS).fetchall()


def test_there_is_one_head(database_url: str) -> None:
    assert len(ScriptDirectory.from_config(alembic_config(database_url)).get_heads()) == 1


def test_models_and_migrated_schema_agree(database_url: str) -> None:
    command.check(alembic_config(database_url))  # raises when autogenerate would change anything


def test_H09_up_down_up_gives_the_same_schema(database_url: str) -> None:
    before = _snapshot(database_url)
    downgrade(database_url, "base")
    bare = _snapshot(database_url)
    assert not [name for kind, name, _ in bare if kind in {"policy", "trigger"} or "incident" in name]
    upgrade(database_url)
    assert _snapshot(database_url) == before


def test_H09_a_migration_that_fails_midway_leaves_the_schema_as_it_was(database_url: str) -> None:
    downgrade(database_url, "base")
    driver_url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(driver_url, autocommit=True) as connection:
        # The last migration makes this schema: now it fails after all others have run.
        connection.execute("CREATE SCHEMA procrastinate")
    before = _snapshot(database_url)
    with pytest.raises(Exception, match='schema "procrastinate" already exists'):
        upgrade(database_url)
    assert _snapshot(database_url) == before
