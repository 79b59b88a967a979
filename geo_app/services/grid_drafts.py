"""Drafts of changes of grids: begun, drawn on, undone and redone; each act is kept at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo_app.errors import N_, BadInput, NotFound, Stale
from geo_app.models import County, GridChange
from geo_app.queries import grid_change_rows, grid_heads, job_rows
from geo_app.security.actor import Actor
from geo_app.security.audit import audit
from geo_app.services import area_beneath, area_changes, grid_drawing
from geo_app.services.grid_draft import Draft, tag_of
from geo_app.services.grid_refusals import AreasChangedBeneath, ChangedBeneath, EditRefused, NotOpen, codes_text
from grid_boundaries import operations
from grid_boundaries.codes import Numbering
from grid_boundaries.edits import Edit
from grid_boundaries.errors import EditError
from grid_boundaries.steps import step_of

DRAWABLE = ("draft", "sent_back")
REASON_CODES = ("real_change", "re_digitising", "code_correction")
MOST_OPERATIONS = 500
LEASE_S = 90


def begin(session: Session, actor: Actor, county: County, form: Mapping[str, Any]) -> GridChange:
    """Adds an empty draft that belongs to the highest area that the actor sees."""
    admin, police = job_rows.home(session, county.id)
    change = GridChange(
        county_id=county.id,
        admin_area_id=admin,
        police_area_id=police,
        author_id=actor.user_id,
        **{"reason_code": REASON_CODES[0], **form},
    )
    session.add(change)
    session.flush()
    session.refresh(change)
    audit(session, "grid_draft_begun", change, actor=actor)
    return change


def read(session: Session, change_id: int) -> Draft:
    """A change as it is now, over the newest grids. Raises NotFound."""
    found = grid_change_rows.find(session, change_id)
    if found is None:
        raise NotFound()
    change, county = found
    return Draft(change, county, grid_heads.heads(session, county, change.subject))


def opened(session: Session, change_id: int, tag: str, statuses: Sequence[str] = DRAWABLE) -> Draft:
    """The same, locked, for an act from the state that ``tag`` names. Raises NotFound, Stale, NotOpen."""
    found = grid_change_rows.find_locked(session, change_id)
    if found is None:
        raise NotFound()
    change, county = found
    if tag_of(change) != tag:
        raise Stale()
    if change.status not in statuses:
        raise NotOpen()
    return Draft(change, county, grid_heads.heads(session, county, change.subject))


def amend(session: Session, actor: Actor, change_id: int, tag: str, form: Mapping[str, Any]) -> Draft:
    """Writes title, reason, dates and document number into a draft. Raises NotFound, Stale, NotOpen."""
    draft = opened(session, change_id, tag)
    for name, value in form.items():
        setattr(draft.change, name, value)
    if form.get("on_paper") is False:
        draft.change.approved_on = None  # nobody has approved it yet
    return kept(session, actor, draft, "amended", fields=sorted(form))


def operate(
    session: Session, actor: Actor, change_id: int, tag: str, operation: Mapping[str, Any]
) -> tuple[Draft, Draft, Edit]:
    """Draws one operation more (`operations.run`); what was undone before is gone. Returns the draft as it is, as it was,
    and the edit between them.

    Raises NotFound, Stale, NotOpen, ChangedBeneath, EditRefused, BadInput when the draft is too long.
    """
    draft = opened(session, change_id, tag)
    require_unchanged(session, draft)
    if len(draft.steps) >= MOST_OPERATIONS:
        raise BadInput(
            N_("A draft has at most %(count)s steps: submit this one and begin another."), count=MOST_OPERATIONS
        )
    before = replace(draft, drawn=list(draft.steps))
    edit = run(draft, draft.grids, operation, _numbering(session, draft))
    entry = entry_of(actor, operation, edit)
    change = draft.change
    if operation["op"] in area_changes.OPERATIONS:  # what does not fit the areas is refused too
        entry["on"] = area_beneath.drawn_on(session, replace(draft, drawn=[*draft.steps, entry]))
    held = {code: number for code, number in change.base.items() if code in draft.touched}
    change.base = base_of(draft, entry) | held
    change.operations = [*draft.steps, entry]
    change.position = len(change.operations)
    return kept(session, actor, draft, "drawn", **_told(entry)), before, edit


def require_unchanged(session: Session, draft: Draft) -> None:
    """Raises ChangedBeneath when grids or areas of a draft are not those any more on which it was drawn."""
    if draft.stale:
        raise ChangedBeneath(codes=codes_text(draft.stale))
    if areas := area_beneath.beneath(session, draft):
        raise AreasChangedBeneath(areas=codes_text([f"{name} {code}" for code, name in areas.items()]))


def draw_file(session: Session, actor: Actor, change_id: int, tag: str, path: Path) -> tuple[Draft, Draft, Edit]:
    """Puts the grids of a file into a draft, in the place of those on their land. Raises what `operate` raises, and
    DrawingUnusable."""
    draft = opened(session, change_id, tag)
    return operate(session, actor, change_id, tag, grid_drawing.operation_of(session, draft, path))


def preview(session: Session, draft: Draft, operation: Mapping[str, Any]) -> Edit:
    """What an operation would do to a draft; nothing is kept. Raises EditRefused."""
    return run(draft, draft.grids, operation, _numbering(session, draft))


def undo(session: Session, actor: Actor, change_id: int, tag: str) -> Draft:
    """Takes the last operation back; it can be done again. Raises NotFound, Stale, NotOpen (also with nothing to undo)."""
    return _step(session, actor, change_id, tag, "undone", -1)


def redo(session: Session, actor: Actor, change_id: int, tag: str) -> Draft:
    """Does the operation again that was undone last. Raises NotFound, Stale, NotOpen (also with nothing to redo)."""
    return _step(session, actor, change_id, tag, "redone", 1)


def lease(session: Session, actor: Actor, change_id: int) -> GridChange:
    """Says that the actor has the change open now. Raises NotFound."""
    found = grid_change_rows.find(session, change_id)
    if found is None or actor.user_id is None:
        raise NotFound()
    grid_change_rows.renew_lease(session, found[0], actor.user_id, LEASE_S)
    return found[0]


def run(draft: Draft, grids: GeoDataFrame, operation: Mapping[str, Any], numbering: Numbering) -> Edit:
    """What an operation of a draft makes of grids as `Draft.grids` gives them. Raises EditRefused."""
    if operation["op"] == "replace":
        operation = grid_drawing.whole(grids, operation)
    try:
        return operations.run(grids, operation, numbering)
    except EditError as error:
        raise EditRefused.of(error, is_of_police=draft.is_of_police) from error


def drawn_by(change: GridChange) -> set[int | None]:
    """Everybody who drew a part of a change."""
    return {change.author_id, *(step.get("by") for step in change.operations[: change.position])}


def _numbering(session: Session, draft: Draft) -> Numbering:
    """Codes of the county, those of the draft's own grids among the given ones."""
    own = {code for step in draft.steps for code in step["created"]}
    given = grid_heads.numbering(session, draft.county, draft.change.subject)
    return replace(given, taken=frozenset(given.taken) | own)


