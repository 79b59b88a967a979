"""Layers and gaps over HTTP: translated, tagged, strict about what is asked, and the same numbers everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from geo_app.api.reading import sources
from geo_app.database.engine import Database
from geo_app.database.scope import Scope
from layers.catalogue import LAYERS
from tests.mesa import FOREIGN

RESOURCES = ("/api/layers", "/api/layers/streets", "/api/layers/patrol_gaps", "/api/gaps")


def test_a_user_sees_his_counties_and_no_other(planner: FlaskClient, stranger: FlaskClient) -> None:
    counties = planner.get("/api/counties").get_json()["counties"]
    assert [county["code"] for county in counties] == ["mesa"]
    west, south, east, north = counties[0]["bounds"]
    assert -111.85 < west < east < -111.81 and 33.40 < south < north < 33.43
    assert [(c["code"], c["bounds"]) for c in stranger.get("/api/counties").get_json()["counties"]] == [(FOREIGN, None)]


def test_layers_come_in_the_order_in_which_they_are_drawn_with_chinese_titles(reader: FlaskClient) -> None:
    found = reader.get("/api/layers?county=mesa").get_json()["layers"]
    assert [layer["id"] for layer in found] == list(LAYERS)
    assert {layer["id"]: layer["title"] for layer in found}["patrol_gaps"] == "巡防空白"


@pytest.mark.parametrize("layer_id", LAYERS)
def test_each_layer_is_drawn_in_the_language_of_the_user(reader: FlaskClient, layer_id: str) -> None:
    address = f"/api/layers/{layer_id}?county=mesa"
    chinese = reader.get(address).get_json()
    english = reader.get(address, headers={"Accept-Language": "en"}).get_json()
    assert english["legend"]["title"] == LAYERS[layer_id].title
    assert chinese["legend"]["title"] != english["legend"]["title"]
    assert chinese["features"] == english["features"]


def test_the_list_of_gaps_agrees_with_the_layer(reader: FlaskClient) -> None:
    gaps = reader.get("/api/gaps?county=mesa&limit=500").get_json()
    layer = reader.get("/api/layers/patrol_gaps?county=mesa").get_json()
    assert gaps["total"] == layer["legend"]["n"] == len(gaps["gaps"]) == len(layer["features"]["features"]) > 0
    assert [gap["rank"] for gap in gaps["gaps"]] == list(range(1, gaps["total"] + 1))
    assert {gap["id"] for gap in gaps["gaps"]} == {feature["id"] for feature in layer["features"]["features"]}
    near = [gap["incidents_near"] for gap in gaps["gaps"]]
    assert near == sorted(near, reverse=True)
    assert sum(gap["hours_without"] is None for gap in gaps["gaps"]) == gaps["never"]
    assert sum(one["gaps"] for one in gaps["requirements"]) == gaps["total"]
    assert gaps["longest_hours"] == max(round(g["hours_without"], 1) for g in gaps["gaps"] if g["hours_without"])
    assert gaps["simulated"] is True


def test_the_share_seen_is_that_of_the_length_of_all_pieces(reader: FlaskClient) -> None:
    pieces = [
        f["properties"]
        for f in reader.get("/api/layers/patrol_coverage?county=mesa").get_json()["features"]["features"]
    ]
    gaps = reader.get("/api/gaps?county=mesa").get_json()
    length = sum(piece["length_m"] for piece in pieces)
    assert gaps["length_km"] == pytest.approx(length / 1000, abs=0.001)
    assert gaps["share_seen"] == pytest.approx(sum(p["length_m"] * p["share_seen"] for p in pieces) / length)


@pytest.mark.parametrize("path", [*RESOURCES, *(f"/api/layers/{name}" for name in LAYERS)])
def test_B02_a_foreign_county_is_answered_like_an_absent_one(reader: FlaskClient, path: str) -> None:
    foreign = reader.get(f"{path}?county={FOREIGN}")
    absent = reader.get(f"{path}?county=000000")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.content_type == "application/problem+json"
    strip = {"instance"}
    assert {k: v for k, v in foreign.get_json().items() if k not in strip} == {
        k: v for k, v in absent.get_json().items() if k not in strip
    }


@pytest.mark.parametrize("path", RESOURCES)
@pytest.mark.parametrize(
    "query",
    [
        "", "county=", "county=mesa&county=mesa", "county=mesa&sort=id", "county=mesa&debug=1", "County=mesa",
        "county=mesa%00", "county=" + "9" * 65, "county=mesa&limit=1&limit=2",
    ],
)  # fmt: skip
def test_C06_unknown_missing_and_doubled_parameters_are_refused(reader: FlaskClient, path: str, query: str) -> None:
    answer = reader.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["code"] == "bad_input"


@pytest.mark.parametrize(
    "limit", ["0", "-1", "1.5", "1e3", "NaN", "ten", "", "1;DROP TABLE job", "１０", "1_0", " 1", "9" * 19]
)
def test_C05_a_limit_that_is_no_positive_whole_number_is_refused(reader: FlaskClient, limit: str) -> None:
    assert reader.get("/api/gaps", query_string={"county": "mesa", "limit": limit}).status_code == 400


def test_C05_a_huge_limit_means_the_cap(reader: FlaskClient) -> None:
    assert reader.get("/api/gaps?county=mesa&limit=1000000000000").status_code == 200
    assert len(reader.get("/api/gaps?county=mesa&limit=3").get_json()["gaps"]) == 3


@pytest.mark.parametrize(
    "hostile",
    ["mesa' OR '1'='1", "mesa'; DROP TABLE county; --", 'mesa"', "mesa) UNION SELECT 1--", "%", "..", "$1", "{mesa}"],
)
def test_C01_sql_in_county_and_layer_finds_nothing_and_harms_nothing(reader: FlaskClient, hostile: str) -> None:
    for path in RESOURCES:
        assert reader.get(path, query_string={"county": hostile}).status_code == 404
    assert reader.get(f"/api/layers/{hostile}?county=mesa").status_code == 404
    assert reader.get("/api/layers?county=mesa").status_code == 200


@pytest.mark.parametrize("hostile", ["0", "-1", "1 OR 1=1", "1;", "9" * 30, "1.0", "１", "None", "%00"])
def test_C01_an_id_that_is_none_looks_absent(reader: FlaskClient, hostile: str) -> None:
    assert reader.get(f"/api/jobs/{hostile}").status_code == 404
    assert reader.get(f"/api/maps/{hostile}").status_code == 404


def test_a_layer_that_did_not_change_is_not_sent_again(planner: FlaskClient, mesa: Database, mesa_scope: Scope) -> None:
    for address in ("/api/layers/patrol_gaps?county=mesa", "/api/gaps?county=mesa"):
        first = planner.get(address)
        tag = first.headers["ETag"]
        assert first.headers["Cache-Control"] == "no-store"  # the page keeps it, no disk does
        again = planner.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert "public" not in again.headers["Cache-Control"]
        english = planner.get(address, headers={"If-None-Match": tag, "Accept-Language": "en"})
        assert english.status_code == 200
        with mesa.session(mesa_scope) as session:
            session.execute(text("DELETE FROM patrol_route WHERE id = (SELECT max(id) FROM patrol_route)"))
        assert planner.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_tag_hangs_on_all_that_computes_draws_and_words_an_answer() -> None:
    root = Path(__file__).parents[2]
    found = {str(path.relative_to(root)) for path in sources()}
    assert {
        "layers/gaps/index.py", "layers/patrols/presence.py", "layers/catalogue/patrol_gaps.py",
        "geo_app/queries/patrol_state.py", "geo_app/api/gaps.py",
    } <= found  # fmt: skip
    assert any(name.endswith(".mo") for name in found)


def test_a_change_of_another_kind_leaves_the_tag_of_a_layer(
    planner: FlaskClient, mesa: Database, mesa_scope: Scope
) -> None:
    tag = planner.get("/api/layers/streets?county=mesa").headers["ETag"]
    with mesa.session(mesa_scope) as session:
        session.execute(text("DELETE FROM camera"))
    assert planner.get("/api/layers/streets?county=mesa", headers={"If-None-Match": tag}).status_code == 304
    assert planner.get("/api/layers/cameras?county=mesa").get_json()["legend"]["n"] == 0


def test_B07_the_tag_of_one_scope_is_worth_nothing_to_another(mesa_app, mesa: Database, planner: FlaskClient) -> None:
    tag = planner.get("/api/layers/streets?county=mesa").headers["ETag"]
    with mesa.owner_session() as owner:
        owner.execute(
            text(
                "DELETE FROM user_scope WHERE user_id = (SELECT id FROM app_user WHERE login = 'planner') AND area_id IN"
                " (SELECT id FROM area WHERE tree = 'admin')"
            )
        )
        owner.execute(
            text(
                "UPDATE street_piece SET police_area_id = (SELECT min(id) FROM area WHERE tree = 'admin') WHERE id % 2 = 0"
            )
        )
    answer = planner.get("/api/layers/streets?county=mesa", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.get_json()["legend"]["n"] == 256


def test_an_auditor_sees_no_layer(mesa_app) -> None:
    from tests.mesa import browser_of

    auditor = browser_of(mesa_app, "auditor")
    for path in (*RESOURCES, "/api/counties"):
        assert auditor.get(f"{path}?county=mesa").status_code == 403


def test_nobody_is_asked_to_sign_in(mesa_app) -> None:
    answer = mesa_app.test_client().get("/api/gaps?county=mesa")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "sign_in_required")


def test_the_api_describes_itself_and_brings_no_page_of_scripts_from_elsewhere(reader: FlaskClient) -> None:
    described = reader.get("/apidoc/openapi.json").get_json()
    assert set(described["paths"]) >= {
        "/api/counties", "/api/layers", "/api/layers/{layer_id}", "/api/gaps", "/api/jobs/{job_id}", "/api/maps",
    }  # fmt: skip
    limit = next(p for p in described["paths"]["/api/gaps"]["get"]["parameters"] if p["name"] == "limit")
    assert limit["schema"]["minimum"] == 1
    for page in ("swagger", "redoc", "scalar"):
        assert reader.get(f"/apidoc/{page}/").status_code == 404
