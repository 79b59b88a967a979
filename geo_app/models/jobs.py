"""Long work that a page follows: its progress, its result, and in whose scope it runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, ForeignKey, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo_app.models.base import Base, Scoped, identity


class Job(Scoped, Base):
    """A job as its submitter sees it. The queue itself is procrastinate's."""

    __tablename__ = "job"

    id: Mapped[int] = identity()
    kind: Mapped[str]
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    user_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("app_user.id"), index=True)
    status: Mapped[str] = mapped_column(server_default="waiting")  # waiting, running, done, failed, cancelled
    done: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int | None]
    message: Mapped[str] = mapped_column(server_default="")
    result: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    cancel_requested: Mapped[bool] = mapped_column(Boolean, server_default="false")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