def entry_of(actor: Actor, asked: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    """A step of a draft: what was asked for, by whom and when, and what it did."""
    return {"asked": dict(asked), "by": actor.user_id, "at": datetime.now(UTC).isoformat(), **step_of(edit)}


def base_of(draft: Draft, entry: Mapping[str, Any]) -> dict[str, int]:
    """The newest versions (grid.id) of the grids that a step was drawn on, by code; not of those that the draft made."""
    codes = (*entry["retired"], *entry["changed"])
    return {code: draft.version_of[code] for code in codes if code in draft.version_of}


def _step(session: Session, actor: Actor, change_id: int, tag: str, act: str, by: int) -> Draft:
    draft = opened(session, change_id, tag)
    change = draft.change
    passed = min(change.position, change.position + by)  # the step that is undone or done again
    if not 0 <= passed < len(change.operations):
        raise NotOpen(N_("There is nothing more to undo or redo."))
    change.position += by
    return kept(session, actor, draft, act, **_told(change.operations[passed]))


def _told(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit says of a step: no shapes and no names."""
    return {"op": entry["asked"]["op"], **{name: entry[name] for name in ("retired", "created", "changed")}}


def kept(session: Session, actor: Actor, draft: Draft, act: str, **details: Any) -> Draft:
    """Stores a draft as it is now, with an entry ``grid_draft_…`` in the audit; a new object, since what was computed of
    the old one no longer holds."""
    after = Draft(draft.change, draft.county, draft.heads)
    after.change.touched = sorted(after.claims)
    after.change.revision += 1
    after.change.changed_at = datetime.now(UTC)
    audit(session, f"grid_draft_{act}", after.change, actor=actor, revision=after.change.revision, **details)
    return after
