"""The trees of areas over HTTP: parents first, and nothing that the scope does not see."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app.database.engine import Database
from tests.mesa import FOREIGN, browser_of

TOWNS = [
    # code, parent, level, west edge of a box in degrees, None without an outline
    ("mesa-1", "mesa", "town", -111.84),
    ("mesa-2", "mesa", "town", None),
    ("mesa-1-2", "mesa-1", "community", -111.83),
    ("mesa-1-1", "mesa-1", "community", -111.835),
]


@pytest.fixture
def towns(mesa: Database) -> dict[str, int]:
    """Two towns, one of two communities, below the administrative root of Mesa; their ids by code."""
    with mesa.owner_session() as owner:
        for code, parent, level, west in TOWNS:
            owner.execute(
                text(
                    "INSERT INTO area (county_id, parent_id, tree, level, code, name, geom)"
                    " SELECT county_id, id, 'admin', :level, CAST(:code AS text), 'Area ' || :code, CASE WHEN CAST(:west AS float) IS"
                    " NOT NULL THEN ST_Multi(ST_MakeEnvelope(CAST(:west AS float), 33.41, CAST(:west AS float) + 0.005, 33.42, 4326))"
                    " END FROM area WHERE tree = 'admin' AND code = :parent"
                ),
                {"code": code, "parent": parent, "level": level, "west": west},
            )
        return {row.code: row.id for row in owner.execute(text("SELECT code, id FROM area WHERE tree = 'admin'"))}


def only(mesa: Database, login: str, *areas: int) -> None:
    """Gives a user these areas and no other."""
    with mesa.owner_session() as owner:
        owner.execute(
            text("DELETE FROM user_scope WHERE user_id = (SELECT id FROM app_user WHERE login = :login)"),
            {"login": login},
        )
        for area in areas:
            owner.execute(
                text("INSERT INTO user_scope (user_id, area_id) SELECT id, :area FROM app_user WHERE login = :login"),
                {"login": login, "area": area},
            )


def test_areas_come_as_trees_parents_first_and_then_by_code(planner: FlaskClient, towns: dict[str, int]) -> None:
    found = planner.get("/api/areas?county=mesa").get_json()["areas"]
    assert [(a["tree"], a["code"]) for a in found] == [
        ("admin", "mesa"), ("admin", "mesa-1"), ("admin", "mesa-1-1"), ("admin", "mesa-1-2"), ("admin", "mesa-2"),
        ("police", "mesa"),
    ]  # fmt: skip
    parents = {a["id"]: a["parent"] for a in found}
    assert parents[towns["mesa-1-2"]] == towns["mesa-1"]
    assert parents[towns["mesa"]] is None
    assert {a["code"]: a["level"] for a in found if a["tree"] == "admin"}["mesa-1-1"] == "community"


def test_an_area_with_an_outline_has_bounds(planner: FlaskClient, towns: dict[str, int]) -> None:
    found = {a["id"]: a["bounds"] for a in planner.get("/api/areas?county=mesa").get_json()["areas"]}
    assert found[towns["mesa-1"]] == pytest.approx([-111.84, 33.41, -111.835, 33.42])
    assert found[towns["mesa-2"]] is None


def test_B04_who_was_given_a_town_sees_it_and_what_is_below_and_nothing_above(
    mesa_app, mesa: Database, towns: dict[str, int]
) -> None:
    only(mesa, "planner", towns["mesa-1"])
    found = browser_of(mesa_app, "planner").get("/api/areas?county=mesa").get_json()["areas"]
    assert [(a["code"], a["parent"]) for a in found] == [
        ("mesa-1", None), ("mesa-1-1", towns["mesa-1"]), ("mesa-1-2", towns["mesa-1"]),
    ]  # fmt: skip


def test_an_area_that_no_longer_holds_is_not_shown(planner: FlaskClient, mesa: Database, towns: dict[str, int]) -> None:
    first = planner.get("/api/areas?county=mesa")
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE area SET valid = daterange(NULL, '2020-01-01') WHERE code = 'mesa-2'"))
    again = planner.get("/api/areas?county=mesa", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200  # the tag hangs on the areas
    assert "mesa-2" not in {a["code"] for a in again.get_json()["areas"]}
    known = planner.get("/api/areas?county=mesa", headers={"If-None-Match": again.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")


def test_B02_the_areas_of_a_foreign_county_are_answered_like_those_of_an_absent_one(reader: FlaskClient) -> None:
    foreign, absent = (reader.get(f"/api/areas?county={code}") for code in (FOREIGN, "000000"))
    assert foreign.status_code == absent.status_code == 404
    assert foreign.get_json()["detail"] == absent.get_json()["detail"]


@pytest.mark.parametrize(
    "query", ["", "county=", "county=mesa&county=mesa", "county=mesa&tree=admin", "county=mesa%00"]
)
def test_C06_areas_take_a_county_and_nothing_else(reader: FlaskClient, query: str) -> None:
    assert reader.get(f"/api/areas?{query}").status_code == 400


@pytest.mark.parametrize("hostile", ["mesa' OR '1'='1", "mesa'; DROP TABLE area; --", "%", "$1"])
def test_C01_sql_in_the_county_finds_no_areas(reader: FlaskClient, hostile: str) -> None:
    assert reader.get("/api/areas", query_string={"county": hostile}).status_code == 404
    assert len(reader.get("/api/areas?county=mesa").get_json()["areas"]) == 2
