"""Places, posts, and cameras."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, true
from sqlalchemy.dialects.postgresql import JSONB
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


class Place(Scoped, Simulated, Versioned, Imported, Base):
    """A school, bank, hospital, market, station, residential quarter: whatever people name when they call."""

    __tablename__ = "place"
    __table_args__ = (spatial_index("place"),)

    id: Mapped[int] = identity()
    name: Mapped[str]
    kind: Mapped[str]
    is_key: Mapped[bool] = mapped_column(Boolean, server_default=true())  # asks for a patrol of class B
    address: Mapped[str] = mapped_column(server_default="")
    details: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default="{}"
    )  # hours, terms, estate_access, and the rest
    arrived_datum: Mapped[str | None]
    arrived_x: Mapped[float | None]
    arrived_y: Mapped[float | None]
    geom: Mapped[Any] = shape("POINT")


class Post(Scoped, Simulated, Versioned, Imported, Base):
    """A post or check-in point: where a unit stands, or where a patrol has to be within a window of time."""

    __tablename__ = "post"
    __table_args__ = (spatial_index("post"),)

    id: Mapped[int] = identity()
    name: Mapped[str]
    kind: Mapped[str]  # police_station, response_post, mandatory_point, control_point
    team_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("team.id"), index=True)
    response_minutes: Mapped[float | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")  # hours, team, and the rest
    arrived_datum: Mapped[str | None]
    arrived_x: Mapped[float | None]
    arrived_y: Mapped[float | None]
    geom: Mapped[Any] = shape("POINT")


class Camera(Scoped, Simulated, Versioned, Imported, Base):
    """A camera on its site. Bearing, field of view and range are our own columns: catalogues carry none of them."""

    __tablename__ = "camera"
    __table_args__ = (
        CheckConstraint("bearing >= 0 AND bearing < 360", name="bearing"),
        CheckConstraint("field_of_view > 0 AND field_of_view <= 360", name="field_of_view"),
        CheckConstraint("range_m > 0", name="range"),
        Index("ix_camera_code", "county_id", "code"),
        spatial_index("camera"),
    )

    id: Mapped[int] = identity()
    code: Mapped[str]  # 20 digits of GB/T 28181, or the source's own
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="bullet")  # dome, bullet, checkpoint
    owner_class: Mapped[int | None]  # 1 public security, 2 other departments, 3 private
    status: Mapped[str] = mapped_column(server_default="ON")
    bearing: Mapped[float | None]  # degrees clockwise from north
    field_of_view: Mapped[float | None]  # degrees
    range_m: Mapped[float | None]
    height_m: Mapped[float | None]
    estimated: Mapped[bool] = mapped_column(Boolean, server_default=true())  # derived rather than surveyed
    catalogue: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    arrived_datum: Mapped[str | None]
    arrived_x: Mapped[float | None]
    arrived_y: Mapped[float | None]
    geom: Mapped[Any] = shape("POINT")
