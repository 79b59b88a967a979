"""Who decides about a change of grids: the steps of its chain, the one that it waits for, and whose that is."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from geo_app.errors import Forbidden
from geo_app.models import GridChange, GridReview
from geo_app.queries import area_levels, grid_change_rows
from geo_app.security.actor import Actor
from geo_app.security.permissions import can
from geo_app.services import area_changes
from geo_app.services.grid_draft import Draft
from geo_app.services.grid_drafts import drawn_by
from geo_app.services.grid_refusals import OwnChange, TooLow

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


def step_of_chain(session: Session, draft: Draft, chain: Sequence[str]) -> int:
    """The same, but a step that the chain has."""
    return min(step_now(session, draft), len(chain) - 1)  # the chain may have become shorter since


def may_decide(session: Session, actor: Actor, draft: Draft) -> bool:
    """Whether `grid_review.decide` would let the actor decide about a change now: the step is his, and he had no part in the change."""
    if draft.change.status != "review" or not can(actor, "grids:review", draft.change):
        return False
    chain = chain_of(draft)
    try:
        require_reviewer(session, actor, draft, chain[step_of_chain(session, draft, chain)])
    except Forbidden:
        return False
    return True


def require_reviewer(session: Session, actor: Actor, draft: Draft, level: str) -> None:
    """Raises TooLow or OwnChange for an actor who may not decide about a change for a level of the chain."""
    if not can(actor, "grids:review"):
        raise TooLow()
    before = [one.reviewer_id for one in _this_round(session, draft.change) if one.decision in ("submit", "approve")]
    if actor.user_id in drawn_by(draft.change) or actor.user_id in before:
        raise OwnChange()
    rows = draft.heads["code"].isin([*draft.outcome["retired"], *draft.outcome["changed"]])
    areas = area_changes.concerned(session, draft)
    require_area(session, actor, [*draft.heads.loc[rows, "area_id"].unique().tolist(), *areas], level)


def require_area(session: Session, actor: Actor, area_ids: Sequence[int], level: str) -> None:
    """Raises TooLow for an actor who does not see all of what lies above these areas at a level."""
    needed = area_levels.above(session, area_ids, level)
    if not needed <= actor.scope.area_ids:
        raise TooLow()


def _this_round(session: Session, change: GridChange) -> list[GridReview]:
    """How the change was submitted last, and what was decided since."""
    decided = list(grid_change_rows.reviews(session, change.id))
    last = max((n for n, one in enumerate(decided) if one.decision == "submit"), default=0)
    return decided[last:]
