"""Changes of grids as the API shows them to who asks: in a list, and with all that is known of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from geo_app.api.grid_change_answers import ChangeAnswer, ChangesAnswer, ListedChange
from geo_app.api.grid_change_shapes import fault
from geo_app.models import GridChange, GridReview
from geo_app.queries import grid_change_rows
from geo_app.queries.grid_changes_beside import beside, named
from geo_app.security.actor import current_actor
from geo_app.security.permissions import can
from geo_app.services import area_beneath, changed_areas
from geo_app.services.grid_draft import Draft, tag_of
from geo_app.services.grid_drafts import DRAWABLE
from geo_app.services.grid_refusals import EditRefused
from geo_app.services.grid_review import SPOKEN_OF, is_in_force
from geo_app.services.grid_reviewers import chain_of, may_decide, step_now
from grid_boundaries.errors import EditError


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
        stale_areas=_stale_areas(session, draft) if is_open else [],
        lease=_leases(session, draft),
        reviews=[_review(one, names) for one in decided],
        scans=[_scan(one) for one in grid_change_rows.scans(session, change.id)],
        chain=chain_of(draft),
        step=step_now(session, draft),
        may=_may(session, draft),
    )


def _operation(n: int, step: dict[str, Any], position: int) -> dict[str, Any]:
    return {
        "n": n, "op": step["asked"]["op"], "retired": step["retired"], "created": step["created"],
        "changed": step["changed"], "at": step["at"], "done": n < position,
    }  # fmt: skip


def _left_out(one: dict[str, Any], *, is_of_police: bool) -> dict[str, Any]:
    refused = EditRefused.of(EditError(one["reason"], "", one["codes"]), is_of_police=is_of_police)
    return {"asked": one["asked"], "text": gettext(refused.msgid, **refused.params)}


def _stale_areas(session: Session, draft: Draft) -> list[dict[str, str]]:
    return [{"code": code, "name": name} for code, name in area_beneath.beneath(session, draft).items()]


def _review(one: GridReview, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "decision": one.decision, "comment": one.comment, "by": names.get(one.reviewer_id or 0, ""),
        "step": one.step, "level": one.level, "at": one.decided_at.isoformat(),
    }  # fmt: skip


def _scan(one: Any) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "media_type": one.media_type, "size": one.size, "at": one.added_at.isoformat()
    }  # fmt: skip


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
        "file": (edits or reviews) and change.status == "approved" and is_in_force(draft),
        "comment": (edits or reviews) and change.status in SPOKEN_OF,
    }
