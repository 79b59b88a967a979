"""A made county of two communities with sixteen grids each, and people who draw, review and look on.

Everything in it is made up: grids are a little crooked squares of 0.004 degrees, near 和县, each with a vertex in the
middle of every side.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import text
from sqlalchemy.engine import URL

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.queries import frames, grid_heads, visible
from geo_app.queries.scopes import of_county, of_user, roots
from geo_app.queries.terms import Terms
from geo_app.security.actor import Actor
from geo_app.services.counties import add_county
from geo_app.services.imports import import_file
from geo_app.services.users import add_user
from tests.conftest import application_url, clone, copied, once_per_run
from tests.made_town import Hand, Town, opened
from tests.security.browsing import PASSWORD

COUNTY = "340523"
TOWN = "340523100"
COMMUNITIES = ("340523100001", "340523100002")
WEST, SOUTH, SIZE, ACROSS = 118.30, 31.70, 0.004, 4
PEOPLE = (
    ("editor", "王芳", "grid_editor", COUNTY), ("drawer", "李强", "grid_editor", COUNTY),
    ("reviewer", "赵敏", "reviewer", COUNTY), ("second", "钱进", "reviewer", COUNTY),
    ("of_town", "孙丽", "reviewer", TOWN), ("of_community", "周平", "grid_editor", COMMUNITIES[0]),
    ("leader", "陈刚", "leader", COUNTY), ("planner", "吴凡", "planner", COUNTY),
)  # fmt: skip


def vertex(column: float, row: float) -> tuple[float, float]:
    """The place of a vertex, by columns from the west and rows from the south in halves of a grid; inner ones are moved a
    little, always by the same."""
    inside = 0 < column < 2 * ACROSS and 0 < row < ACROSS
    move = 0.0003 * np.sin(3 * column + 5 * row) if inside else 0.0
    return round(WEST + column * SIZE + move, 7), round(SOUTH + row * SIZE - move, 7)


def code_of(column: int, row: int) -> str:
    """The code of a grid by its column from the west (0 to 7) and its row from the south (0 to 3)."""
    return f"{COMMUNITIES[column // ACROSS]}{(ACROSS - 1 - row) * ACROSS + column % ACROSS + 1:03d}"


def middle(column: int, row: int) -> tuple[float, float]:
    """The middle of a grid."""
    return WEST + (column + 0.5) * SIZE, SOUTH + (row + 0.5) * SIZE


def square(column: int, row: int) -> shapely.Polygon:
    corners = [(0, 0), (0.5, 0), (1, 0), (1, 0.5), (1, 1), (0.5, 1), (0, 1), (0, 0.5)]
    return shapely.Polygon([vertex(column + x, row + y) for x, y in corners])


def made_grids() -> GeoDataFrame:
    """The grids, by code."""
    cells = [(column, row) for row in range(ACROSS - 1, -1, -1) for column in range(2 * ACROSS)]
    frame = GeoDataFrame(
        {
            "code": [code_of(*cell) for cell in cells],
            "name": [f"第{code_of(*cell)[-2:]}网格" for cell in cells],
            "leader": ["张三" if n % 5 else None for n in range(len(cells))],
            "community": [COMMUNITIES[cell[0] // ACROSS] for cell in cells],
        },
        geometry=[square(*cell) for cell in cells],
        crs=4326,
    )
    return frame.sort_values("code", ignore_index=True)


class Governed(Town):
    """The made county with what tests of changes of grids ask."""

    def browser(self, login: str = "editor") -> Hand:
        return super().browser(login)

    def county_scope(self) -> Scope:
        return self.scope(COUNTY)

    def actor(self, login: str) -> Actor:
        with self.database.owner_session() as owner:
            [(number, name, role)] = owner.execute(
                text(
                    "SELECT u.id, u.name, r.role FROM app_user u JOIN user_role r ON r.user_id = u.id WHERE login = :login"
                ),
                {"login": login},
            ).all()
            return Actor(number, login, name, frozenset({role}), of_user(owner, number))

    def county(self) -> County:
        with self.database.session(self.county_scope(), read_only=True) as session:
            found = visible.county(session, COUNTY)
        assert found is not None
        return found

    def grids_on(self, day: date) -> GeoDataFrame:
        """The grids in force on a day, by code."""
        with self.database.session(self.county_scope(), read_only=True) as session:
            return frames.grids(session, self.county(), Terms(day))

    def outlines_on(self, day: date, *levels: str) -> dict[str, shapely.Geometry]:
        """The outlines of areas of these levels on a day, by code; those without one are left out."""
        with self.database.session(self.county_scope(), read_only=True) as session:
            rows = session.execute(
                text(
                    "SELECT code, ST_AsBinary(geom) FROM geo_areas_on(:county, CAST(:day AS date))"
                    " WHERE level = ANY (:levels) AND NOT retired AND geom IS NOT NULL"
                ),
                {"county": self.county().id, "day": day, "levels": list(levels)},
            )
            return {code: shapely.from_wkb(bytes(shape)) for code, shape in rows}

    def heads(self) -> GeoDataFrame:
        with self.database.session(self.county_scope(), read_only=True) as session:
            return grid_heads.heads_now(session, self.county())


@pytest.fixture(scope="session")
def governed_template(server_url: URL, template: str, run_folder: Path, run_name: str) -> str:
    """The name of a database with the made county and its people."""
    name = f"t_governed_{run_name}"
    with once_per_run(run_folder, name) as first:
        if first:
            _load(copied(server_url, template, name), run_folder)
    return name


def _load(url: str, folder: Path) -> None:
    database = Database(application_url(url), url)
    with database.owner_session() as owner:
        add_county(owner, COUNTY, "演示县", 4548, simulated=True)
        scope = of_county(owner, COUNTY)
    assert scope is not None
    grids = made_grids()
    whole = [(code, shapely.union_all(part.geometry.to_numpy())) for code, part in grids.groupby("community")]
    areas: list[tuple[dict[str, Any], shapely.Geometry]] = [
        ({"tree": "admin", "level": "town", "code": TOWN, "name": "演示镇", "parent": COUNTY}, shapely.union_all([s for _, s in whole])),
        *(
            ({"tree": "admin", "level": "community", "code": code, "name": f"演示村{code[-1]}", "parent": TOWN}, shape)
            for code, shape in whole
        ),
    ]  # fmt: skip
    _import(database, scope, "areas", folder / "made-areas.geojson", areas)
    with database.owner_session() as owner:
        scope = of_county(owner, COUNTY)
        assert scope is not None
        for login, name, role, code in PEOPLE:
            ids = roots(owner, COUNTY) if code == COUNTY else _areas(owner, code)
            add_user(owner, login, name, PASSWORD, roles=[role], area_ids=ids)
    said = grids[["code", "name", "leader"]].to_dict("records")
    rows = list(zip(said, grids.geometry, strict=True))
    _import(database, scope, "grids", folder / "made-grids.geojson", rows)
    database.close()


def _areas(owner: Any, code: str) -> list[int]:
    return list(owner.scalars(text("SELECT id FROM area WHERE code = :code"), {"code": code}))


def _import(database: Database, scope: Scope, kind: str, path: Path, rows: Any) -> None:
    features = [
        {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
        for properties, shape in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    report = import_file(database, scope, COUNTY, kind, path, crs="EPSG:4326")
    assert report.stored == len(features), report


@pytest.fixture
def governed(server_url: URL, governed_template: str, run_name: str, tmp_path: Path) -> Iterator[Governed]:
    """The made county, of this test alone."""
    with clone(server_url, governed_template, run_name) as url, opened(url, tmp_path / "state") as town:
        yield Governed(town.settings, town.database, town.app)
