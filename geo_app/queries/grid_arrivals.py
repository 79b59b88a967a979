"""Grids on their way in: each import of grids is one dated change, filed at once."""

from __future__ import annotations

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import GridChange
from geo_app.queries.arrivals import Counts, Taking
from geo_app.queries.grid_workers import take_workers
from geo_app.queries.versions import IN_FORCE, Known, compare, take_versions


def merge_grids(session: Session, taking: Taking) -> Counts:
    """Takes the arriving grids over by their codes. Grids that are not in the file stay as they are.

    A grid whose line changed gets a new version from today on; its stable id and its code stay.
    """
    known = compare(session, taking, key="code", of_source=False)
    counts = _take_grids(session, taking, known)
    others = take_workers(session, taking)
    return counts._replace(updated=counts.updated + others, unchanged=counts.unchanged - others)


def _take_grids(session: Session, taking: Taking, known: Known) -> Counts:
    if not known.fresh and not known.moved:
        return take_versions(session, taking, known, end_missing=False)
    change = GridChange(
        county_id=taking.county_id,
        admin_area_id=taking.admin_root,
        police_area_id=taking.police_root,
        kind="import",
        reason_code="re_digitising" if known.moved else "real_change",
        reason=f"import of {taking.source}",
        status="filed",
        approved_on=taking.today,
        effective_on=taking.today,
    )
    session.add(change)
    session.flush()
    return take_versions(session, taking, known, end_missing=False, more={"change_id": str(int(change.id))})


def arriving_grids(session: Session) -> GeoDataFrame:
    """The arriving grids: code, geometry; their ``nth`` as index."""
    found = session.execute(text("SELECT nth, code, ST_AsBinary(geom) AS geom FROM arriving ORDER BY nth")).all()
    return GeoDataFrame(
        {"code": [row.code for row in found]},
        geometry=list(shapely.from_wkb([bytes(row.geom) for row in found])),
        index=[row.nth for row in found],
        crs=4326,
    )


def other_grids(session: Session, taking: Taking) -> GeoDataFrame:
    """The grids in force whose codes are not among the arriving ones and that lie near them: code, geometry."""
    found = session.execute(
        text(
            "SELECT t.code, ST_AsBinary(t.geom) AS geom FROM grid t"
            f" WHERE t.county_id = :county AND {IN_FORCE.format(t='t')}"
            " AND t.geom && (SELECT ST_SetSRID(ST_Extent(geom)::geometry, 4326) FROM arriving)"
            " AND NOT EXISTS (SELECT FROM arriving a WHERE a.code = t.code) ORDER BY t.code"
        ),
        taking.values,
    ).all()
    shapes = shapely.from_wkb([bytes(row.geom) for row in found])
    return GeoDataFrame(pd.DataFrame({"code": [row.code for row in found]}), geometry=list(shapes), crs=4326)
