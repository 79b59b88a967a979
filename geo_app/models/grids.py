"""Grids as versions, and the dated changes that made them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, Index, func
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo_app.models.base import (
    Base,
    Imported,
    Scoped,
    Simulated,
    Versioned,
    identity,
    shape,
    spatial_index,
)


class Grid(Scoped, Simulated, Versioned, Imported, Base):
    """One version of a grid. ``stable_id`` stays the same while only its line or its names change."""

    __tablename__ = "grid"
    __table_args__ = (
        # A code means one grid on any day, as known at any instant.
        ExcludeConstraint(
            ("county_id", "="),
            ("code", "="),
            ("valid", "&&"),
            ("recorded", "&&"),
            name="ex_grid_code",
            using="gist",
        ),
        spatial_index("grid"),
    )

    id: Mapped[int] = identity()
    stable_id: Mapped[int] = mapped_column(BigInteger, index=True)
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="basic")  # basic, dedicated, police_grid, micro_grid
    households: Mapped[int | None]
    leader_name: Mapped[str | None]
    leader_telephone: Mapped[str | None]
    change_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("grid_change.id"), index=True)
    geom: Mapped[Any] = shape("MULTIPOLYGON")


class GridChange(Scoped, Base):
    """A dated change of grids: drafted, reviewed, effective, filed."""

    __tablename__ = "grid_change"

    id: Mapped[int] = identity()
    kind: Mapped[str]  # split, merge, move, transfer, carve, fill, import, code
    reason_code: Mapped[str]  # real_change, re_digitising, code_correction
    reason: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="draft")  # draft, review, approved, filed, sent_back
    operations: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    author_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("app_user.id"))
    reviewer_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("app_user.id"))
    surveyed_on: Mapped[date | None] = mapped_column(Date)
    approved_on: Mapped[date | None] = mapped_column(Date)
    effective_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class GridLineage(Scoped, Base):
    """Which grid came from which: a geometry-only version has no row here."""

    __tablename__ = "grid_lineage"
    __table_args__ = (Index("uq_grid_lineage", "change_id", "parent_id", "child_id", unique=True),)

    id: Mapped[int] = identity()
    change_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("grid_change.id"))
    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("grid.id"), index=True)
    child_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("grid.id"), index=True)


class GridWorker(Scoped, Simulated, Versioned, Base):
    """Who is responsible for a grid: leader, full-time and part-time workers, with telephone numbers."""

    __tablename__ = "grid_worker"

    id: Mapped[int] = identity()
    grid_stable_id: Mapped[int] = mapped_column(BigInteger, index=True)
    role: Mapped[str]  # grid_leader, full_time, part_time
    name: Mapped[str]
    telephone: Mapped[str | None]
