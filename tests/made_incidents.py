"""Incidents made up for a test: two towns below Mesa, and incidents with every kind of time."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from geo_app.database.engine import Database


@pytest.fixture
def timed(mesa: Database) -> Database:
    """Two towns, and 2,000 incidents of 2025 and 2026 at odd hours: with ranges, without a place, without a time."""
    with mesa.owner_session() as owner:
        towns = [
            owner.execute(
                text(
                    "INSERT INTO area (county_id, parent_id, tree, level, code, name) SELECT county_id, id, tree, 'town',"
                    " :code, :name FROM area WHERE code = 'mesa' AND tree = 'admin' RETURNING id"
                ),
                {"code": code, "name": name},
            ).scalar_one()
            for code, name in (("east", "东镇"), ("west", "西镇"))
        ]
        owner.execute(
            text(
                """
                INSERT INTO incident (county_id, admin_area_id, police_area_id, category, valid, occurred_from, occurred_to,
                  geom)
                SELECT p.county_id, CASE n % 5 WHEN 0 THEN :east WHEN 1 THEN p.admin_area_id ELSE :west END,
                  p.police_area_id, (ARRAY['纠纷', '盗窃', '交通', ''])[1 + (n * 7) % 4], n % 11 <> 0,
                  CASE WHEN n % 13 <> 0 THEN at END, CASE WHEN n % 13 <> 0 THEN at + length END,
                  CASE WHEN n % 17 <> 0 THEN p.geom END
                FROM generate_series(1, 2000) AS n,
                  LATERAL (SELECT timestamptz '2025-01-01 00:30-07' + (n::bigint * n * 7919) % 8760000 * interval '5 seconds') AS t (at),
                  LATERAL (SELECT (ARRAY['0', '0', '6 hours', '13 hours', '3 days']::interval[])[1 + n % 5]) AS l (length),
                  LATERAL (SELECT county_id, admin_area_id, police_area_id, ST_StartPoint(geom) AS geom
                    FROM street_piece ORDER BY id LIMIT 1) AS p
                """
            ),
            {"east": towns[0], "west": towns[1]},
        )
    return mesa
