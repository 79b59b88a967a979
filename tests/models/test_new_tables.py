"""Addresses, aliases, buildings, waters, population and who is out in a shift: whose rows they are, and what no row can be."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.models import County
from geo_app.queries.scopes import of_county
from geo_app.services.counties import add_county

SQUARE = "SRID=4326;MULTIPOLYGON(((118 31, 118.1 31, 118.1 31.1, 118 31)))"
ROWS = {
    "address": ("addresses", {"full_text": "a"}),
    "address_alias": ("aliases", {"alias": "a"}),
    "building": ("buildings", {"geom": SQUARE}),
    "water": ("waters", {"geom": "SRID=4326;LINESTRING(118 31, 118.1 31)"}),
    "population": ("population", {"grid_code": "1", "people": 3}),
}


def insert(database: Database, scope: Scope, county: County, table: str, **values: object) -> None:
    """A row of the county's roots."""
    names = ", ".join(values)
    with database.session(scope) as session:
        session.execute(
            text(
                f"INSERT INTO {table} (county_id, admin_area_id, police_area_id, {names})"
                " SELECT :county, (SELECT id FROM area WHERE tree = 'admin' AND parent_id IS NULL),"
                " (SELECT id FROM area WHERE tree = 'police' AND parent_id IS NULL),"
                f" {', '.join(':' + name for name in values)}"
            ),
            {"county": county.id, **values},
        )


@pytest.mark.parametrize("table", ROWS)
def test_a_row_is_seen_in_its_scope_only_and_raises_the_version_of_its_kind(
    database: Database, county: County, county_scope: Scope, table: str
) -> None:
    kind, values = ROWS[table]
    insert(database, county_scope, county, table, **values)
    with database.owner_session() as owner:
        add_county(owner, "340522", "another", 4548)
        other = of_county(owner, "340522")
    assert other is not None
    for scope, seen in ((county_scope, 1), (other, 0)):
        with database.session(scope, read_only=True) as session:
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == seen
            versions = session.execute(text("SELECT version FROM data_version WHERE kind = :kind"), {"kind": kind})
            assert versions.scalars().all() == [1] * seen


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("population", {"people": 3}),
        ("population", {"grid_code": "1", "people": -1}),
        ("population", {"grid_code": "1", "households": -1}),
        ("building", {"geom": SQUARE, "height_m": 0}),
        ("building", {"name": "a"}),
        ("water", {"name": "a"}),
        ("water", {"geom": "SRID=4326;POINT(118 31)"}),
        ("address", {"road": "a"}),
        ("address_alias", {"address_key": "a"}),
    ],
)
def test_rows_that_say_nothing_or_the_impossible_are_refused(
    database: Database, county: County, county_scope: Scope, table: str, values: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError):
        insert(database, county_scope, county, table, **values)
