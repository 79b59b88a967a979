"""Changes of grids as the API shows them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import shapely
from flask_babel import gettext
from geopandas import GeoDataFrame
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from geo_app.errors import N_
from geo_app.models import GridChange
from geo_app.queries import grid_change_rows
from geo_app.queries.grid_changes_beside import beside, named
from geo_app.security.actor import current_actor
from geo_app.security.permissions import can
from geo_app.services import area_beneath, changed_areas
from geo_app.services.grid_draft import Draft, tag_of
from geo_app.services.grid_drafts import DRAWABLE
from geo_app.services.grid_refusals import EditRefused
from geo_app.services.grid_reviewers import chain_of, may_decide, step_now
from grid_boundaries.drafts import DraftFault
from grid_boundaries.errors import EditError

FAULTS = {
    "invalid_geometry": N_("The line of the grid crosses itself"),
    "overlap": N_("Grids overlap"),
    "gap": N_("Land that belongs to no grid"),
    "unmatched_edge": N_("Lines of neighbours differ"),
    "uncovered": N_("Land is lost: it belonged to a grid before"),
    "outside": N_("A grid reaches beyond the land of all grids"),
    "duplicate_code": N_("A code is there twice"),
    "malformed_code": N_("A code does not follow the rule"),
    "exclave": N_("A grid is in two parts"),
    "across_communities": N_("A grid lies in two communities"),
    "sliver": N_("A very narrow strip"),
    "spike": N_("A needle in the line"),
}


class ListedChange(BaseModel):
    """A change in a list."""

    id: int
    tag: str
    title: str
    status: str
    subject: str
    reason_code: str
    author: str
    is_own: bool
    effective_on: date | None
    approved_on: date | None
    document_number: str
    changed_at: datetime
    grids: int = Field(description="How many of the grids that there were it touches.")
    open_with: list[str] = Field(description="Who else has it open now.")


class ChangesAnswer(BaseModel):
    """The changes of a county, those that changed last first."""

    changes: list[ListedChange]


class ChangeAnswer(BaseModel):
    """A change with all that is known of it. ``tag`` is what an act brings in If-Match."""

    id: int
    tag: str
    title: str
    status: str
    revision: int
    kind: str
    subject: str
    reason_code: str
    reason: str
    author: str
    surveyed_on: date | None
    effective_on: date | None
    approved_on: date | None
    on_paper: bool
    document_number: str
    changed_at: datetime
    operations: list[dict[str, Any]]
    position: int
    can_undo: bool
    can_redo: bool
    retired: list[str]
    created: list[str]
    changed: list[str]
    areas: list[dict[str, Any]] = Field([], description="Communities and towns that are other afterwards.")
    faults: list[dict[str, Any]]
    stale: list[str] = Field(description="Grids that somebody else changed since they were drawn on.")
    stale_areas: list[dict[str, str]] = Field(
        description="Areas (code, name) that somebody else changed, so that they are not what steps take them to be."
    )
    lease: list[dict[str, Any]] = Field(
        description="Who has this change open, or another one of the same grids (codes; also one that the asker does not see)."
    )
    reviews: list[dict[str, Any]]
    scans: list[dict[str, Any]]
    chain: list[str]
    step: int
    may: dict[str, bool]
    left_out: list[dict[str, Any]] = Field(
        description="Steps that could not be drawn again when it was last brought up to date, with the reason as text."
    )


class DrawnAnswer(BaseModel):
    """What an operation did: the change now, the grids touched as they are now, their numbers."""

    change: ChangeAnswer | None
    edit: dict[str, list[str]]
    features: dict[str, Any]
    numbers: list[dict[str, Any]]


def listed(session: Session, county_id: int, changes: Sequence[GridChange]) -> ChangesAnswer:
    """The rows of a list, without what was drawn."""
    me = current_actor().user_id
    names = grid_change_rows.names(session, [one.author_id for one in changes])
    leases = grid_change_rows.leases(session, county_id)
    return ChangesAnswer(
        changes=[
            ListedChange(
                id=one.id, tag=tag_of(one), title=one.title, status=one.status, subject=one.subject, reason_code=one.reason_code,
                author=names.get(one.author_id or 0, ""), is_own=one.author_id == me, effective_on=one.effective_on,
                approved_on=one.approved_on, document_number=one.document_number, changed_at=one.changed_at,
                grids=len(one.base.keys() & set(one.touched)),
                open_with=[name for change, user, _, name in leases if change == one.id and user != me],
            )
            for one in changes
        ]
    )  # fmt: skip


def described(session: Session, draft: Draft) -> ChangeAnswer:
    """A change as its page shows it."""
    change, done = draft.change, draft.outcome
    is_open = change.status in (*DRAWABLE, "review")
    decided = grid_change_rows.reviews(session, change.id)
    names = grid_change_rows.names(session, [change.author_id, *(one.reviewer_id for one in decided)])
    said = {name: getattr(change, name) for name in ChangeAnswer.model_fields if name in GridChange.__table__.columns}
    areas = changed_areas.of(session, draft)
    words = changed_areas.words(session, draft, areas)
    said["operations"] = [
        _operation(n, step, change.position) | told
        for n, (step, told) in enumerate(zip(change.operations, words, strict=True))
    ]
    said["left_out"] = [_left_out(one, is_of_police=draft.is_of_police) for one in change.left_out]
    return ChangeAnswer(
        **said,
        tag=tag_of(change),
        author=names.get(change.author_id or 0, ""),
        can_undo=change.position > 0,
        can_redo=change.position < len(change.operations),
        retired=done["retired"],
        created=done["created"],
        changed=done["changed"],
        areas=[asdict(one) for one in areas],
        faults=[fault(one) for one in draft.faults] if is_open else [],
        stale=draft.stale if is_open else [],
        stale_areas=[
            {"code": code, "name": name} for code, name in (area_beneath.beneath(session, draft) if is_open else {}).items()
        ],
        lease=_leases(session, draft),
        reviews=[
            {
                "decision": one.decision, "comment": one.comment, "by": names.get(one.reviewer_id or 0, ""),
                "step": one.step, "level": one.level, "at": one.decided_at.isoformat(),
            }
            for one in decided
        ],
        scans=[
            {"id": one.id, "name": one.name, "media_type": one.media_type, "size": one.size, "at": one.added_at.isoformat()}
            for one in grid_change_rows.scans(session, change.id)
        ],
        chain=chain_of(draft),
        step=step_now(session, draft),
        may=_may(session, draft),
    )  # fmt: skip


def fault(one: DraftFault) -> dict[str, Any]:
    """A fault in the user's words, with the place to zoom to."""
    found = one.fault
    return {
        "kind": found.kind,
        "codes": [str(code) for code in found.grids],
        "near": found.is_near,
        "old": one.is_old,
        "blocks": one.blocks,
        "area_m2": None if found.area_m2 is None else round(found.area_m2, 2),
        "detail": found.detail,
        "text": gettext(FAULTS.get(found.kind, N_("Something is wrong with the grids"))),
        "geometry": None if found.where is None else json.loads(shapely.to_geojson(found.where)),
    }


