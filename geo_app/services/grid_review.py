"""A change of grids on its way: submitted, decided step by step, in force from its day, filed, or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo_app.errors import N_, Forbidden
from geo_app.models import GridChange, GridReview
from geo_app.queries import area_applying, area_levels, grid_applying, grid_change_rows, grid_heads
from geo_app.queries.grid_changes_beside import beside, named
from geo_app.queries.terms import today
from geo_app.security.actor import Actor
from geo_app.security.audit import audit
from geo_app.security.permissions import can
from geo_app.services import area_changes
from geo_app.services.grid_draft import Draft
from geo_app.services.grid_drafts import DRAWABLE, drawn_by, opened, require_unchanged
from geo_app.services.grid_refusals import (
    AreasBeingReviewed,
    BeingReviewed,
    ChangedBeneath,
    FaultsLeft,
    FormIncomplete,
    InForce,
    NothingDrawn,
    NotOpen,
    OutsideArea,
    OwnChange,
    TooLow,
    codes_text,
)
from grid_boundaries.held_land import touched as other_land
from grid_boundaries.steps import described

CHAIN = ("county",)
LEVELS = ("community", "town", "county")


def chain_of(draft: Draft) -> list[str]:
    """Who decides, one after the other: levels of areas out of the county's settings; one step for what was approved on
    paper."""
    if draft.change.on_paper:
        return ["county"]
    given = draft.county.settings.get("grid_review_chain")
    chain = [level for level in given if level in LEVELS] if isinstance(given, list) else []
    return chain or list(CHAIN)


def step_now(session: Session, draft: Draft) -> int:
    """The step of the chain that a submitted change waits for, from 0."""
    return sum(one.decision == "approve" for one in _this_round(session, draft.change))


def may_decide(session: Session, actor: Actor, draft: Draft) -> bool:
    """Whether `decide` would let the actor decide about a change now: the step is his, and he had no part in the change."""
    if draft.change.status != "review" or not can(actor, "grids:review", draft.change):
        return False
    chain = chain_of(draft)
    try:
        _require_reviewer(session, actor, draft, chain[_step_of_chain(session, draft, chain)])
    except Forbidden:
        return False
    return True


def submit(session: Session, actor: Actor, change_id: int, tag: str, comment: str = "") -> Draft:
    """Hands a draft in for review, checked whole.

    Raises NotFound, Stale, NotOpen, NothingDrawn, FormIncomplete, ChangedBeneath, BeingReviewed, FaultsLeft.
    """
    draft = opened(session, change_id, tag, DRAWABLE)
    grid_heads.lock(session, draft.county.id)
    draft = _afresh(session, draft)
    require_complete(session, draft)
    _require_own_land(session, draft)
    _require_alone(session, draft)
    draft.change.status = "review"
    draft.change.left_out = []
    draft.change.submitted_at = datetime.now(UTC)
    return _decided(session, actor, draft, "submit", comment, step=0)


def decide(session: Session, actor: Actor, change_id: int, tag: str, decision: str, comment: str = "") -> Draft:
    """Approves a submitted change for a step of the chain, or sends it back; the last approval writes it.

    Raises NotFound, Stale, NotOpen, OwnChange, TooLow, AreaCodeHeld, and what `submit` raises if it no longer fits.
    """
    draft = opened(session, change_id, tag, ("review",))
    chain = chain_of(draft)
    step = _step_of_chain(session, draft, chain)
    _require_reviewer(session, actor, draft, chain[step])
    if decision == "send_back":
        draft.change.status = "sent_back"
        return _decided(session, actor, draft, "send_back", comment, step, chain[step])
    if step + 1 == len(chain):
        grid_heads.lock(session, draft.county.id)
        draft = _afresh(session, draft)
        require_complete(session, draft)
        _write(session, draft)
        draft.change.status = "approved"
        draft.change.reviewer_id = actor.user_id
        if not draft.change.on_paper:
            draft.change.approved_on = today(draft.county, datetime.now(UTC))
    return _decided(session, actor, draft, "approve", comment, step, chain[step])


def remark(session: Session, actor: Actor, change_id: int, tag: str, comment: str) -> Draft:
    """Adds a comment. Raises NotFound, Stale, NotOpen."""
    draft = opened(session, change_id, tag, ("draft", "sent_back", "review", "approved"))
    return _decided(session, actor, draft, "comment", comment, step_now(session, draft))


def withdraw(session: Session, actor: Actor, change_id: int, tag: str, comment: str = "") -> Draft:
    """Takes a change back: before its approval by who may draw, and after it, until its day, by who may review.

    Raises NotFound, Stale, NotOpen, InForce when its day has come or later changes stand on it, TooLow.
    """
    draft = opened(session, change_id, tag, (*DRAWABLE, "review", "approved"))
    change = draft.change
    if not can(actor, "grids:review" if change.status == "approved" else "grids:edit", change):
        raise Forbidden()
    if change.status == "approved":
        grid_heads.lock(session, draft.county.id)
        day = change.effective_on
        if day is None or day <= today(draft.county, datetime.now(UTC)):
            raise InForce(day=str(day))
        ended = _require_all_seen(session, draft)
        areas = area_applying.areas if draft.is_of_police else grid_applying.areas
        concerned = [*areas(session, ended), *area_applying.of_change(session, change)]
        _require_area(session, actor, concerned, chain_of(draft)[-1])
        if not (area_changes.take_back(session, draft) and grid_applying.take_back(session, change)):
            raise InForce(day=str(day))
    change.status = "withdrawn"
    return _decided(session, actor, draft, "withdraw", comment, 0)


def file_away(session: Session, actor: Actor, change_id: int, tag: str, document_number: str) -> Draft:
    """Files a change that is in force, with the number of its document. Raises NotFound, Stale, NotOpen, FormIncomplete."""
    draft = opened(session, change_id, tag, ("approved",))
    if not (can(actor, "grids:edit", draft.change) or can(actor, "grids:review", draft.change)):
        raise Forbidden()
    day = draft.change.effective_on
    if day is None or day > today(draft.county, datetime.now(UTC)):
        raise NotOpen(N_("It is filed from the day on which it takes effect."), N_("Come back on that day."))
    draft.change.document_number = document_number or draft.change.document_number
    if not draft.change.document_number:
        raise FormIncomplete(N_("The number of the document is missing."), N_("Enter it, then file the change."))
    draft.change.status = "filed"
    return _decided(session, actor, draft, "file", "", 0)


def require_complete(session: Session, draft: Draft) -> None:
    """Raises NothingDrawn, ChangedBeneath, FaultsLeft or FormIncomplete for what stands against a submission."""
    change, done = draft.change, draft.outcome
    require_unchanged(session, draft)
    areas = area_changes.states(session, draft)
    if not (done["retired"] or done["created"] or done["changed"] or areas):
        raise NothingDrawn()
    given = set(done["created"]).intersection(grid_heads.numbering(session, draft.county, draft.change.subject).taken)
    if given:  # to grids that are gone again
        raise ChangedBeneath(codes=codes_text(sorted(given)))
    blocking = [one for one in draft.faults if one.blocks]
    if blocking:
        raise FaultsLeft(count=len(blocking))
    _require_dates(draft, area_changes.began(session, draft, areas), today(draft.county, datetime.now(UTC)))
    if change.on_paper and not (change.document_number and grid_change_rows.scans(session, change.id)):
        raise FormIncomplete(
            N_("What was approved on paper needs the number of the document and its scan."),
            N_("Enter the number and add the scan to the form."),
        )


def _require_dates(draft: Draft, areas_began: date | None, now: date) -> None:
    change, began = draft.change, max((day for day in (draft.began(), areas_began) if day is not None), default=None)
    if not change.reason.strip():
        raise FormIncomplete(N_("The reason is missing."), N_("Say in the form why the lines change."))
    if change.effective_on is None:
        raise FormIncomplete(N_("The day from which the change holds is missing."), N_("Enter it in the form."))
    if began is not None and change.effective_on < began:
        raise FormIncomplete(
            N_("The change would hold from %(day)s, but the grids that it changes exist only since %(began)s."),
            N_("Choose %(began)s or a later day."),
            day=str(change.effective_on),
            began=str(began),
        )
    if change.surveyed_on is not None and change.surveyed_on > now:
        raise FormIncomplete(N_("The day of the survey lies in the future."), N_("Correct it in the form."))
    if change.on_paper and (change.approved_on is None or change.approved_on > now):
        raise FormIncomplete(
            N_("The day of the approval on paper is missing or lies in the future."), N_("Correct it in the form.")
        )


def _require_own_land(session: Session, draft: Draft) -> None:
    """Raises OutsideArea when grids get other land that the scope does not see; one beside them may get a vertex."""
    codes = [*draft.outcome["retired"], *draft.outcome["changed"]]
    before = draft.heads[draft.heads["code"].isin(draft.touched)]
    after = draft.grids[draft.grids["code"].isin(draft.touched)]
    land = set(other_land(before, after)).intersection(codes)
    unseen = (area_applying if draft.is_of_police else grid_applying).unseen
    hidden = unseen(session, {code: draft.version_of[code] for code in land})
    if hidden:
        raise OutsideArea(codes=codes_text(hidden))


def _require_alone(session: Session, draft: Draft) -> None:
    """Raises BeingReviewed when another change of the same grids, or of the same in an area, waits for its decision, whoever
    sees that change."""
    for other in beside(session, draft.county.id):
        common = other.claims & draft.claims
        if common and other.is_in_review and other.id != draft.change.id:
            grids = common & draft.touched
            refusal = BeingReviewed if grids else AreasBeingReviewed
            title = other.title or str(other.id)
            raise refusal(codes=codes_text(named(grids or common)), title=title, author=other.author)


def _require_reviewer(session: Session, actor: Actor, draft: Draft, level: str) -> None:
    if not can(actor, "grids:review"):
        raise TooLow()
    before = [one.reviewer_id for one in _this_round(session, draft.change) if one.decision in ("submit", "approve")]
    if actor.user_id in drawn_by(draft.change) or actor.user_id in before:
        raise OwnChange()
    rows = draft.heads["code"].isin([*draft.outcome["retired"], *draft.outcome["changed"]])
    areas = area_changes.concerned(session, draft)
    _require_area(session, actor, [*draft.heads.loc[rows, "area_id"].unique().tolist(), *areas], level)


def _step_of_chain(session: Session, draft: Draft, chain: Sequence[str]) -> int:
    return min(step_now(session, draft), len(chain) - 1)  # the chain may have become shorter since


def _require_area(session: Session, actor: Actor, area_ids: Sequence[int], level: str) -> None:
    """Raises TooLow for an actor who does not see all of what lies above these areas at a level."""
    needed = area_levels.above(session, area_ids, level)
    if not needed <= actor.scope.area_ids:
        raise TooLow()


def _this_round(session: Session, change: GridChange) -> list[GridReview]:
    """How the change was submitted last, and what was decided since."""
    decided = list(grid_change_rows.reviews(session, change.id))
    last = max((n for n, one in enumerate(decided) if one.decision == "submit"), default=0)
    return decided[last:]


def _require_all_seen(session: Session, draft: Draft) -> list[int]:
    """The versions that the change ends, locked. Raises TooLow when some of them lie outside the actor's scope."""
    done = draft.outcome
    ended = [draft.change.base[code] for code in (*done["retired"], *done["changed"])]
    seen = area_applying.seen if draft.is_of_police else grid_applying.seen
    if seen(session, ended) < len(ended):
        raise TooLow()
    return ended


