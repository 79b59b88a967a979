"""In which system a file's coordinates are: proposed from a sample of the file, with the evidence."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo_app.imports.carried import is_exported
from geo_app.imports.kinds import KINDS
from geo_app.imports.problems import N_, FileRejected, Said
from geo_app.imports.reading import Plan
from geo_app.imports.sample import Sample
from geo_app.imports.systems import AS_WGS84, SHIFTED
from geo_app.queries.named_things import named_things, outline
from layers.datum_shift import in_china_box
from layers.datums import Finding, find_datum
from layers.systems import DATUMS

NAMES = {"WGS84": "EPSG:4326"}
# Of these nobody doubts what they say: the format is made of what GPS gives.
SURE = frozenset({".osm", ".pbf", ".gpx"})


def find(session: Session, plan: Plan, sample: Sample) -> Finding:
    """What the positions of a sample are in, judged by the county's outline and what its addresses name."""
    where = outline(session, plan.county.id)
    box = plan.where.box if plan.where is not None else None
    finding = find_datum(
        np.array(sample.x),
        np.array(sample.y),
        np.array(sample.texts, dtype=object),
        shapely.from_wkb(where) if where is not None else box,
        named_things(session, plan.county.id, plan.county.metric_srid),
        plan.county.metric_srid,
    )
    if where is None and finding.why == "inside" and finding.system in DATUMS:
        # A box around what came earlier grows with what comes: it tells zones apart, not datums.
        return replace(finding, certain=False)
    return finding


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding as plain values, for reports and pages."""
    return asdict(finding) | {"system": system_of(finding), "evidence": [asdict(one) for one in finding.evidence]}


def system_of(finding: Finding) -> str | None:
    """The name under which a file is read in what was found."""
    return NAMES.get(finding.system, finding.system) if finding.system else None


def decided(plan: Plan, finding: Finding) -> str:
    """The system to read a file in when nobody can be asked. Raises FileRejected when it cannot be told."""
    system = system_of(finding)
    if system is not None:
        return system
    if finding.why == "cannot_tell" and any(one.named for one in finding.evidence):
        raise _refused(
            plan, finding, "datum_unclear",
            N_(
                "The positions may be in WGS84 or in GCJ-02: what their rows name does not decide it. Metres to it in"
                " the median, and rows in the county: %(evidence)s."
            ),
            CHOOSE,
        )  # fmt: skip
    if finding.why == "cannot_tell":
        raise _refused(
            plan, finding, "datum_unclear",
            N_("The positions may be in WGS84 or in GCJ-02: no row names a road or place that is known here."), CHOOSE,
        )  # fmt: skip
    raise _refused(
        plan, finding, "datum_unknown",
        N_("Under no coordinate system that is tried do the positions lie in the county."),
        N_("Name the system (--crs EPSG:nnnn), or choose the right county."),
    )  # fmt: skip


CHOOSE = N_("Name EPSG:4326 (--crs) for what GPS gives, or GCJ-02 for what comes from Chinese web maps.")


def can_be_doubted(plan: Plan) -> bool:
    """Whether what a file says of its datum may be wrong: in China degrees come in three, and often called WGS84."""
    if plan.where is None or not KINDS[plan.kind].shapes or plan.path.suffix.casefold() in SURE:
        return False
    west, south, east, north = plan.where.box
    in_degrees = plan.system is None or plan.system in AS_WGS84 or plan.system in SHIFTED
    return in_degrees and bool(in_china_box((west + east) / 2, (south + north) / 2))


def doubts(plan: Plan, sample: Sample, finding: Finding) -> list[Said]:
    """What to know about a file that is read in the datum that it says itself, or that its source is remembered by.

    Raises FileRejected when the evidence is certain that it is not in the one that it says.
    """
    used = plan.system or sample.named or ("EPSG:4326" if _has_degrees(sample) else "")
    if not (used in AS_WGS84 or used in SHIFTED) or is_exported(sample.headings):
        return []
    found = system_of(finding)
    agrees = found == used or (found in AS_WGS84 and used in AS_WGS84)
    is_against = finding.certain and finding.system in DATUMS and not agrees
    if is_against and plan.system is None:
        raise _refused(
            plan, finding, "datum_against",
            N_(
                "The file says WGS84, but its positions are in %(datum)s. Metres in the median to what its rows name,"
                " and rows in the county: %(evidence)s."
            ),
            N_("Read it in %(datum)s (--crs %(datum)s), or insist on what it says (--crs WGS84)."),
            datum=finding.system,
        )  # fmt: skip
    if is_against:
        told = N_(
            "It was read in %(used)s, as the last file of its source was, but its positions are in %(datum)s. Metres in"
            " the median to what its rows name, and rows in the county: %(evidence)s. If that is right, take it in again"
            " and name the system (--crs %(datum)s)."
        )
        used = "WGS84" if used in AS_WGS84 else used
        return [Said(told, {"used": used, "datum": str(finding.system), "evidence": in_short(finding)})]
    if plan.system is None and sample.named is None and not agrees and _may_be_shifted(finding):
        told = N_(
            "It was read in WGS84, as its headings say. Whether it is in GCJ-02 or BD-09, as Chinese web maps are,"
            " cannot be told by what is known here; if it is, take it in again and name the system (--crs GCJ-02)."
        )
        return [Said(told)]
    return []


def in_short(finding: Finding) -> str:
    """The evidence in a line: of each system metres to what rows name, and rows in the county of all."""
    nearest = sorted(finding.evidence, key=lambda one: np.inf if one.distance_m is None else one.distance_m)
    return "; ".join(
        f"{one.system} {'–' if one.distance_m is None else round(one.distance_m)} m, {one.inside}/{one.points}"
        for one in nearest
    )


def _has_degrees(sample: Sample) -> bool:
    return {"longitude", "latitude"} <= set(sample.columns) or "wkt" in sample.columns


def _may_be_shifted(finding: Finding) -> bool:
    return any(one.system in SHIFTED for one in finding.evidence)


def _refused(plan: Plan, finding: Finding, code: str, reason: str, remedy: str, **params: object) -> FileRejected:
    refused = FileRejected.whole(plan.path.name, code, reason, remedy, evidence=in_short(finding), **params)
    refused.finding = as_json(finding)
    return refused
