"""Import batches and the rows that could not be used."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, func
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
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")  # our name → the file's heading
    reading: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")  # what was decided, for the next file
    rows_read: Mapped[int] = mapped_column(server_default="0")
    rows_stored: Mapped[int] = mapped_column(server_default="0")
    rows_updated: Mapped[int] = mapped_column(server_default="0")
    rows_unchanged: Mapped[int] = mapped_column(server_default="0")
    rows_quarantined: Mapped[int] = mapped_column(server_default="0")
    rows_unplaced: Mapped[int] = mapped_column(server_default="0")  # of those that are there, without a position
    placed: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")  # by address: how many at which level
    rows_ended: Mapped[int] = mapped_column(server_default="0")  # of the table, not of the file
    warnings: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    user_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("app_user.id"))
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class QuarantineRow(Scoped, Base):
    """A row that could not be used, with its reason and its own text, until it is mended and taken, or left for good.

    ``reason`` and ``remedy`` are message ids with ``%(name)s`` for ``params``.
    """

    __tablename__ = "quarantine_row"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'taken', 'left')", name="state"),)

    id: Mapped[int] = identity()
    import_batch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("import_batch.id"), index=True)
    file_line: Mapped[int] = mapped_column(BigInteger)  # or the feature's number, the way's identity: see unit
    unit: Mapped[str] = mapped_column(server_default="line")
    reason_code: Mapped[str]
    reason: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    remedy: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default="waiting")  # waiting, taken, left
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    arrived: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")  # what it said before it was mended
    arrived_hash: Mapped[str] = mapped_column(server_default="", index=True)  # md5, by which it is known again
    mended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
