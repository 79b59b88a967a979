from __future__ import annotations

import pytest
from sqlalchemy import select

from geo_app.database.engine import Database
from geo_app.models import Area, County
from geo_app.services.counties import CountyError, add_county


def test_a_county_comes_with_a_root_in_each_tree(database: Database, county: County) -> None:
    with database.owner_session() as owner:
        roots = owner.scalars(select(Area).where(Area.county_id == county.id).order_by(Area.tree)).all()
    assert [(root.tree, root.level, root.parent_id) for root in roots] == [
        ("admin", "county", None),
        ("police", "bureau", None),
    ]


def test_adding_a_county_twice_changes_nothing(database: Database, county: County) -> None:
    with database.owner_session() as owner:
        again = add_county(owner, county.code, "another name", 4549)
        assert (again.id, again.name, again.metric_srid) == (county.id, "和县", 4548)


@pytest.mark.parametrize("srid", [4326, 3857, 2222, 999999])
def test_a_system_that_does_not_measure_in_true_metres_is_refused(database: Database, srid: int) -> None:
    with database.owner_session() as owner, pytest.raises(CountyError) as raised:
        add_county(owner, "1", "x", srid)
    assert "4548" in raised.value.remedy


def test_an_unknown_time_zone_is_refused(database: Database) -> None:
    with database.owner_session() as owner, pytest.raises(CountyError, match="time zone"):
        add_county(owner, "1", "x", 4548, time_zone="Asia/Hexian")
