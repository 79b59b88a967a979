"""The made county with addresses: house numbers along two of its streets, each in a town of its own, and who sees which."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from geo_app.database.engine import Database
from geo_app.queries.scopes import of_county
from geo_app.services.imports import import_file
from geo_app.services.users import add_user
from tests.conftest import application_url, clone, copied, once_per_run
from tests.made_town import LENGTH, SOUTH, STEP, TOWN, WEST, Town, opened
from tests.security.browsing import PASSWORD

NUMBERS = range(2, 100, 4)
HEAD = "接警单编号,报警时间,警情类别,事发地址,经度,纬度"


def spot(street: int, number: int) -> tuple[float, float]:
    """Where a house number stands, a little north of its street: 东一路 is 0, 东二路 1."""
    return round(WEST + LENGTH * number / 100, 7), round(SOUTH + STEP * street + 0.00005, 7)


def call_row(number: int, address: str, place: str = ",") -> str:
    """A row of a call system's export, without a position if none is given."""
    return f"J{number},2026-11-20 08:30:00,盗窃,{address},{place}"


@pytest.fixture(scope="session")
def addressed_template(server_url: URL, town_template: str, run_folder: Path, run_name: str) -> str:
    """The name of a database with the county and its addresses."""
    name = f"t_addressed_{run_name}"
    with once_per_run(run_folder, name) as first:
        if first:
            url = copied(server_url, town_template, name)
            database = Database(application_url(url), url)
            _load(database, run_folder)
            database.close()
    return name


def _load(database: Database, folder: Path) -> None:
    towns = (("青石镇", "河边社区", 0), ("白湖镇", "湖心社区", 1))
    rows = ["编号,标准地址,经度,纬度"]
    with database.owner_session() as owner:
        for town, community, street in towns:
            south = SOUTH + (street - 0.5) * STEP
            id = owner.execute(
                text(
                    """
                    WITH box AS (SELECT ST_Multi(ST_MakeEnvelope(:west, :south, :east, :north, 4326)) AS geom),
                    root AS (SELECT county_id, id FROM area WHERE tree = 'admin' AND parent_id IS NULL
                      AND county_id = (SELECT id FROM county WHERE code = :code)),
                    town AS (INSERT INTO area (county_id, parent_id, tree, level, code, name, geom)
                      SELECT county_id, id, 'admin', 'town', 'T' || :n, :town, box.geom FROM root, box
                      RETURNING id, county_id, geom),
                    community AS (INSERT INTO area (county_id, parent_id, tree, level, code, name, geom)
                      SELECT county_id, id, 'admin', 'community', 'C' || :n, :community, geom FROM town RETURNING id),
                    grid AS (INSERT INTO grid (stable_id, county_id, admin_area_id, police_area_id, code, name, geom)
                      SELECT 70 + CAST(:n AS int), t.county_id, c.id, c.id, 'G' || :n, '第' || :n || '网格', geom
                      FROM town t, community c)
                    SELECT id FROM town
                    """
                ),
                {
                    "west": WEST - 0.01, "south": south, "east": WEST + 0.05, "north": south + STEP, "code": TOWN,
                    "town": town, "community": community, "n": str(street + 1),
                },
            ).scalar_one()  # fmt: skip
            add_user(owner, f"clerk{street + 1}", "刘洋", PASSWORD, roles=["planner"], area_ids=[id])
            road = "东一路" if street == 0 else "东二路"
            rows += [f"{road}{n},演示县{town}{road}{n}号,{spot(street, n)[0]},{spot(street, n)[1]}" for n in NUMBERS]
        scope = of_county(owner, TOWN)
    assert scope is not None
    path = folder / "made-addresses.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    import_file(database, scope, TOWN, "addresses", path, crs="EPSG:4326")


@pytest.fixture
def addressed(server_url: URL, addressed_template: str, run_name: str, tmp_path: Path) -> Iterator[Town]:
    """The county with its addresses, of this test alone."""
    with clone(server_url, addressed_template, run_name) as url, opened(url, tmp_path / "state") as town:
        yield town


@pytest.fixture(scope="session")
def looked_up(server_url: URL, addressed_template: str, run_name: str, run_folder: Path) -> Iterator[Town]:
    """The same, shared by the tests that change nothing."""
    with clone(server_url, addressed_template, run_name) as url, opened(url, run_folder / "state") as town:
        yield town


def take_calls(town: Town, folder: Path, *rows: str, **more: object):  # type: ignore[no-untyped-def]
    """Imports calls, as `call_row` writes them."""
    path = folder / "110.csv"
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return import_file(town.database, town.scope(), TOWN, "incidents", path, source="110", crs="EPSG:4326", **more)
