"""A change of grids on its way: submitted, decided step by step, in force from its day, filed, or withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from geo_app.errors import N_, Forbidden
from geo_app.models import GridReview
from geo_app.queries import grid_heads
from geo_app.queries.terms import today
from geo_app.security.actor import Actor
from geo_app.security.audit import audit
from geo_app.security.permissions import can
from geo_app.services import grid_in_force
from geo_app.services.grid_draft import Draft
from geo_app.services.grid_drafts import DRAWABLE, opened
from geo_app.services.grid_refusals import FormIncomplete, InForce, NotOpen
from geo_app.services.grid_reviewers import chain_of, require_area, require_reviewer, step_now, step_of_chain
from geo_app.services.grid_submission import require_alone, require_complete, require_own_land

SPOKEN_OF = (*DRAWABLE, "review", "approved")  # statuses in which a change is talked about


def submit(session: Session, actor: Actor, change_id: int, tag: str, comment: str = "") -> Draft:
    """Hands a draft in for review, checked whole.

    Raises NotFound, Stale, NotOpen, NothingDrawn, FormIncomplete, ChangedBeneath, BeingReviewed, FaultsLeft.
    """
    draft = opened(session, change_id, tag, DRAWABLE)
    grid_heads.lock(session, draft.county.id)
    draft = _afresh(session, draft)
    require_complete(session, draft)
    require_own_land(session, draft)
    require_alone(session, draft)
    draft.change.status = "review"
    draft.change.approved_on = draft.change.approved_on if draft.change.on_paper else None
    draft.change.left_out = []
    draft.change.submitted_at = datetime.now(UTC)
    return _decided(session, actor, draft, "submit", comment, step=0)


def decide(session: Session, actor: Actor, change_id: int, tag: str, decision: str, comment: str = "") -> Draft:
    """Approves a submitted change for a step of the chain, or sends it back; the last approval writes it.

    Raises NotFound, Stale, NotOpen, OwnChange, TooLow, AreaCodeHeld, and what `submit` raises if it no longer fits.
    """
    draft = opened(session, change_id, tag, ("review",))
    chain = chain_of(draft)
    step = step_of_chain(session, draft, chain)
    require_reviewer(session, actor, draft, chain[step])
    if decision == "send_back":
        draft.change.status = "sent_back"
        return _decided(session, actor, draft, "send_back", comment, step, chain[step])
    if step + 1 == len(chain):
        grid_heads.lock(session, draft.county.id)
        draft = _afresh(session, draft)
        require_complete(session, draft)
        grid_in_force.write(session, draft)
        draft.change.status = "approved"
        draft.change.reviewer_id = actor.user_id
        if not draft.change.on_paper:
            draft.change.approved_on = today(draft.county, datetime.now(UTC))
    return _decided(session, actor, draft, "approve", comment, step, chain[step])


def remark(session: Session, actor: Actor, change_id: int, tag: str, comment: str) -> Draft:
    """Adds a comment of who may draw or review. Raises NotFound, Stale, NotOpen, Forbidden."""
    draft = opened(session, change_id, tag, SPOKEN_OF)
    if not (can(actor, "grids:edit", draft.change) or can(actor, "grids:review", draft.change)):
        raise Forbidden()
    return _decided(session, actor, draft, "comment", comment, step_now(session, draft))


def withdraw(session: Session, actor: Actor, change_id: int, tag: str, comment: str = "") -> Draft:
    """Takes a change back: before its approval by who may draw, and after it, until its day, by who may review.

    Raises NotFound, Stale, NotOpen, InForce when its day has come, StoodOn when later changes stand on it, TooLow.
    """
    draft = opened(session, change_id, tag, (*DRAWABLE, "review", "approved"))
    change = draft.change
    if not can(actor, "grids:review" if change.status == "approved" else "grids:edit", change):
        raise Forbidden()
    if change.status == "approved":
        grid_heads.lock(session, draft.county.id)
        if is_in_force(draft):
            raise InForce(day=str(change.effective_on))
        require_area(session, actor, grid_in_force.areas(session, draft), chain_of(draft)[-1])
        grid_in_force.take_back(session, draft)
    change.status = "withdrawn"
    return _decided(session, actor, draft, "withdraw", comment, 0)


def file_away(session: Session, actor: Actor, change_id: int, tag: str, document_number: str) -> Draft:
    """Files a change that is in force, with the number of its document. Raises NotFound, Stale, NotOpen, FormIncomplete."""
    draft = opened(session, change_id, tag, ("approved",))
    if not (can(actor, "grids:edit", draft.change) or can(actor, "grids:review", draft.change)):
        raise Forbidden()
    if not is_in_force(draft):
        raise NotOpen(N_("It is filed from the day on which it takes effect."), N_("Come back on that day."))
    draft.change.document_number = document_number or draft.change.document_number
    if not draft.change.document_number:
        raise FormIncomplete(N_("The number of the document is missing."), N_("Enter it, then file the change."))
    draft.change.status = "filed"
    return _decided(session, actor, draft, "file", "", 0)


def is_in_force(draft: Draft) -> bool:
    """Whether the day of a change has come."""
    day = draft.change.effective_on
    return day is not None and day <= today(draft.county, datetime.now(UTC))


def _afresh(session: Session, draft: Draft) -> Draft:
    """The draft over the grids as they are now that nobody else changes them."""
    return Draft(draft.change, draft.county, grid_heads.heads_now(session, draft.county, draft.change.subject))


def _decided(
    session: Session, actor: Actor, draft: Draft, decision: str, comment: str, step: int, level: str = ""
) -> Draft:
    change = draft.change
    change.revision += 1
    change.changed_at = datetime.now(UTC)
    session.add(
        GridReview(
            change_id=change.id, county_id=change.county_id, admin_area_id=change.admin_area_id,
            police_area_id=change.police_area_id, step=step, level=level, reviewer_id=actor.user_id,
            decision=decision, comment=comment, revision=change.revision,
        )
    )  # fmt: skip
    audit(session, f"grid_change_{decision}", change, actor=actor, revision=change.revision, status=change.status)
    session.flush()
    return draft