def features(grids: GeoDataFrame, changed: Iterable[str] = ()) -> dict[str, Any]:
    """Grids as GeoJSON, coordinates on the lattice as they are."""
    marked = set(changed)
    names = [name for name in ("code", "name", "kind", "community", "leader") if name in grids.columns]
    shapes = shapely.to_geojson(grids.geometry.to_numpy())
    rows = grids[names].astype(object).where(grids[names].notna(), None).to_dict("records")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": row["code"],
                "properties": {**row, "changed": row["code"] in marked},
                "geometry": json.loads(shape),
            }
            for row, shape in zip(rows, shapes, strict=True)
        ],
    }


def _operation(n: int, step: dict[str, Any], position: int) -> dict[str, Any]:
    return {
        "n": n, "op": step["asked"]["op"], "retired": step["retired"], "created": step["created"],
        "changed": step["changed"], "at": step["at"], "done": n < position,
    }  # fmt: skip


def _left_out(one: dict[str, Any], *, is_of_police: bool) -> dict[str, Any]:
    refused = EditRefused.of(EditError(one["reason"], "", one["codes"]), is_of_police=is_of_police)
    return {"asked": one["asked"], "text": gettext(refused.msgid, **refused.params)}


def _leases(session: Session, draft: Draft) -> list[dict[str, Any]]:
    """Who is at work on this change, or on another that touches the same grids; then with those grids."""
    me = current_actor().user_id
    return [
        {
            "user": held.name, "until": held.until.isoformat(), "mine": held.user_id == me, "change": other.id,
            "title": other.title, "codes": [] if other.id == draft.change.id else named(other.claims & draft.claims),
        }
        for other in beside(session, draft.county.id)
        if other.id == draft.change.id or other.claims & draft.claims
        for held in other.held
    ]  # fmt: skip


def _may(session: Session, draft: Draft) -> dict[str, bool]:
    actor, change = current_actor(), draft.change
    edits, reviews = can(actor, "grids:edit", change), can(actor, "grids:review", change)
    is_drawable = change.status in DRAWABLE
    return {
        "edit": edits and is_drawable,
        "submit": edits and is_drawable,
        "review": may_decide(session, actor, draft),
        "withdraw": (edits and change.status in (*DRAWABLE, "review")) or (reviews and change.status == "approved"),
        "file": (edits or reviews) and change.status == "approved",
    }
