"""Scanned papers of changes of grids: PDF and pictures, known by their first bytes, whatever they are called."""

from __future__ import annotations

from sqlalchemy.orm import Session

from geo_app.errors import N_, BadInput
from geo_app.models import GridScan
from geo_app.security.actor import Actor
from geo_app.security.audit import audit
from geo_app.services.grid_draft import Draft
from geo_app.services.grid_drafts import DRAWABLE, opened
from geo_app.services.uploads import safe_name

LARGEST = 20 * 2**20
MOST = 20
FORMS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def add(session: Session, actor: Actor, change_id: int, tag: str, name: str, content: bytes, there: int) -> Draft:
    """Adds a paper to a draft or to a change that is in force and not yet filed; ``there``: how many it has.

    Raises NotFound, Stale, NotOpen, BadInput for what is neither PDF, JPEG nor PNG, too large or one too many.
    """
    draft = opened(session, change_id, tag, (*DRAWABLE, "approved"))
    form = next((form for start, form in FORMS.items() if content.startswith(start)), None)
    if form is None:
        raise BadInput(N_("This file is neither PDF nor JPEG nor PNG."), N_("Scan the paper into one of these."))
    if len(content) > LARGEST or there >= MOST:
        raise BadInput(
            N_("The scan is larger than 20 MB, or there are 20 already."), N_("Scan it with fewer dots an inch.")
        )
    change = draft.change
    scan = GridScan(
        change_id=change.id, county_id=change.county_id, admin_area_id=change.admin_area_id,
        police_area_id=change.police_area_id, name=safe_name(name), media_type=form, content=content, user_id=actor.user_id,
    )  # fmt: skip
    session.add(scan)
    change.revision += 1
    audit(session, "grid_scan_added", change, actor=actor, bytes=len(content))
    session.flush()
    return draft
