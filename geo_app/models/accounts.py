"""Users with their roles and scopes, server-side sessions, failed sign-ins, and the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, ForeignKey, Index, LargeBinary, func, text, true
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo_app.models.base import Base, identity


class AppUser(Base):
    """Somebody who may sign in."""

    __tablename__ = "app_user"
    __table_args__ = (Index("uq_app_user_login", text("lower(login)"), unique=True),)

    id: Mapped[int] = identity()
    login: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    password_changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    must_change_password: Mapped[bool] = mapped_column(Boolean, server_default="false")
    active: Mapped[bool] = mapped_column(Boolean, server_default=true())
    language: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class UserRole(Base):
    """A role of a user."""

    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class UserScope(Base):
    """The root of a subtree that a user may see."""

    __tablename__ = "user_scope"

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("area.id"), primary_key=True)


class UserSession(Base):
    """A browser's session. Only the hash of its token is kept; without a user it belongs to a sign-in form."""

    __tablename__ = "user_session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    address: Mapped[str | None] = mapped_column(INET)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class SignInFailure(Base):
    """A failed sign-in, counted per account and per address across workers and restarts."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_login", text("lower(login)"), "at"),
        Index("ix_sign_in_failure_address", "address", "at"),
    )

    id: Mapped[int] = identity()
    login: Mapped[str]
    address: Mapped[str | None] = mapped_column(INET)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class AuditEntry(Base):
    """Who did what to what, from where. Append-only: the application's role may insert and, by permission, read."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = identity()
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp(), index=True)
    user_id: Mapped[int | None] = mapped_column(BigInteger, index=True)  # no foreign key: an entry outlives
    login: Mapped[str | None]
    address: Mapped[str | None] = mapped_column(INET)
    action: Mapped[str]
    object_kind: Mapped[str | None]
    object_id: Mapped[str | None]
    county_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    outcome: Mapped[str] = mapped_column(server_default="done")  # done, denied, failed
    request_id: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
