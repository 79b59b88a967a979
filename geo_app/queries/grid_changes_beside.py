"""Changes of grids on which others are at work in a county, also those that the scope does not see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Held:
    """Who has a change open, until when unless he says so again."""

    user_id: int
    name: str
    until: datetime


@dataclass(frozen=True)
class Beside:
    """A change in review, or a draft that somebody has open: no more of it than others need to keep out of its way."""

    id: int
    title: str
    author: str
    claims: frozenset[str]  # `Draft.claims`
    is_in_review: bool
    held: tuple[Held, ...]


def named(claims: Iterable[str]) -> list[str]:
    """The codes of the grids and areas of which claims speak."""
    return sorted({claim.split(" ")[0] for claim in claims})


def beside(session: Session, county_id: int) -> list[Beside]:
    """The changes of a county that the scope sees any area of: what was submitted first stands first, drafts last."""
    found = session.execute(text("SELECT * FROM geo_grid_changes_beside(:county)"), {"county": county_id}).all()
    held: dict[int, list[Held]] = {row.id: [] for row in found}
    for row in found:
        if row.holder_id is not None:
            held[row.id].append(Held(row.holder_id, row.holder, row.until))
    rows = {row.id: row for row in found}
    return [
        Beside(number, row.title, row.author, frozenset(row.touched), row.in_review, tuple(held[number]))
        for number, row in rows.items()
    ]
