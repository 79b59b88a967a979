"""Rows of a file on their way into a table: copied beside it, compared, then taken over in a few statements.

Everything here works on the temporary table ``arriving`` of the running transaction. Names of tables and columns come
from the models, never from a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import numpy as np
import pandas as pd
import psycopg
import shapely
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import Base
from geo_app.queries.locating import locate, stands_for

PERSONAL = ("caller_name", "caller_telephone")  # for a table of its own
EXTRA = (*PERSONAL, "parent")  # columns that arrive, but do not stand in the kind's table


@dataclass(frozen=True)
class Taking:
    """Into which table the arriving rows go, whose they are, and the day from which a new version holds."""

    table: str
    county_id: int
    admin_root: int
    police_root: int
    batch_id: int
    source: str
    today: date
    columns: tuple[str, ...]

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the statements."""
        return {
            "county": self.county_id, "admin": self.admin_root, "police": self.police_root,
            "batch": self.batch_id, "source": self.source, "today": self.today,
        }  # fmt: skip

    @property
    def own(self) -> tuple[str, ...]:
        """The arriving columns that stand in the table itself."""
        return tuple(column for column in self.columns if column not in EXTRA)

    @property
    def said(self) -> tuple[str, ...]:
        """The columns in which a row may differ from what is stored."""
        return tuple(column for column in self.own if column not in ("file_line", "source_key"))


@dataclass(frozen=True)
class Counts:
    """How many rows were new, different, and the same; and how many stored ones ended because they were not there."""

    stored: int = 0
    updated: int = 0
    unchanged: int = 0
    ended: int = 0


def copy(session: Session, table: str, rows: pd.DataFrame, name: str = "arriving") -> None:
    """Copies rows into a temporary table with the types of ``table``; ``geom`` is shapely in EPSG:4326."""
    columns = list(rows.columns)
    typed = ", ".join(f"NULL::text AS {column}" if column in EXTRA else column for column in columns)
    session.execute(
        text(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS SELECT 0 AS nth, {typed} FROM {table} WITH NO DATA")
    )
    connection = cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, ["nth", *columns]))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in zip(range(len(rows)), *(_plain(rows[column]) for column in columns), strict=True):
            stream.write_row(row)
    keys = ", ".join({"nth", "source_key", "street_id"} & {"nth", *columns})
    session.execute(text(f"ANALYZE {name} ({keys})"))


def locate_arriving(session: Session, taking: Taking) -> None:
    """Makes ``located``: in which areas and grid each arriving row lies."""
    points = f"SELECT a.nth AS row, {stands_for(taking.table, 'a')} AS geom FROM arriving a WHERE a.geom IS NOT NULL"
    locate(session, taking.county_id, taking.today, points, "located")


def _plain(column: pd.Series) -> Sequence[Any]:
    """Values as the driver writes them fastest."""
    if column.name == "geom":
        shapes = shapely.set_srid(column.to_numpy(dtype=object), 4326)
        return cast("Sequence[Any]", np.asarray(shapely.to_wkb(shapes, hex=True, include_srid=True)).tolist())
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        instants = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
        words: np.ndarray = np.datetime_as_string(instants, timezone="UTC").astype(object)
        words[np.isnat(instants)] = None
        return cast("Sequence[Any]", words.tolist())
    return cast("Sequence[Any]", column.astype(object).where(column.notna(), None).tolist())


def match(session: Session, taking: Taking, *, versioned: bool) -> None:
    """Makes ``matched``: which arriving row is which stored one, and whether it says the same."""
    same = " AND ".join(f"t.{column} IS NOT DISTINCT FROM a.{column}" for column in taking.said)
    current = " AND upper_inf(t.recorded) AND t.valid @> CAST(:today AS date)" if versioned else ""
    session.execute(
        text(
            f"CREATE TEMP TABLE matched ON COMMIT DROP AS SELECT a.nth, t.id, ({same}) AS same"
            f" FROM arriving a JOIN {taking.table} t ON t.county_id = :county AND t.source = CAST(:source AS text)"
            f" AND t.source_key = a.source_key{current}"
        ),
        taking.values,
    )
    session.execute(text("ANALYZE matched"))


def merge(session: Session, taking: Taking, *, versioned: bool, stable: bool) -> Counts:
    """Takes the arriving rows over: new ones inserted, different ones updated, equal ones left alone.

    A versioned row keeps its id; what it said before stays as a row whose ``recorded`` has ended.
    """
    match(session, taking, versioned=versioned)
    updated = update_changed(session, taking, versioned=versioned)
    stored = insert_new(session, taking, stable=stable)
    unchanged = session.execute(text("SELECT count(*) FROM matched WHERE same")).scalar_one()
    return Counts(stored, updated, unchanged)


def update_changed(session: Session, taking: Taking, *, versioned: bool) -> int:
    """Writes what differs into the rows that are matched and not the same; returns how many."""
    if versioned:
        keep_former(session, taking.table, "SELECT id FROM matched WHERE NOT same")
    assigned = [f"{column} = a.{column}" for column in taking.own]
    assigned += [f"{column} = {value}" for column, value in _stamps(taking).items()]
    assigned += ["import_batch_id = :batch"]
    if versioned:
        assigned.append("recorded = tstzrange(now(), NULL)")
    updated = session.execute(
        text(
            f"UPDATE {taking.table} t SET {', '.join(assigned)}"
            " FROM arriving a JOIN matched m USING (nth) LEFT JOIN located l ON l.row = a.nth"
            " WHERE t.id = m.id AND NOT m.same"
        ),
        taking.values,
    )
    if versioned:
        store_former(session, taking.table)
    return cast(Any, updated).rowcount


