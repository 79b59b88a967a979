"""Alembic's entry: one transaction, as the owner, one migrator at a time."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import text

from geo_app.database.engine import OWNER_ROLE, _engine
from geo_app.models import Base

MIGRATION_LOCK = 7264551


def include_object(obj: object, name: str | None, type_: str, reflected: bool, compare_to: object) -> bool:
    """Leaves out what other code made: PostGIS' own tables, and the partitions of a partitioned table."""
    if type_ == "table" and name is not None and name.startswith("fix_2"):
        return False
    return bool(alembic_helpers.include_object(obj, name, type_, reflected, compare_to))


def migrate() -> None:
    """Runs the revisions that were asked for."""
    engine = _engine(context.config.attributes["owner_url"], OWNER_ROLE, 1, 0)
    try:
        with engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                include_object=include_object,
                compare_server_default=False,
                render_item=alembic_helpers.render_item,
            )
            with context.begin_transaction():
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
                context.run_migrations()
    finally:
        engine.dispose()


migrate()
