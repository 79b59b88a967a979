"""Addresses of incidents that no file and nobody gave a place of their own, and their places written in a few statements.

Equal addresses have equal places: each text is looked up once, and its areas too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.queries.locating import locate, move_callers
from geo_app.queries.placing import BY_HAND, VAGUE, Place

# A position that came with the call holds, one that somebody chose for it too, and that of a cleared call.
PLACEABLE = (
    "t.county_id = :county AND t.arrived_address <> '' AND t.match_level <> 'given'"
    f" AND t.match_how IS DISTINCT FROM '{BY_HAND}' AND (t.cleared_at IS NULL OR t.geom IS NULL)"
)
COLUMNS = ("address", "lon", "lat", "level", "score", "how", "radius_m")


def texts(session: Session, county_id: int, batch_id: int | None = None) -> list[str]:
    """The addresses to be placed, each once: of the county, or of those that came with a batch and have no place yet."""
    of_batch = " AND t.import_batch_id = :batch AND t.match_level = 'none'" if batch_id is not None else ""
    found = session.scalars(
        text(f"SELECT DISTINCT arrived_address FROM incident t WHERE {PLACEABLE}{of_batch}"),
        {"county": county_id, "batch": batch_id},
    )
    return list(found)


def write(
    session: Session, county_id: int, today: date, places: Iterable[tuple[str, Place | None]], roots: dict[str, int]
) -> int:
    """Writes the place of each text into the incidents that have it, and where they lie; returns how many changed.

    An incident that loses its place stays in the areas where it was. ``roots``: the ids of the roots of the two trees. The
    scope has to see the whole county.
    """
    _copy(session, places)
    points = "SELECT nth AS row, geom FROM answered"
    locate(session, county_id, today, points, "answer_lies")
    values = {"county": county_id, **roots}
    changed = session.execute(
        text(
            "UPDATE incident t SET geom = a.geom, match_level = a.level, match_score = a.score, match_how = a.how,"
            " radius_m = a.radius_m,"
            f" admin_area_id = CASE WHEN a.geom IS NULL THEN t.admin_area_id ELSE {_area('admin', 0)} END,"
            f" police_area_id = CASE WHEN a.geom IS NULL THEN t.police_area_id ELSE {_area('police', 1)} END,"
            f" grid_stable_id = CASE WHEN a.level <> ALL (ARRAY[{_listed(VAGUE)}]) THEN l.grid END"
            " FROM answered a LEFT JOIN answer_lies l ON l.row = a.nth"
            f" WHERE {PLACEABLE} AND t.arrived_address = a.address AND (t.geom, t.match_level, t.match_score, t.match_how,"
            " t.radius_m) IS DISTINCT FROM (a.geom, a.level, a.score, a.how, a.radius_m)"
        ),
        values,
    )
    move_callers(session, county_id)
    return cast(Any, changed).rowcount


def levels(session: Session, county_id: int, batch_id: int | None = None) -> Counter[str]:
    """How many incidents of a county, or of a batch, are placed at which level by their address; "none" are not."""
    of_batch = " AND t.import_batch_id = :batch" if batch_id is not None else ""
    found = session.execute(
        text(f"SELECT match_level, count(*) FROM incident t WHERE {PLACEABLE}{of_batch} GROUP BY match_level"),
        {"county": county_id, "batch": batch_id},
    )
    return Counter({row[0]: row[1] for row in found})


def _copy(session: Session, places: Iterable[tuple[str, Place | None]]) -> None:
    """Makes ``answered``: a row a text, with its point."""
    session.execute(text("DROP TABLE IF EXISTS answered"))
    session.execute(
        text(
            "CREATE TEMP TABLE answered (nth bigint GENERATED ALWAYS AS IDENTITY, address text, lon float8, lat float8,"
            " level text, score float8, how text, radius_m float8, geom geometry(Point, 4326)"
            " GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED) ON COMMIT DROP"
        )
    )
    connection = cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
    statement = sql.SQL("COPY answered ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, COLUMNS)))
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for address, place in places:
            stream.write_row((address, *_cells(place)))
    session.execute(text("ANALYZE answered"))


def _cells(place: Place | None) -> Sequence[Any]:
    if place is None:
        return (None, None, "none", None, None, None)
    return (place.lon, place.lat, place.level, place.score, place.how, place.radius_m)


def _area(tree: str, at: int) -> str:
    """SQL for the area of a row of ``answer_lies`` in a tree, no deeper than its answer is known."""
    cases = "".join(
        f" WHEN a.level = '{level}' THEN geo_area_above(l.{tree}, ARRAY[{_listed(above[at] or ())}])"
        for level, above in VAGUE.items()
        if above[at]
    )
    return f"coalesce(CASE{cases} ELSE l.{tree} END, CAST(:{tree} AS bigint))"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
