"""Server-rendered pages."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Adds the map page, data management, the pages of calls and of grids, and the static files; sign-in and password
    belong to `geo_app.security`."""
    from geo_app.pages import (
        calls,
        data,
        grids,
        grids_compare,
        grids_crosswalk,
        grids_packs,
        grids_people,
        map,
        static_files,
    )

    static_files.install(app)
    app.register_blueprint(map.blueprint)
    app.register_blueprint(data.blueprint)
    app.register_blueprint(calls.blueprint)
    app.register_blueprint(grids.blueprint)
    app.register_blueprint(grids_compare.blueprint)
    app.register_blueprint(grids_packs.blueprint)
    app.register_blueprint(grids_people.blueprint)
    app.register_blueprint(grids_crosswalk.blueprint)
