"""The shell around the pure packages: database, HTTP, pages, jobs, command line."""

from __future__ import annotations

from flask import Flask

from geo_app.config import Settings
from geo_app.database.engine import Database


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """The web application with these settings.

    ``database`` is for tests that have one already. Raises SettingsError when a setting is missing or dangerous.
    """
    from geo_app import api, compression, extensions, pages
    from geo_app.program import open_database
    from geo_app.security import install as security

    app = Flask(__name__, static_folder=None)
    database = database or open_database(settings)
    extensions.install(app, settings, database)
    security.install(app, settings, database)
    pages.install(app)
    api.install(app)
    compression.install(app)
    return app
