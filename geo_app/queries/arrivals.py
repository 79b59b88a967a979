"""Rows of a file on their way into a table: copied beside it, compared, then taken over in a few statements.

Everything here works on the temporary table ``arriving`` of the running transaction. Names of tables and columns come
from the models, never from a file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from geo_app.imports.problems import Problem
from geo_app.imports.reading import Refused
from geo_app.models import Base
from geo_app.queries import incident_arrivals
from geo_app.queries.locating import locate, stands_for

# Columns that arrive, but do not stand in the kind's table, with their types. ``content`` is what the row says in its
# file and ``file_number`` what it is called there, for quarantine; rows with one ``file_row`` are one row there.
EXTRA = {
    "caller_name": "text", "caller_telephone": "text", "parent": "text", "content": "jsonb", "file_row": "bigint",
    "file_line": "bigint", "file_number": "bigint", "source_key": "text", "simulated": "boolean", "geom": "geometry(Geometry, 4326)",
    "device_code": "text", "team_name": "text", "person": "text", "person_number": "text", "person_rank": "text",
    "station": "text", "workers": "text", "leader_name": "text", "leader_telephone": "text",
    "grid_code": "text", "since": "date", "until": "date",
}  # fmt: skip

# Of these there is one in the county, whatever file it came in.
KNOWN_BY = {"area": "t.tree = a.tree AND t.code = a.code", "grid": "t.code = a.code"}


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
    is_first: bool = False  # nothing of this source was there before
    again: bool = False  # the rows waited in quarantine

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
        there = Base.metadata.tables[self.table].columns
        return tuple(column for column in self.columns if column in there)

    @property
    def said(self) -> tuple[str, ...]:
        """The columns in which a row may differ from what is stored."""
        return tuple(column for column in self.own if column not in ("file_line", "source_key"))


class Counts(NamedTuple):
    """How many rows were new, different, and the same; and how many stored ones ended because they were not there."""

    stored: int = 0
    updated: int = 0
    unchanged: int = 0
    ended: int = 0


def begin(session: Session, table: str, columns: Sequence[str], name: str = "arriving") -> None:
    """Makes a temporary table for arriving rows, with the types of ``table``; ``nth`` counts them."""
    own = Base.metadata.tables[table].columns
    typed = ", ".join(column if column in own else f"NULL::{EXTRA[column]} AS {column}" for column in columns)
    session.execute(text(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS SELECT {typed} FROM {table} WITH NO DATA"))
    session.execute(text(f"ALTER TABLE {name} ADD nth bigint GENERATED ALWAYS AS IDENTITY"))


def copy_in(session: Session, columns: Sequence[str], rows: bytes, name: str = "arriving") -> None:
    """Copies rows, as `packing.as_copied` writes them, into the temporary table."""
    connection = cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        stream.write(rows)


def settle(session: Session, name: str = "arriving") -> None:
    """Lets the planner know how many rows have arrived; what their shapes and texts are like would cost as much as
    storing them."""
    session.execute(text(f"ANALYZE {name} (nth)"))


def leave_out(session: Session, taking: Taking, problems: Mapping[int, Problem]) -> list[Refused]:
    """Takes rows, by ``nth``, out of the arriving ones, with all that was made of the same row of the file; what goes to
    quarantine of them: each row of the file once."""
    row = "file_row" if "file_row" in taking.columns else "nth"
    gone = session.execute(
        text(
            f"DELETE FROM arriving WHERE {row} IN (SELECT {row} FROM arriving WHERE nth = ANY (:numbers))"
            f" RETURNING nth, {row} AS row, file_number, content"
        ),
        {"numbers": list(problems)},
    )
    found = {one.row: Refused(one.file_number, problems[one.nth], one.content) for one in gone if one.nth in problems}
    return list(found.values())


def clear(session: Session) -> None:
    """Empties what a portion left behind, for the next one."""
    session.execute(text("DROP TABLE IF EXISTS matched"))
    session.execute(text("TRUNCATE arriving"))


def knows_source(session: Session, taking: Taking) -> bool:
    """Whether anything of this source is there already; true where rows do not say whence they came."""
    if "source" not in Base.metadata.tables[taking.table].columns:
        return True
    found = session.execute(
        text(
            f"SELECT EXISTS (SELECT FROM {taking.table} WHERE county_id = :county AND source = CAST(:source AS text))"
        ),
        taking.values,
    )
    return bool(found.scalar_one())


def locate_arriving(session: Session, taking: Taking) -> None:
    """Makes ``located``: in which areas and grid each arriving row lies."""
    points = f"SELECT a.nth AS row, {stands_for(taking.table, 'a')} AS geom FROM arriving a"
    locate(session, taking.county_id, taking.today, points, "located")


def come_since(session: Session, taking: Taking, batch_id: int, renamed: Collection[int]) -> dict[int, str]:
    """Arriving rows, by ``nth``, of which a stored one has the key and says something else, and came with the batch or
    after it: the name of the file that it came in. Of ``renamed`` rows, by their line, whenever it came."""
    there = Base.metadata.tables[taking.table].columns
    if "source_key" not in taking.own or "source" not in there:
        return {}
    same_key = KNOWN_BY.get(taking.table, "t.source = CAST(:source AS text) AND t.source_key = a.source_key")
    current = " AND upper_inf(t.recorded)" if "recorded" in there else ""
    found = session.execute(
        text(
            f"SELECT a.nth, b.file_name FROM arriving a JOIN {taking.table} t"
            f" ON t.county_id = :county AND {same_key}{current}"
            " JOIN import_batch b ON b.id = t.import_batch_id"
            f" WHERE (b.id >= :since OR a.file_number = ANY (:renamed)) AND NOT ({_same(taking)})"
        ),
        taking.values | {"since": batch_id, "renamed": list(renamed)},
    )
    return {row.nth: row.file_name for row in found}


def _same(taking: Taking) -> str:
    """SQL for whether an arriving row ``a`` says what the stored row ``t`` says. JSON that is kept as it came is
    compared by its letters."""
    there, kept = Base.metadata.tables[taking.table].columns, _kept(taking)
    names = {name: f"{name}::text" if type(there[name].type) is JSON else name for name in taking.said}
    alike = {name: f"t.{written} IS NOT DISTINCT FROM a.{written}" for name, written in names.items()}
    return " AND ".join(f"({kept[name]} OR {same})" if name in kept else same for name, same in alike.items())


def _kept(taking: Taking) -> Mapping[str, str]:
    """By column, SQL for whether a stored row keeps it whatever arrives; only incidents keep anything."""
    return incident_arrivals.kept(taking.own) if taking.table == "incident" else {}


def match(session: Session, taking: Taking, *, versioned: bool) -> None:
    """Makes ``matched``: which arriving row is which stored one, and whether it says the same."""
    if taking.is_first:  # nothing of this source is there: no need to look for each row
        session.execute(text("CREATE TEMP TABLE matched (nth bigint, id bigint, same boolean) ON COMMIT DROP"))
        return
    current = " AND upper_inf(t.recorded) AND t.valid @> CAST(:today AS date)" if versioned else ""
    session.execute(
        text(
            f"CREATE TEMP TABLE matched ON COMMIT DROP AS SELECT a.nth, t.id, ({_same(taking)}) AS same"
            f" FROM arriving a {stored_by_key(taking.table, current)}"
        ),
        taking.values,
    )
    session.execute(text("ANALYZE matched"))


def stored_by_key(table: str, more: str = "") -> str:
    """SQL that joins the stored rows ``t`` of this source to each arriving row ``a``, through the index of their keys.

    OFFSET 0 keeps the planner from reading the whole table instead: it would, once for every portion of a file, since it
    does not know how many rows this transaction has added.
    """
    return (
        f"CROSS JOIN LATERAL (SELECT * FROM {table} t WHERE t.county_id = :county AND t.source = CAST(:source AS text)"
        f" AND t.source_key = a.source_key{more} OFFSET 0) t"
    )


def merge(session: Session, taking: Taking, *, versioned: bool, stable: bool) -> Counts:
    """Takes the arriving rows over: new ones inserted, different ones updated, equal ones left alone.

    A versioned row keeps its id; what it said before stays as a row whose ``recorded`` has ended.
    """
    match(session, taking, versioned=versioned)
    updated = 0 if taking.is_first else update_changed(session, taking, versioned=versioned)
    stored = insert_new(session, taking, stable=stable)
    unchanged = session.execute(text("SELECT count(*) FROM matched WHERE same")).scalar_one()
    return Counts(stored, updated, unchanged)


def update_changed(session: Session, taking: Taking, *, versioned: bool) -> int:
    """Writes what differs into the rows that are matched and not the same; returns how many."""
    if versioned:
        keep_former(session, taking.table, "SELECT id FROM matched WHERE NOT same")
    kept = _kept(taking)
    values = {column: "NULL" for column in incident_arrivals.OF_THE_PLACE if column in kept}
    values |= {column: f"a.{column}" for column in taking.own} | _stamps(taking)
    for column in kept.keys() & values.keys():
        values[column] = f"CASE WHEN {kept[column]} THEN t.{column} ELSE {values[column]} END"
    assigned = [f"{column} = {value}" for column, value in values.items()]
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
            f" WHERE NOT EXISTS (SELECT FROM matched m WHERE m.nth = a.nth){' ORDER BY a.nth' * stable}) a"
            " LEFT JOIN located l ON l.row = a.nth ORDER BY a.nth"
        ),
        taking.values,
    )
    return cast(Any, inserted).rowcount


def _stamps(taking: Taking) -> dict[str, str]:
    """The deepest area of each tree, and the grid of an incident, as SQL over ``l``, a row of ``located``."""
    stamps = {f"{tree}_area_id": f"coalesce(l.{tree}, CAST(:{tree} AS bigint))" for tree in ("admin", "police")}
    return stamps | {"grid_stable_id": "l.grid"} if taking.table == "incident" else stamps


def numbers_of_other_sources(session: Session, taking: Taking) -> Sequence[tuple[str, int]]:
    """Sources, other than this one, that know incidents of the batch by the same number; and how many."""
    others = session.execute(
        text(
            "SELECT EXISTS (SELECT FROM incident WHERE county_id = :county AND source < CAST(:source AS text))"
            " OR EXISTS (SELECT FROM incident WHERE county_id = :county AND source > CAST(:source AS text))"
        ),
        taking.values,
    )
    if not others.scalar_one():
        return []
    # The planner does not know yet how many rows this transaction has added, and would compare each with each.
    session.execute(text("SET LOCAL enable_nestloop = off"))
    found = session.execute(
        text(
            "SELECT t.source, count(*) FROM incident a JOIN incident t ON t.number = a.number"
            " WHERE a.county_id = :county AND a.import_batch_id = :batch AND t.county_id = :county"
            " AND t.source <> CAST(:source AS text) GROUP BY t.source ORDER BY 2 DESC"
        ),
        taking.values,
    ).all()
    session.execute(text("SET LOCAL enable_nestloop = on"))
    return [(row[0], row[1]) for row in found]


def unknown_grids(session: Session, taking: Taking) -> tuple[int, str | None]:
    """How many arriving rows without a place name a grid that is not in force, and the first such code."""
    found = session.execute(
        text(
            "SELECT count(*), min(a.grid_code) FROM arriving a WHERE a.geom IS NULL AND NOT EXISTS"
            " (SELECT FROM grid g WHERE g.county_id = :county AND g.code = a.grid_code AND upper_inf(g.recorded)"
            "  AND g.valid @> CAST(:today AS date))"
        ),
        taking.values,
    ).one()
    return found[0], found[1]


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
