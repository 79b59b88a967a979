"""Incidents: what arrived beside what was made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, DateTime, ForeignKey, Index, String, true
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo_app.models.base import Base, Imported, Scoped, Simulated, identity, shape


class Incident(Scoped, Simulated, Imported, Base):
    """One call or case. Times may be unknown or a range; the point may be missing, exact or a guess with a radius."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("occurred_to >= occurred_from", name="time_order"),
        CheckConstraint("(cleared_at IS NULL) = (cleared_by IS NULL)", name="cleared"),
        Index("uq_incident_source_key", "county_id", "source", "source_key", unique=True),
        Index("ix_incident_import_batch_id", "import_batch_id", postgresql_using="brin"),
    )

    # References are checked by statement, not by row (see migration 0006): a million rows come at a time.
    county_id: Mapped[int] = mapped_column(BigInteger)
    admin_area_id: Mapped[int] = mapped_column(BigInteger)
    police_area_id: Mapped[int] = mapped_column(BigInteger)
    import_batch_id: Mapped[int | None] = mapped_column(BigInteger)
    # Keys are compared, never sorted for people.
    source: Mapped[str] = mapped_column(String(collation="C"), server_default="")
    source_key: Mapped[str | None] = mapped_column(String(collation="C"))

    id: Mapped[int] = identity()
    number: Mapped[str | None]
    occurred_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    occurred_to: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reported_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    acknowledged_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    departed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    feedback_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    category: Mapped[str] = mapped_column(server_default="")  # the feedback category overrides the intake's
    category_intake: Mapped[str | None]
    category_feedback: Mapped[str | None]
    case_kind: Mapped[str] = mapped_column(server_default="incident")  # incident, dispute, hazard
    discovered_by: Mapped[str | None]  # call, patrol, grid
    valid: Mapped[bool] = mapped_column(Boolean, server_default=true())
    preventable: Mapped[bool | None]
    non_police: Mapped[bool | None]
    description: Mapped[str] = mapped_column(server_default="")
    # What arrived.
    arrived: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")
    arrived_address: Mapped[str] = mapped_column(server_default="")
    arrived_datum: Mapped[str | None]
    arrived_x: Mapped[float | None]
    arrived_y: Mapped[float | None]
    # What was made of it.
    match_level: Mapped[str] = mapped_column(server_default="none")  # given, pinned, building, number, …, none
    match_score: Mapped[float | None]
    match_how: Mapped[str | None]
    radius_m: Mapped[float | None]
    grid_stable_id: Mapped[int | None] = mapped_column(BigInteger)
    geom: Mapped[Any] = shape("POINT", nullable=True)
    placed_before: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True)
    )  # its place before somebody chose one by hand
    # Who looked at it in the morning and found it in order.
    cleared_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cleared_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("app_user.id"))


class IncidentCaller(Scoped, Base):
    """Who called. Apart from the incident because seeing it takes a permission of its own."""

    __tablename__ = "incident_caller"

    incident_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str | None]
    telephone: Mapped[str | None]


class IncidentCategory(Base):
    """A county's code table of categories, four levels deep."""

    __tablename__ = "incident_category"

    county_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("county.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    parent_code: Mapped[str | None]
    name: Mapped[str]
    valid: Mapped[bool] = mapped_column(Boolean, server_default=true())
    preventable: Mapped[bool | None]
