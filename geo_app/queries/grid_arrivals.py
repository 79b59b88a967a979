"""Grids on their way in: each import of grids is one dated change, filed at once."""

from __future__ import annotations

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import GridChange
from geo_app.queries import grid_handover
from geo_app.queries.arrivals import Counts, Taking, keep_former, store_former
from geo_app.queries.grid_workers import take_people
from geo_app.queries.versions import IN_FORCE, Known, compare, take_versions


def merge_grids(session: Session, taking: Taking) -> Counts:
    """Takes the arriving grids over by their codes. Grids that are not in the file stay as they are.

    A grid whose line changed gets a new version from today on; its stable id and its code stay. The caller holds
    `grid_heads.lock` and has left out what does not fit the approved changes to come (`grid_pending`).
    """
    known = compare(session, taking, key="code", of_source=False)
    counts = _take_grids(session, taking, known)
    _describe_later(session, taking)
    others = take_people(session, taking)
    grid_handover.hand_over_again(session, taking.county_id, taking.today)
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
        reason=taking.source,
        status="filed",
        approved_on=taking.today,
        effective_on=taking.today,
    )
    session.add(change)
    session.flush()
    return take_versions(session, taking, known, end_missing=False, more={"change_id": str(int(change.id))})


def _describe_later(session: Session, taking: Taking) -> None:
    """Another name or kind that a file brings holds too for the lines that a grid will have, as far as these do not bring
    their own."""
    later = (
        "SELECT n.id FROM grid n JOIN grid t ON t.county_id = n.county_id AND t.stable_id = n.stable_id"
        " JOIN arriving a ON a.code = t.code JOIN grid f ON f.stable_id = t.stable_id AND f.county_id = t.county_id"
        f" AND upper(f.recorded) = now() WHERE n.county_id = {int(taking.county_id)} AND upper_inf(n.recorded)"
        " AND t.valid << n.valid AND upper_inf(t.recorded) AND lower(t.recorded) = now()"
        " AND (n.name, n.kind) = (f.name, f.kind) AND (t.name, t.kind) <> (f.name, f.kind)"
    )
    keep_former(session, "grid", later)
    session.execute(
        text(
            "UPDATE grid n SET name = t.name, kind = t.kind, recorded = tstzrange(now(), NULL) FROM former o"
            " JOIN grid t ON t.county_id = o.county_id AND t.stable_id = o.stable_id AND t.valid << o.valid"
            " AND upper_inf(t.recorded) AND lower(t.recorded) = now() WHERE n.id = o.id"
        )
    )
    store_former(session, "grid")


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
