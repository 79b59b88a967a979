"""Who lives where: households and people, counted by grid or by point."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Date, Index
from sqlalchemy.orm import Mapped, mapped_column

from geo_app.models.base import Base, Imported, Scoped, Simulated, Versioned, identity, shape, spatial_index


class Population(Scoped, Simulated, Versioned, Imported, Base):
    """A count of households and people, of a grid by its code or around a point."""

    __tablename__ = "population"
    __table_args__ = (
        CheckConstraint("grid_code IS NOT NULL OR geom IS NOT NULL", name="somewhere"),
        CheckConstraint("households >= 0 AND people >= 0", name="no_less_than_none"),
        Index("ix_population_grid_code", "county_id", "grid_code"),
        spatial_index("population"),
    )

    id: Mapped[int] = identity()
    grid_code: Mapped[str | None]
    households: Mapped[int | None]
    people: Mapped[int | None]
    counted_on: Mapped[date | None] = mapped_column(Date)
    arrived_datum: Mapped[str | None]
    arrived_x: Mapped[float | None]
    arrived_y: Mapped[float | None]
    geom: Mapped[Any] = shape("POINT", nullable=True)