def keep_former(session: Session, table: str, ids: str) -> None:
    """Sets aside the rows that are about to change. ``store_former`` has to follow the change: before it, two rows
    would hold for the same time."""
    session.execute(text("DROP TABLE IF EXISTS former"))
    session.execute(text(f"CREATE TEMP TABLE former ON COMMIT DROP AS SELECT t.* FROM {table} t WHERE t.id IN ({ids})"))


def store_former(session: Session, table: str) -> None:
    """Adds what was set aside as rows of the past: known until now."""
    columns = [column.name for column in Base.metadata.tables[table].columns if column.name != "id"]
    values = ["tstzrange(lower(recorded), now())" if column == "recorded" else column for column in columns]
    session.execute(
        text(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM former"
            " WHERE lower(recorded) < now()"
        )
    )


def insert_new(session: Session, taking: Taking, *, stable: bool, more: dict[str, str] | None = None) -> int:
    """Inserts the arriving rows that match nothing, in the order of the file; returns how many.

    ``more`` adds columns with their SQL expressions over ``a``.
    """
    values = {column: f"a.{column}" for column in taking.own}
    values |= _stamps(taking) | {
        "county_id": "CAST(:county AS bigint)",
        "import_batch_id": "CAST(:batch AS bigint)",
        "source": "CAST(:source AS text)",
    }
    if stable:
        values |= {"id": "a.new_id", "stable_id": "a.new_id"}
    values |= more or {}
    number = f", nextval(pg_get_serial_sequence('{taking.table}', 'id')) AS new_id" if stable else ""
    inserted = session.execute(
        text(
            f"INSERT INTO {taking.table} ({', '.join(values)}) SELECT {', '.join(values.values())}"
            f" FROM (SELECT a.*{number} FROM arriving a"
            " WHERE NOT EXISTS (SELECT FROM matched m WHERE m.nth = a.nth) ORDER BY a.nth) a"
            " LEFT JOIN located l ON l.row = a.nth ORDER BY a.nth"
        ),
        taking.values,
    )
    return cast(Any, inserted).rowcount


def _stamps(taking: Taking) -> dict[str, str]:
    """The deepest area of each tree, and the grid of an incident, as SQL over ``l``, a row of ``located``."""
    stamps = {f"{tree}_area_id": f"coalesce(l.{tree}, CAST(:{tree} AS bigint))" for tree in ("admin", "police")}
    return stamps | {"grid_stable_id": "l.grid"} if taking.table == "incident" else stamps


def take_callers(session: Session, taking: Taking) -> None:
    """Who called, into its own table; needs the incidents of this import stored."""
    names = [column for column in PERSONAL if column in taking.columns]
    if not names:
        return
    own = [name.removeprefix("caller_") for name in names]
    session.execute(
        text(
            f"INSERT INTO incident_caller (incident_id, county_id, admin_area_id, police_area_id, {', '.join(own)})"
            f" SELECT t.id, t.county_id, t.admin_area_id, t.police_area_id, {', '.join('a.' + name for name in names)}"
            " FROM arriving a JOIN incident t ON t.county_id = :county AND t.source = CAST(:source AS text)"
            f" AND t.source_key = a.source_key WHERE {' OR '.join(f'a.{name} IS NOT NULL' for name in names)}"
            " ON CONFLICT (incident_id) DO UPDATE SET "
            + ", ".join(f"{name} = excluded.{name}" for name in [*own, "admin_area_id", "police_area_id"])
        ),
        taking.values,
    )


def numbers_of_other_sources(session: Session, taking: Taking) -> Sequence[tuple[str, int]]:
    """Sources, other than this one, that know arriving incidents by the same number; and how many."""
    found = session.execute(
        text(
            "SELECT t.source, count(*) FROM arriving a JOIN incident t ON t.number = a.number"
            " WHERE t.county_id = :county AND t.source <> CAST(:source AS text) GROUP BY t.source ORDER BY 2 DESC"
        ),
        taking.values,
    )
    return [(row[0], row[1]) for row in found]


def roots(session: Session, county_id: int) -> dict[str, int]:
    """The id of the root of each tree of a county."""
    found: Iterable[Any] = session.execute(
        text("SELECT tree, id FROM area WHERE county_id = :county AND parent_id IS NULL"), {"county": county_id}
    )
    return {row.tree: row.id for row in found}


def extent(session: Session, county_id: int) -> tuple[float, float, float, float] | None:
    """Where a county lies, west, south, east, north in degrees: its outline, else its streets, incidents, places."""
    for chosen in (
        "area WHERE parent_id IS NULL AND geom IS NOT NULL AND",
        "street WHERE",
        "incident WHERE",
        "place WHERE",
        "area WHERE",
    ):
        row = session.execute(
            text(
                "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)"
                f" FROM (SELECT ST_Extent(geom) AS e FROM {chosen} county_id = :county) x"
            ),
            {"county": county_id},
        ).one()
        if row[0] is not None:
            return (float(row[0]), float(row[1]), float(row[2]), float(row[3]))
    return None
