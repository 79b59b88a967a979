"""A map as one file: asked for by a user, written by a job in his scope, fetched by him alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from geo_app.assets import map_texts
from geo_app.config import Settings
from geo_app.models import County, Job
from geo_app.queries.sources import SOURCES
from geo_app.queries.terms import Terms
from geo_app.security.actor import Actor
from geo_app.services import jobs
from layers.base import Drawing, Translate
from layers.catalogue import LAYERS
from layers.render import page

KIND = "map"
KEPT = timedelta(days=7)  # a file is fetched when it is made; what nobody fetched holds personal data for nothing


def submit(
    session: Session,
    actor: Actor,
    county: County,
    layers: Sequence[str],
    language: str,
    filters: Mapping[str, Any] | None = None,
) -> Job:
    """Adds the job and its entry in the queue in the caller's transaction: both are there, or neither.

    ``filters`` are as they were given, by the names that they have in a query; they are read when the map is written.
    """
    wanted = {"county": county.code, "layers": list(layers), "language": language, "filters": dict(filters or {})}
    return jobs.submit(session, actor, county, KIND, wanted)


def path_of(settings: Settings, job_id: int) -> Path:
    """Where the file of a job lies."""
    return settings.state / "maps" / f"map-{job_id}.html"


def drawings(
    session: Session,
    county: County,
    layers: Sequence[str],
    terms: Terms,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Drawing]:
    """The layers of a county under these terms, drawn; what the session's scope sees of them.

    ``progress`` is told how many of how many are drawn. Raises KeyError for an unknown layer.
    """
    made = []
    for done, name in enumerate(layers):
        progress(done, len(layers))
        layer = LAYERS[name]
        made.append(layer.drawing(SOURCES[layer.source](session, county, terms)))
    return made


def document(drawn: Sequence[Drawing], county: County, said: str, translate: Translate, language: str) -> str:
    """One HTML file with scripts, styles and data inside.

    ``said``: what the map stands for, below its title; ``language`` is a BCP 47 tag.
    """
    return page(drawn, map_texts(), translate=translate, title=county.name, subtitle=said, language=language)


def store(path: Path, text: str) -> None:
    """Writes a file that is there whole or not at all, for this program alone to read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.chmod(0o600)
    unfinished.replace(path)


def remove_old(settings: Settings, now: datetime) -> int:
    """Removes the files of jobs that were written more than KEPT ago; returns how many."""
    old = [path for path in (settings.state / "maps").glob("map-*") if path.stat().st_mtime < (now - KEPT).timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
