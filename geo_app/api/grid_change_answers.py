"""Changes of grids in the answers of the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field


class ListedChange(BaseModel):
    """A change in a list."""

    id: int
    tag: str
    title: str
    status: str
    subject: str
    reason_code: str
    author: str
    is_own: bool
    effective_on: date | None
    approved_on: date | None
    document_number: str
    changed_at: datetime
    grids: int = Field(description="How many of the grids that there were it touches.")
    open_with: list[str] = Field(description="Who else has it open now.")


class ChangesAnswer(BaseModel):
    """The changes of a county, those that changed last first."""

    changes: list[ListedChange]


class ChangeAnswer(BaseModel):
    """A change with all that is known of it. ``tag`` is what an act brings in If-Match."""

    id: int
    tag: str
    title: str
    status: str
    revision: int
    kind: str
    subject: str
    reason_code: str
    reason: str
    author: str
    surveyed_on: date | None
    effective_on: date | None
    approved_on: date | None
    on_paper: bool
    document_number: str
    changed_at: datetime
    operations: list[dict[str, Any]]
    position: int
    can_undo: bool
    can_redo: bool
    retired: list[str]
    created: list[str]
    changed: list[str]
    areas: list[dict[str, Any]] = Field([], description="Communities and towns that are other afterwards.")
    faults: list[dict[str, Any]]
    stale: list[str] = Field(description="Grids that somebody else changed since they were drawn on.")
    stale_areas: list[dict[str, str]] = Field(
        description="Areas (code, name) that somebody else changed, so that they are not what steps take them to be."
    )
    lease: list[dict[str, Any]] = Field(
        description="Who has this change open, or another one of the same grids (codes; also one that the asker does not see)."
    )
    reviews: list[dict[str, Any]]
    scans: list[dict[str, Any]]
    chain: list[str]
    step: int
    may: dict[str, bool]
    left_out: list[dict[str, Any]] = Field(
        description="Steps that could not be drawn again when it was last brought up to date, with the reason as text."
    )


class DrawnAnswer(BaseModel):
    """What an operation did: the change now, the grids touched as they are now, their numbers."""

    change: ChangeAnswer | None
    edit: dict[str, list[str]]
    features: dict[str, Any]
    numbers: list[dict[str, Any]]
