"""Streets as versions with stable ids, and the pieces that presence, demand and gaps are counted on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, false
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


class Street(Scoped, Simulated, Versioned, Imported, Base):
    """One version of a street between two crossings."""

    __tablename__ = "street"
    __table_args__ = (spatial_index("street"),)

    id: Mapped[int] = identity()
    stable_id: Mapped[int] = mapped_column(BigInteger, index=True)
    name: Mapped[str] = mapped_column(server_default="")
    road_class: Mapped[str] = mapped_column(server_default="unclassified")
    one_way: Mapped[bool] = mapped_column(Boolean, server_default=false())
    layer: Mapped[int] = mapped_column(server_default="0")  # bridges above, tunnels below: they do not cross
    network_version: Mapped[int] = mapped_column(BigInteger)  # the county's when this version came
    geom: Mapped[Any] = shape("LINESTRING")


class StreetPiece(Scoped, Simulated, Versioned, Base):
    """A piece of a street, at most 100 m long: the unit of presence, visibility, demand and gap.

    ``id`` is the stable id that passes and plans refer to; ``ordinal`` counts from the street's start.
    """

    __tablename__ = "street_piece"
    __table_args__ = (
        Index("uq_street_piece", "street_id", "ordinal", unique=True),
        spatial_index("street_piece"),
    )

    id: Mapped[int] = identity()
    street_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("street.id"))
    ordinal: Mapped[int]
    length_m: Mapped[float]  # in the county's metric system
    geom: Mapped[Any] = shape("LINESTRING")


class StreetLineage(Scoped, Base):
    """Which street came from which in a re-import, so that routes and passes survive."""

    __tablename__ = "street_lineage"

    id: Mapped[int] = identity()
    parent_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("street.id"), index=True)
    child_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("street.id"), index=True)
    network_version: Mapped[int] = mapped_column(BigInteger)
