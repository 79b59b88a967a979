"""From settings as they were given to a program that can work: the private cluster, the key, the schema."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from geo_app.config import Settings, load_settings
from geo_app.database.cluster import Cluster
from geo_app.database.engine import Database
from geo_app.database.migrate import upgrade
from geo_app.database.prepare import prepare

DATABASE_NAME = "geo"


def private_cluster(settings: Settings) -> Cluster:
    """The cluster that the program runs by itself when it was given no database."""
    return Cluster(settings.state / "postgres")


def complete(settings: Settings) -> Settings:
    """The settings with what was left out filled in: a private cluster's addresses, this installation's own key.

    Starts the private cluster. Raises ClusterError when it cannot run here.
    """
    if not settings.database_url:
        cluster = private_cluster(settings)
        cluster.ensure()
        settings = replace(
            settings,
            database_url=cluster.url(DATABASE_NAME, "geo_application"),
            database_owner_url=cluster.url(DATABASE_NAME, "geo_migrator"),
        )
    if not settings.secret_key:
        settings = replace(settings, secret_key=_own_key(settings.state / "secret_key"))
    return settings


def set_up_database(settings: Settings) -> None:
    """Roles, database, extensions and the newest schema; what is there is left as it is.

    ``settings`` are as given, not completed. Raises ClusterError or PrepareError with a remedy.
    """
    if settings.database_url:
        superuser_url = owner_url = settings.database_owner_url or settings.database_url
    else:
        cluster = private_cluster(settings)
        cluster.ensure()
        superuser_url = cluster.url(DATABASE_NAME, "postgres")
        owner_url = cluster.url(DATABASE_NAME, "geo_migrator")
    prepare(superuser_url)
    upgrade(owner_url)


def open_database(settings: Settings) -> Database:
    """The database of completed settings."""
    return Database(
        settings.database_url,
        settings.database_owner_url or None,
        pool_size=settings.pool_size,
        timeout_s=settings.statement_timeout_s,
    )


def settings_of(environ: Mapping[str, str]) -> Settings:
    """The completed settings of an environment: what every command begins with."""
    return complete(load_settings(environ))


def _own_key(path: Path) -> str:
    """The key in ``path``, made on the first call and readable by this user alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
