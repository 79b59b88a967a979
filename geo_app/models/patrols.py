"""Teams, shifts, routes, and the positions that patrols report."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, DateTime, ForeignKey, Index, Time, func, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
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


class Team(Scoped, Simulated, Base):
    """A patrol team of a station: one officer and two auxiliaries, as a rule."""

    __tablename__ = "team"
    __table_args__ = (Index("uq_team_name", "county_id", "police_area_id", "name", unique=True),)

    id: Mapped[int] = identity()
    name: Mapped[str]
    mode: Mapped[str] = mapped_column(server_default="foot")
    active: Mapped[bool] = mapped_column(Boolean, server_default=true())


class TeamMember(Scoped, Simulated, Base):
    """A person on a team."""

    __tablename__ = "team_member"

    id: Mapped[int] = identity()
    team_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("team.id"), index=True)
    name: Mapped[str]
    number: Mapped[str | None]
    rank: Mapped[str]  # officer, auxiliary, volunteer


class Shift(Scoped, Simulated, Base):
    """A shift of a team: who is out from when to when."""

    __tablename__ = "shift"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="time_order"),)

    id: Mapped[int] = identity()
    team_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("team.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    note: Mapped[str] = mapped_column(server_default="")


class ShiftMember(Scoped, Simulated, Base):
    """Who of a team is out in a shift."""

    __tablename__ = "shift_member"
    __table_args__ = (Index("uq_shift_member", "shift_id", "team_member_id", unique=True),)

    id: Mapped[int] = identity()
    shift_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("shift.id"))
    team_member_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("team_member.id"), index=True)


class PatrolRoute(Scoped, Simulated, Versioned, Imported, Base):
    """A planned route: a line along streets, walked or driven at its departures (local times of every day)."""

    __tablename__ = "patrol_route"
    __table_args__ = (
        CheckConstraint("mode IN ('foot', 'vehicle')", name="mode"),
        spatial_index("patrol_route"),
    )

    id: Mapped[int] = identity()
    stable_id: Mapped[int] = mapped_column(BigInteger, index=True)
    name: Mapped[str]
    mode: Mapped[str] = mapped_column(server_default="foot")
    team_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("team.id"), index=True)
    departures: Mapped[list[time]] = mapped_column(ARRAY(Time), server_default="{}")
    mandatory: Mapped[bool] = mapped_column(Boolean, server_default=true())
    network_version: Mapped[int | None] = mapped_column(BigInteger)
    shift_begins: Mapped[time | None] = mapped_column(Time)
    shift_ends: Mapped[time | None] = mapped_column(Time)
    points: Mapped[list[Any] | None] = mapped_column(JSONB)  # what was clicked, [longitude, latitude] each
    geom: Mapped[Any] = shape("LINESTRING")


class ShiftRoute(Scoped, Base):
    """A route that a shift has to take, and when it sets out."""

    __tablename__ = "shift_route"

    id: Mapped[int] = identity()
    shift_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("shift.id"), index=True)
    route_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("patrol_route.id"), index=True)
    departs_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Device(Scoped, Simulated, Base):
    """A radio, telephone or car that reports positions."""

    __tablename__ = "device"
    __table_args__ = (Index("uq_device_code", "county_id", "code", unique=True),)

    id: Mapped[int] = identity()
    code: Mapped[str]
    team_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("team.id"), index=True)
    revoked: Mapped[bool] = mapped_column(Boolean, server_default="false")


class Fix(Scoped, Base):
    """A position that a device reported. Partitioned by day; fixes age out, passes stay."""

    __tablename__ = "fix"
    __table_args__ = {"postgresql_partition_by": "RANGE (at)"}

    device_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("device.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    accuracy_m: Mapped[float | None]
    speed_mps: Mapped[float | None]
    heading: Mapped[float | None]
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    geom: Mapped[Any] = shape("POINT")


class Passage(Scoped, Simulated, Base):
    """A presence at a street piece, matched from fixes: the product of a track."""

    __tablename__ = "passage"
    __table_args__ = (
        CheckConstraint("ended_at >= began_at", name="time_order"),
        Index("ix_passage_piece_time", "street_piece_id", "began_at"),
    )

    id: Mapped[int] = identity()
    street_piece_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("street_piece.id"))
    device_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("device.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
