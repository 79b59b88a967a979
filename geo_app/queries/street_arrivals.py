"""Streets on their way into the network: what is the same keeps its ids, what vanished ends, the rest is new."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.imports.packing import as_copied
from geo_app.queries.arrivals import Counts, Taking, begin, copy_in, settle
from geo_app.queries.locating import locate, stands_for
from geo_app.queries.versions import IN_FORCE, compare, take_versions

NEAR = 1e-5  # degrees, about a metre: what is drawn again lies that near


def merge_streets(session: Session, taking: Taking, *, end_missing: bool, spare_mended: bool) -> Counts:
    """Takes the arriving streets over, with ``end_missing`` as the whole of what their source knows; with
    ``spare_mended`` but for what came out of quarantine.

    A street is known by its key. With the same line it keeps its ids and pieces, whatever else changed; with another
    line its old version ends and a new one of the same stable id begins; without it in the file it ends.
    """
    known = compare(session, taking, spare_mended=spare_mended)
    ends = "OR nth IS NULL" if end_missing else ""
    differs = session.execute(text(f"SELECT EXISTS (SELECT FROM known WHERE NOT (same_shape AND same) {ends})"))
    if known.fresh or differs.scalar_one():
        session.execute(
            text("UPDATE county SET network_version = network_version + 1 WHERE id = :county"), taking.values
        )
    version = "(SELECT network_version FROM county WHERE id = :county)"
    counts = take_versions(session, taking, known, end_missing=end_missing, more={"network_version": version})
    # Passes and plans still find the pieces of a street that ended.
    session.execute(
        text(
            "UPDATE street_piece SET valid = valid * daterange(NULL, CAST(:today AS date))"
            f" WHERE street_id IN (SELECT id FROM known WHERE same_shape IS {'NOT TRUE' if end_missing else 'FALSE'})"
        ),
        taking.values,
    )
    _record_lineage(session, taking, end_missing=end_missing)
    return counts


def missing(session: Session) -> int:
    """How many streets of the source the arriving ones do not hold; needs ``known``."""
    return int(session.execute(text("SELECT count(*) FROM known WHERE nth IS NULL")).scalar_one())


def unjoined(session: Session, taking: Taking) -> int:
    """How often streets of the batch cross others that are in force on their level, where nobody can turn."""
    found = session.execute(
        text(
            "SELECT count(*) FROM street a JOIN street b ON b.county_id = a.county_id AND b.layer = a.layer"
            " AND b.id <> a.id AND b.import_batch_id <> a.import_batch_id AND ST_Crosses(a.geom, b.geom)"
            f" WHERE a.county_id = :county AND a.import_batch_id = :batch AND {IN_FORCE.format(t='a')}"
            f" AND {IN_FORCE.format(t='b')}"
        ),
        taking.values,
    )
    return int(found.scalar_one())


def _record_lineage(session: Session, taking: Taking, *, end_missing: bool) -> None:
    """Writes which new streets came of which ended ones: another line of the same street, or most of one of the two
    lies on the other, as where a street is cut at a crossing that is new. Needs ``known``."""
    ended = "NOT TRUE" if end_missing else "FALSE"
    session.execute(
        text(
            "INSERT INTO street_lineage"
            " (parent_id, child_id, network_version, county_id, admin_area_id, police_area_id)"
            " SELECT k.id, s.id, s.network_version, s.county_id, s.admin_area_id, s.police_area_id"
            " FROM known k JOIN street old ON old.id = k.id"
            " JOIN street s ON s.stable_id = k.stable_id OR s.geom && ST_Expand(old.geom, :near)"
            f" WHERE k.same_shape IS {ended} AND s.county_id = :county AND s.import_batch_id = :batch"
            f" AND {IN_FORCE.format(t='s')} AND NOT EXISTS (SELECT FROM matched m WHERE m.id = s.id)"
            " AND (s.stable_id = k.stable_id OR ST_Length(ST_Intersection(s.geom, ST_Buffer(old.geom, :near)))"
            "  > 0.5 * least(ST_Length(s.geom), ST_Length(old.geom)))"
        ),
        taking.values | {"near": NEAR},
    )


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
    begin(session, "street_piece", list(pieces.columns), "arriving_piece")
    copy_in(session, list(pieces.columns), as_copied(pieces), "arriving_piece")
    settle(session, "arriving_piece")
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
