"""Real streets, crimes and schools of a neighbourhood, out of the libpysal wheel."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from geo_app.demo.mesa import geodanet
from geo_app.queries.scopes import of_county
from geo_app.services.counties import add_county
from geo_app.services.imports import import_file

GEODANET = geodanet()


@pytest.fixture
def mesa(database: Database) -> Scope:
    with database.owner_session() as owner:
        add_county(owner, "mesa", "Mesa", 26949, time_zone="America/Phoenix")
        scope = of_county(owner, "mesa")
    assert scope is not None
    return scope


def test_streets_become_pieces_of_at_most_a_hundred_metres(database: Database, mesa: Scope) -> None:
    report = import_file(database, mesa, "mesa", "roads", GEODANET / "streets.shp")
    assert (report.read, report.stored, report.quarantined) == (293, 293, 0)
    with database.session(mesa, read_only=True) as session:
        count, longest, total = session.execute(
            text("SELECT count(*), max(length_m), sum(length_m) FROM street_piece")
        ).one()
    assert count == report.pieces > 293
    assert longest <= 100.0 + 1e-6
    assert total == pytest.approx(293 * 356.362089 * 1200 / 3937, rel=1e-6)  # US survey feet


def test_incidents_and_places_keep_their_numbers(database: Database, mesa: Scope) -> None:
    crimes = import_file(database, mesa, "mesa", "incidents", GEODANET / "crimes.shp")
    schools = import_file(database, mesa, "mesa", "places", GEODANET / "schools.shp")
    assert (crimes.stored, schools.stored) == (287, 8)
    with database.session(mesa, read_only=True) as session:
        kinds = session.execute(text("SELECT DISTINCT kind, is_key FROM place")).all()
        west, north = session.execute(text("SELECT min(ST_X(geom)), max(ST_Y(geom)) FROM incident")).one()
        arrived = session.execute(text("SELECT arrived_datum, arrived FROM incident WHERE number = '7'")).one()
    assert kinds == [("school", True)]
    assert (west, north) == pytest.approx((-111.8, 33.4), abs=0.1)
    assert arrived == ("ESRI:102649", {"POLYID": 7, "POLYID2": 7})


@pytest.mark.parametrize(("kind", "file"), [("roads", "streets"), ("incidents", "crimes"), ("places", "schools")])
def test_the_same_file_again_changes_nothing(database: Database, mesa: Scope, kind: str, file: str) -> None:
    first = import_file(database, mesa, "mesa", kind, GEODANET / f"{file}.shp")
    with database.session(mesa, read_only=True) as session:
        before = session.execute(text("SELECT kind, version FROM data_version ORDER BY kind")).all()
    again = import_file(database, mesa, "mesa", kind, GEODANET / f"{file}.shp")
    with database.session(mesa, read_only=True) as session:
        after = session.execute(text("SELECT kind, version FROM data_version ORDER BY kind")).all()
    assert (again.stored, again.updated, again.unchanged, again.ended, again.pieces) == (0, 0, first.read, 0, 0)
    assert after == before
