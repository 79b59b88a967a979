"""The HTTP API: a file per resource, described at /apidoc/openapi.json."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Adds every resource and its description."""
    from geo_app.api import (
        address_review,
        areas,
        building_outlines,
        clearing,
        counties,
        exports,
        gaps,
        geocoding,
        grid_change_areas,
        grid_change_drawing,
        grid_change_review,
        grid_changes,
        grid_papers,
        grid_people,
        grid_scans,
        grids,
        grids_compare,
        grids_crosswalk,
        grids_files,
        grids_restated,
        imports,
        incidents,
        jobs,
        layers,
        maps,
        quarantine,
        repeats,
        route_preview,
        routes,
        search,
        templates,
    )
    from geo_app.api.spec import spec
    from geo_app.security.rules import requires

    for resource in (
        counties,
        areas,
        building_outlines,
        incidents,
        clearing,
        layers,
        gaps,
        grids,
        grids_crosswalk,
        grid_changes,
        grid_change_drawing,
        grid_change_review,
        grid_change_areas,
        grid_scans,
        grid_papers,
        grid_people,
        grids_files,
        grids_compare,
        grids_restated,
        search,
        geocoding,
        address_review,
        routes,
        route_preview,
        jobs,
        maps,
        imports,
        quarantine,
        repeats,
        exports,
        templates,
    ):
        app.register_blueprint(resource.blueprint)
    spec.register(app)
    requires("map:read")(app.view_functions["openapi_apidoc"])
