"""Positions on their way into the partitions of their days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.queries.arrivals import Counts, Taking


def merge_tracks(session: Session, taking: Taking) -> Counts:
    """Takes the arriving positions over by device and time; needs ``located``.

    Devices that are not known yet are added. The same message again counts as unchanged, also within the file.
    """
    _add_devices(session, taking)
    session.execute(
        text(
            "SELECT geo_make_fix_partition(day)"
            " FROM (SELECT DISTINCT (at AT TIME ZONE 'UTC')::date AS day FROM arriving) days"
        )
    )
    said = [column for column in taking.said if column != "at"]
    same = " AND ".join(f"t.{column} IS NOT DISTINCT FROM a.{column}" for column in said)
    session.execute(text("DROP TABLE IF EXISTS matched"))
    session.execute(
        text(
            "CREATE TEMP TABLE matched ON COMMIT DROP AS SELECT DISTINCT ON (d.id, a.at)"
            f" a.nth, d.id AS device_id, t.at IS NULL AS fresh, ({same}) AS same"
            " FROM arriving a JOIN device d ON d.county_id = :county AND d.code = a.device_code"
            " LEFT JOIN fix t ON t.device_id = d.id AND t.at = a.at ORDER BY d.id, a.at, a.nth"
        ),
        taking.values,
    )
    stored = _insert(session, taking, said)
    updated = _update(session, taking, said)
    all_rows = session.execute(text("SELECT count(*) FROM arriving")).scalar_one()
    return Counts(stored, updated, all_rows - stored - updated)


def overwriting(session: Session, taking: Taking) -> Sequence[int]:
    """Arriving positions, by ``nth``, of whose device and time something else is stored."""
    same = " AND ".join(f"t.{column} IS NOT DISTINCT FROM a.{column}" for column in taking.said)
    found = session.scalars(
        text(
            "SELECT a.nth FROM arriving a JOIN device d ON d.county_id = :county AND d.code = a.device_code"
            f" JOIN fix t ON t.device_id = d.id AND t.at = a.at WHERE NOT ({same})"
        ),
        taking.values,
    )
    return found.all()


def _add_devices(session: Session, taking: Taking) -> None:
    """A device belongs to the county as a whole until somebody gives it to a team."""
    simulated = "bool_or(a.simulated)" if "simulated" in taking.columns else "false"
    session.execute(
        text(
            "INSERT INTO device (county_id, admin_area_id, police_area_id, code, simulated)"
            f" SELECT :county, :admin, :police, a.device_code, {simulated} FROM arriving a"
            " WHERE NOT EXISTS (SELECT FROM device d WHERE d.county_id = :county AND d.code = a.device_code)"
            " GROUP BY a.device_code ORDER BY min(a.nth)"
        ),
        taking.values,
    )


def _insert(session: Session, taking: Taking, said: list[str]) -> int:
    inserted = session.execute(
        text(
            f"INSERT INTO fix (county_id, admin_area_id, police_area_id, device_id, at, {', '.join(said)})"
            f" SELECT :county, {AREAS}, m.device_id, a.at, {', '.join('a.' + column for column in said)}"
            " FROM arriving a JOIN matched m USING (nth) LEFT JOIN located l ON l.row = a.nth WHERE m.fresh"
        ),
        taking.values,
    )
    return cast(Any, inserted).rowcount


def _update(session: Session, taking: Taking, said: list[str]) -> int:
    updated = session.execute(
        text(
            f"UPDATE fix t SET (admin_area_id, police_area_id) = ROW({AREAS}),"
            f" {', '.join(f'{column} = a.{column}' for column in said)}"
            " FROM arriving a JOIN matched m USING (nth) LEFT JOIN located l ON l.row = a.nth"
            " WHERE t.device_id = m.device_id AND t.at = a.at AND NOT m.fresh AND NOT m.same"
        ),
        taking.values,
    )
    return cast(Any, updated).rowcount


AREAS = "coalesce(l.admin, CAST(:admin AS bigint)), coalesce(l.police, CAST(:police AS bigint))"
