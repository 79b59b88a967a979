"""Brings the schema to a revision."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(owner_url: str) -> Config:
    """The configuration of alembic for the database of ``owner_url``."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["owner_url"] = owner_url
    return config


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Migrates up to ``revision``, all in one transaction: a failure leaves the schema as it was."""
    command.upgrade(alembic_config(owner_url), revision)


def downgrade(owner_url: str, revision: str) -> None:
    """Migrates down to ``revision`` (``base`` for an empty schema)."""
    command.downgrade(alembic_config(owner_url), revision)
