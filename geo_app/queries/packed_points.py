"""Points of a table in force with numbers of theirs, packed by PostgreSQL: several times as fast as rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.models import County

POINT = "point"


def points(
    session: Session,
    county: County,
    day: date,
    table: str,
    numbers: Mapping[str, str] | None = None,
    *,
    where: str = "geom IS NOT NULL",
    shape: str = "geom",
    values: Mapping[str, Any] | None = None,
) -> dict[str, np.ndarray]:
    """``point`` of each row that holds on the day and that the scope sees, EPSG:4326, and numbers by name, NaN for NULL.

    numbers, where, shape: SQL of this package, never of somebody's; ``values`` are bound to their names.
    """
    wanted = {"x": f"ST_X({shape})", "y": f"ST_Y({shape})", **(numbers or {})}
    listed = ", ".join(f"({what})::float8 AS {name}" for name, what in wanted.items())
    # Packing leaves NULL out, and the columns would not stand beside one another any more.
    packed = ", ".join(f"string_agg(float8send(coalesce({name}, 'NaN')), '') AS {name}" for name in wanted)
    statement = (
        f"WITH row AS MATERIALIZED (SELECT {listed} FROM {table} WHERE county_id = :county AND {where}"
        f" AND valid @> CAST(:day AS date) AND upper_inf(recorded) ORDER BY id) SELECT {packed} FROM row"
    )
    found = session.execute(text(statement), {"county": county.id, "day": day, **(values or {})}).one()._mapping
    columns = {name: np.frombuffer(found[name] or b"", dtype=">f8").astype(float) for name in wanted}
    return {POINT: shapely.points(columns.pop("x"), columns.pop("y")), **columns}
