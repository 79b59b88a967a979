"""In which system a file's coordinates are: proposed from a sample of the file, with the evidence."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo_app.imports.problems import N_, FileRejected
from geo_app.imports.reading import Plan
from geo_app.imports.sample import Sample
from geo_app.queries.named_things import named_things, outline
from layers.datums import Finding, find_datum

NAMES = {"WGS84": "EPSG:4326"}


def find(session: Session, plan: Plan, sample: Sample) -> Finding:
    """What the positions of a sample are in, judged by the county's outline and what its addresses name."""
    where = outline(session, plan.county.id)
    box = plan.where.box if plan.where is not None else None
    return find_datum(
        np.array(sample.x),
        np.array(sample.y),
        np.array(sample.texts, dtype=object),
        shapely.from_wkb(where) if where is not None else box,
        named_things(session, plan.county.id, plan.county.metric_srid),
        plan.county.metric_srid,
    )


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding as plain values, for reports and pages."""
    return asdict(finding) | {"system": system_of(finding)}


def system_of(finding: Finding) -> str | None:
    """The name under which a file is read in what was found."""
    return NAMES.get(finding.system, finding.system) if finding.system else None


def decided(plan: Plan, finding: Finding) -> str:
    """The system to read a file in when nobody can be asked. Raises FileRejected when it cannot be told."""
    system = system_of(finding)
    if system is not None:
        return system
    if finding.why == "cannot_tell":
        raise FileRejected.whole(
            plan.path.name,
            "datum_unclear",
            N_("The positions may be in WGS84 or in GCJ-02: no row names a road or place that is known here."),
            N_("Name EPSG:4326 (--crs) for what GPS gives, or GCJ-02 for what comes from Chinese web maps."),
        )
    raise FileRejected.whole(
        plan.path.name,
        "datum_unknown",
        N_("Under no coordinate system that is tried do the positions lie in the county."),
        N_("Name the system (--crs EPSG:nnnn), or choose the right county."),
    )
