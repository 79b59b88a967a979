"""Grids as versions, and the people who work in them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
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
    change_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("grid_change.id"), index=True)
    geom: Mapped[Any] = shape("MULTIPOLYGON")


class GridWorker(Scoped, Simulated, Versioned, Base):
    """An appointment: who is responsible for a grid from when to when, with the number of the telephone on duty.

    ``valid`` ends on the first day on which somebody is no longer in office. Lines and people change apart: a grid
    keeps its ``stable_id`` and with it its people when only its line or its name changes.
    """

    __tablename__ = "grid_worker"
    __table_args__ = (
        # One leader of a grid on any day, as known at any instant.
        ExcludeConstraint(
            ("county_id", "="),
            ("grid_stable_id", "="),
            ("valid", "&&"),
            ("recorded", "&&"),
            name="ex_grid_leader",
            using="gist",
            where=text("role = 'grid_leader'"),
            deferrable=True,  # one statement may give a day of one leader to another
        ),
    )

    id: Mapped[int] = identity()
    grid_stable_id: Mapped[int] = mapped_column(BigInteger, index=True)
    role: Mapped[str]  # grid_leader, full_time, part_time, police_officer
    name: Mapped[str]
    telephone: Mapped[str | None]
