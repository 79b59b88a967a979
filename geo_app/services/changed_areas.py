"""Communities and towns of a change of grids for who reads it: what becomes of them, in which step, which can be chosen."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from geo_app.queries import area_heads, grid_change_areas
from geo_app.queries.grid_change_areas import ChangedArea
from geo_app.queries.grid_change_papers import DATED
from geo_app.services import area_changes
from geo_app.services.grid_draft import Draft


def of(session: Session, draft: Draft) -> list[ChangedArea]:
    """What becomes of areas, those above first: as it was written, or as a draft would have it."""
    change = draft.change
    if change.status in DATED and change.effective_on is not None:
        return grid_change_areas.of_change(session, draft.county, change.id, change.effective_on)
    states = area_changes.told(session, draft)
    if not states:
        return []
    was = _known(session, draft)
    names: dict[str | None, str] = {code: name for code, (name, _) in was.items()}
    names |= {one.code: one.name for one in states}
    found = []
    for one in states:
        name, parent = was.get(one.code, (one.name, one.parent))
        is_moved = not one.is_retired and parent != one.parent
        found.append(
            ChangedArea(
                one.code, one.name, one.level, one.parent, names.get(one.parent), None if name == one.name else name,
                was[parent][0] if is_moved and parent in was else None, one.is_new, one.is_retired, one.outline is not None,
            )
        )  # fmt: skip
    return found


def words(session: Session, draft: Draft, changed: list[ChangedArea]) -> list[dict[str, Any]]:
    """Of each step of a draft, done or undone: into what something went or how it is called (``into``), and which areas
    are concerned (``of``), by name; {} of a step that does not speak of areas. changed: what `of` returns."""
    steps = draft.change.operations
    if not any(step["asked"]["op"] in area_changes.OPERATIONS for step in steps):
        return [{} for _ in steps]
    names = {code: name for code, (name, _) in _known(session, draft).items()}
    names |= {
        one.code: one.name_before for one in changed if one.name_before
    }  # what is written is known by its new name
    said: list[dict[str, Any]] = []
    for step in steps:
        asked = step["asked"]
        if asked["op"] not in area_changes.OPERATIONS:
            said.append({})
            continue
        into = asked["area"] if asked["op"] == "rename" else asked["to"]
        concerned = [into] if asked["op"] == "rename" else asked.get("areas", [])
        called = [names.get(code, code) for code in concerned]
        if "name" in asked:
            names[into] = asked["name"]
        said.append({"into": names.get(into, into), "of": called})
    return said


def tree(session: Session, draft: Draft) -> list[dict[str, Any]]:
    """The areas as a draft leaves them, by code: code, name, level, parent (code, None of the uppermost that is seen)."""
    states = {one.code: one for one in area_changes.told(session, draft)}
    heads = area_heads.heads(session, draft.county, area_changes.tree_of(draft))
    found = heads[["code", "name", "level", "parent"]].to_dict("records")
    rows = {row["code"]: row | {"parent": row["parent"] or None} for row in found}
    for one in states.values():
        if one.is_retired:
            rows.pop(one.code, None)
        else:
            rows[one.code] = {"code": one.code, "name": one.name, "level": one.level, "parent": one.parent}
    return [rows[code] for code in sorted(rows)]


def taken(session: Session, draft: Draft) -> list[str]:
    """The codes that an area had at any time, or that the steps of a draft gave to a new one."""
    given = {step["asked"]["to"] for step in draft.steps if step["asked"]["op"] in ("regroup", "rehang")}
    return sorted(given | area_heads.codes(session, draft.county, area_changes.tree_of(draft)))


def _known(session: Session, draft: Draft) -> dict[str, tuple[str, str | None]]:
    """Name and parent of the areas without the draft, by code."""
    heads = area_heads.heads(session, draft.county, area_changes.tree_of(draft))
    parents = [code or None for code in heads["parent"]]
    return dict(zip(heads["code"], zip(heads["name"], parents, strict=True), strict=True))
