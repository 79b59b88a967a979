"""Changes of grids that were drawn before say afterwards which codes they touch."""

from __future__ import annotations

import json

from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.migrate import downgrade, upgrade
from geo_app.models import County

STEPS = [
    {"retired": ["a"], "created": ["c", "d"], "changed": ["b"]},
    {"retired": ["c"], "created": ["e"], "changed": ["b"]},
    {"retired": ["f"], "created": [], "changed": []},  # was undone
]


def test_a_change_of_before_knows_the_codes_that_its_steps_touch(
    database: Database, database_url: str, county: County
) -> None:
    downgrade(database_url, "0012")
    with database.owner_session() as owner:
        owner.execute(
            text(
                "INSERT INTO grid_change (county_id, admin_area_id, police_area_id, reason_code, operations, position)"
                " SELECT county_id, min(id) FILTER (WHERE tree = 'admin'), min(id) FILTER (WHERE tree = 'police'), reason,"
                " CAST(:steps AS jsonb), position FROM area, (VALUES ('real_change', 2), ('re_digitising', 0))"
                " v(reason, position) WHERE county_id = :county GROUP BY county_id, reason, position"
            ),
            {"steps": json.dumps(STEPS), "county": county.id},
        )
    upgrade(database_url)
    with database.owner_session() as owner:
        found = owner.execute(text("SELECT position, touched FROM grid_change ORDER BY position")).all()
    assert [tuple(row) for row in found] == [(0, []), (2, ["a", "b", "c", "d", "e"])]
