"""A change of grids put in force: what it ends and begins on its day, and all of it taken back before that day.

The caller holds `grid_heads.lock`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo_app.queries import area_applying, grid_applying, grid_change_rows, grid_handover, grid_taking_back
from geo_app.services import area_changes
from geo_app.services.grid_draft import Draft
from geo_app.services.grid_refusals import StoodOn, TooLow
from grid_boundaries.steps import described


def write(session: Session, draft: Draft) -> None:
    """Ends and begins versions on the day of the change; lineage and people go with them.

    Raises TooLow when some of what ends lies outside the actor's scope.
    """
    change, done = draft.change, draft.outcome
    assert change.effective_on is not None  # grid_submission.require_complete
    ended = _require_all_seen(session, draft)
    homes = area_changes.write(session, draft)
    if draft.is_of_police:
        return
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
    grid_handover.hand_over(session, change, change.effective_on)


def areas(session: Session, draft: Draft) -> list[int]:
    """The areas of the versions that a change which is written ended, and those that it made other.

    Raises TooLow when some of the versions lie outside the actor's scope.
    """
    ended = _require_all_seen(session, draft)
    of_versions = area_applying.areas if draft.is_of_police else grid_applying.areas
    return [*of_versions(session, ended), *area_applying.of_change(session, draft.change)]


def take_back(session: Session, draft: Draft) -> None:
    """Makes everything as it was before a change was written. Raises StoodOn when later changes stand on it."""
    if not (area_changes.take_back(session, draft) and grid_taking_back.take_back(session, draft.change)):
        later = grid_change_rows.later_titles(session, draft.change)
        raise StoodOn(titles="、".join(f"“{title}”" for title in later) or "–")


def _require_all_seen(session: Session, draft: Draft) -> list[int]:
    """The versions that the change ends, locked. Raises TooLow when some of them lie outside the actor's scope."""
    done = draft.outcome
    ended = [draft.change.base[code] for code in (*done["retired"], *done["changed"])]
    seen = area_applying.seen if draft.is_of_police else grid_applying.seen
    if seen(session, ended) < len(ended):
        raise TooLow()
    return ended


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
