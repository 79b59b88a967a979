"""Communities, towns and police areas in a change of grids: what becomes of them, written with it and taken back with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from geo_app.queries import area_applying, area_heads
from geo_app.services.grid_draft import Draft
from geo_app.services.grid_refusals import AreaCodeHeld, EditRefused
from grid_boundaries.arrangement import OPERATIONS as OPERATIONS
from grid_boundaries.arrangement import AreaState, arranged, drawn_areas
from grid_boundaries.errors import EditError

OVER = ("approved", "filed", "withdrawn")  # statuses of changes that lie over nothing any more


def states(session: Session, draft: Draft) -> list[AreaState]:
    """The areas that a draft makes other than they are, those above first (`arrangement`). Raises EditRefused."""
    if not len(draft.heads) or not draft.steps:
        return []
    if "states" not in draft.known:  # of 10,000 grids they take a third of a second, and one answer asks for them often
        draft.known["states"] = _states(session, draft)
    return list(draft.known["states"])


def _states(session: Session, draft: Draft) -> list[AreaState]:
    tree = tree_of(draft)
    areas, taken = area_heads.heads(session, draft.county, tree), area_heads.codes(session, draft.county, tree)
    drawn: list[AreaState] = []
    level = "community"
    if draft.is_of_police:
        there = set(draft.heads["code"])
        if gone := [code for code in (*draft.outcome["retired"], *draft.outcome["changed"]) if code not in there]:
            raise EditRefused.of(EditError("unknown_code", "others changed them", gone), is_of_police=True)
        levels = dict(zip(areas["code"], areas["level"], strict=True))
        drawn = drawn_areas(draft.heads, draft.grids, draft.steps, str(_first(levels, draft.heads["code"])))
        level = str(_first(levels, draft.heads["community"]))
    try:
        return arranged(areas, draft.heads, draft.grids, draft.steps, taken=taken, level=level) + drawn
    except EditError as error:
        raise EditRefused.of(error, is_of_police=draft.is_of_police) from error


def tree_of(draft: Draft) -> str:
    """The tree of areas that a draft may change."""
    return "police" if draft.is_of_police else "admin"


def _first(levels: Mapping[str, str], codes: Iterable[str]) -> str | None:
    """The level of the first of these areas that is seen."""
    return next((levels[code] for code in codes if code in levels), None)


def told(session: Session, draft: Draft) -> list[AreaState]:
    """The same for who looks at a change that is under way; nothing where no step speaks of areas, or where they no longer
    fit."""
    if draft.change.status in OVER or not any(step["asked"]["op"] in OPERATIONS for step in draft.steps):
        return []
    try:
        return states(session, draft)
    except EditRefused:
        return []


def names(session: Session, draft: Draft) -> dict[str, str]:
    """What the areas of a draft's tree are called, with it, by code."""
    heads = area_heads.heads(session, draft.county, tree_of(draft))
    return dict(zip(heads["code"], heads["name"], strict=True)) | {one.code: one.name for one in told(session, draft)}


def concerned(session: Session, draft: Draft) -> list[int]:
    """The ids of the areas that are there before the draft and other after it, and of those in which new ones lie. Where
    its steps no longer fit the areas, all that its drawer saw: somebody has to send it back."""
    try:
        found = states(session, draft)
    except EditRefused:
        return [draft.change.police_area_id if draft.is_of_police else draft.change.admin_area_id]
    known = area_heads.heads(session, draft.county, tree_of(draft))
    codes = {one.parent if one.is_new else one.code for one in found}
    return [int(number) for number in known.loc[known["code"].isin(codes), "id"]]


def began(session: Session, draft: Draft, states: Sequence[AreaState]) -> date | None:
    """The latest first day of what the draft changes of areas; it cannot take effect before it."""
    known = area_heads.heads(session, draft.county, tree_of(draft))
    days = known.loc[known["code"].isin([one.code for one in states]), "began"]
    return max((day for day in days if day is not None), default=None)


def namesakes(session: Session, draft: Draft, states: Sequence[AreaState]) -> tuple[str, list[str]] | None:
    """A name that a draft gives to an area though another of its kind has it in the same place, and the codes of both."""
    heads = area_heads.heads(session, draft.county, tree_of(draft))
    before = dict(zip(heads["code"], zip(heads["level"], heads["parent"], heads["name"], strict=True), strict=True))
    now = before | {one.code: (one.level, one.parent, one.name) for one in states}
    there = now.keys() - {one.code for one in states if one.is_retired}
    for one in states:
        codes = sorted(code for code in there if now[code] == now[one.code])
        if one.code in there and len(codes) > 1 and now[one.code] != before.get(one.code):
            return one.name, codes
    return None


def write(session: Session, draft: Draft) -> dict[str, int]:
    """Writes what a draft makes of areas from its day on. Returns the ids of the communities that its grids lie in.
    Raises AreaCodeHeld."""
    change = draft.change
    assert change.effective_on is not None  # grid_submission.require_complete
    try:
        area_applying.write(session, change, tree_of(draft), change.effective_on, states(session, draft))
    except area_applying.CodeHeld as error:
        raise AreaCodeHeld(code=str(error)) from error
    homes = {row["community"] for row in draft.outcome["set"].values() if row.get("community")}
    return area_applying.ids(session, change, tree_of(draft), sorted(homes))


def take_back(session: Session, draft: Draft) -> bool:
    """Makes areas as they were before the change of a draft was written; False when later changes stand on it."""
    return area_applying.take_back(session, draft.change)
