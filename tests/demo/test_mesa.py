"""The demonstration loads by the same ways as anybody's files, once, and the same on every machine."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.demo.mesa import CODE, GRID_CODES, METRIC_SRID, load_mesa
from geo_app.queries.counties import rows_by_kind
from geo_app.queries.scopes import of_county
from grid_boundaries.coverage import check


def rows(database: Database) -> dict[str, int]:
    with database.owner_session() as owner:
        return next(county for county in rows_by_kind(owner) if county.code == CODE).rows


def test_the_demonstration_has_real_streets_and_made_up_patrols(database: Database, tmp_path: Path) -> None:
    said: list[str] = []
    load_mesa(database, tmp_path, said.append)
    found = rows(database)
    assert {kind: found[kind] for kind in ("roads", "incidents", "places", "routes", "cameras", "grids")} == {
        "roads": 293, "incidents": 287, "places": 8, "routes": 3, "cameras": 10, "grids": 12,
    }  # fmt: skip
    assert len(said) == 7
    with database.owner_session() as owner:
        marked = dict(
            owner.execute(
                text(
                    "SELECT 'roads', bool_or(simulated) FROM street UNION SELECT 'incidents', bool_or(simulated)"
                    " FROM incident UNION SELECT 'places', bool_or(simulated) FROM place"
                    " UNION SELECT 'routes', bool_and(simulated) FROM patrol_route"
                    " UNION SELECT 'cameras', bool_and(simulated AND estimated) FROM camera"
                    " UNION SELECT 'grids', bool_and(simulated) FROM grid"
                )
            ).all()  # type: ignore[arg-type]
        )
    assert marked == {
        "roads": False,
        "incidents": False,
        "places": False,
        "routes": True,
        "cameras": True,
        "grids": True,
    }


def test_loading_again_changes_nothing_and_the_made_up_files_are_the_same(database: Database, tmp_path: Path) -> None:
    load_mesa(database, tmp_path / "one", lambda line: None)
    files = sorted((tmp_path / "one").rglob("*.geojson"))
    before = rows(database)
    load_mesa(database, tmp_path / "two", lambda line: None)
    assert rows(database) == before
    assert not (tmp_path / "two").exists()
    with database.owner_session() as owner:
        for table in ("camera", "patrol_route", "grid_worker", "grid"):
            owner.execute(text(f"DELETE FROM {table}"))
    load_mesa(database, tmp_path / "two", lambda line: None)
    assert rows(database) == before
    assert [file.stem for file in files] == ["cameras", "grids", "routes"]
    for file in files:
        assert (tmp_path / "two" / "demo" / CODE / file.name).read_bytes() == file.read_bytes()


def test_routes_run_along_the_streets(database: Database, tmp_path: Path) -> None:
    load_mesa(database, tmp_path, lambda line: None)
    with database.owner_session() as owner:
        scope = of_county(owner, CODE)
    assert scope is not None
    routes = gpd.read_file(tmp_path / "demo" / CODE / "routes.geojson").to_crs(METRIC_SRID)
    with database.session(scope, read_only=True) as session:
        streets = session.execute(text("SELECT ST_AsBinary(ST_Union(geom)) FROM street")).scalar_one()
    street_lines = gpd.GeoSeries.from_wkb([bytes(streets)], crs=4326).to_crs(METRIC_SRID).iloc[0]
    assert routes.geometry.difference(street_lines.buffer(0.5)).length.max() == pytest.approx(0, abs=0.5)
    assert routes.geometry.is_closed.all()
    assert routes.length.between(800, 8000).all()


def test_twelve_grids_cover_streets_and_incidents_and_two_wait_for_a_leader(database: Database, tmp_path: Path) -> None:
    load_mesa(database, tmp_path, lambda line: None)
    with database.owner_session() as owner:
        grids = owner.execute(
            text(
                "SELECT code, g.name, w.name AS leader_name, w.telephone, ST_AsBinary(geom) AS geom FROM grid g"
                " LEFT JOIN grid_worker w ON w.grid_stable_id = g.stable_id AND role = 'grid_leader' ORDER BY code"
            )
        ).all()
        placed = owner.execute(text("SELECT count(*), count(grid_stable_id) FROM incident")).one()
        beyond = owner.execute(
            text(
                "SELECT count(*) FROM street s WHERE NOT EXISTS"
                " (SELECT FROM grid g WHERE g.geom && s.geom AND ST_Intersects(g.geom, s.geom))"
            )
        ).scalar_one()
    assert [grid.code for grid in grids] == [f"mesa-{number:03d}" for number in range(1, 13)]
    assert [grid.name for grid in grids][:2] == ["第01网格", "第02网格"]
    assert sum(grid.leader_name is None for grid in grids) == 2
    assert all(grid.leader_name is None or grid.leader_name.endswith("（演示）") for grid in grids)
    # Numbers 555-01xx are nobody's; one leader has none.
    phones = [grid.telephone for grid in grids if grid.leader_name is not None]
    assert [phone is None for phone in phones].count(True) == 1
    assert all(phone.startswith("480-555-01") for phone in phones if phone is not None)
    assert (tuple(placed), beyond) == ((287, 287), 0)
    frame = gpd.GeoDataFrame(
        {"code": [grid.code for grid in grids]},
        geometry=gpd.GeoSeries.from_wkb([bytes(g.geom) for g in grids]),
        crs=4326,
    )
    assert check(frame, pattern=GRID_CODES) == []


def test_an_installation_of_before_gets_its_grids_at_the_next_start(database: Database, tmp_path: Path) -> None:
    load_mesa(database, tmp_path, lambda line: None)
    with database.owner_session() as owner:
        owner.execute(text("DELETE FROM grid"))
        owner.execute(text("UPDATE county SET settings = '{}'"))
        cameras = owner.scalars(text("SELECT id FROM camera ORDER BY id")).all()
    load_mesa(database, tmp_path, lambda line: None)
    with database.owner_session() as owner:
        assert owner.execute(text("SELECT count(*) FROM grid")).scalar_one() == 12
        assert owner.execute(text("SELECT settings->>'grid_code_pattern' FROM county")).scalar_one() == GRID_CODES
        assert owner.execute(text("SELECT count(grid_stable_id) FROM incident")).scalar_one() == 287
        assert owner.scalars(text("SELECT id FROM camera ORDER BY id")).all() == cameras
