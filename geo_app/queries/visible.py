"""The counties of a session's scope, where they lie, and how often their data changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import BigInteger, String, case, func, select, text
from sqlalchemy import cast as cast_as
from sqlalchemy.orm import Session

from geo_app.models import Area, Camera, County, DataVersion, Grid, Incident, PatrolRoute, Street
from geo_app.queries.terms import Box

# A camera without a code of its own is known by a hash, which says nothing to anybody.
CAMERA_CODE = func.regexp_replace(Camera.code, "^#.*", "")
# What tells best where a county lies, first; grids reach a little beyond the outermost streets.
PLACED = ((Street, Grid), (PatrolRoute,), (Incident,), (Camera,), (Area,))

# The number of this transaction where it raised a version itself, which nobody knows yet.
_OWN = case(
    (
        DataVersion.raised_at == func.now(),
        cast_as(cast_as(func.pg_current_xact_id_if_assigned(), String), BigInteger),
    )
)


def counties(session: Session) -> Sequence[County]:
    """Every county of which the session's scope sees an area, by code."""
    return session.scalars(select(County).order_by(County.code)).all()


def county(session: Session, code: str) -> County | None:
    """The county with this code; None when there is none or the scope does not see it: the two are one answer."""
    return session.scalars(select(County).where(County.code == code)).one_or_none()


def bounds(session: Session, county_id: int) -> Box | None:
    """West, south, east, north in degrees of what the scope sees of a county; None when it sees nothing placed."""
    for models in PLACED:
        boxes = [box for model in models if (box := _extent(session, model, county_id)) is not None]
        if boxes:
            west, south, east, north = zip(*boxes, strict=True)
            return min(west), min(south), max(east), max(north)
    return None


def _extent(session: Session, model: Any, county_id: int) -> Box | None:
    extent = select(func.ST_Extent(model.geom).label("box")).where(model.county_id == county_id).subquery()
    edges = (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)
    row = session.execute(select(*(edge(extent.c.box) for edge in edges))).one()
    return None if row[0] is None else cast(Box, tuple(float(edge) for edge in row))


def versions(session: Session, county_id: int, kinds: Iterable[str]) -> tuple[int, ...]:
    """How often each of these kinds changed in a county, in the order given; 0 for what never had a row.

    Read them before the rows: rows that are newer than their version are read again, never the other way round. What this
    transaction raised itself has a number that no other sees: should it come to nothing, the next one that writes raises
    the version to the same, and what was kept of this one would be taken for its rows.
    """
    asked = tuple(kinds)
    found = session.execute(
        select(DataVersion.kind, DataVersion.version, _OWN.label("own")).where(
            DataVersion.county_id == county_id, DataVersion.kind.in_(asked)
        )
    )
    table = {row.kind: row.version if row.own is None else row.version + (row.own << 64) for row in found}
    return tuple(table.get(kind, 0) for kind in asked)


def scope_key(session: Session) -> str:
    """What decides which rows this transaction sees: its role and its scope, as the database knows them."""
    row = session.execute(text("SELECT current_user, coalesce(current_setting('geo.scope', true), '')")).one()
    return f"{row[0]} {row[1]}"
