"""Leaders move out of the grids into appointments, and back."""

from __future__ import annotations

from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.migrate import downgrade, upgrade
from geo_app.models import County

SQUARE = "POLYGON ((118.36 31.72, 118.37 31.72, 118.37 31.73, 118.36 31.73, 118.36 31.72))"
# stable id, name and telephone of the leader, when it held, since when it was known, until when
VERSIONS = (
    (1, "李某", "0555-1", "[,2026-03-01)", "[2026-03-01 00:00+8,)"),
    (1, "李某", "0555-1", "[,)", "[2026-01-01 00:00+8,2026-03-01 00:00+8)"),
    (1, "张某", None, "[2026-03-01,)", "[2026-03-01 00:00+8,)"),
    (2, None, "0555-2", "[,)", "[2026-01-01 00:00+8,)"),
    (3, None, None, "[,)", "[2026-01-01 00:00+8,)"),
)


def rows(database: Database, sql: str) -> list[tuple]:
    with database.owner_session() as owner:
        return [tuple(row) for row in owner.execute(text(sql))]


def test_a_leader_of_each_version_is_an_appointment_of_its_days_and_comes_back(
    database: Database, database_url: str, county: County
) -> None:
    downgrade(database_url, "0011")
    with database.owner_session() as owner:
        for stable, name, phone, valid, recorded in VERSIONS:
            owner.execute(
                text(
                    "INSERT INTO grid (county_id, admin_area_id, police_area_id, stable_id, code, name, leader_name,"
                    " leader_telephone, valid, recorded, geom) SELECT county_id, min(id) FILTER (WHERE tree = 'admin'),"
                    " min(id) FILTER (WHERE tree = 'police'), :stable, :stable, 'g', :name, :phone, CAST(:valid AS"
                    " daterange), CAST(:recorded AS tstzrange), ST_Multi(ST_GeomFromText(:shape, 4326)) FROM area"
                    " WHERE county_id = :county GROUP BY 1"
                ),
                {"stable": stable, "name": name, "phone": phone, "valid": valid, "recorded": recorded,
                 "shape": SQUARE, "county": county.id},
            )  # fmt: skip
    said = "SELECT stable_id, leader_name, leader_telephone, valid::text, recorded::text FROM grid ORDER BY id"
    before = rows(database, said)
    upgrade(database_url)
    moved = rows(
        database,
        "SELECT grid_stable_id, name, telephone, valid::text, recorded::text, role FROM grid_worker ORDER BY id",
    )
    assert moved == [(g, name or "", *rest, "grid_leader") for g, name, *rest in before if g != 3]
    downgrade(database_url, "0011")
    assert rows(database, said) == before
    assert rows(database, "SELECT * FROM grid_worker") == []
