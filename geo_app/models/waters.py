"""Rivers, canals and lakes: the ground, and what lines of grids follow."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo_app.models.base import Base, Imported, Scoped, Simulated, Versioned, identity, shape, spatial_index


class Water(Scoped, Simulated, Versioned, Imported, Base):
    """A river, canal or lake: its middle line, or the outline of what it covers. Whoever sees an area of its county reads
    all of them through ``geo_waters``, since a river is stamped in one town and flows through many."""

    __tablename__ = "water"
    __table_args__ = (CheckConstraint("ST_Dimension(geom) IN (1, 2)", name="line_or_outline"), spatial_index("water"))

    id: Mapped[int] = identity()
    name: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(server_default="water")
    geom: Mapped[Any] = shape("GEOMETRY")
