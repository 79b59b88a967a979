"""What all tables share: naming of constraints, the columns of a place, validity and record ranges."""

from __future__ import annotations

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, MetaData, false, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE, Range
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base of every table of the product."""

    metadata = MetaData(naming_convention=NAMING)


def identity() -> Mapped[int]:
    """A generated 64-bit primary key."""
    return mapped_column(BigInteger, primary_key=True)


def shape(kind: str, *, nullable: bool = False) -> Mapped[Any]:
    """A geometry column in EPSG:4326 (longitude, latitude); its index is declared by ``spatial_index``."""
    return mapped_column(Geometry(kind, srid=4326, spatial_index=False), nullable=nullable)


def spatial_index(table: str, column: str = "geom") -> Index:
    """A GiST index on a geometry column."""
    return Index(f"ix_{table}_{column}", column, postgresql_using="gist")


class Scoped:
    """A row that belongs to a place: its county and its deepest area in each tree, stamped on writing.

    Row security compares the two areas with the scope of the transaction.
    """

    @declared_attr
    def county_id(cls) -> Mapped[int]:
        return mapped_column(BigInteger, ForeignKey("county.id"), index=True)

    @declared_attr
    def admin_area_id(cls) -> Mapped[int]:
        return mapped_column(BigInteger, ForeignKey("area.id"), index=True)

    @declared_attr
    def police_area_id(cls) -> Mapped[int]:
        return mapped_column(BigInteger, ForeignKey("area.id"), index=True)


class Simulated:
    """A row that was made up for a demonstration and says so everywhere it shows."""

    simulated: Mapped[bool] = mapped_column(Boolean, server_default=false())


class Versioned:
    """A row that is one version: in force during ``valid``, known to the database during ``recorded``.

    Nothing about the past is overwritten: a correction ends ``recorded`` and adds a row.
    """

    valid: Mapped[Range[Any]] = mapped_column(DATERANGE, server_default=text("daterange(NULL, NULL)"))
    recorded: Mapped[Range[Any]] = mapped_column(TSTZRANGE, server_default=func.tstzrange(func.now(), None))


class Imported:
    """Where a row came from: the batch, the file and the line; and its key in the source, if it has one."""

    source: Mapped[str] = mapped_column(server_default="")
    source_key: Mapped[str | None]
    file_line: Mapped[int | None]

    @declared_attr
    def import_batch_id(cls) -> Mapped[int | None]:
        return mapped_column(BigInteger, ForeignKey("import_batch.id"), index=True)
