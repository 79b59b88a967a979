"""A history of Mesa's grids, written as versions: a beginning, a split, a line drawn better, a piece that changed hands,
a new name, and a correction of what was known."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo_app.database.engine import Database
from grid_boundaries.schema import snap

BEGIN, SPLIT, REDRAWN, MOVED, RENAMED = (date(2026, month, 1) for month in (1, 3, 4, 5, 6))
WHOLE, HALVES = "mesa-001", ("mesa-013", "mesa-014")
METRIC = 26949

Rows = dict[str, tuple[int, shapely.Geometry]]


@pytest.fixture
def history(mesa: Database) -> Database:
    """Mesa with a history of its own grids."""
    with mesa.owner_session() as owner:
        write_history(owner)
    return mesa


def write_history(owner: Session) -> dict[str, tuple[str, str]]:
    """Writes the history; answers the codes of the two of which the line was redrawn, and of the two between which a
    piece changed hands."""
    owner.execute(text("UPDATE grid SET valid = daterange(:day, NULL)"), {"day": BEGIN})
    owner.execute(text("UPDATE grid_worker SET valid = daterange(:day, NULL)"), {"day": BEGIN})
    _split(owner)
    redrawn, moved = _neighbours(_rows(owner), {*HALVES})
    _transfer(owner, redrawn, REDRAWN, "re_digitising")
    _transfer(owner, moved, MOVED, "real_change")
    change = change_row(owner, "code", "code_correction", RENAMED)
    version_row(owner, "mesa-012", RENAMED, change, name="新名网格")
    return {"redrawn": redrawn, "moved": moved}


def _rows(owner: Session) -> Rows:
    found = owner.execute(text("SELECT code, id, ST_AsBinary(geom) AS geom FROM grid WHERE upper_inf(valid)"))
    return {row.code: (row.id, shapely.from_wkb(bytes(row.geom))) for row in found}


def _split(owner: Session) -> None:
    change = change_row(owner, "split", "real_change", SPLIT)
    row, shape = _rows(owner)[WHOLE]
    west, south, east, north = shape.bounds
    middle = (west + east) / 2
    for code, half in zip(
        HALVES, (shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)), strict=True
    ):
        made = _inserted(
            owner, row, SPLIT, change, code=code, name=code, geom=shapely.intersection(shape, half), new=True
        )
        owner.execute(
            text(
                "INSERT INTO grid_lineage (county_id, admin_area_id, police_area_id, change_id, parent_id, child_id)"
                " SELECT county_id, admin_area_id, police_area_id, :change, :row, :made FROM grid WHERE id = :row"
            ),
            {"change": change, "row": row, "made": made},
        )
    _ended(owner, row, SPLIT)


def _neighbours(rows: Rows, without: set[str]) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two pairs of grids, no grid in both, that have a longer line in common."""
    found: list[tuple[str, str]] = []
    codes = sorted(rows.keys() - without - {WHOLE, "mesa-012"})
    for first in codes:
        for second in codes:
            line = shapely.intersection(rows[first][1], rows[second][1])
            if first < second and line.length > 0.001 and not {first, second} & {one for pair in found for one in pair}:
                found.append((first, second))
    return found[0], found[1]


def _transfer(owner: Session, pair: tuple[str, str], day: date, reason: str) -> None:
    """A piece of some 40 m on their line goes from the second to the first."""
    rows = _rows(owner)
    first, second = (rows[code][1] for code in pair)
    line = GeoSeries([shapely.intersection(first, second)], crs=4326).to_crs(METRIC)
    around = line.interpolate(0.5, normalized=True) if line.geom_type[0] == "LineString" else line.centroid
    square = around.buffer(40, cap_style="square").to_crs(4326).iloc[0]
    piece = shapely.intersection(second, square)
    change = change_row(owner, "transfer", reason, day)
    version_row(owner, pair[0], day, change, geom=shapely.union(first, piece))
    version_row(owner, pair[1], day, change, geom=shapely.difference(second, piece))


def change_row(owner: Session, kind: str, reason: str, day: date) -> int:
    """The id of a change that was filed."""
    found = owner.scalar(
        text(
            "INSERT INTO grid_change (county_id, admin_area_id, police_area_id, kind, reason_code, status, effective_on)"
            " SELECT county_id, admin_area_id, police_area_id, :kind, :reason, 'filed', :day FROM grid LIMIT 1 RETURNING id"
        ),
        {"kind": kind, "reason": reason, "day": day},
    )
    assert found is not None
    return int(found)


def version_row(owner: Session, code: str, day: date, change: int, **said: Any) -> None:
    """Ends the version in force and begins one that says something else."""
    row = _rows(owner)[code][0]
    _ended(owner, row, day)
    _inserted(owner, row, day, change, **said)


def _ended(owner: Session, row: int, day: date) -> None:
    owner.execute(
        text("UPDATE grid SET valid = daterange(lower(valid), :day) WHERE id = :row"), {"row": row, "day": day}
    )


def _inserted(owner: Session, row: int, day: date, change: int, *, new: bool = False, **said: Any) -> int:
    columns = {
        "code": "code", "name": "name", "kind": "kind", "simulated": "simulated", "geom": "geom",
        "stable_id": "(SELECT max(stable_id) + 1 FROM grid)" if new else "stable_id",
    }  # fmt: skip
    values: dict[str, Any] = {"row": row, "day": day, "change": change}
    for name, value in said.items():
        values[name] = shapely.to_wkb(_multi(value)) if name == "geom" else value
        columns[name] = "ST_GeomFromWKB(:geom, 4326)" if name == "geom" else f":{name}"
    found = owner.scalar(
        text(
            f"INSERT INTO grid (county_id, admin_area_id, police_area_id, change_id, valid, {', '.join(columns)})"
            f" SELECT county_id, admin_area_id, police_area_id, :change, daterange(:day, NULL),"
            f" {', '.join(columns.values())} FROM grid WHERE id = :row RETURNING id"
        ),
        values,
    )
    assert found is not None
    return int(found)


def _multi(shape: shapely.Geometry) -> shapely.MultiPolygon:
    parts = [part for part in np.atleast_1d(shapely.get_parts(snap(shape))) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)
