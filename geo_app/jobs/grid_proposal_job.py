"""Proposes balanced grids for a part of a draft in the background, and draws them on it."""

from __future__ import annotations

from geo_app.errors import NotFound, Stale
from geo_app.jobs.work import Work
from geo_app.security.permissions import can
from geo_app.services import grid_drafts, grid_proposal
from geo_app.services.grid_draft import tag_of
from geo_app.services.grid_proposal import Wanted


def propose(work: Work) -> None:
    """Does the work of a job of kind "grid_proposal". A draft that was changed meanwhile stays as it is.

    Raises NotFound when the draft or the right is gone, Stale, NotProposed, EditRefused.
    """
    if not can(work.actor, "grids:edit"):
        raise NotFound
    asked = work.job.arguments
    wanted = Wanted(asked["change"], asked["tag"], asked["codes"], asked["count"], asked["tolerance"])
    with work.database.session(work.actor.scope, read_only=True) as session:
        draft = grid_drafts.read(session, wanted.change_id)
        if tag_of(draft.change) != wanted.tag:
            raise Stale
        operation, said = grid_proposal.proposed(session, draft, wanted)
    with work.database.session(work.actor.scope) as session:
        grid_drafts.operate(session, work.actor, wanted.change_id, wanted.tag, operation)
    work.finish("done", done=said["count"], total=said["count"], result={"proposed": said})
