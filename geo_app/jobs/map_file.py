"""Writes layers of a county into one file that opens without any network."""

from __future__ import annotations

from geo_app.api.filters import filters_of
from geo_app.errors import NotFound
from geo_app.jobs.work import Work
from geo_app.locale import HTML_LANGUAGES, translator
from geo_app.queries import areas, visible
from geo_app.security.permissions import can
from geo_app.services import map_words, maps
from layers.catalogue import LAYERS


def write(work: Work) -> None:
    """Does the work of a job of kind "map". Doing it again gives the same file in the same place.

    Raises NotFound when the county, the area or the right to a layer is gone, Cancelled when nobody waits any more.
    """
    asked = work.job.arguments
    layers = [name for name in asked["layers"] if name in LAYERS and can(work.actor, LAYERS[name].roles)]
    if not can(work.actor, "maps:export") or not layers:
        raise NotFound
    with work.reading() as session:
        county = visible.county(session, asked["county"])
        if county is None:
            raise NotFound
        sight_m = work.settings.sight_m
        terms = filters_of(asked["county"], asked.get("filters", {})).terms(session, county, sight_m)
        area = areas.name_of(session, county, terms.day, terms.area_ids)
        drawn = maps.drawings(session, county, layers, terms, work.progress)
    language = asked["language"]
    said = map_words.subtitle(terms, area, sight_m, drawn, translator(language))
    text = maps.document(drawn, county, said, translator(language), HTML_LANGUAGES[language])
    maps.store(maps.path_of(work.settings, work.job.id), text)
    work.progress(len(layers), len(layers))
    work.finish("done", result={"areas": sorted(work.actor.scope.area_ids), "bytes": len(text.encode())})
