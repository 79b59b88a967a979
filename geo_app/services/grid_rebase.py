"""A draft brought up to date: what was drawn on it is drawn again on the grids as they are now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from geo_app.queries import grid_heads
from geo_app.security.actor import Actor
from geo_app.services import area_beneath, area_changes, grid_drawing
from geo_app.services.grid_draft import Draft
from geo_app.services.grid_drafts import base_of, entry_of, kept, opened, run
from geo_app.services.grid_refusals import EditRefused
from grid_boundaries.errors import EditError
from grid_boundaries.steps import applied

NAMED = ("code", "codes", "from", "to")  # the words of an operation that name grids; "to" of a drag is a place
SAID = ("op", *NAMED, "name", "kind")  # the words of an operation that are no shapes
WHOLE = "replace"  # a drawing of several grids, which says of each what its code is


def rebase(session: Session, actor: Actor, change_id: int, tag: str) -> Draft:
    """Draws the operations of a draft again on the newest grids. Those that cannot be drawn there any more are no part of it
    from now on; its ``left_out`` says which, until it is brought up to date again or submitted.

    Codes of new grids may become others; operations that speak of them follow. Raises NotFound, Stale, NotOpen.
    """
    draft = opened(session, change_id, tag)
    given = grid_heads.numbering(session, draft.county, draft.change.subject)
    taken = set(given.taken)
    numbering = replace(given, taken=taken)
    grids = applied(draft.heads, [])
    drawn: list[dict[str, Any]] = []
    base: dict[str, int] = {}
    left_out: list[dict[str, Any]] = []
    renamed: dict[str, str] = {}
    missing: set[str] = set()  # what others call so now is another grid
    for old in draft.steps:
        asked = _renamed(old["asked"], renamed)
        try:
            _require_drawn(old["asked"], missing)
            if asked["op"] == WHOLE:
                grid_drawing.require_free([renamed.get(code, code) for code in old["created"]], given.taken)
            edit = run(draft, grids, asked, numbering)
            entry = entry_of(actor, asked, edit) | {"by": old["by"]}
            if asked["op"] in area_changes.OPERATIONS:
                entry["on"] = area_beneath.drawn_on(session, replace(draft, drawn=[*drawn, entry]))
        except EditRefused as error:
            asked = {word: value for word, value in old["asked"].items() if word in SAID}
            left_out.append({"asked": asked, "reason": error.more["reason"], "codes": error.more["codes"]})
            missing.update(old["created"])
            continue
        grids = applied(grids, [entry])  # one step more: all of them anew would take the longer the more there are
        taken.update(entry["created"])
        missing.difference_update(old["created"])
        renamed |= dict(zip(old["created"], entry["created"], strict=False))
        for code, number in base_of(draft, entry).items():
            base.setdefault(code, number)
        drawn.append(entry)
    change = draft.change
    change.operations, change.position, change.base, change.left_out = drawn, len(drawn), base, left_out
    return kept(session, actor, draft, "rebased", left_out=len(left_out))


def _require_drawn(asked: Mapping[str, Any], missing: Collection[str]) -> None:
    """Raises EditRefused for an operation on grids that were not drawn again."""
    said = [
        code
        for word in NAMED
        for code in ([asked[word]] if isinstance(asked.get(word), str) else asked.get(word) or ())
    ]
    if asked["op"] == WHOLE:
        said += [*(one["code"] for one in asked["features"]), *asked["gone"]]
    if lost := [code for code in said if code in missing]:
        raise EditRefused.of(EditError("unknown_code", "not drawn again", lost))


def _renamed(asked: Mapping[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    """An operation with the codes that its grids have now."""

    def name(value: Any) -> Any:
        if isinstance(value, str):
            return renamed.get(value, value)
        return (
            [name(one) for one in value] if isinstance(value, list) and value and isinstance(value[0], str) else value
        )

    found = {key: name(value) if key in NAMED else value for key, value in asked.items()}
    if asked["op"] == WHOLE:
        drawn = [one | {"code": name(one["code"])} for one in asked["features"]]
        found |= {"features": drawn, "gone": name(asked["gone"])}
    return found
