"""Grids out of a file, read through a temporary table as an import reads them, and nothing stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.imports.packing import Packed
from geo_app.queries import arrivals


def arrived(session: Session, portions: Iterable[Packed]) -> tuple[list[dict[str, Any]], list[Any]]:
    """Rows (code, name or None, kind or None, geometry as text of GeoJSON in EPSG:4326) and those that cannot be used."""
    refused: list[Any] = []
    columns: Sequence[str] = ()
    for portion in portions:
        refused += portion.refused
        if not columns:
            columns = portion.columns
            arrivals.begin(session, "grid", columns)
        arrivals.copy_in(session, portion.columns, portion.text)
    if not columns:
        return [], refused
    said = {"name": "nullif(name, code)", "kind": "kind"}
    wanted = [f"{said[name]} AS {name}" if name in columns else f"NULL AS {name}" for name in said]
    found = session.execute(
        text(f"SELECT code, {', '.join(wanted)}, ST_AsGeoJSON(geom, 7) AS geometry FROM arriving ORDER BY nth")
    )
    return [dict(row) for row in found.mappings()], refused
