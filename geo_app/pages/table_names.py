"""What the tables that pages show are called where one takes them out."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from geo_app.errors import N_

TITLES: Mapping[str, str] = {
    "gaps": N_("Gaps"),
    "routes": N_("Patrol routes"),
    "grids": N_("Grids"),
    "incident_summary": N_("Incidents in numbers"),
    "incident_categories": N_("Incidents by category"),
    "incident_areas": N_("Incidents by area"),
    "incident_periods": N_("Incidents by period"),
    "incident_hours": N_("Incidents by hour"),
    "incident_weekdays": N_("Incidents by weekday"),
    "repeats": N_("Repeat places"),
    "imports": N_("Latest imports"),
    "quarantine": N_("Rows that wait"),
}
MAPS = frozenset({"gaps", "routes", "grids", "repeats"})  # whose rows lie somewhere


def tables() -> dict[str, tuple[str, bool]]:
    """The name of each table → its title in the reader's language, and whether its rows lie somewhere."""
    return {name: (gettext(title), name in MAPS) for name, title in TITLES.items()}
