"""What stands against handing in a change of grids, or against putting it in force: nothing is submitted half done."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from geo_app.errors import N_
from geo_app.queries import area_applying, grid_applying, grid_change_rows, grid_heads
from geo_app.queries.grid_changes_beside import beside, named
from geo_app.queries.terms import today
from geo_app.services import area_changes
from geo_app.services.grid_draft import Draft
from geo_app.services.grid_drafts import require_unchanged
from geo_app.services.grid_refusals import (
    AreasBeingReviewed,
    BeingReviewed,
    ChangedBeneath,
    FaultsLeft,
    FormIncomplete,
    NothingDrawn,
    OutsideArea,
    codes_text,
)
from grid_boundaries.held_land import touched as other_land


def require_complete(session: Session, draft: Draft) -> None:
    """Raises NothingDrawn, ChangedBeneath, FaultsLeft or FormIncomplete for what stands against a submission."""
    change, done = draft.change, draft.outcome
    require_unchanged(session, draft)
    areas = area_changes.states(session, draft)
    if not (done["retired"] or done["created"] or areas or _is_other(draft)):
        raise NothingDrawn()
    given = set(done["created"]).intersection(grid_heads.numbering(session, draft.county, draft.change.subject).taken)
    if given:  # to grids that are gone again
        raise ChangedBeneath(codes=codes_text(sorted(given)))
    blocking = [one for one in draft.faults if one.blocks]
    if blocking:
        raise FaultsLeft(count=len(blocking))
    if (twins := area_changes.namesakes(session, draft, areas)) is not None:
        raise FormIncomplete(
            N_("There would be two of the name %(name)s side by side: %(codes)s."),
            N_("Give one of them another name."),
            name=twins[0],
            codes=codes_text(twins[1]),
        )
    _require_dates(draft, area_changes.began(session, draft, areas), today(draft.county, datetime.now(UTC)))
    if change.on_paper and not (change.document_number and grid_change_rows.scans(session, change.id)):
        raise FormIncomplete(
            N_("What was approved on paper needs the number of the document and its scan."),
            N_("Enter the number and add the scan to the form."),
        )


def _is_other(draft: Draft) -> bool:
    """Whether a grid that goes on has another name, kind, community or land: what went there and back has not."""
    before, after = (
        frame[frame["code"].isin(draft.outcome["changed"])].sort_values("code") for frame in (draft.heads, draft.grids)
    )
    said = [frame[["code", "name", "kind", "community"]].fillna("").values.tolist() for frame in (before, after)]
    return said[0] != said[1] or bool(other_land(before, after))


def require_own_land(session: Session, draft: Draft) -> None:
    """Raises OutsideArea when grids get other land that the scope does not see; one beside them may get a vertex."""
    codes = [*draft.outcome["retired"], *draft.outcome["changed"]]
    before = draft.heads[draft.heads["code"].isin(draft.touched)]
    after = draft.grids[draft.grids["code"].isin(draft.touched)]
    land = set(other_land(before, after)).intersection(codes)
    unseen = (area_applying if draft.is_of_police else grid_applying).unseen
    hidden = unseen(session, {code: draft.version_of[code] for code in land})
    if hidden:
        raise OutsideArea(codes=codes_text(hidden))


def require_alone(session: Session, draft: Draft) -> None:
    """Raises BeingReviewed when another change of the same grids, or of the same in an area, waits for its decision, whoever
    sees that change."""
    for other in beside(session, draft.county.id):
        common = other.claims & draft.claims
        if common and other.is_in_review and other.id != draft.change.id:
            grids = common & draft.touched
            refusal = BeingReviewed if grids else AreasBeingReviewed
            title = other.title or str(other.id)
            raise refusal(codes=codes_text(named(grids or common)), title=title, author=other.author)


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
