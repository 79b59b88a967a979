"""Counties, their two area trees, and the version counters that caches hang on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint, false, func
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo_app.models.base import Base, Imported, Simulated, Versioned, identity, shape, spatial_index


class County(Simulated, Base):
    """A county: the unit of metric system, clock and settings."""

    __tablename__ = "county"

    id: Mapped[int] = identity()
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    metric_srid: Mapped[int]
    time_zone: Mapped[str] = mapped_column(server_default="Asia/Shanghai")
    network_version: Mapped[int] = mapped_column(BigInteger, server_default="0")
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class Area(Simulated, Versioned, Imported, Base):
    """A node of the administrative tree (county, town, community) or of the police tree (bureau, station, zone), as it was
    decided last; from its first day (``valid``) on, be that still to come.

    Its id stays for ever: scopes and stamps hang on it. What holds on a day is a version (`AreaVersion`), kept by trigger.
    ``retired``: it is there no more and hangs below the area that took most of it, which answers for its past.
    """

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("tree IN ('admin', 'police')", name="tree"),
        UniqueConstraint("county_id", "tree", "code"),
        spatial_index("area"),
        # One root in each tree: what belongs to no deeper area belongs to it.
        Index("uq_area_root", "county_id", "tree", unique=True, postgresql_where="parent_id IS NULL"),
    )

    id: Mapped[int] = identity()
    county_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("county.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("area.id"), index=True)
    tree: Mapped[str]
    level: Mapped[str]  # county, town, community; bureau, station, zone
    code: Mapped[str]
    name: Mapped[str]
    statistical_code: Mapped[str | None]
    police_code: Mapped[str | None]
    retired: Mapped[bool] = mapped_column(Boolean, server_default=false())
    # Without foreign keys: changes and batches belong to an area themselves, and no two could be made in any order.
    change_id: Mapped[int | None] = mapped_column(BigInteger, index=True)  # what decided it last
    import_batch_id: Mapped[int | None] = mapped_column(BigInteger)
    geom: Mapped[Any] = shape("MULTIPOLYGON", nullable=True)


class AreaVersion(Simulated, Versioned, Base):
    """What was said of an area for some days; read through the function ``geo_areas_on``, written by trigger."""

    __tablename__ = "area_version"
    __table_args__ = (
        # One state of an area on any day, as known at any instant.
        ExcludeConstraint(("area_id", "="), ("valid", "&&"), ("recorded", "&&"), name="ex_area_version", using="gist"),
        spatial_index("area_version"),
    )

    id: Mapped[int] = identity()
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("area.id", ondelete="CASCADE"), index=True)
    county_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("county.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("area.id"), index=True)
    name: Mapped[str]
    statistical_code: Mapped[str | None]
    police_code: Mapped[str | None]
    retired: Mapped[bool] = mapped_column(Boolean)
    change_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("grid_change.id"), index=True)
    geom: Mapped[Any] = shape("MULTIPOLYGON", nullable=True)


class DataVersion(Base):
    """How often the rows of a kind changed in a county; raised by trigger in the transaction that writes."""

    __tablename__ = "data_version"

    county_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("county.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    raised_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
