"""What steps of a draft take communities, towns and police areas to be, and where others made them other since."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from geo_app.queries import area_heads
from geo_app.services import area_changes
from geo_app.services.grid_draft import Draft
from geo_app.services.grid_refusals import EditRefused
from grid_boundaries.arrangement import OPERATIONS, aspects

Words = dict[str, dict[str, Any]]  # by code


def drawn_on(session: Session, draft: Draft) -> dict[str, Any]:
    """What the last step of a draft, one about areas, takes them to be: ``areas`` (code -> name, and id of the parent) as they were
    decided without the draft, and ``ends``, those that end with all that was drawn. Raises EditRefused."""
    known = _decided(session, draft)
    spoken_of = aspects(draft.steps[-1]["asked"])
    ends = [one.code for one in area_changes.states(session, draft) if one.is_retired]
    return {"areas": {code: known[code] for code in spoken_of if code in known}, "ends": ends}


def beneath(session: Session, draft: Draft) -> dict[str, str]:
    """The areas, code -> name, that are not those any more that a draft takes them to be: called otherwise where it gives
    another name, lying elsewhere where it puts them elsewhere, gone where it needs them, there where it founds them, not
    at their end where it ends them. A new name and another place of one area do not contradict each other."""
    steps = [step for step in draft.steps if step["asked"]["op"] in OPERATIONS and "on" in step]
    if not steps:
        return {}
    known = _decided(session, draft)
    found: dict[str, str] = {}
    missing: set[str] = set()
    for step in steps:
        spoken_of = aspects(step["asked"])
        found |= {code: known[code]["name"] for code, what in spoken_of.items() if what == "new" and code in known}
        for code, was in step["on"]["areas"].items():
            aspect = spoken_of.get(code)
            if code not in known:
                missing.add(code)
            elif aspect is not None and known[code][aspect] != was[aspect]:
                found[code] = was["name"]
    if missing:  # gone, or not seen by who looks
        found |= area_heads.ended(session, draft.county, area_changes.tree_of(draft), missing)
    if not found and (ends := set(steps[-1]["on"]["ends"]) & known.keys()):
        found |= {code: str(known[code]["name"]) for code in sorted(ends - _retired(session, draft))}
    return found


def _decided(session: Session, draft: Draft) -> Words:
    heads = area_heads.heads(session, draft.county, area_changes.tree_of(draft))
    rows = zip(heads["code"], heads["name"], heads["parent_id"], strict=True)
    return {code: {"name": name, "parent": None if parent is None else int(parent)} for code, name, parent in rows}


def _retired(session: Session, draft: Draft) -> set[str]:
    try:
        return {one.code for one in area_changes.states(session, draft) if one.is_retired}
    except EditRefused:  # said with its reason where somebody wants to go on
        return set()
