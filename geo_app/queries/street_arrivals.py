"""Streets on their way into the network: what is the same keeps its ids, what vanished ends, the rest is new."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.queries.arrivals import (
    Counts,
    Taking,
    area_of,
    copy,
    insert_new,
    keep_former,
    store_former,
    update_changed,
)

IN_FORCE = "upper_inf({t}.recorded) AND {t}.valid @> CAST(:today AS date)"


def merge_streets(session: Session, taking: Taking) -> Counts:
    """Takes the arriving streets over as the whole of what their source knows.

    A street is known by its key. With the same line it keeps its ids and pieces, whatever else changed; with another
    line its old version ends and a new one of the same stable id begins; without it in the file it ends.
    """
    attributes = " AND ".join(
        f"t.{column} IS NOT DISTINCT FROM a.{column}" for column in taking.said if column != "geom"
    )
    session.execute(
        text(
            f"CREATE TEMP TABLE known ON COMMIT DROP AS"
            f" SELECT t.id, t.stable_id, a.nth, t.geom = a.geom AS same_line, ({attributes}) AS same"
            " FROM street t LEFT JOIN arriving a ON a.source_key = t.source_key"
            f" WHERE t.county_id = :county AND t.source = CAST(:source AS text) AND {IN_FORCE.format(t='t')}"
        ),
        taking.values,
    )
    session.execute(
        text("CREATE TEMP TABLE matched ON COMMIT DROP AS SELECT nth, id, same FROM known WHERE same_line")
    )
    session.execute(text("ANALYZE known, matched"))
    unchanged, moved, gone = session.execute(
        text(
            "SELECT count(*) FILTER (WHERE same_line AND same), count(*) FILTER (WHERE NOT same_line),"
            " count(*) FILTER (WHERE nth IS NULL) FROM known"
        )
    ).one()
    changed = update_changed(session, taking, versioned=True)
    fresh = session.execute(
        text("SELECT count(*) FROM arriving a WHERE NOT EXISTS (SELECT FROM known k WHERE k.nth = a.nth)")
    ).scalar_one()
    if changed or moved or gone or fresh:
        _raise_network_version(session, taking)
    _end(session, taking)
    _insert(session, taking)
    return Counts(fresh, changed + moved, unchanged, gone)


def _raise_network_version(session: Session, taking: Taking) -> None:
    session.execute(
        text("UPDATE county SET network_version = network_version + 1 WHERE id = :county"), taking.values
    )


def _end(session: Session, taking: Taking) -> None:
    """Ends what has another line now or is not there any more; its passes and plans still find it."""
    ended = "SELECT id FROM known WHERE same_line IS NOT TRUE"
    keep_former(session, "street", ended)
    until = "valid = valid * daterange(NULL, CAST(:today AS date))"
    session.execute(
        text(f"UPDATE street SET {until}, recorded = tstzrange(now(), NULL) WHERE id IN ({ended})"), taking.values
    )
    store_former(session, "street")
    session.execute(text(f"UPDATE street_piece SET {until} WHERE street_id IN ({ended})"), taking.values)


def _insert(session: Session, taking: Taking) -> None:
    """New streets, and new versions of those whose line changed, with their lineage."""
    session.execute(text("DELETE FROM matched"))
    session.execute(
        text("INSERT INTO matched SELECT nth, id, same FROM known WHERE same_line OR nth IS NULL")
    )
    version = "(SELECT network_version FROM county WHERE id = :county)"
    anything_before = (
        "EXISTS (SELECT FROM street s WHERE s.county_id = :county AND s.source = CAST(:source AS text)"
        " AND s.import_batch_id IS DISTINCT FROM CAST(:batch AS bigint))"
    )
    insert_new(
        session,
        taking,
        stable=True,
        more={
            "stable_id": "coalesce((SELECT k.stable_id FROM known k WHERE k.nth = a.nth), a.new_id)",
            "network_version": version,
            # The first file tells of streets that have long been there; a later one of what changed since.
            "valid": f"CASE WHEN {anything_before} THEN daterange(CAST(:today AS date), NULL)"
            " ELSE daterange(NULL, NULL) END",
        },
    )
    session.execute(
        text(
            "INSERT INTO street_lineage"
            " (parent_id, child_id, network_version, county_id, admin_area_id, police_area_id)"
            " SELECT k.id, s.id, s.network_version, s.county_id, s.admin_area_id, s.police_area_id"
            " FROM known k JOIN arriving a USING (nth) JOIN street s ON s.source_key = a.source_key"
            " WHERE NOT k.same_line AND s.county_id = :county AND s.source = CAST(:source AS text) AND s.import_batch_id = :batch"
            f" AND {IN_FORCE.format(t='s')}"
        ),
        taking.values,
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
    copy(session, "street_piece", pieces, "arriving_piece")
    point = "ST_LineInterpolatePoint(a.geom, 0.5)"
    inserted = session.execute(
        text(
            "INSERT INTO street_piece (street_id, ordinal, length_m, simulated, geom, valid, county_id,"
            " admin_area_id, police_area_id)"
            " SELECT a.street_id, a.ordinal, a.length_m, a.simulated, a.geom, s.valid, s.county_id,"
            f" {area_of('admin', point, taking.has_areas)}, {area_of('police', point, taking.has_areas)}"
            " FROM arriving_piece a JOIN street s ON s.id = a.street_id ORDER BY a.nth"
        ),
        taking.values,
    )
    return cast(Any, inserted).rowcount
