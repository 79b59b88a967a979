"""How a file that was sent might be read: kind, system with its evidence, columns, words; for somebody to confirm."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from flask_babel import gettext
from sqlalchemy.orm import Session

from geo_app.imports.columns import HEADINGS, names
from geo_app.imports.problems import FileRejected
from geo_app.imports.process import read_sample
from geo_app.imports.proposal import kinds_for
from geo_app.imports.reading import Plan
from geo_app.imports.sample import Sample
from geo_app.imports.systems import parse_system
from geo_app.imports.words import FREE, choices, proposed_categories
from geo_app.queries import batches
from geo_app.queries.category_names import category_names
from geo_app.services import datum, import_reports
from geo_app.services.imports import Wishes, plan_of, with_habits
from layers.datums import Finding

POINTS_SHOWN = 200
# Read as which, a file shows its headings; what a file of OpenStreetMap shows hangs on what is looked for in it.
ANY_KIND = "incidents"
FIRST_KIND = {".osm": "roads", ".pbf": "roads", ".gpx": "tracks"}


def propose(
    session: Session, county_code: str, path: Path, kind: str | None, wished: Mapping[str, Any]
) -> dict[str, Any]:
    """A proposal as plain values; for a file that cannot be read, ``rejected`` with the reasons.

    What ``wished`` says stands; what it leaves open is remembered from the last file of the source, else found out.
    """
    wishes = Wishes(**wished)
    first = kind or FIRST_KIND.get(path.suffix.casefold(), ANY_KIND)
    try:
        plan = plan_of(session, county_code, first, path, wishes)
        sample = read_sample(plan)
        kinds = [guess.kind for guess in kinds_for(sample.headings, sample.shapes, path.name)]
        if kind is None:
            plan = replace(plan, kind=kinds[0] if kinds and first == ANY_KIND else first)
        source = wishes.source or path.stem
        last = batches.last_of_source(session, plan.county.id, plan.kind, source)
        plan = with_habits(session, plan, source)
        if plan.kind != first or last is not None:
            sample = read_sample(plan)
    except FileRejected as rejected:
        return {"rejected": _rejection(rejected), "kinds": list(HEADINGS)}
    finding = datum.find(session, plan, sample) if sample.x else None
    crs = plan.system or (datum.system_of(finding) if finding else None)
    if crs is None and not (finding and finding.why == "cannot_tell"):  # what a file says by habit decides nothing
        crs = sample.named
    seen_as = crs or sample.named or (_first(finding) if finding else None)
    swapped = plan.swapped
    if swapped is None:
        swapped = bool(finding and finding.swapped and crs == datum.system_of(finding))
    return {
        "kind": plan.kind,
        "kinds": kinds + [one for one in HEADINGS if one not in kinds],
        "source": source,
        "remembered": last is not None,
        "rows": sample.rows,
        "is_all": sample.is_all,
        "unit": sample.unit,
        "headings": sample.headings,
        "first": sample.first,
        "numbers": sample.numbers,
        "columns": sample.columns,
        "names": names(plan.kind),
        "candidates": sample.candidates,
        **_words(session, plan, sample),
        "layer": plan.layer,
        "named": sample.named,
        "crs": crs,
        "swapped": swapped,
        "finding": datum.as_json(finding) if finding else None,
        "points": _points(sample, seen_as, swapped),
        "points_as": seen_as,
        "outline": plan.where.box if plan.where else None,
    }


def _words(session: Session, plan: Plan, sample: Sample) -> dict[str, Any]:
    """Words of the file that are none of ours, by column: each with how often it stands there, and what it could be.

    ``values``: what words are taken for: as somebody said, else as the county's table of categories makes likely.
    """
    values = {name: dict(words) for name, words in plan.values.items()}
    known = {name: list(dict.fromkeys(words.values())) for name, words in choices(plan.kind).items()}
    codes = category_names(session, plan.county.id)
    found = {}
    for name, counted in sample.words.items():
        is_free = name in FREE.get(plan.kind, ())
        if is_free:
            likely = proposed_categories((word for word, _, _ in counted), codes)
            values[name] = likely | values.get(name, {})
            known[name] = list(dict.fromkeys(codes.values()))
            unknown = [[word, count] for word, count, _ in counted if codes and word not in known[name]]
        else:
            unknown = [[word, count] for word, count, ours in counted if ours is None]
        if unknown:
            found[name] = {"unknown": unknown, "choices": known[name], "is_free": is_free}
    return {"words": found, "values": {name: words for name, words in values.items() if words}}


def _first(finding: Finding) -> str | None:
    """The reading under which most points lie in the county: something to look at before one is chosen."""
    most = max(finding.evidence, key=lambda one: one.inside, default=None)
    return datum.NAMES.get(most.system, most.system) if most else None


def _points(sample: Sample, crs: str | None, swapped: bool) -> list[list[float]]:
    """Longitude and latitude of some positions, as they would be read; none when the system is not known."""
    points = np.column_stack([sample.x, sample.y]) if sample.x else np.empty((0, 2))
    points = points[(points != 0).any(axis=1)]
    if not crs or not len(points):
        return []
    try:
        system = parse_system(crs)
    except ValueError:
        return []
    some = points[np.linspace(0, len(points) - 1, min(POINTS_SHOWN, len(points))).astype(int)]
    degrees = system.to_wgs84(some[:, ::-1] if swapped else some)
    return np.round(degrees[np.isfinite(degrees).all(axis=1)], 6).tolist()


def _rejection(rejected: FileRejected) -> dict[str, Any]:
    layers = [name for one in rejected.problems if one.code == "layers" for name in json.loads(one.params["each"])]
    said: dict[str, Any] = import_reports.of_job({"rejected": rejected.as_json()}, gettext)["rejected"]
    return said | {"layers": layers}
