"""Dated changes of grids: drafted, reviewed, in force from a day on, filed; with everything that was said about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    false,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo_app.models.base import Base, Scoped, identity


class GridChange(Scoped, Base):
    """A dated change of grids; while it is drafted, the row is the draft.

    ``operations``: what was drawn, in order, each with what it did (`grid_boundaries.steps`); the first ``position`` of
    them hold, the others were undone. ``base``: the version (grid.id) of each grid that they touch, on which they were
    done. ``touched``: their codes, and of areas what becomes other (`Draft.claims`), so that nobody reads all shapes for
    them. ``left_out``: the steps that could not be drawn again when the draft was last brought up to date, each as ``asked``
    without its shapes, with ``reason`` and ``codes`` of the refusal. ``revision`` is raised by every change of the row.
    """

    __tablename__ = "grid_change"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'review', 'sent_back', 'approved', 'filed', 'withdrawn')", name="status"),
        CheckConstraint("subject IN ('grids', 'police')", name="subject"),
        CheckConstraint("position >= 0 AND position <= jsonb_array_length(operations)", name="position"),
        Index("ix_grid_change_status", "county_id", "status"),
    )

    id: Mapped[int] = identity()
    kind: Mapped[str] = mapped_column(server_default="edit")  # edit, import
    subject: Mapped[str] = mapped_column(server_default="grids")  # what is drawn: grids, or the areas of the police
    title: Mapped[str] = mapped_column(server_default="")
    reason_code: Mapped[str]  # real_change, re_digitising, code_correction
    reason: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="draft")
    revision: Mapped[int] = mapped_column(BigInteger, server_default="0")
    operations: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    position: Mapped[int] = mapped_column(server_default="0")
    base: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    touched: Mapped[list[str]] = mapped_column(ARRAY(String), server_default="{}")
    left_out: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    author_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("app_user.id"))
    reviewer_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("app_user.id"))  # who approved it in the end
    surveyed_on: Mapped[date | None] = mapped_column(Date)
    approved_on: Mapped[date | None] = mapped_column(Date)
    effective_on: Mapped[date | None] = mapped_column(Date)
    document_number: Mapped[str] = mapped_column(server_default="")
    on_paper: Mapped[bool] = mapped_column(Boolean, server_default=false())  # was approved outside of this system
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    # When what lies in areas that it changes was given to the areas that have it from its day on.
    stamped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class GridReview(Scoped, Base):
    """What somebody decided or remarked about a change, of the state that he saw."""

    __tablename__ = "grid_review"

    id: Mapped[int] = identity()
    change_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("grid_change.id"), index=True)
    step: Mapped[int]  # of the chain, from 0
    level: Mapped[str]  # community, town, county
    reviewer_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("app_user.id"))
    decision: Mapped[str]  # submit, approve, send_back, comment, withdraw, file
    comment: Mapped[str] = mapped_column(server_default="")
    revision: Mapped[int] = mapped_column(BigInteger)
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class GridLease(Scoped, Base):
    """Who has a draft open now: it forbids nothing, it tells others."""

    __tablename__ = "grid_lease"

    change_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("grid_change.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("app_user.id"), primary_key=True)
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class GridScan(Scoped, Base):
    """A scanned paper of a change."""

    __tablename__ = "grid_scan"

    id: Mapped[int] = identity()
    change_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("grid_change.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    user_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("app_user.id"))
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class GridLineage(Scoped, Base):
    """Which grid came from which: a geometry-only version has no row here."""

    __tablename__ = "grid_lineage"
    __table_args__ = (Index("uq_grid_lineage", "change_id", "parent_id", "child_id", unique=True),)

    id: Mapped[int] = identity()
    change_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("grid_change.id"))
    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("grid.id"), index=True)
    child_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("grid.id"), index=True)
