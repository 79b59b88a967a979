"""Texts of the day as of which the map is shown; ``{name}`` is filled in by the script."""

from __future__ import annotations

from collections.abc import Mapping

from geo_app.errors import N_

TEXTS: Mapping[str, str] = {
    "words_as_of": N_("Grids, streets and routes as of {day}"),
}
