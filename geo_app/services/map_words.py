"""What a saved map stands for, in words: its day, its period, and every filter that was not left as it is."""

from __future__ import annotations

from collections.abc import Sequence

from geo_app.errors import N_
from geo_app.exports.files import AS_OF
from geo_app.queries.terms import ASKED, Terms
from layers.base import Drawing, Translate

MOST_CATEGORIES = 6  # are named; of more it is said how many


def subtitle(
    terms: Terms, area: str | None, usual_sight_m: float, drawn: Sequence[Drawing], translate: Translate
) -> str:
    """One line for the head of a map. ``area``: the name of the area that was chosen."""
    said = [(AS_OF, {"day": terms.day}), *_of_incidents(terms, drawn, translate)]
    if area is not None:
        said.append((N_("Area: %(name)s"), {"name": area}))
    if terms.routes is not None:
        said.append((N_("%(count)s patrol routes count"), {"count": len(terms.routes)}))
    if terms.asked != ASKED:
        said.append((N_("Streets of the classes %(names)s"), {"names": _listed(sorted(terms.asked), translate)}))
    if terms.sight_m != usual_sight_m:
        said.append((N_("Sight distance %(metres)s m"), {"metres": f"{terms.sight_m:g}"}))
    if terms.bandwidth_m is not None:
        said.append((N_("Bandwidth %(metres)s m"), {"metres": f"{terms.bandwidth_m:g}"}))
    if terms.unit == "grids":
        said.append((N_("Hot spots on grids"), {}))
    if any(drawing.layer_id == "repeat_places" for drawing in drawn):
        said.append(
            (N_("Repeat places: %(least)s calls within %(days)s days"), {"least": terms.least, "days": terms.days})
        )
    return " · ".join(translate(text) % values for text, values in said)


def _of_incidents(terms: Terms, drawn: Sequence[Drawing], translate: Translate) -> list[tuple[str, dict[str, object]]]:
    choice = terms.choice
    said: list[tuple[str, dict[str, object]]] = []
    dates = [drawing.legend.dates for drawing in drawn if drawing.legend.dates is not None]
    if dates:
        first, last = min(day for day, _ in dates), max(day for _, day in dates)
        said.append((N_("Incidents from %(first)s to %(last)s"), {"first": first, "last": last}))
    if choice.categories:
        names = sorted(name or translate(N_("no category")) for name in choice.categories)
        if len(names) <= MOST_CATEGORIES:
            said.append((N_("Categories: %(names)s"), {"names": _listed(names, translate)}))
        else:
            said.append((N_("%(count)s categories"), {"count": len(names)}))
    if choice.hours is not None:
        begin, end = choice.hours
        said.append((N_("From %(begin)s to %(end)s o'clock"), {"begin": begin, "end": end}))
    if not choice.valid_only:
        said.append((N_("All calls, not only valid incidents"), {}))
    return said


def _listed(names: Sequence[str], translate: Translate) -> str:
    return translate(N_(", ")).join(names)
