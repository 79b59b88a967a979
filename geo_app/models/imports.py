"""Import batches and the rows that could not be used."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo_app.models.base import Base, Scoped, identity


class ImportBatch(Scoped, Base):
    """One file taken in: its name, its hash, how it was read and how many rows came of it."""

    __tablename__ = "import_batch"

    id: Mapped[int] = identity()
    kind: Mapped[str]
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    source: Mapped[str] = mapped_column(server_default="")
    crs: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    rows_read: Mapped[int] = mapped_column(server_default="0")
    rows_stored: Mapped[int] = mapped_column(server_default="0")
    rows_updated: Mapped[int] = mapped_column(server_default="0")
    rows_unchanged: Mapped[int] = mapped_column(server_default="0")
    rows_dropped: Mapped[int] = mapped_column(server_default="0")
    rows_quarantined: Mapped[int] = mapped_column(server_default="0")
    rows_ended: Mapped[int] = mapped_column(server_default="0")  # of the table, not of the file
    warnings: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    user_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("app_user.id"))
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class QuarantineRow(Scoped, Base):
    """A row that could not be used, with its reason and its own text, until it is mended and taken again."""

    __tablename__ = "quarantine_row"

    id: Mapped[int] = identity()
    import_batch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("import_batch.id"), index=True)
    file_line: Mapped[int]
    reason_code: Mapped[str]
    reason: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    mended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
