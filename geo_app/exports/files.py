"""One file of a kind or a table, in the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geo_app.errors import N_
from geo_app.exports import as_csv, as_geojson, as_gpkg, as_xlsx
from geo_app.exports.positions import in_columns, moved
from geo_app.exports.table import Table
from geo_app.imports.systems import System
from geo_app.models import County
from geo_app.queries import export_frames
from geo_app.queries.terms import today

Translate = Callable[[str], str]

FORMATS: Mapping[str, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
FLAT = ("csv", "xlsx")  # formats of tables without places
AS_OF = N_("As of %(day)s")
NO_BASIS = N_("Grid lines are no basis for administrative boundaries.")


def write_kind(
    session: Session,
    county: County,
    kind: str,
    path: Path,
    *,
    form: str,
    system: System,
    translate: Translate,
    source: str | None = None,
    callers: bool = False,
    as_of: date | None = None,
) -> int:
    """Writes what is in force of a kind in the session's scope, today or on a day; how many rows. See
    ``export_frames.rows``."""
    day = as_of or today(county, datetime.now(UTC))
    notes = (translate(NO_BASIS),) if kind == "grids" else ()
    if as_of is not None:
        notes = (translate(AS_OF) % {"day": as_of}, *notes)
    table = export_frames.rows(session, county, kind, day, source=source, callers=callers, notes=notes)
    return write_table(table, path, form, system, translate)


def write_table(table: Table, path: Path, form: str, system: System, translate: Translate) -> int:
    """Writes a table with its shapes in ``system``; how many rows. CSV and XLSX have them as columns."""
    table = moved(table, system)
    if form == "geojson":
        return as_geojson.write(table, path, system)
    if form == "gpkg":
        return as_gpkg.write(table, path, system)
    table = in_columns(table, system)
    return as_csv.write(table, path) if form == "csv" else as_xlsx.write(table, path, translate=translate)


def file_name(kind: str, county: County, form: str, system: System | None = None, as_of: date | None = None) -> str:
    """What the file is called: kind, county, the day as of which it was asked for, the day of today and, where positions
    are not in WGS84, their datum."""
    parts = [kind, county.code]
    if as_of is not None:
        parts.append(f"as-of-{as_of.isoformat()}")
    parts.append(today(county, datetime.now(UTC)).isoformat())
    if system is not None and system.name != "EPSG:4326":
        parts.append(system.name.replace(":", ""))
    return "-".join(parts) + f".{form}"
