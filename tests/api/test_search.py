"""Finding things by name or code: best first, wildcards are letters, and nothing outside the scope."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app.database.engine import Database
from tests.mesa import FOREIGN, browser_of

NAMES = ("西大街", "大街", "大街东段", "莲湖路 100%", "A_B 巷", r"back\slash")


def find(client: FlaskClient, q: str, **more: str) -> list[dict[str, Any]]:
    answer = client.get("/api/search", query_string={"county": "mesa", "q": q, **more})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: list[dict[str, Any]] = answer.get_json()["results"]
    return found


@pytest.fixture
def named(mesa: Database) -> None:
    """Streets of Mesa with names to look for, many of one name; a place, a grid, a team and a route."""
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE street SET name = '', road_class = 'residential'"))
        for place, name in enumerate(NAMES):
            owner.execute(
                text("UPDATE street SET name = :name WHERE id % :many = :place"),
                {"name": name, "many": len(NAMES) + 1, "place": place},
            )
        owner.execute(
            text("UPDATE place SET name = '大街小学', address = '大街 12 号' WHERE id = (SELECT min(id) FROM place)")
        )
        owner.execute(text("UPDATE camera SET name = '大街口', code = 'CAM-7' WHERE id = (SELECT min(id) FROM camera)"))
        owner.execute(text("UPDATE patrol_route SET name = '夜巡大街' WHERE id = (SELECT min(id) FROM patrol_route)"))
        owner.execute(text("UPDATE area SET name = '大街街道' WHERE tree = 'police' AND code = 'mesa'"))
        owner.execute(
            text(
                "INSERT INTO grid (county_id, admin_area_id, police_area_id, stable_id, code, name, geom)"
                " SELECT county_id, admin_area_id, police_area_id, 1, '340523001001007', '大街网格',"
                " ST_Multi(ST_MakeEnvelope(-111.835, 33.41, -111.83, 33.415, 4326)) FROM street LIMIT 1"
            )
        )


def test_every_kind_is_found_exact_names_first_then_beginnings_then_the_rest(planner: FlaskClient, named: None) -> None:
    found = find(planner, "大街")
    assert [(one["kind"], one["name"]) for one in found] == [
        ("street", "大街"),
        ("area", "大街街道"), ("grid", "大街网格"), ("street", "大街东段"), ("place", "大街小学"), ("camera", "大街口"),
        ("street", "西大街"), ("patrol_route", "夜巡大街"),
    ]  # fmt: skip
    details = {one["kind"]: one["detail"] for one in found}
    assert details["grid"] == "340523001001007"
    assert details["place"] == "大街 12 号"
    assert details["camera"] == "CAM-7"
    assert details["street"] not in ("", "residential")  # in the words of the language


def test_a_street_is_one_result_that_holds_all_of_its_parts(planner: FlaskClient, mesa: Database, named: None) -> None:
    found = [one for one in find(planner, "西大街") if one["kind"] == "street"]
    assert len(found) == 1
    with mesa.owner_session() as owner:
        parts, *edges = owner.execute(
            text(
                "SELECT count(*), min(ST_XMin(geom)), min(ST_YMin(geom)), max(ST_XMax(geom)), max(ST_YMax(geom))"
                " FROM street WHERE name = '西大街'"
            )
        ).one()
    assert parts > 10
    assert found[0]["bounds"] == pytest.approx(edges)


@pytest.mark.parametrize(
    ("q", "kind", "name"),
    [
        ("340523001001007", "grid", "大街网格"), ("001007", "grid", "大街网格"), ("cam-7", "camera", "大街口"),
        ("a_b", "street", "A_B 巷"), ("100%", "street", "莲湖路 100%"), ("BACK\\S", "street", r"back\slash"),
        (" 西大街 ", "street", "西大街"),
    ],
)  # fmt: skip
def test_codes_are_found_and_letters_of_any_case(
    planner: FlaskClient, named: None, q: str, kind: str, name: str
) -> None:
    assert [(one["kind"], one["name"]) for one in find(planner, q)] == [(kind, name)]


@pytest.mark.parametrize("q", ["%", "_", "\\", "%%", "大_", "/"])
def test_C01_a_wildcard_is_a_letter_like_any_other(planner: FlaskClient, named: None, q: str) -> None:
    assert {one["name"] for one in find(planner, q)} <= {name for name in NAMES if q in name}


@pytest.mark.parametrize("hostile", ["' OR 1=1 --", "'; DROP TABLE street; --", '") UNION SELECT 1 --', "$1", "{x}"])
def test_C01_sql_in_the_words_finds_nothing_and_harms_nothing(reader: FlaskClient, hostile: str) -> None:
    assert find(reader, hostile) == []
    assert find(reader, "mesa") != []


@pytest.mark.parametrize("q", ["", " ", "\u3000", "\u2028", "x" * 65, "a\x00b", "a\nb"])
def test_C05_words_of_no_or_of_too_many_letters_are_refused(reader: FlaskClient, q: str) -> None:
    answer = reader.get("/api/search", query_string={"county": "mesa", "q": q})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_input")


@pytest.mark.parametrize("query", ["q=a", "county=mesa", "county=mesa&q=a&q=b", "county=mesa&q=a&limit=3"])
def test_C06_unknown_missing_and_doubled_parameters_of_a_search_are_refused(reader: FlaskClient, query: str) -> None:
    assert reader.get(f"/api/search?{query}").status_code == 400


def test_never_more_than_twelve_are_found(planner: FlaskClient, mesa: Database) -> None:
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE street SET name = '第' || id || '路'"))
    assert len(find(planner, "路")) == 12
    assert find(planner, "第1路")[0]["name"].startswith("第1")


def test_B02_a_search_in_a_foreign_county_is_answered_like_one_in_an_absent_county(reader: FlaskClient) -> None:
    foreign, absent = (
        reader.get("/api/search", query_string={"county": code, "q": "mesa"}) for code in (FOREIGN, "000000")
    )
    assert foreign.status_code == absent.status_code == 404
    assert foreign.get_json()["detail"] == absent.get_json()["detail"]


def test_B06_what_the_scope_does_not_see_is_not_found(mesa_app, mesa: Database, named: None) -> None:
    with mesa.owner_session() as owner:
        # A town of its own, and everything but one name belongs to it.
        owner.execute(
            text(
                "INSERT INTO area (county_id, parent_id, tree, level, code, name) SELECT county_id, id, tree, 'town',"
                " 'town-' || tree, 'town' FROM area WHERE code = 'mesa'"
            )
        )
        town = {row.tree: row.id for row in owner.execute(text("SELECT tree, id FROM area WHERE name = 'town'"))}
        owner.execute(
            text("UPDATE street SET admin_area_id = :admin, police_area_id = :police WHERE name = '大街'"), town
        )
        owner.execute(text("DELETE FROM user_scope WHERE user_id = (SELECT id FROM app_user WHERE login = 'planner')"))
        for area in town.values():
            owner.execute(
                text(
                    "INSERT INTO user_scope (user_id, area_id) SELECT id, :area FROM app_user WHERE login = 'planner'"
                ),
                {"area": area},
            )
    client = browser_of(mesa_app, "planner")
    assert [(one["kind"], one["name"]) for one in find(client, "大街")] == [("street", "大街")]
    assert find(client, "CAM") == find(client, "3405") == []


def test_what_ended_is_not_found_and_the_tag_hangs_on_what_is_searched(
    planner: FlaskClient, mesa: Database, named: None
) -> None:
    address = "/api/search?county=mesa&q=CAM-7"
    first = planner.get(address)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert planner.get(address, headers=tag).status_code == 304
    assert planner.get("/api/search?county=mesa&q=CAM-8", headers=tag).status_code == 200
    with mesa.owner_session() as owner:
        owner.execute(text("UPDATE camera SET valid = daterange(NULL, '2020-01-01') WHERE code = 'CAM-7'"))
    again = planner.get(address, headers=tag)
    assert (again.status_code, again.get_json()["results"]) == (200, [])


def test_an_auditor_searches_nothing(mesa_app) -> None:
    assert browser_of(mesa_app, "auditor").get("/api/search?county=mesa&q=a").status_code == 403
