"""Streets on their way into the network: what is the same keeps its ids, what vanished ends, the rest is new."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.queries.arrivals import Counts, Taking, copy
from geo_app.queries.locating import locate, stands_for
from geo_app.queries.versions import IN_FORCE, compare, take_versions


def merge_streets(session: Session, taking: Taking) -> Counts:
    """Takes the arriving streets over as the whole of what their source knows.

    A street is known by its key. With the same line it keeps its ids and pieces, whatever else changed; with another
    line its old version ends and a new one of the same stable id begins; without it in the file it ends.
    """
    known = compare(session, taking)
    differs = session.execute(text("SELECT EXISTS (SELECT FROM known WHERE NOT (same_shape AND same) OR nth IS NULL)"))
    if known.fresh or differs.scalar_one():
        session.execute(
            text("UPDATE county SET network_version = network_version + 1 WHERE id = :county"), taking.values
        )
    version = "(SELECT network_version FROM county WHERE id = :county)"
    counts = take_versions(session, taking, known, end_missing=True, more={"network_version": version})
    # Passes and plans still find the pieces of a street that ended.
    session.execute(
        text(
            "UPDATE street_piece SET valid = valid * daterange(NULL, CAST(:today AS date))"
            " WHERE street_id IN (SELECT id FROM known WHERE same_shape IS NOT TRUE)"
        ),
        taking.values,
    )
    session.execute(
        text(
            "INSERT INTO street_lineage"
            " (parent_id, child_id, network_version, county_id, admin_area_id, police_area_id)"
            " SELECT k.id, s.id, s.network_version, s.county_id, s.admin_area_id, s.police_area_id"
            " FROM known k JOIN street s ON s.stable_id = k.stable_id"
            " WHERE NOT k.same_shape AND s.county_id = :county AND s.import_batch_id = :batch"
            f" AND {IN_FORCE.format(t='s')}"
        ),
        taking.values,
    )
    return counts


def streets_without_pieces(session: Session, taking: Taking) -> pd.DataFrame:
    """The streets in force of a county that are not cut yet: id, simulated, geom (shapely, EPSG:4326)."""
    found = session.execute(
        text(
            "SELECT id, simulated, ST_AsBinary(geom) AS geom FROM street s WHERE county_id = :county"
            f" AND {IN_FORCE.format(t='s')}"
            " AND NOT EXISTS (SELECT FROM street_piece p WHERE p.street_id = s.id) ORDER BY id"
        ),
        taking.values,
    )
    frame = pd.DataFrame(found.all(), columns=["id", "simulated", "geom"])
    frame["geom"] = shapely.from_wkb([bytes(shape) for shape in frame["geom"]])
    return frame


def insert_pieces(session: Session, taking: Taking, pieces: pd.DataFrame) -> int:
    """Stores pieces: street_id, ordinal, length_m, simulated, geom; valid as their street is."""
    copy(session, "street_piece", pieces, "arriving_piece")
    points = f"SELECT a.nth AS row, {stands_for('street_piece', 'a')} AS geom FROM arriving_piece a"
    locate(session, taking.county_id, taking.today, points, "located_piece")
    inserted = session.execute(
        text(
            "INSERT INTO street_piece (street_id, ordinal, length_m, simulated, geom, valid, county_id,"
            " admin_area_id, police_area_id)"
            " SELECT a.street_id, a.ordinal, a.length_m, a.simulated, a.geom, s.valid, s.county_id,"
            " coalesce(l.admin, CAST(:admin AS bigint)), coalesce(l.police, CAST(:police AS bigint))"
            " FROM arriving_piece a JOIN street s ON s.id = a.street_id"
            " LEFT JOIN located_piece l ON l.row = a.nth ORDER BY a.nth"
        ),
        taking.values,
    )
    return cast(Any, inserted).rowcount
