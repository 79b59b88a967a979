"""Rows of a place are seen and written in scope only, whatever the query says."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DataError, InternalError, ProgrammingError

from geo_app.database.engine import Database
from geo_app.database.scope import Scope, expand
from geo_app.models import Area, Base, County, DataVersion, Place
from geo_app.queries.scopes import of_county
from geo_app.services.counties import add_county

# Tables without a place: accounts, reached through permissions only, and the audit, which is append-only.
UNSCOPED = {"app_user", "user_role", "user_scope", "user_session", "sign_in_failure", "audit_entry"}


def _place(county: County, area: Area, name: str) -> Place:
    return Place(
        county_id=county.id,
        admin_area_id=area.id,
        police_area_id=area.id,
        name=name,
        kind="school",
        geom="SRID=4326;POINT(118 31)",
    )


@pytest.fixture
def two_counties(database: Database) -> tuple[Scope, Scope]:
    with database.owner_session() as owner:
        scopes = []
        for code in ("340523", "340522"):
            county = add_county(owner, code, code, 4548)
            root = owner.scalars(select(Area).where(Area.county_id == county.id)).first()
            assert root is not None
            owner.add(_place(county, root, f"school of {code}"))
            owner.flush()
            scope = of_county(owner, code)
            assert scope is not None
            scopes.append(scope)
    return scopes[0], scopes[1]


def test_B10_every_table_of_a_place_has_forced_row_security_and_a_policy(database: Database) -> None:
    with database.owner_session() as owner:
        tables = owner.execute(
            text(
                "SELECT relname, relrowsecurity AND relforcerowsecurity,"
                " (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid) FROM pg_class c"
                " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition"
                " AND relname NOT IN ('alembic_version', 'spatial_ref_sys')"
            )
        ).all()
    assert {name for name, *_ in tables} == set(Base.metadata.tables)
    unprotected = {name for name, forced, policies in tables if not forced or not policies}
    assert unprotected == UNSCOPED


def test_B10_the_application_role_owns_nothing_and_cannot_pass_row_security(database: Database) -> None:
    with database.side_session() as session:
        role = session.execute(text("SELECT current_user")).scalar_one()
        owned = session.execute(
            text("SELECT count(*) FROM pg_class WHERE relowner = 'geo_application'::regrole")
        ).scalar_one()
        bypasses, superuser = session.execute(
            text("SELECT rolbypassrls, rolsuper FROM pg_roles WHERE rolname = current_user")
        ).one()
    assert (role, owned, bypasses, superuser) == ("geo_application", 0, False, False)


def test_B02_a_scope_sees_its_own_county_and_no_other(database: Database, two_counties: tuple[Scope, Scope]) -> None:
    for scope, code in zip(two_counties, ("340523", "340522"), strict=True):
        with database.session(scope, read_only=True) as session:
            assert session.scalars(select(Place.name)).all() == [f"school of {code}"]
            assert session.scalars(select(County.code)).all() == [code]


def test_B12_without_a_scope_there_are_no_rows(database: Database, two_counties: tuple[Scope, Scope]) -> None:
    with database.side_session() as session:
        for table in (Place, County, Area, DataVersion):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_B09_the_scope_of_one_transaction_does_not_reach_the_next(
    database: Database, two_counties: tuple[Scope, Scope]
) -> None:
    one_connection = Database(database.url, database.owner_url, pool_size=1)
    try:
        with one_connection.session(two_counties[0]) as session:
            assert session.scalar(select(func.count()).select_from(Place)) == 1
        with pytest.raises(ProgrammingError), one_connection.session(two_counties[0]) as session:
            session.execute(text("SELECT broken"))
        with one_connection.session(Scope.none()) as session:
            assert session.scalar(select(func.count()).select_from(Place)) == 0
        with one_connection._engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM place")).scalar_one() == 0
    finally:
        one_connection.close()


@pytest.mark.parametrize("malformed", ["{1,2", "*", "1,2", "{a}", "all"])
def test_B12_a_malformed_scope_is_an_error_and_not_all_rows(
    database: Database, two_counties: tuple[Scope, Scope], malformed: str
) -> None:
    with pytest.raises(DataError), database.side_session() as session:
        session.execute(text("SELECT set_config('geo.scope', :scope, true)"), {"scope": malformed})
        session.execute(text("SELECT count(*) FROM place")).scalar_one()


def test_a_row_cannot_be_written_outside_the_scope(database: Database, two_counties: tuple[Scope, Scope]) -> None:
    mine, other = two_counties
    with database.owner_session() as owner:
        foreign = owner.scalars(select(Area).where(Area.id.in_(other.area_ids))).first()
        assert foreign is not None
    with pytest.raises(ProgrammingError, match="row-level security"), database.session(mine) as session:
        session.add(
            Place(
                county_id=foreign.county_id,
                admin_area_id=foreign.id,
                police_area_id=foreign.id,
                name="smuggled",
                kind="school",
                geom="SRID=4326;POINT(118 31)",
            )
        )


def test_A10_a_reading_transaction_refuses_to_write(database: Database, two_counties: tuple[Scope, Scope]) -> None:
    with pytest.raises(InternalError, match="read-only"), database.session(two_counties[0], read_only=True) as session:
        session.execute(text("UPDATE place SET name = 'changed'"))


def test_a_scope_of_a_town_reaches_down_and_not_up(database: Database, county: County) -> None:
    with database.owner_session() as owner:
        root = owner.scalars(select(Area).where(Area.county_id == county.id, Area.tree == "admin")).one()
        town = Area(county_id=county.id, parent_id=root.id, tree="admin", level="town", code="340523100", name="历阳镇")
        owner.add(town)
        owner.flush()
        village = Area(
            county_id=county.id, parent_id=town.id, tree="admin", level="community", code="340523100001", name="a"
        )
        owner.add(village)
        owner.flush()
        town_id, village_id, root_id = town.id, village.id, root.id
    with database.side_session() as session:
        assert expand(session, [town_id]) == Scope.of([town_id, village_id])
    with database.session(Scope.of([town_id, village_id])) as session:
        assert root_id not in session.scalars(select(Area.id)).all()
        assert session.scalars(select(County.code)).all() == ["340523"]


def test_writing_raises_the_version_of_its_kind_in_the_same_transaction(
    database: Database, two_counties: tuple[Scope, Scope]
) -> None:
    scope = two_counties[0]

    def versions() -> dict[str, int]:
        with database.session(scope, read_only=True) as session:
            return {row.kind: row.version for row in session.scalars(select(DataVersion))}

    before = versions()
    with database.session(scope) as session:
        session.execute(text("UPDATE place SET name = name || '!'"))
    assert versions()["places"] == before["places"] + 1
    with pytest.raises(ZeroDivisionError), database.session(scope) as session:
        session.execute(text("DELETE FROM place"))
        raise ZeroDivisionError
    assert versions()["places"] == before["places"] + 1


def test_F01_the_audit_can_be_added_to_and_not_changed(database: Database) -> None:
    with database.side_session() as session:
        session.execute(text("INSERT INTO audit_entry (action) VALUES ('sign_in')"))
    for statement in ("UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
        with pytest.raises(ProgrammingError, match="permission denied"), database.side_session() as session:
            session.execute(text(statement))


def test_B11_a_box_query_uses_its_index_under_row_security(
    database: Database, county: County, county_scope: Scope
) -> None:
    with database.owner_session() as owner:
        root = owner.scalars(select(Area.id).where(Area.county_id == county.id, Area.tree == "admin")).one()
        owner.execute(
            text(
                "INSERT INTO place (county_id, admin_area_id, police_area_id, name, kind, valid, geom)"
                " SELECT :county, :area, :area, '', '', '[2026-01-01,)', ST_SetSRID(ST_MakePoint(118 + i % 200 * 0.002, 31 + i / 200 * 0.002), 4326)"
                " FROM generate_series(0, 39999) i"
            ),
            {"county": county.id, "area": root},
        )
    with psycopg.connect(database.owner_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("ANALYZE place")
    with database.session(county_scope, read_only=True) as session:
        plan = session.execute(
            text(
                "EXPLAIN SELECT count(*) FROM place"
                " WHERE geom && ST_MakeEnvelope(118.1, 31.1, 118.11, 31.11, 4326)"
                " AND ST_Intersects(geom, ST_MakeEnvelope(118.1, 31.1, 118.11, 31.11, 4326))"
            )
        ).scalars()
        assert "ix_place_geom" in "\n".join(plan)


def test_fixes_of_a_day_go_to_the_partition_of_that_day(
    database: Database, county: County, county_scope: Scope
) -> None:
    with database.session(county_scope) as session:
        session.execute(text("SELECT geo_make_fix_partition('2026-03-01'), geo_make_fix_partition('2026-03-01')"))
        root = session.scalars(select(Area.id).where(Area.tree == "police")).one()
        device = session.execute(
            text(
                "INSERT INTO device (county_id, admin_area_id, police_area_id, code)"
                " VALUES (:county, :area, :area, 'radio 1') RETURNING id"
            ),
            {"county": county.id, "area": root},
        ).scalar_one()
        session.execute(
            text(
                "INSERT INTO fix (county_id, admin_area_id, police_area_id, device_id, at, geom) VALUES"
                " (:county, :area, :area, :device, '2026-03-01 23:59:59Z', 'SRID=4326;POINT(118 31)')"
            ),
            {"county": county.id, "area": root, "device": device},
        )
        assert session.execute(text("SELECT tableoid::regclass::text FROM fix")).scalar_one() == "fix_20260301"
