"""The four views of the one map page: what each is called, which layers it begins with, which panels stand on its right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo_app.errors import N_


@dataclass(frozen=True)
class View:
    """``layers``: ids in the order of the panel; those that lead stand first. ``panels``: the first one opens."""

    id: str
    title: str
    heading: str
    layers: tuple[str, ...]
    panels: tuple[str, ...]


VIEWS: Mapping[str, View] = {
    view.id: view
    for view in (
        View(
            "map",
            N_("One map"),
            N_("What to show"),
            ("patrol_gaps", "patrol_routes", "density", "cameras", "grids", "streets", "waters"),
            ("gaps",),
        ),
        View(
            "patrol",
            N_("Patrol"),
            N_("How to patrol tonight"),
            ("patrol_gaps", "patrol_routes", "patrol_coverage", "streets", "waters"),
            ("gaps", "routes"),
        ),
        View(
            "grids",
            N_("Grids"),
            N_("What grids wait for"),
            ("grids", "incidents", "streets", "waters"),
            ("grids",),
        ),
        View(
            "incidents",
            N_("Incident analysis"),
            N_("Incidents of the period"),
            ("density", "hot_spots", "streets", "waters"),
            ("incidents",),
        ),
    )
}
_OF_ROLE: Mapping[str, str] = {
    "planner": "patrol",
    "grid_editor": "grids",
    "reviewer": "grids",
    "leader": "incidents",
    "analyst": "incidents",
}


def first_view(roles: Iterable[str]) -> str:
    """The view on which somebody with these roles lands: that of his work, the whole map when he has several."""
    found = {_OF_ROLE[role] for role in roles if role in _OF_ROLE}
    return found.pop() if len(found) == 1 else "map"
