"""Standard addresses, and what people call them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from geo_app.models.base import Base, Imported, Scoped, Simulated, Versioned, identity, shape, spatial_index


class Address(Scoped, Simulated, Versioned, Imported, Base):
    """A standard address: its whole text, the parts that its source tells apart, and its point, if it has one."""

    __tablename__ = "address"
    __table_args__ = (Index("ix_address_source_key", "county_id", "source_key"), spatial_index("address"))

    id: Mapped[int] = identity()
    full_text: Mapped[str]
    town: Mapped[str | None]
    community: Mapped[str | None]
    villager_group: Mapped[str | None]
    road: Mapped[str | None]
    number: Mapped[str | None]
    estate: Mapped[str | None]  # 小区
    building: Mapped[str | None]
    unit: Mapped[str | None]
    arrived_datum: Mapped[str | None]
    arrived_x: Mapped[float | None]
    arrived_y: Mapped[float | None]
    geom: Mapped[Any] = shape("POINT", nullable=True)


class AddressAlias(Scoped, Simulated, Versioned, Imported, Base):
    """Another name of a standard address, told by the address's key or its whole text, or of a point.

    The address is named as the file named it: addresses and aliases may come in any order.
    """

    __tablename__ = "address_alias"
    __table_args__ = (spatial_index("address_alias"),)

    id: Mapped[int] = identity()
    alias: Mapped[str] = mapped_column(index=True)
    address_key: Mapped[str | None]
    address_text: Mapped[str | None]
    level: Mapped[str | None]  # of the place that somebody chose by hand for a text, and how far off it may be
    radius_m: Mapped[float | None]
    arrived_datum: Mapped[str | None]
    arrived_x: Mapped[float | None]
    arrived_y: Mapped[float | None]
    geom: Mapped[Any] = shape("POINT", nullable=True)
