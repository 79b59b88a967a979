"""Rows of a made county on the board of `tests.grid_boundaries.board`: places are told in its cells."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.queries import frames, grid_units, visible
from geo_app.queries.terms import Terms
from tests.grid_boundaries.board import at, cell

DAY = date(2026, 11, 29)


class Block:
    """A county into which rows are put, and what is asked of it on `DAY`."""

    def __init__(self, database: Database, scope: Scope, county: County) -> None:
        self.database, self.scope, self.code = database, scope, county.code

    def put(self, table: str, shape: shapely.Geometry | None = None, **values: Any) -> None:
        """A row of the county's roots, with a shape in EPSG:4326."""
        if shape is not None:
            values["geom"] = shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True)
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        root = "(SELECT id FROM area WHERE tree = '{}' AND parent_id IS NULL AND county_id = county.id)"
        with self.database.owner_session() as owner:
            owner.execute(
                text(
                    f"INSERT INTO {table} (county_id, admin_area_id, police_area_id, {names}) SELECT id,"
                    f" {root.format('admin')}, {root.format('police')}, {marks} FROM county WHERE code = :county"
                ),
                values | {"county": self.code},
            )

    def grid(self, code: str, shape: shapely.Geometry, **values: Any) -> None:
        land = shapely.MultiPolygon([shape])
        self.put("grid", land, code=code, name=f"grid {code}", stable_id=values.pop("stable_id", int(code)), **values)

    def building(self, x: float, y: float, levels: float = 1, kind: str = "住宅") -> None:
        side = 0.02
        self.put(
            "building", shapely.MultiPolygon([cell(x - side / 2, y - side / 2, side, side)]), levels=levels, kind=kind
        )

    def point(self, table: str, x: float, y: float, **values: Any) -> None:
        self.put(table, at((x, y))[0], **values)

    def incident(self, x: float, y: float, day: str = "2026-11-01", **values: Any) -> None:
        told = {"category": "盗窃", "match_level": "given", "occurred_from": day, "occurred_to": day} | values
        self.point("incident", x, y, **told)

    def ask(self, question: Any, day: date = DAY) -> Any:
        """What a function of session, county and grids of the day answers."""
        with self.database.session(self.scope, read_only=True) as session:
            county = visible.county(session, self.code)
            assert county is not None
            return question(session, county, frames.grids(session, county, Terms(day)))

    def units(self, day: date = DAY) -> grid_units.GridUnits:
        return self.ask(lambda session, county, _: grid_units.units(session, county, day), day)