def _write(session: Session, draft: Draft) -> None:
    """Ends and begins versions on the day of the change; lineage and people go with them."""
    change, done = draft.change, draft.outcome
    assert change.effective_on is not None  # require_complete
    ended = _require_all_seen(session, draft)
    if draft.is_of_police:
        area_changes.write(session, draft)
        return
    homes = area_changes.write(session, draft)
    parents = {code: _by_land(draft, code) for code in done["created"]}
    told: list[dict[str, Any]] = []
    said = draft.heads.set_index("code")[["name", "kind"]]
    named = described(draft.steps)
    for code, row in done["set"].items():
        is_fresh = code in parents
        parent = parents[code][0] if is_fresh else draft.version_of[code]
        words = row if is_fresh or code in named else said.loc[code]  # as others may have corrected them since
        told.append(
            {
                "code": code, "name": words["name"], "kind": words["kind"], "wkb": row["wkb"], "parent": parent,
                "fresh": is_fresh, "area": homes.get(row.get("community")),
            }
        )  # fmt: skip
    grid_applying.write(session, change, change.effective_on, ended, told)
    grid_applying.link(session, change, [(parent, code) for code, ids in parents.items() for parent in ids])
    grid_applying.hand_over_people(session, change, change.effective_on)


def _by_land(draft: Draft, code: str) -> list[int]:
    """The versions from which a new grid came, the one that gave most land first; a neighbour for one out of nothing."""
    shape = shapely.from_wkb(draft.outcome["set"][code]["wkb"])
    came = draft.outcome["came_from"][code]
    rows = draft.heads[draft.heads["code"].isin(came)] if came else draft.heads
    shapes = rows.geometry.to_numpy()
    if came:
        order = np.argsort(-shapely.area(shapely.intersection(shapely.make_valid(shapes), shape)), kind="stable")
        return [int(rows["id"].iloc[place]) for place in order]
    return [int(rows["id"].iloc[int(np.argmin(shapely.distance(shapes, shape)))])]


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
