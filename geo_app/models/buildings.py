"""Buildings: what cameras look past, and where people live."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo_app.models.base import Base, Imported, Scoped, Simulated, Versioned, identity, shape, spatial_index


class Building(Scoped, Simulated, Versioned, Imported, Base):
    """The outline of a building, or of a part of one."""

    __tablename__ = "building"
    __table_args__ = (CheckConstraint("height_m > 0", name="height"), spatial_index("building"))

    id: Mapped[int] = identity()
    name: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(server_default="building")
    height_m: Mapped[float | None]
    levels: Mapped[float | None]
    address: Mapped[str] = mapped_column(server_default="")
    geom: Mapped[Any] = shape("MULTIPOLYGON")
